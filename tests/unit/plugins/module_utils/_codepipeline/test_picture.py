# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t
from xml.etree import ElementTree

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.cloudformation import stages_block
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.picture import cards, mermaid
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.shapes import action_from
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.svg import svg

Data = dict[str, t.Any]
SVG = "{http://www.w3.org/2000/svg}"


def action(name: str, category: str, provider: str, **options: t.Any) -> Data:
    return action_from({"name": name, "category": category, "provider": provider, **options})


DECLARATION: Data = {
    "name": "shop",
    "stages": [
        {"name": "Source", "actions": [action("Code", "Source", "CodeCommit", output_artifacts=["Code"])]},
        {
            "name": "Build",
            "actions": [
                action("Last", "Test", "Lambda", run_order=3),
                action("Image", "Build", "CodeBuild"),
                action("Lint", "Build", "CodeBuild", run_order=1),
            ],
        },
        {"name": "Ask", "actions": [action("Explore", "Approval", "Manual")]},
        {"name": "Live", "actions": [action('The "best" & <only>, which is much too long', "Deploy", "ECS")]},
    ],
}
STATE: Data = {
    "stageStates": [
        {
            "stageName": "Source",
            "latestExecution": {"status": "Succeeded"},
            "actionStates": [{"actionName": "Code", "latestExecution": {"status": "Succeeded"}}],
        },
        {
            "stageName": "Build",
            "latestExecution": {"status": "Stopping"},
            "actionStates": [
                {"actionName": "Image", "latestExecution": {"status": "Failed"}},
                {"actionName": "Lint", "latestExecution": {"status": "SomethingNew"}},
            ],
        },
        {
            "stageName": "Ask",
            "latestExecution": {"status": "InProgress"},
            "actionStates": [{"actionName": "Explore", "latestExecution": {"status": "InProgress"}}],
        },
        {
            "stageName": "Live",
            "inboundTransitionState": {"enabled": False, "disabledReason": 'Closed "now"'},
            "actionStates": [],
        },
    ]
}
CARDS = cards(DECLARATION, STATE)


def test_what_is_drawn() -> None:
    assert [(card.name, card.words, card.kind) for card in CARDS] == [
        ("Source", "succeeded", "Succeeded"),
        ("Build", "stopping", "Stopped"),
        ("Ask", "in progress", "InProgress"),
        ("Live", "not run yet", ""),
    ]
    build = [[(box.name, box.words, box.kind) for box in row] for row in CARDS[1].rows]
    assert build == [
        [("Image", "failed", "Failed"), ("Lint", "somethingnew", "")],
        [("Last", "not run yet", "")],
    ]
    assert CARDS[2].rows[0][0].words == "waits for approval"


def test_mermaid() -> None:
    lines = [line.strip() for line in mermaid(CARDS).splitlines()]
    assert lines[0] == "flowchart LR"
    assert 'subgraph s1["Build"]' in lines
    assert 's1r0a0["Image<br>CodeBuild<br>failed"]:::failed' in lines
    assert "s1r0a0 & s1r0a1 --> s1r1a0" in lines
    assert "s0 --> s1" in lines
    assert 's2 -. "disabled (Closed #quot;now#quot;)" .-x s3' in lines
    assert lines.count("end") == 4
    used = {line.rsplit(" ", 1)[-1] for line in lines if line.startswith("class ")}
    used |= {line.rsplit(":::", 1)[-1] for line in lines if ":::" in line}
    assert used <= {line.split()[1] for line in lines if line.startswith("classDef ")}


def test_the_svg_is_well_formed_and_needs_nothing_else() -> None:
    drawing = svg('shop & "more"', CARDS)
    root = ElementTree.fromstring(drawing)
    assert root.tag == f"{SVG}svg"
    assert "http" not in drawing.replace("http://www.w3.org/2000/svg", "")
    texts = ["".join(element.itertext()) for element in root.iter(f"{SVG}text")]
    assert {"Code", "CodeCommit", "waits for approval", "failed", "disabled"} <= set(texts)
    titles = [element.text for element in root.iter(f"{SVG}title")]
    assert 'disabled (Closed "now")' in titles
    assert 'The "best" & <only>, which is much too long' in titles
    assert "Build (stopping): Image (failed), Lint (somethingnew), Last (not run yet)" in str(root[1].text)


@pytest.mark.parametrize("drawn", [CARDS, CARDS[:1], cards(DECLARATION, {})])
def test_nothing_in_the_svg_sticks_out_or_overlaps(drawn: t.Any) -> None:
    root = ElementTree.fromstring(svg("shop", drawn))
    width, height = int(root.attrib["width"]), int(root.attrib["height"])
    boxes = []
    for element in root.iter(f"{SVG}rect"):
        x, y, w, h = (int(element.attrib.get(key, "0")) for key in ("x", "y", "width", "height"))
        assert x + w <= width
        assert y + h <= height
        boxes.append((x, y, x + w, y + h))
    page, *rest = boxes
    for index, (x1, y1, x2, y2) in enumerate(rest):
        for u1, v1, u2, v2 in rest[index + 1 :]:
            apart = x2 <= u1 or u2 <= x1 or y2 <= v1 or v2 <= y1
            inside = x1 <= u1 and u2 <= x2 and y1 <= v1 and v2 <= y2
            assert apart or inside
    assert page == (0, 0, width, height)


def test_cloudformation() -> None:
    rule = {"name": "R", "ruleTypeId": {"category": "Rule", "provider": "CloudWatchAlarm"}}
    stage = {
        "actions": [
            {
                **action("Ask", "Approval", "Manual", configuration={"CustomData": "x", "lowerCase": "y"}),
                "inputArtifacts": [],
                "outputArtifacts": [{"name": "Out", "files": ["a"]}],
            }
        ],
        "name": "Ask",
        "beforeEntry": {"conditions": [{"result": "FAIL", "rules": [rule]}]},
    }
    assert stages_block([stage]).splitlines() == [
        "Stages:",
        "- Name: Ask",
        "  Actions:",
        "  - Name: Ask",
        "    ActionTypeId:",
        "      Category: Approval",
        "      Owner: AWS",
        "      Provider: Manual",
        "      Version: '1'",
        "    Configuration:",
        "      CustomData: x",
        "      lowerCase: y",
        "    OutputArtifacts:",
        "    - Name: Out",
        "      Files:",
        "      - a",
        "  BeforeEntry:",
        "    Conditions:",
        "    - Result: FAIL",
        "      Rules:",
        "      - Name: R",
        "        RuleTypeId:",
        "          Category: Rule",
        "          Provider: CloudWatchAlarm",
    ]
