# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from collections import Counter

import pytest

from ansible_collections.uex.payments.plugins.callback import progress


@pytest.mark.parametrize(
    ("verbs", "check_mode", "text"),
    [
        ({}, False, "-"),
        ({"create": 3, "update": 1}, False, "3 created, 1 changed"),
        ({"delete": 2, "replace": 1}, True, "1 to replace, 2 to delete"),
    ],
)
def test_what_a_task_did_in_words(verbs: dict[str, int], check_mode: bool, text: str) -> None:
    assert progress.phrase(Counter(verbs), check_mode) == text
