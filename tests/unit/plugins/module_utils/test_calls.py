# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _calls
from ansible_collections.uex.payments.plugins.module_utils._errors import code_of


def response(*codes: str) -> dict[str, Any]:
    return {"Unsuccessful": [{"ResourceId": "x", "Error": {"Code": code, "Message": "no"}} for code in codes]}


@pytest.mark.parametrize("answer", [{}, {"Unsuccessful": []}, response("Gone"), response("Gone", "Gone")])
def test_what_is_no_failure_passes(answer: dict[str, Any]) -> None:
    assert _calls.demand_success(answer, "Gone") is None


def test_a_failure_inside_a_success_has_the_code_of_aws() -> None:
    with pytest.raises(_calls.Refused, match="no") as refused:
        _calls.demand_success(response("Gone", "Denied"), "Gone")
    assert code_of(refused.value) == "Denied"


def calls(*outcomes: str) -> Any:
    """A call that fails with each code in turn; "" is success."""
    rest = list(outcomes)

    def call() -> str:
        code = rest.pop(0)
        if code:
            raise _calls.Refused({"Code": code})
        return f"{len(rest)} left"

    return call


@pytest.mark.parametrize(("outcomes", "value"), [([""], "0 left"), (["NotYet", "NotYet", "", "x"], "1 left")])
def test_an_excused_error_is_tried_again(outcomes: list[str], value: str) -> None:
    assert _calls.patiently(calls(*outcomes), _calls.has_code("NotYet"), 60, pause=0) == value


@pytest.mark.parametrize(
    ("outcomes", "deadline", "code"), [(["Denied", ""], 60, "Denied"), (["NotYet", ""], 0, "NotYet")]
)
def test_other_errors_and_late_ones_are_raised_as_they_are(outcomes: list[str], deadline: float, code: str) -> None:
    with pytest.raises(_calls.Refused) as refused:
        _calls.patiently(calls(*outcomes), _calls.has_code("NotYet"), deadline, pause=0)
    assert code_of(refused.value) == code
