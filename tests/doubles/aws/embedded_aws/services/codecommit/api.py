# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The CodeCommit API. Refusals come in the order AWS checks: repository, branch, parent, files."""

from __future__ import annotations

import re
from typing import Any

from moto.codecommit.models import codecommit_backends
from moto.core.base_backend import BaseBackend
from moto.core.responses import ActionResult, BaseResponse, EmptyResult

from ..events import emit
from .repository import (
    COMMIT_ID,
    USER,
    CodeCommitError,
    Files,
    Repository,
    check_branch_name,
    checked_path,
    folders_of,
    put,
    tree_id,
)

NAME = re.compile(r"(?!.*\.git$)[\w.-]{1,100}")
MAXIMUM_ENTRIES = 100


class CodeCommitBackend(BaseBackend):
    """The repositories of one account and region."""

    __module__ = "moto.codecommit.models"  # moto finds the URLs of a service through the module of its backend

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.repositories: dict[str, Repository] = {}

    def get(self, name: str) -> Repository:
        check_name(name)
        if name not in self.repositories:
            raise CodeCommitError("RepositoryDoesNotExistException", f"{name} does not exist")
        return self.repositories[name]


def backend(account: str, region: str) -> CodeCommitBackend:
    return codecommit_backends[account][region]


def check_name(name: str) -> None:
    if not NAME.fullmatch(name):
        raise CodeCommitError(
            "InvalidRepositoryNameException",
            "The repository name is not valid. Repository names can be any valid combination of letters, numbers,"
            " periods, underscores, and dashes between 1 and 100 characters in length. Names cannot end in .git.",
        )


