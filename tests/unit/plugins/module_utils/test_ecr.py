# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _ecr

ITEM = {
    **dict.fromkeys(("image_tag_mutability", "image_tag_mutability_exclusions", "scan_on_push")),
    **dict.fromkeys(("encryption", "lifecycle_policy", "policy")),
    "name": "uex-payments-dev/uex-backend",
}


def lifecycle(*rules: tuple[int, str]) -> dict[str, Any]:
    prefix = {"tagged": {"tagPrefixList": ["a"]}}
    spelled = [
        {"rulePriority": number, "selection": {"tagStatus": status, **prefix.get(status, {})}}
        for number, status in rules
    ]
    return {"lifecycle_policy": {"rules": spelled}}


def selected(**selection: Any) -> dict[str, Any]:
    rule = {"rulePriority": 1, "selection": {"countType": "imageCountMoreThan", "countNumber": 1, **selection}}
    return {"lifecycle_policy": {"rules": [rule]}}


EXCLUDING = {"image_tag_mutability": "IMMUTABLE_WITH_EXCLUSION"}


@pytest.mark.parametrize(
    ("given", "option"),
    [
        ({}, None),
        ({"name": "a"}, "name"),
        ({"name": "a" * 257}, "name"),
        ({"name": "Uex/a"}, "name"),
        ({"name": "uex//a"}, "name"),
        ({"name": "uex/-a"}, "name"),
        ({"image_tag_mutability": "IMMUTABLE"}, None),
        ({"image_tag_mutability": "IMMUTABLE", "image_tag_mutability_exclusions": []}, None),
        (
            {"image_tag_mutability": "IMMUTABLE", "image_tag_mutability_exclusions": ["x"]},
            "image_tag_mutability_exclusions",
        ),
        ({"image_tag_mutability": "IMMUTABLE_WITH_EXCLUSION"}, "image_tag_mutability_exclusions"),
        ({"image_tag_mutability": "IMMUTABLE_WITH_EXCLUSION", "image_tag_mutability_exclusions": ["x"]}, None),
        ({**EXCLUDING, "image_tag_mutability_exclusions": ["a*b*", "b", "c", "d", "e"]}, None),
        ({**EXCLUDING, "image_tag_mutability_exclusions": list("abcdef")}, "image_tag_mutability_exclusions"),
        ({**EXCLUDING, "image_tag_mutability_exclusions": ["a*b*c*"]}, "image_tag_mutability_exclusions"),
        ({**EXCLUDING, "image_tag_mutability_exclusions": ["a?"]}, "image_tag_mutability_exclusions"),
        ({"encryption": {"encryption_type": "AES256", "kms_key": "k"}}, "encryption.kms_key"),
        ({"encryption": {"encryption_type": "KMS", "kms_key": "k"}}, None),
        (lifecycle((1, "untagged"), (2, "any")), None),
        (lifecycle((2, "untagged"), (1, "any")), "lifecycle_policy"),
        (lifecycle((1, "untagged"), (1, "tagged")), "lifecycle_policy"),
        (lifecycle((0, "untagged")), "lifecycle_policy"),
        (selected(tagStatus="tagged", tagPrefixList=["a"]), None),
        (selected(tagStatus="tagged", tagPatternList=["a*b*c*d*"]), None),
        (selected(tagStatus="tagged"), "lifecycle_policy"),
        (selected(tagStatus="tagged", tagPrefixList=["a"], tagPatternList=["a*"]), "lifecycle_policy"),
        (selected(tagStatus="any", tagPrefixList=["a"]), "lifecycle_policy"),
        (selected(tagStatus="tagged", tagPrefixList=["a*"]), "lifecycle_policy"),
        (selected(tagStatus="tagged", tagPatternList=["a*b*c*d*e*"]), "lifecycle_policy"),
        (selected(tagStatus="any", countUnit="days"), "lifecycle_policy"),
        (selected(tagStatus="any", countNumber=0), "lifecycle_policy"),
    ],
)
def test_what_aws_refuses_is_said_by_option(given: dict[str, Any], option: str | None) -> None:
    assert [each.partition(":")[0] for each in _ecr.problems({**ITEM, **given})] == ([option] if option else [])


@pytest.mark.parametrize("nothing", [None, "", {}])
def test_no_lifecycle(nothing: Any) -> None:
    assert _ecr.canonical_lifecycle(nothing) == ""


def test_a_lifecycle_has_one_spelling() -> None:
    text = '{"rules": [{"rulePriority": 2, "a": 1}, {"b": 1, "rulePriority": 1}]}'
    document = {"rules": [{"rulePriority": 1, "b": 1}, {"a": 1, "rulePriority": 2}]}
    assert _ecr.canonical_lifecycle(text) == _ecr.canonical_lifecycle(document)
    assert _ecr.canonical_lifecycle(text).startswith('{"rules":[{"b":1')


@pytest.mark.parametrize(
    ("given", "request_"),
    [
        ({}, {}),
        ({"scan_on_push": False}, {"imageScanningConfiguration": {"scanOnPush": False}}),
        ({"encryption": {"encryption_type": "AES256"}}, {"encryptionConfiguration": {"encryptionType": "AES256"}}),
        ({"image_tag_mutability": "IMMUTABLE"}, {"imageTagMutability": "IMMUTABLE"}),
        (
            {"image_tag_mutability": "IMMUTABLE_WITH_EXCLUSION", "image_tag_mutability_exclusions": ["a*"]},
            {
                "imageTagMutability": "IMMUTABLE_WITH_EXCLUSION",
                "imageTagMutabilityExclusionFilters": [{"filterType": "WILDCARD", "filter": "a*"}],
            },
        ),
    ],
)
def test_only_what_is_declared_is_sent(given: dict[str, Any], request_: dict[str, Any]) -> None:
    assert _ecr.creation({**ITEM, **given}) == request_


def test_aws_own_defaults_are_shown() -> None:
    shown = _ecr.observed({"repositoryArn": "arn", "repositoryUri": "uri"})
    assert shown["encryption"] == {"encryption_type": "AES256", "kms_key": ""}
    assert (shown["image_tag_mutability"], shown["scan_on_push"]) == ("MUTABLE", False)


def test_a_life_cycle_by_the_beginnings_of_tags() -> None:
    rules = _ecr.lifecycle_rules(7, 30, {"v": 5, "v2": 6, "a": 7})
    found = [(r["rulePriority"], r["selection"].get("tagPrefixList"), r["selection"]["countNumber"]) for r in rules]
    assert found == [(1, None, 7), (2, ["v2"], 6), (3, ["a"], 7), (4, ["v"], 5), (100, None, 30)]
    assert list(_ecr.problems({**ITEM, "lifecycle_policy": {"rules": rules}})) == []


def test_the_last_rule_makes_room_for_many() -> None:
    rules = _ecr.lifecycle_rules(7, 30, {f"a{number}": 1 for number in range(120)})
    assert rules[-1]["rulePriority"] == 122
    assert list(_ecr.problems({**ITEM, "lifecycle_policy": {"rules": rules}})) == []
