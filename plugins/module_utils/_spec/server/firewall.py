# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import shlex
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import ListOf, Text, Unfit
from ansible_collections.containerci.aws.plugins.module_utils._spec.text import cut, listing
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import (
    CannotTell,
    Resource,
    Verdict,
    its,
    matcher,
)


class Rule(Text):
    name = "a rule as iptables -S prints it"

    def check(self, value: t.Any) -> str:
        rule = super().check(value)
        try:
            shlex.split(rule)
        except ValueError as error:
            raise Unfit(f"expected {self.name}: {str(error).lower()}") from None
        return rule


class Iptables(Resource):
    """The IPv4 packet filter, from one run of iptables-save."""

    word = "iptables"
    name_kind = None
    needs_running_system = True
    tool: t.ClassVar[str] = "iptables-save"

    @matcher(aliases={"with_table": "table", "with_chain": "chain"}, rule=Rule(), table=Text(), chain=Text())
    def have_rule(self, rule: str, table: str = "", chain: str = "") -> Verdict:
        """A rule or policy as iptables -S prints it; the parts may be left out that name the chain."""
        candidates = [
            row for name, row in self._rows() if (not table or name == table) and (not chain or row[1:2] == [chain])
        ]
        wanted = shlex.split(rule)
        passed = any(wanted in (row, row[2:]) for row in candidates)
        told = cut(listing((" ".join(row) for row in candidates), "no such rules"), 200)
        return Verdict(passed, told, self.tool)

    @its(ListOf(Text()))
    def rules(self) -> list[str]:
        """All rules and policies of all tables."""
        return [" ".join(row) for _table, row in self._rows()]

    def _rows(self) -> list[tuple[str, list[str]]]:
        return t.cast("list[tuple[str, list[str]]]", self.world.once(self.tool, self._read))

    def _read(self) -> list[tuple[str, list[str]]]:
        done = self.world.run([self.world.tool(self.tool)])
        if done.exit_status:
            raise CannotTell(f"{self.tool} failed: {done.stderr.strip() or done.exit_status}", self.tool)
        rows: list[tuple[str, list[str]]] = []
        table = ""
        for line in done.stdout.splitlines():
            if line.startswith("*"):
                table = line[1:]
            elif line.startswith(":"):
                chain, policy = line[1:].split()[:2]
                rows.append((table, ["-N", chain] if policy == "-" else ["-P", chain, policy]))
            elif line.startswith("-"):
                rows.append((table, shlex.split(line)))
        if not any(name == "filter" for name, _row in rows):  # not saved as long as nobody has touched it
            rows += [("filter", ["-P", chain, "ACCEPT"]) for chain in ("INPUT", "FORWARD", "OUTPUT")]
        return rows


class Ip6tables(Iptables):
    """The IPv6 packet filter, from one run of ip6tables-save."""

    word = "ip6tables"
    tool = "ip6tables-save"


RESOURCES = (Iptables, Ip6tables)
