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
    spelled = [{"rulePriority": number, "selection": {"tagStatus": status}} for number, status in rules]
    return {"lifecycle_policy": {"rules": spelled}}


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
        ({"encryption": {"encryption_type": "AES256", "kms_key": "k"}}, "encryption.kms_key"),
        ({"encryption": {"encryption_type": "KMS", "kms_key": "k"}}, None),
        (lifecycle((1, "untagged"), (2, "any")), None),
        (lifecycle((2, "untagged"), (1, "any")), "lifecycle_policy"),
        (lifecycle((1, "untagged"), (1, "tagged")), "lifecycle_policy"),
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
