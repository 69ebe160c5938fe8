# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

import datetime
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _diagnose_credentials as credentials
from ansible_collections.uex.payments.plugins.module_utils._diagnose import Facts
from ansible_collections.uex.payments.plugins.module_utils._diagnose_readers import READERS
from ansible_collections.uex.payments.plugins.module_utils._errors import Failure
from ansible_collections.uex.payments.tests.support.diagnosis import ACCOUNT, about, judged, wrong

NOW = datetime.datetime(2026, 11, 1, 12, tzinfo=datetime.UTC)
CALLER = {
    "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/me",
    "account": ACCOUNT,
    "expiration": "",
    "now": NOW,
    "skew": 1,
}
BROKEN_CALL = {"error": Failure("credentials", "look", "ExpiredToken", "gone", "renew the credentials"), "skew": 3}
SAFE = {"AccountMFAEnabled": 1, "AccountAccessKeysPresent": 0}


def facts(caller: dict[str, Any], region: str = "opted-in", summary: dict[str, int] | None = None) -> dict[str, Any]:
    identity = caller if "error" in caller else {**CALLER, **caller}
    return {"identity": identity, "region": region, "account_summary": summary or SAFE}


FACTS = facts({})


@pytest.mark.parametrize(
    ("found", "options", "expected"),
    [
        (facts({}), {}, {}),
        (facts(BROKEN_CALL), {}, {"caller": "broken"}),
        (facts({}), {"account_id": ACCOUNT}, {}),
        (facts({}), {"account_id": "210987654321"}, {"account": "broken"}),
        (facts({"arn": f"arn:aws:iam::{ACCOUNT}:root"}), {}, {"root-user": "warning"}),
        (facts({}), {"assume_role_arn": "arn:r", "session_problem": "AccessDenied"}, {"assumed-role": "broken"}),
        (facts({}), {"assume_role_arn": "arn:r"}, {}),
        (facts({"expiration": "2026-11-01T12:30:00Z"}), {}, {"credentials-end": "warning"}),
        (facts({"expiration": "2026-11-01T11:00:00Z"}), {}, {"credentials-end": "broken"}),
        (facts({"expiration": "2026-11-01T18:00:00Z"}), {}, {}),
        (facts({"skew": -90}), {}, {"clock": "warning"}),
        (facts({"skew": 301}), {}, {"clock": "broken"}),
        (facts({"skew": None}), {}, {}),
        (facts({}, region="not-opted-in"), {}, {"region": "broken"}),
        (facts({}, summary={"AccountMFAEnabled": 0, "AccountPasswordPresent": 1}), {}, {"root-mfa": "warning"}),
        (facts({}, summary={**SAFE, "AccountAccessKeysPresent": 1}), {}, {"root-keys": "warning"}),
        (facts({}, summary={"AccountMFAEnabled": 0}), {"emulated": True}, {}),
    ],
)
def test_whose_credentials_they_are(found: dict[str, Any], options: dict[str, Any], expected: dict[str, str]) -> None:
    assert wrong(credentials.SUBJECT, found, about(**{"emulated": False, **options})) == expected


def test_what_is_vital_keeps_everything_else_out_of_sight() -> None:
    for found, options in ((facts(BROKEN_CALL), {}), (facts({}), {"account_id": "210987654321"})):
        blind = credentials.blind(judged(credentials.SUBJECT, found, about(**options)))
        assert blind
        assert blind.severity == "unknown"
    assert credentials.blind(judged(credentials.SUBJECT, facts({"skew": 999}), about())) is None


def test_a_wrong_clock_is_said_in_which_direction() -> None:
    seen = [each.seen for each in judged(credentials.SUBJECT, facts({"skew": -400}), about()) if each.check == "clock"]
    assert seen == ["this machine's clock is 400 s ahead of AWS's"]


class Late(Exception):
    """What AWS answers to a signature that it finds too old, with the date by its own clock."""

    response = {
        "Error": {"Code": "RequestExpired", "Message": "Request has expired"},
        "ResponseMetadata": {"HTTPHeaders": {"date": "Thu, 01 Jan 2099 00:00:00 GMT"}},
    }


def test_an_answer_that_refuses_tells_the_time_too() -> None:
    def connect(service: str) -> Any:
        raise Late

    facts = Facts(connect, about(), READERS)
    found = wrong(credentials.SUBJECT, {**FACTS, "identity": facts("identity")})
    assert found == {"caller": "broken", "clock": "broken"}