class CodeCommitApi(BaseResponse):
    """One method per operation, named as moto's dispatcher expects."""

    def __init__(self) -> None:
        super().__init__(service_name="codecommit")
        self.automated_parameter_parsing = True

    @property
    def backend(self) -> CodeCommitBackend:
        return backend(self.current_account, self.region)

    @property
    def repository(self) -> Repository:
        return self.backend.get(self.params["repositoryName"])

    def create_repository(self) -> ActionResult:
        name, repositories = self.params["repositoryName"], self.backend.repositories
        check_name(name)
        if name in repositories:
            raise CodeCommitError("RepositoryNameExistsException", f"Repository named {name} already exists")
        description, tags = self.params.get("repositoryDescription", ""), dict(self.params.get("tags", {}))
        repositories[name] = Repository(name, description, self.current_account, self.region, tags)
        return ActionResult({"repositoryMetadata": repositories[name].describe()})

    def get_repository(self) -> ActionResult:
        return ActionResult({"repositoryMetadata": self.repository.describe()})

    def batch_get_repositories(self) -> ActionResult:
        names, known = self.params["repositoryNames"], self.backend.repositories
        found = [known[name].describe() for name in names if name in known]
        return ActionResult(
            {"repositories": found, "repositoriesNotFound": [name for name in names if name not in known]}
        )

    def list_repositories(self) -> ActionResult:
        known = sorted(self.backend.repositories.values(), key=lambda repository: repository.name)
        pairs = [{"repositoryName": repository.name, "repositoryId": repository.id} for repository in known]
        return ActionResult({"repositories": pairs})

    def update_repository_description(self) -> ActionResult:
        self.repository.description = self.params.get("repositoryDescription", "")
        return EmptyResult()

    def update_repository_name(self) -> ActionResult:
        repository, name = self.backend.get(self.params["oldName"]), self.params["newName"]
        check_name(name)
        if name in self.backend.repositories:
            raise CodeCommitError("RepositoryNameExistsException", f"Repository named {name} already exists")
        del self.backend.repositories[repository.name]
        repository.name = name
        self.backend.repositories[name] = repository
        return EmptyResult()

    def delete_repository(self) -> ActionResult:
        check_name(self.params["repositoryName"])
        repository = self.backend.repositories.pop(self.params["repositoryName"], None)
        return ActionResult({"repositoryId": repository.id if repository else None})

    def put_repository_triggers(self) -> ActionResult:
        self.repository.triggers = self.params["triggers"]
        return ActionResult({"configurationId": self.repository.id})

    def get_repository_triggers(self) -> ActionResult:
        return ActionResult({"configurationId": self.repository.id, "triggers": self.repository.triggers})

    def _tagged(self) -> Repository:
        arn = self.params["resourceArn"]
        if not re.fullmatch(r"arn:aws:codecommit:[^:]+:\d{12}:[^:]+", arn):
            raise CodeCommitError("InvalidResourceArnException", f"{arn} is not the ARN of a repository")
        return self.backend.get(arn.rsplit(":", 1)[-1])

    def tag_resource(self) -> ActionResult:
        self._tagged().tags.update(self.params["tags"])
        return EmptyResult()

    def untag_resource(self) -> ActionResult:
        for key in self.params["tagKeys"]:
            self._tagged().tags.pop(key, None)
        return EmptyResult()

    def list_tags_for_resource(self) -> ActionResult:
        return ActionResult({"tags": self._tagged().tags})

    def create_branch(self) -> ActionResult:
        repository, name, commit = self.repository, self.params["branchName"], self.params["commitId"]
        check_branch_name(name)
        if name in repository.branches:
            raise CodeCommitError("BranchNameExistsException", f"Branch {name} already exists")
        if not COMMIT_ID.fullmatch(commit):
            raise CodeCommitError("InvalidCommitIdException", f"{commit} is not a commit ID")
        repository.branches[name] = repository.resolve(commit).id
        self._tell(repository, name, "")
        return EmptyResult()

    def _tell(self, repository: Repository, branch: str, before: str) -> None:
        """The event that AWS sends when a branch has moved."""
        after = repository.branches.get(branch, "")
        event = "referenceUpdated" if before and after else "referenceCreated" if after else "referenceDeleted"
        detail = {
            "event": event,
            "repositoryName": repository.name,
            "repositoryId": repository.id,
            "referenceType": "branch",
            "referenceName": branch,
            "referenceFullName": f"refs/heads/{branch}",
            **({"commitId": after} if after else {}),
            **({"oldCommitId": before} if before else {}),
        }
        kind = "CodeCommit Repository State Change"
        emit(self.current_account, self.region, "aws.codecommit", kind, [repository.arn], detail)

    def get_branch(self) -> ActionResult:
        if not self.params.get("repositoryName"):
            raise CodeCommitError("RepositoryNameRequiredException", "A repository name is required")
        if not self.params.get("branchName"):
            raise CodeCommitError("BranchNameRequiredException", "A branch name is required")
        name = self.params["branchName"]
        return ActionResult({"branch": {"branchName": name, "commitId": self.repository.head(name).id}})

    def list_branches(self) -> ActionResult:
        return ActionResult({"branches": sorted(self.repository.branches)})

    def update_default_branch(self) -> ActionResult:
        self.repository.head(self.params["defaultBranchName"])
        self.repository.default_branch = self.params["defaultBranchName"]
        return EmptyResult()

    def delete_branch(self) -> ActionResult:
        repository, name = self.repository, self.params["branchName"]
        if name == repository.default_branch:
            raise CodeCommitError("DefaultBranchCannotBeDeletedException", f"{name} is the default branch")
        commit = repository.branches.pop(name, None)
        if commit:
            self._tell(repository, name, commit)
        return ActionResult({"deletedBranch": {"branchName": name, "commitId": commit} if commit else None})

    def put_file(self) -> ActionResult:
        files, path = self._base(), checked_path(self.params["filePath"])
        before = files.get(path)
        put(files, path, self.params["fileContent"], self.params.get("fileMode"))
        if before == files[path]:
            raise CodeCommitError("SameFileContentException", f"The file {path} has this content already")
        commit = self._commit(files, self.params.get("name"))
        return ActionResult({"commitId": commit.id, "blobId": files[path].blob_id, "treeId": commit.tree_id})

    def delete_file(self) -> ActionResult:
        files, path = self._base(), checked_path(self.params["filePath"])
        blob = _remove(files, path)
        commit = self._commit(files, self.params.get("name"))
        return ActionResult({"commitId": commit.id, "blobId": blob, "treeId": commit.tree_id, "filePath": path})

    def create_commit(self) -> ActionResult:
        before = self._base()
        files = dict(before)
        entries = [*self.params.get("putFiles", []), *self.params.get("deleteFiles", [])]
        modes = self.params.get("setFileModes", [])
        if len(entries) + len(modes) > MAXIMUM_ENTRIES:
            raise CodeCommitError("MaximumFileEntriesExceededException", f"At most {MAXIMUM_ENTRIES} files, please")
        if not entries and not modes:
            raise CodeCommitError("FileEntryRequiredException", "At least one file is required")
        paths = [checked_path(entry["filePath"]) for entry in entries]
        if len(set(paths)) < len(paths):
            raise CodeCommitError("SamePathRequestException", "A path is named more than once")
        for entry in self.params.get("deleteFiles", []):
            _remove(files, checked_path(entry["filePath"]))
        for entry in self.params.get("putFiles", []):
            put(files, checked_path(entry["filePath"]), _content(entry, before), entry.get("fileMode"))
        for entry in modes:
            path = checked_path(entry["filePath"])
            put(files, path, _find(files, path).content, entry["fileMode"])
        if files == before:
            raise CodeCommitError("NoChangeException", "The commit would change nothing")
        commit = self._commit(files, self.params.get("authorName"))
        return ActionResult({"commitId": commit.id, "treeId": commit.tree_id, **_changes(before, files)})

    def _base(self) -> Files:
        return self.repository.base(self.params["branchName"], self.params.get("parentCommitId"))

    def _commit(self, files: Files, name: str | None) -> Any:
        author = (name or USER[0], self.params.get("email") or USER[1])
        message = self.params.get("commitMessage", "")
        repository, branch = self.repository, self.params["branchName"]
        before = repository.branches.get(branch, "")
        commit = repository.commit(branch, self.params.get("parentCommitId"), message, author, files)
        self._tell(repository, branch, before)
        return commit

    def get_commit(self) -> ActionResult:
        commit = self.params["commitId"]
        if not COMMIT_ID.fullmatch(commit):
            raise CodeCommitError("InvalidCommitIdException", f"{commit} is not a commit ID")
        if commit not in self.repository.commits:
            raise CodeCommitError("CommitIdDoesNotExistException", f"The commit {commit} does not exist")
        return ActionResult({"commit": self.repository.commits[commit].describe()})

    def get_blob(self) -> ActionResult:
        wanted = self.params["blobId"]
        for commit in self.repository.commits.values():
            for file in commit.files.values():
                if file.blob_id == wanted:
                    return ActionResult({"content": file.content})
        raise CodeCommitError("BlobIdDoesNotExistException", f"The blob {wanted} does not exist")

    def get_file(self) -> ActionResult:
        commit = self.repository.resolve(self.params.get("commitSpecifier"))
        path = checked_path(self.params["filePath"])
        file = _find(commit.files, path)
        shown = {"commitId": commit.id, "blobId": file.blob_id, "filePath": path, "fileMode": file.mode}
        return ActionResult({**shown, "fileSize": len(file.content), "fileContent": file.content})

    def get_folder(self) -> ActionResult:
        commit = self.repository.resolve(self.params.get("commitSpecifier"))
        folder = self.params["folderPath"].strip("/")
        start = f"{folder}/" if folder else ""
        inside = {path.removeprefix(start): file for path, file in commit.files.items() if path.startswith(start)}
        if not inside and folder:
            raise CodeCommitError("FolderDoesNotExistException", f"The folder {folder} does not exist")
        shown = {
            "subFolders": [
                {"treeId": tree_id(content), "absolutePath": f"{start}{name}", "relativePath": name}
                for name, content in sorted(folders_of(inside).items())
            ],
            "files": [_entry(start, path, file) for path, file in sorted(inside.items()) if "/" not in path],
            "symbolicLinks": [],
            "subModules": [],
        }
        return ActionResult({"commitId": commit.id, "folderPath": folder, "treeId": tree_id(inside), **shown})


