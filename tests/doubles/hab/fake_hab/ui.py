# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""The lines that hab prints."""

from __future__ import annotations

import typing as t

_ASCII = {
    "↑": "/^\\", "☛": "-->", "✓": "[x]", "☑": "[#]", "Ω": "-->", "☒": "-X-", "→": "-->", "☁": "-->",
    "↓": "  >", "…": "...", "∵": "???", "»": " >>", "★": "***", "Ø": "  0", "✗✗✗": "XXX",
}  # fmt: skip
_LIMITED = {"☛": "→", "✓": "√", "☑": "⌂", "☒": "░", "☁": "⌂", "∵": "‼", "★": "≡", "✗✗✗": "XXX"}
_STYLES: dict[str, dict[str, str]] = {"ascii": _ASCII, "limited": _LIMITED, "full": {}}

VERBS = {
    "Using": "→", "Found": "→", "Generated": "→", "Promoting": "→", "Demoting": "→", "Missing": "∵",
    "Installed": "✓", "Created": "✓", "Deleted": "✓", "Uploaded": "✓", "Promoted": "✓", "Demoted": "✓",
    "Verified": "✓", "Signed": "✓", "Determining": "☁", "Downloading": "↓", "Verifying": "☛", "Signing": "☛",
    "Cached": "☑", "Deleting": "☒", "Would be deleted (Dry run)": "☒", "Skipping": "…", "Creating": "Ω",
    "Uploading": "↑",
}  # fmt: skip


class Ui:
    def __init__(self, out: t.TextIO, err: t.TextIO, style: str, old: bool) -> None:
        self._out = out
        self._err = err
        self._style = _STYLES.get(style.lower(), {})
        self._warning = "∅" if old and not self._style else self.glyph("Ø")

    def glyph(self, full: str) -> str:
        return self._style.get(full, full)

    def line(self, text: object = "") -> None:
        print(text, file=self._out, flush=True)

    def raw(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()

    def begin(self, text: object) -> None:
        self.line(f"{self.glyph('»')} {text}")

    def end(self, text: object) -> None:
        self.line(f"{self.glyph('★')} {text}")

    def status(self, verb: str, text: object) -> None:
        self.line(f"{self.glyph(VERBS[verb])} {verb} {text}")

    def warn(self, text: object) -> None:
        print(f"{self._warning} {text}", file=self._err, flush=True)

    def error_line(self, text: object) -> None:
        print(text, file=self._err, flush=True)

    def fatal(self, message: str) -> None:
        mark = self.glyph("✗✗✗")
        lines = [mark, *(f"{mark} {line}" for line in message.splitlines() or [""]), mark]
        print("\n".join(lines), file=self._err, flush=True)
