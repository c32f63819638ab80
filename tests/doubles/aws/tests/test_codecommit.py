# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""CodeCommit: repositories with commits that a source action can read."""

from __future__ import annotations

from typing import Any

import pytest

from embedded_aws.testing import code_of

# Git's own answers: the blob of "hello\\n", and the tree of the files of the first commit below.
BLOB, TREE = "ce013625030ba8dba906f756967f9e9ca394464a", "56a83cf1c70bf73c38daef62d6b1ff8d24bffcc4"


@pytest.fixture
def codecommit(checked) -> Any:
    client = checked("codecommit")
    client.create_repository(repositoryName="app", repositoryDescription="An app", tags={"team": "ci"})
    return client


@pytest.fixture
def first(codecommit) -> str:
    """The id of a first commit on main."""
    files = [
        {"filePath": "a/b.txt", "fileContent": b"hello\n"},
        {"filePath": "run.sh", "fileContent": b"true\n", "fileMode": "EXECUTABLE"},
    ]
    return codecommit.create_commit(repositoryName="app", branchName="main", putFiles=files)["commitId"]


def test_a_repository_is_found_tagged_and_deleted(codecommit):
    shown = codecommit.get_repository(repositoryName="app")["repositoryMetadata"]
    assert shown["Arn"] == "arn:aws:codecommit:us-east-1:123456789012:app"
    assert shown["cloneUrlHttp"] == "https://git-codecommit.us-east-1.amazonaws.com/v1/repos/app"
    assert codecommit.list_tags_for_resource(resourceArn=shown["Arn"])["tags"] == {"team": "ci"}
    assert [item["repositoryName"] for item in codecommit.list_repositories()["repositories"]] == ["app"]
    assert codecommit.delete_repository(repositoryName="app")["repositoryId"] == shown["repositoryId"]
    assert "repositoryId" not in codecommit.delete_repository(repositoryName="app")


def test_the_first_commit_makes_the_default_branch(codecommit, first):
    assert codecommit.get_repository(repositoryName="app")["repositoryMetadata"]["defaultBranch"] == "main"
    assert codecommit.get_branch(repositoryName="app", branchName="main")["branch"]["commitId"] == first


def test_ids_are_those_of_git(codecommit, first):
    assert codecommit.get_file(repositoryName="app", filePath="a/b.txt")["blobId"] == BLOB
    assert codecommit.get_commit(repositoryName="app", commitId=first)["commit"]["treeId"] == TREE


def test_a_commit_tells_who_and_why(codecommit, first):
    put = {"repositoryName": "app", "branchName": "main", "parentCommitId": first, "filePath": "x", "fileContent": b"x"}
    answer = codecommit.put_file(**put, name="Ann", email="ann@example.com", commitMessage="Say hello")
    commit = codecommit.get_commit(repositoryName="app", commitId=answer["commitId"])["commit"]
    assert (commit["message"], commit["author"]["name"], commit["parents"]) == ("Say hello", "Ann", [first])


def test_files_and_folders_of_a_commit(codecommit, first):
    found = codecommit.get_file(repositoryName="app", filePath="a/b.txt")
    assert (found["fileContent"], found["fileMode"], found["commitId"]) == (b"hello\n", "NORMAL", first)
    assert codecommit.get_blob(repositoryName="app", blobId=found["blobId"])["content"] == b"hello\n"
    root = codecommit.get_folder(repositoryName="app", commitSpecifier="main", folderPath="/")
    assert [folder["absolutePath"] for folder in root["subFolders"]] == ["a"]
    assert [(file["absolutePath"], file["fileMode"]) for file in root["files"]] == [("run.sh", "EXECUTABLE")]
    inner = codecommit.get_folder(repositoryName="app", folderPath="a")
    assert [(file["absolutePath"], file["relativePath"]) for file in inner["files"]] == [("a/b.txt", "b.txt")]


def test_a_commit_adds_changes_and_deletes(codecommit, first):
    answer = codecommit.create_commit(
        repositoryName="app",
        branchName="main",
        parentCommitId=first,
        putFiles=[
            {"filePath": "copy.txt", "sourceFile": {"filePath": "a/b.txt"}},
            {"filePath": "run.sh", "fileContent": b"false\n"},
        ],
        deleteFiles=[{"filePath": "a/b.txt"}],
    )
    paths = {kind: [item["absolutePath"] for item in answer[kind]] for kind in answer if kind.startswith("files")}
    assert paths == {"filesAdded": ["copy.txt"], "filesUpdated": ["run.sh"], "filesDeleted": ["a/b.txt"]}
    assert answer["filesUpdated"][0]["fileMode"] == "EXECUTABLE"
    assert codecommit.get_file(repositoryName="app", filePath="copy.txt")["fileContent"] == b"hello\n"
    assert codecommit.get_file(repositoryName="app", commitSpecifier=first, filePath="a/b.txt")["fileSize"] == 6


