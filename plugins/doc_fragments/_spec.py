# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  spec:
    description:
      - The spec itself, a list of groups and examples.
      - Either this or O(src) has to be given.
    type: raw
  src:
    description:
      - Files, folders or patterns of files with the spec. What is not absolute is looked for below C(spec) and C(files)
        of the role and of the playbook, and next to them.
      - The files are read on the controller and may use variables, facts and lookups like tasks do.
    type: list
    elements: str
  name:
    description: Title of the report. It is the name of the task if it is not given.
    type: str
  tags:
    description: Only examples with one of these tags are evaluated.
    type: list
    elements: str
  skip_tags:
    description: Examples with one of these tags are left out.
    type: list
    elements: str
  only:
    description: Only examples whose id or full title matches one of these patterns are evaluated, for example to
      repeat what failed.
    type: list
    elements: str
  fail_on:
    description:
      - When the task fails. With V(failure) it does if an example failed or could not be measured, with V(error) only
        if one could not be measured, with V(never) for neither.
      - A spec that is not valid always fails.
    type: str
    choices: [failure, error, never]
    default: failure
  fail_fast:
    description: Whether examples after the first failure are not evaluated.
    type: bool
    default: false
  max_failures:
    description: How many failures may happen before the other examples are not evaluated. V(0) is without a limit.
    type: int
    default: 0
  allow_empty:
    description: Whether a spec in which no example is left is fine.
    type: bool
    default: false
  expected_examples:
    description: How many examples have to be evaluated. With another number nothing is evaluated and the task fails, so
      that no example gets lost unseen.
    type: int
  on_unsupported:
    description: Whether an example about something that the system does not have is an error, or skipped.
    type: str
    choices: [error, skip]
    default: error
  offline:
    description: Whether the system is not running, such as an image that is being built. Examples about what only a
      running system has are skipped.
    type: bool
    default: false
  timeout:
    description: How many seconds an example may take. V(0) is without a limit.
    type: float
    default: 10.0
  max_time:
    description: How many seconds all examples may take together. V(0) is without a limit.
    type: float
    default: 0.0
  forks:
    description: How many examples that only wait may do so at the same time.
    type: int
    default: 4
  return:
    description:
      - Which examples are returned in RV(ignore:examples), only those with problems, all of them, or none.
    type: str
    choices: [problems, all, summary]
    default: problems
  junit_dir:
    description: Folder on the controller for a report in JUnit's format. The file is named after host and report.
    type: path
  junit_file:
    description: File on the controller for a report in JUnit's format.
    type: path
  report_dir:
    description: Folder on the controller for the reports of O(report_formats).
    type: path
  report_formats:
    description: Formats of the reports that are written to O(report_dir).
    type: list
    elements: str
    choices: [documentation, json, tap, markdown, html]
  color:
    description: Whether the report on the screen is coloured. With V(auto) Ansible's own settings decide.
    type: str
    choices: [auto, always, never]
    default: auto
  validate_only:
    description: Whether only the spec is checked. No host is connected to.
    type: bool
    default: false
  redact:
    description: Regular expressions. What they match is hidden in everything that is shown, written and returned.
    type: list
    elements: str
  eventually:
    description:
      - Lets every example wait until it passes, for at most this many seconds.
      - A map with C(timeout) and C(delay) also says how many seconds are between two attempts.
      - A group or an example can say so for itself.
    type: raw
  display:
    description: What is shown on the screen, the report, a character for each example, or nothing.
    type: str
    choices: [documentation, progress, none]
    default: documentation
  read_only:
    description: Whether examples that run commands are not allowed.
    type: bool
    default: false
  resource_paths:
    description: Folders on the controller with Python files that define resources of your own.
    type: list
    elements: path
notes:
  - Values of properties are compared with the following matchers. A plain value means C(eq), a list of matchers means
    all of them.
  - C(eq) {value}, equal; a number equals its text.
  - C(match) {pattern}, a Python regular expression is found in the text (^ and $ also match at line ends).
  - C(include) {items}, the list has these elements, the map these keys, the text these parts.
  - C(contain_exactly) {items}, the list has these elements and no other, in any order.
  - C(start_with) {text}, the text starts so.
  - C(end_with) {text}, the text ends so.
  - C(be_greater_than) {number}, a number above this one.
  - C(be_at_least) {number}, a number not below this one.
  - C(be_less_than) {number}, a number below this one.
  - C(be_at_most) {number}, a number not above this one.
  - C(be_between) {limits}, a number from the lowest to the highest, both included.
  - C(be_one_of) {values}, equal to one of these.
  - C(be_empty), a text, list or map without content.
  - C(be_true), the boolean true.
  - C(be_false), the boolean false.
  - C(be_null), no value at all.
  - C(have_key) {keys}, the map has these keys.
  - C(have_length) {length}, this many elements or characters.
  - C(be_version) {at_least, above, at_most, below}, a version within these limits.
  - C(all) {matcher}, every element of the list, or value of the map, passes the matcher; an empty one passes.
  - C(any_of) {matchers}, at least one of the matchers passes.
  - C(all_of) {matchers}, all of the matchers pass.
"""