def _entry(start: str, path: str, file: Any) -> dict[str, str]:
    return {
        "blobId": file.blob_id,
        "absolutePath": f"{start}{path}",
        "relativePath": path,
        "fileMode": file.mode,
    }


def _find(files: Files, path: str) -> Any:
    if path not in files:
        raise CodeCommitError("FileDoesNotExistException", f"The file {path} does not exist")
    return files[path]


def _remove(files: Files, path: str) -> str:
    blob: str = _find(files, path).blob_id
    del files[path]
    return blob


def _content(entry: dict[str, Any], before: Files) -> bytes:
    if ("fileContent" in entry) == ("sourceFile" in entry):
        both = "fileContent" in entry
        code = "FileContentAndSourceFileSpecifiedException" if both else "SourceFileOrContentRequiredException"
        raise CodeCommitError(code, f"{entry['filePath']} needs either its content or a source file")
    if "fileContent" in entry:
        content: bytes = entry["fileContent"]
        return content
    copied: bytes = _find(before, checked_path(entry["sourceFile"]["filePath"])).content
    return copied


def _changes(before: Files, after: Files) -> dict[str, list[dict[str, str]]]:
    """What a commit did, as CreateCommit tells it."""

    def shown(paths: set[str], files: Files) -> list[dict[str, str]]:
        return [
            {"absolutePath": path, "blobId": files[path].blob_id, "fileMode": files[path].mode}
            for path in sorted(paths)
        ]

    same = {path for path in before.keys() & after.keys() if before[path] == after[path]}
    return {
        "filesAdded": shown(after.keys() - before.keys(), after),
        "filesUpdated": shown((before.keys() & after.keys()) - same, after),
        "filesDeleted": shown(before.keys() - after.keys(), before),
    }