def test_branches_live_apart(codecommit, first):
    codecommit.create_branch(repositoryName="app", branchName="next", commitId=first)
    codecommit.delete_file(repositoryName="app", branchName="next", filePath="run.sh", parentCommitId=first)
    assert codecommit.get_file(repositoryName="app", commitSpecifier="main", filePath="run.sh")["fileSize"] == 5
    missing = {"repositoryName": "app", "commitSpecifier": "next", "filePath": "run.sh"}
    assert code_of(codecommit.get_file, **missing) == "FileDoesNotExistException"
    assert codecommit.list_branches(repositoryName="app")["branches"] == ["main", "next"]
    codecommit.delete_branch(repositoryName="app", branchName="next")
    assert codecommit.list_branches(repositoryName="app")["branches"] == ["main"]


NOWHERE = "0" * 40


@pytest.mark.parametrize(
    ("operation", "arguments", "code"),
    [
        ("create_repository", {"repositoryName": "app"}, "RepositoryNameExistsException"),
        ("create_repository", {"repositoryName": "a b"}, "InvalidRepositoryNameException"),
        ("create_repository", {"repositoryName": "app.git"}, "InvalidRepositoryNameException"),
        ("get_repository", {"repositoryName": "none"}, "RepositoryDoesNotExistException"),
        ("get_branch", {"repositoryName": "app", "branchName": "none"}, "BranchDoesNotExistException"),
        ("create_branch", {"branchName": "b", "commitId": NOWHERE}, "CommitDoesNotExistException"),
        ("create_branch", {"branchName": "main", "commitId": NOWHERE}, "BranchNameExistsException"),
        ("create_branch", {"branchName": "b", "commitId": "main"}, "InvalidCommitIdException"),
        ("delete_branch", {"branchName": "main"}, "DefaultBranchCannotBeDeletedException"),
        ("get_commit", {"commitId": NOWHERE}, "CommitIdDoesNotExistException"),
        ("get_file", {"filePath": "none"}, "FileDoesNotExistException"),
        ("get_file", {"filePath": "run.sh", "commitSpecifier": "none"}, "CommitDoesNotExistException"),
        ("get_folder", {"folderPath": "none"}, "FolderDoesNotExistException"),
        ("put_file", {"filePath": "x", "parentCommitId": None}, "ParentCommitIdRequiredException"),
        ("put_file", {"filePath": "x", "parentCommitId": NOWHERE}, "ParentCommitDoesNotExistException"),
        ("put_file", {"filePath": "run.sh", "fileContent": b"true\n"}, "SameFileContentException"),
        ("put_file", {"filePath": "a"}, "FileNameConflictsWithDirectoryNameException"),
        ("put_file", {"filePath": "run.sh/x"}, "DirectoryNameConflictsWithFileNameException"),
        ("put_file", {"filePath": "../x"}, "InvalidPathException"),
        ("put_file", {"filePath": "x", "branchName": "none"}, "BranchDoesNotExistException"),
        ("put_file", {"filePath": "x", "branchName": "a b"}, "InvalidBranchNameException"),
        ("delete_file", {"filePath": "none"}, "FileDoesNotExistException"),
        ("create_commit", {}, "FileEntryRequiredException"),
        ("create_commit", {"putFiles": [{"filePath": "x"}]}, "SourceFileOrContentRequiredException"),
        ("create_commit", {"putFiles": [{"filePath": "run.sh", "fileContent": b"true\n"}]}, "NoChangeException"),
        ("create_commit", {"deleteFiles": [{"filePath": "a/b.txt"}] * 2}, "SamePathRequestException"),
    ],
)
def test_what_codecommit_refuses(codecommit, first, operation, arguments, code):
    writes = {"branchName": "main", "parentCommitId": first}
    base = {"repositoryName": "app", **(writes if operation in ("put_file", "delete_file", "create_commit") else {})}
    content = {"fileContent": b"x"} if operation == "put_file" else {}
    wanted = {key: value for key, value in {**base, **content, **arguments}.items() if value is not None}
    assert code_of(getattr(codecommit, operation), **wanted) == code


def test_a_commit_on_an_old_parent_is_refused(codecommit, first):
    put = {"repositoryName": "app", "branchName": "main", "parentCommitId": first, "fileContent": b"x"}
    codecommit.put_file(**put, filePath="one")
    assert code_of(codecommit.put_file, **put, filePath="two") == "ParentCommitIdOutdatedException"
