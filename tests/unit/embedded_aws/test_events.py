# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The embedded AWS's EventBridge: patterns and lists of objects."""

from __future__ import annotations

import json
from typing import Any

import pytest
from moto.events.models import EventPattern

from embedded_aws import extensions

PATTERN = {"detail": {"findings": {"label": ["HIGH"], "state": ["NEW"]}}}
HIGH, LOW = {"label": "HIGH", "state": "NEW"}, {"label": "LOW", "state": "NEW"}


@pytest.mark.parametrize(
    ("findings", "matches"),
    [
        ([HIGH], True),
        ([LOW, HIGH], True),
        ([LOW], False),
        ([], False),
        # not of one what is another's
        ([LOW, {"label": "HIGH", "state": "OLD"}], False),
        (HIGH, True),
        (["HIGH", "NEW"], False),
    ],
)
def test_one_of_a_list_has_to_fit(findings: Any, matches: bool) -> None:
    extensions.install()
    pattern = EventPattern.load(json.dumps(PATTERN))
    assert pattern.matches_event({"detail": {"findings": findings}}) is matches
