# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import os
import shutil
import tempfile
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._core.diff import to_text
from ansible_collections.containerci.aws.plugins.module_utils._hab import environment, keys
from ansible_collections.containerci.aws.plugins.module_utils._hab.depot import Depot
from ansible_collections.containerci.aws.plugins.module_utils._hab.errors import HabError
from ansible_collections.containerci.aws.plugins.module_utils._hab.files import write_file
from ansible_collections.containerci.aws.plugins.module_utils._hab.idents import parse_origin
from ansible_collections.containerci.aws.plugins.module_utils._hab.keys import KeyFile
from ansible_collections.containerci.aws.plugins.module_utils._hab.runtime import Hab

Result = dict[str, t.Any]


class KeyTask:
    """The keys of one origin on this host; each state is a method."""

    def __init__(self, params: t.Mapping[str, t.Any], check_mode: bool) -> None:
        self.params = params
        self.check_mode = check_mode
        self.origin = parse_origin(params["origin"])
        self.revision = keys.parse_revision(params["revision"])
        self.hab = Hab(params)
        self.depot = Depot(params)
        self.directory = params["cache_key_path"] or environment.key_directory(self.hab.environ)
        kind = params["type"] or ("both" if params["state"] == "absent" else "public")
        self.kinds = keys.KINDS if kind == "both" else (kind,)

    def ensure(self) -> Result:
        states: dict[str, t.Callable[[], Result]] = {
            "present": self.import_key,
            "generated": self.generate,
            "downloaded": self.download,
            "uploaded": self.upload,
            "exported": self.export,
            "absent": self.delete,
        }
        return states[self.params["state"]]()

    def files(self) -> list[KeyFile]:
        return keys.find(self.directory, self.origin)

    def path_of(self, revision: str, kind: str) -> str:
        return keys.path_of(self.directory, self.origin, revision, kind)

    def import_key(self) -> Result:
        text = self.params["content"] or keys.read(self.params["src"])
        key = keys.parse(text, self.origin, self.revision)
        self.hab.keep_secret(*(key.text.splitlines()[3:] if key.kind == "secret" else ()))
        file = KeyFile(key.kind, key.revision, self.path_of(key.revision, key.kind))
        before = self._snapshot()
        if os.path.exists(file.path):
            self._refuse_another(file, key)
            return self._settled(before, [] if keys.has_own_mode(file) else [file])
        if self.check_mode:
            return self._forecast(before, [file])
        self._run("import", stdin=key.text)
        if not os.path.exists(file.path) or keys.read(file.path) != key.text:
            raise HabError(f"hab said that it imported the key, but {file.path} does not hold it.", "failed")
        return self._settled(before, [file])

    def _refuse_another(self, file: KeyFile, key: keys.KeyText) -> None:
        if keys.read(file.path) != key.text:
            raise HabError(
                f"{file.path} holds another key than the task; a revision never changes, so one of them is wrong.",
                "conflict",
            )

    def generate(self) -> Result:
        before, known = self._snapshot(), keys.pairs(self.files())
        if known and not self.params["force_new"]:
            return self._result(False, before, before)
        if self.check_mode:
            return self._result(True, before, [*before, f"{self.path_of('(new)', 'public')} and its secret key"])
        self._run("generate", self.origin)
        new = [revision for revision in keys.pairs(self.files()) if revision not in known]
        if not new:
            raise HabError(f"hab said that it made keys, but {self.directory} has no new pair.", "failed")
        return self._settled(before, keys.chosen(self.files(), new[-1], keys.KINDS))

    def download(self) -> Result:
        before = self._snapshot()
        missing = [file for kind in self.kinds for file in self._missing(kind)]
        if not missing or self.check_mode:
            return self._forecast(before, missing)
        for kind in sorted({file.kind for file in missing}):
            words = ["--secret"] if kind == "secret" else [self.revision] if self.revision else []
            self._run("download", self.origin, *words)
        lost = [file.path for file in missing if not os.path.exists(file.path)]
        if lost:
            raise HabError(f"hab said that it downloaded the keys, but {lost[0]} is not there.", "not_found")
        return self._settled(before, missing)

    def _missing(self, kind: str) -> list[KeyFile]:
        """The keys of Builder that this host has not; it is not asked about a revision that is here."""
        if self.revision and os.path.exists(self.path_of(self.revision, kind)):
            return []
        if kind == "secret" and not self._has_token():
            raise HabError("Secret keys are only given to members of the origin; give auth_token.", "unauthorized")
        known = self.depot.key_revisions(self.origin, kind)
        wanted = [self.revision] if self.revision else known[-1:] if kind == "secret" else known
        if not wanted or not set(wanted) <= set(known):
            which = f"revision {self.revision}" if self.revision else f"{kind} key"
            raise HabError(f"Builder at {self.depot.url} has no {which} of the origin {self.origin}.", "not_found")
        if kind == "secret" and wanted != known[-1:]:
            raise HabError(f"Builder gives away only the newest secret key, {known[-1]}.", "not_found")
        files = [KeyFile(kind, revision, self.path_of(revision, kind)) for revision in wanted]
        return [file for file in files if not os.path.exists(file.path)]

    def _has_token(self) -> bool:
        return bool(self.params["auth_token"] or environment.configured("auth_token", self.hab.environ))

    def upload(self) -> Result:
        before = self._snapshot()
        revision = self._local_revision()
        files = [self._must_have(revision, kind) for kind in self.kinds]
        new = [one for one in files if not self._is_uploaded(one)]
        names = [os.path.basename(one.path) for one in new]
        if new and not self.check_mode:
            for one in new:
                self._upload(one)
                if not self._is_uploaded(one):
                    raise HabError(
                        f"hab said that it uploaded {one.path}, but Builder at {self.depot.url} has not got it.",
                        "failed",
                    )
        diff = {"before": "", "after": to_text({"uploaded": names} if names else {})}
        return {**self._result(bool(new), before, before), "uploaded": names, "diff": diff}

    def _is_uploaded(self, file: KeyFile) -> bool:
        known = self.depot.key_revisions(self.origin, file.kind)
        if file.kind == "secret" and known and known[-1] > file.revision:
            raise HabError(f"Builder has a newer secret key than {file.path}: revision {known[-1]}.", "conflict")
        return file.revision in known

    def _upload(self, file: KeyFile) -> None:
        if file.kind == "public":
            self._run("upload", "--pubfile", file.path)
            return
        # hab would choose the newest key by itself, and get it wrong: it only sees the pair that is meant.
        with tempfile.TemporaryDirectory() as folder:
            for kind in keys.KINDS:
                shutil.copy2(self._must_have(file.revision, kind).path, folder)
            self.hab.must("origin", "key", "upload", self.origin, "--secret", "--cache-key-path", folder)

    def _local_revision(self) -> str:
        found = sorted(one.revision for one in keys.chosen(self.files(), self.revision, self.kinds))
        if not found:
            which = f"no key {self.origin}-{self.revision}" if self.revision else f"no key of the origin {self.origin}"
            raise HabError(f"{self.directory} has {which}.", "not_found")
        return found[-1]

    def _must_have(self, revision: str, kind: str) -> KeyFile:
        file = KeyFile(kind, revision, self.path_of(revision, kind))
        if not os.path.exists(file.path):
            raise HabError(f"{file.path} does not exist.", "not_found")
        return file

    def export(self) -> Result:
        if len(self.kinds) > 1:
            raise HabError("type is 'both', but one file holds one key; use public or secret.", "invalid")
        kind, dest = self.kinds[0], self.params["dest"]
        text = keys.read(self._must_have(self._local_revision(), kind).path)
        result = {**self._result(False, [], []), "dest": dest}
        if dest:
            mode = 0o600 if kind == "secret" else 0o644
            result.update(write_file(dest, text, mode, self.check_mode))
        if self.params["return_content"]:
            result["content"] = text
        return result

    def delete(self) -> Result:
        before = self._snapshot()
        doomed = keys.chosen(self.files(), self.revision, self.kinds)
        after = [line for line in before if line.rpartition(" ")[0] not in {one.path for one in doomed}]
        if not self.check_mode:
            for one in doomed:
                os.unlink(one.path)
        left = [one for one in self.files() if one not in doomed]
        return self._result(bool(doomed), before, after, left)

    def _run(self, verb: str, *words: str, stdin: str = "") -> None:
        self.hab.must("origin", "key", verb, *words, "--cache-key-path", self.directory, stdin=stdin)

    def _snapshot(self) -> list[str]:
        return keys.described(self.files())

    def _settled(self, before: list[str], files: t.Sequence[KeyFile]) -> Result:
        """The result when the keys are there and only their modes are left to set."""
        wrong = [one for one in files if not keys.has_own_mode(one)]
        if wrong and self.check_mode:
            return self._forecast(before, wrong)
        for one in wrong:
            keys.set_own_mode(one)
        after = self._snapshot()
        return self._result(bool(wrong) or before != after, before, after)

    def _forecast(self, before: list[str], new: t.Sequence[KeyFile]) -> Result:
        paths = {one.path for one in new}
        kept = [line for line in before if line.rpartition(" ")[0] not in paths]
        return self._result(bool(new), before, sorted([*kept, *keys.forecast(paths)]), [*self.files(), *new])

    def _result(
        self, changed: bool, before: list[str], after: list[str], files: t.Sequence[KeyFile] | None = None
    ) -> Result:
        files = self.files() if files is None else files
        revisions = sorted({one.revision for one in files})
        return {
            "changed": changed,
            "origin": self.origin,
            "revisions": revisions,
            "latest": revisions[-1] if revisions else "",
            "files": sorted({one.path for one in files}),
            "diff": {"before": to_text(before), "after": to_text(after)},
        }
