# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts a new version of a small web site into a CodeCommit repository: commit.py REPOSITORY MESSAGE."""

from __future__ import annotations

import sys

import boto3

BUILDSPEC = """
version: 0.2
phases:
  build:
    commands: [sed -i "s/NEWS/$(cat news.txt)/" site/index.html]
artifacts:
  base-directory: site
  files: ['**/*']
"""
FILES = {"buildspec.yml": BUILDSPEC, "site/index.html": "<h1>NEWS</h1>\n"}


def main(repository: str, message: str) -> None:
    codecommit = boto3.client("codecommit")
    known = [found["repositoryName"] for found in codecommit.list_repositories()["repositories"]]
    parent = {}
    if repository in known:
        tip = codecommit.get_branch(repositoryName=repository, branchName="main")["branch"]["commitId"]
        parent = {"parentCommitId": tip}
    else:
        codecommit.create_repository(repositoryName=repository)
    files = {"news.txt": message} if parent else {**FILES, "news.txt": message}
    codecommit.create_commit(
        repositoryName=repository,
        branchName="main",
        commitMessage=message,
        authorName="Ann",
        putFiles=[{"filePath": path, "fileContent": content.encode()} for path, content in files.items()],
        **parent,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
