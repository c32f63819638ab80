# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

STYLE = """
:root { color-scheme: light dark; --back: #fff; --text: #1c2128; --soft: #59636e; --line: #d1d9e0; --card: #f6f8fa;
  --passed: #1a7f37; --failed: #cf222e; --error: #8250df; --skipped: #59636e; --pending: #9a6700; }
@media (prefers-color-scheme: dark) { :root { --back: #0d1117; --text: #e6edf3; --soft: #9198a1; --line: #3d444d;
  --card: #151b23; --passed: #3fb950; --failed: #f85149; --error: #ab7df8; --skipped: #9198a1; --pending: #d29922; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 68rem; padding: 1.5rem; background: var(--back); color: var(--text);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
.soft { color: var(--soft); }
.bar { display: flex; height: .75rem; border-radius: .4rem; overflow: hidden; margin: 1rem 0; background: var(--line); }
.bar span { min-width: 3px; }
nav { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; position: sticky; top: 0; padding: .6rem 0;
  background: var(--back); z-index: 1; }
nav button, nav input { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line);
  border-radius: .4rem; padding: .2rem .7rem; }
nav button { cursor: pointer; }
nav button[aria-pressed=true] { outline: 2px solid currentColor; }
nav input { flex: 1; min-width: 10rem; }
details { margin-left: .2rem; padding-left: .8rem; border-left: 1px solid var(--line); }
summary { cursor: pointer; font-weight: 600; padding: .15rem 0; }
summary .soft { font-weight: 400; }
ul { list-style: none; margin: 0; padding-left: 1.1rem; }
li { padding: .1rem 0; overflow-wrap: anywhere; }
li::before { display: inline-block; width: 1.3em; font-weight: 700; }
.passed::before { content: "\\2713"; color: var(--passed); }
.failed::before, .fixed::before { content: "\\2717"; color: var(--failed); }
.error::before { content: "!"; color: var(--error); }
.skipped::before { content: "\\2013"; color: var(--skipped); }
.pending::before { content: "\\2026"; color: var(--pending); }
.bar .passed { background: var(--passed); } .bar .failed, .bar .fixed { background: var(--failed); }
.bar .error { background: var(--error); } .bar .skipped { background: var(--skipped); }
.bar .pending { background: var(--pending); } .bar span::before { content: none; }
button.passed::before, button.failed::before, button.error::before, button.skipped::before, button.pending::before,
button.fixed::before { margin-right: .35em; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: .3rem 0 .6rem 1.3em;
  padding: .6rem .8rem; background: var(--card); border: 1px solid var(--line); border-radius: .4rem; }
dt { color: var(--soft); }
dd { margin: 0; font-family: ui-monospace, monospace; font-size: .88em; white-space: pre-wrap; }
table { border-collapse: collapse; width: 100%; } th, td { border-bottom: 1px solid var(--line); padding: .3rem .5rem;
  text-align: left; } td.mark { text-align: center; } td.mark::before { font-weight: 700; }
.problem { border-left: 3px solid var(--error); padding-left: .8rem; margin: .5rem 0; }
[hidden] { display: none !important; }
@media print { nav { display: none; } body { max-width: none; } }
"""

SCRIPT = """
const buttons = [...document.querySelectorAll("nav button")];
const search = document.querySelector("nav input");
function apply() {
  const chosen = buttons.filter(b => b.getAttribute("aria-pressed") === "true").map(b => b.dataset.status);
  const words = search.value.toLowerCase();
  for (const item of document.querySelectorAll("li[data-status]"))
    item.hidden = (chosen.length && !chosen.includes(item.dataset.status)) ||
      (words && !item.dataset.text.includes(words));
  for (const group of [...document.querySelectorAll("details")].reverse())
    group.hidden = !group.querySelector("li[data-status]:not([hidden])");
  if (chosen.length || words) document.querySelectorAll("details:not([hidden])").forEach(group => group.open = true);
}
for (const button of buttons) button.addEventListener("click", () => {
  button.setAttribute("aria-pressed", button.getAttribute("aria-pressed") !== "true"); apply(); });
search.addEventListener("input", apply);
document.querySelector("nav").hidden = false;
"""
