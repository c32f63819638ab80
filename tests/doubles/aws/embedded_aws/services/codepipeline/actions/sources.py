# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Source actions: a revision and its files as an artifact.

No repository is behind a connection or GitHub: there, a revision is made up from the names.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from ...codecommit.api import backend
from ...codecommit.repository import CodeCommitError
from ..executions import ActionFailed, Outcome, now
from ..pipelines import MASK
from .work import Work, zipped


def s3(work: Work) -> Outcome:
    bucket, key = work.configuration["S3Bucket"], work.configuration["S3ObjectKey"]
    override, client = work.override or {}, work.client("s3")
    if client.get_bucket_versioning(Bucket=bucket).get("Status") != "Enabled":
        message = f"The Amazon S3 source bucket {bucket} does not have versioning enabled"
        raise ActionFailed(message, "ConfigurationError")
    wanted: dict[str, str] = {}
    if override.get("revisionType") == "S3_OBJECT_KEY":
        key = override["revisionValue"]
    elif override:
        wanted = {"VersionId": override["revisionValue"]}
    try:
        found = client.get_object(Bucket=bucket, Key=key, **wanted)
    except (client.exceptions.NoSuchKey, client.exceptions.NoSuchBucket) as error:
        raise ActionFailed(
            f"The action failed because either the artifact or the Amazon S3 bucket could not be found. Name of Amazon"
            f" S3 bucket: {bucket}. Verify that this bucket exists. If it exists, check the life cycle policy, then try"
            " releasing a change.",
            "ConfigurationError",
        ) from error
    version, tag = found["VersionId"], found["ETag"].strip('"')
    url = f"https://console.aws.amazon.com/s3/object/{bucket}?prefix={key}"
    work.write_source(
        found["Body"].read(),
        revision(work, version, f"Amazon S3 version id: {version}", found["LastModified"], url),
    )
    variables = {"BucketName": bucket, "ETag": tag, "ObjectKey": key, "VersionId": version}
    return source(work, f"Amazon S3 version id: {version}", variables)


def codecommit(work: Work) -> Outcome:
    repository, branch = work.configuration["RepositoryName"], work.configuration["BranchName"]
    wanted = (work.override or {}).get("revisionValue")
    try:
        found = backend(work.pipeline.account, work.region).get(repository)
        commit = found.resolve(wanted) if wanted else found.head(branch)
    except CodeCommitError as error:
        raise ActionFailed(f"The action failed: {error.message}", "ConfigurationError") from error
    files = {path: file.content for path, file in commit.files.items()}
    date = f"{datetime.fromtimestamp(int(commit.date.split()[0]), UTC):%Y-%m-%dT%H:%M:%SZ}"
    url = f"https://console.aws.amazon.com/codecommit/home#/repository/{repository}/commit/{commit.id}"
    work.write_source(zipped(files), revision(work, commit.id, commit.message, now(), url))
    variables = {
        "AuthorDate": date,
        "BranchName": branch,
        "CommitId": commit.id,
        "CommitMessage": commit.message,
        "CommitterDate": date,
        "RepositoryName": repository,
    }
    return source(work, commit.message, variables)


def connection(work: Work) -> Outcome:
    name, branch = work.configuration["FullRepositoryId"], work.configuration["BranchName"]
    variables = {"ConnectionArn": work.configuration["ConnectionArn"], "FullRepositoryName": name}
    return _made_up(work, name, branch, {**variables, "ProviderType": "GitHub"})


def github(work: Work) -> Outcome:
    configuration = work.configuration
    if configuration["OAuthToken"] == MASK:
        raise ActionFailed(
            f"Could not access the GitHub repository {configuration['Repo']}. The access token might be invalid or has"
            " been revoked. Edit the pipeline to reconnect with GitHub.",
            "ConfigurationError",
        )
    name = f"{configuration['Owner']}/{configuration['Repo']}"
    return _made_up(work, name, configuration["Branch"], {"RepositoryName": configuration["Repo"]})


def _made_up(work: Work, name: str, branch: str, variables: dict[str, str]) -> Outcome:
    wanted = (work.override or {}).get("revisionValue")
    commit = wanted or hashlib.sha1(f"{name}@{branch}".encode()).hexdigest()
    message = f"The end of {branch}"
    url = f"https://github.com/{name}/commit/{commit}"
    work.write_source(zipped({"README.md": f"# {name}\n".encode()}), revision(work, commit, message, now(), url))
    date = f"{now():%Y-%m-%dT%H:%M:%SZ}"
    shown = {"AuthorDate": date, "BranchName": branch, "CommitId": commit, "CommitMessage": message}
    return source(work, message, {**shown, **variables})


def ecr(work: Work) -> Outcome:
    repository, tag = work.configuration["RepositoryName"], work.configuration.get("ImageTag", "latest")
    override = work.override
    wanted = {"imageDigest": override["revisionValue"]} if override else {"imageTag": tag}
    image = work.client("ecr").describe_images(repositoryName=repository, imageIds=[wanted])["imageDetails"][0]
    host = f"{work.pipeline.account}.dkr.ecr.{work.region}.amazonaws.com"
    uri = f"{host}/{repository}@{image['imageDigest']}"
    detail = {
        "ImageSizeInBytes": str(image.get("imageSizeInBytes", 0)),
        "ImageDigest": image["imageDigest"],
        "Version": "1.0",
        "ImagePushedAt": str(image["imagePushedAt"]),
        "RegistryId": work.pipeline.account,
        "RepositoryName": repository,
        "ImageURI": uri,
        "ImageTags": image.get("imageTags", []),
    }
    archive = zipped({"imageDetail.json": json.dumps(detail).encode()})
    work.write_source(archive, revision(work, image["imageDigest"], f"Image tag {tag}", image["imagePushedAt"], None))
    variables = {"ImageDigest": image["imageDigest"], "ImageTag": tag, "ImageURI": uri}
    variables |= {"RegistryId": work.pipeline.account, "RepositoryName": repository}
    return source(work, f"Image tag {tag}", variables)


def revision(work: Work, revision_id: str, summary: str, created: datetime, url: str | None) -> dict[str, Any]:
    return {
        "actionName": work.run.name,
        "revisionId": revision_id,
        "revisionChangeIdentifier": revision_id[:100],
        "revisionSummary": summary or None,
        "revisionUrl": url,
        "created": created,
    }


def source(work: Work, summary: str, variables: dict[str, str]) -> Outcome:
    found = work.run.outputs[0].revision if work.run.outputs else None
    external = str(found["revisionId"]) if found else None
    url = found["revisionUrl"] if found else None
    return Outcome("Succeeded", summary or None, external, url, variables=variables, revision=found)
