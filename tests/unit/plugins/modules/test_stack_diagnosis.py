# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _diagnose, _diagnose_subjects
from ansible_collections.uex.payments.plugins.module_utils._diagnose_readers import READERS
from ansible_collections.uex.payments.plugins.module_utils._findings import BROKEN, NOTE, OK, UNKNOWN
from ansible_collections.uex.payments.plugins.modules import stack_diagnosis
from ansible_collections.uex.payments.tests.support import plugins
from ansible_collections.uex.payments.tests.support.contract import Account
from ansible_collections.uex.payments.tests.support.diagnosis import ABOUT, SERVICE, about

OPTIONS: dict[str, Any] = {**ABOUT, "services": [SERVICE]}


def test_on_an_empty_account_everything_is_missing_and_nothing_unreadable(aws: None) -> None:
    result = plugins.run_module(stack_diagnosis, OPTIONS)
    assert not result["changed"]
    assert result["subjects"] == list(_diagnose_subjects.NAMES)
    assert result["summary"][UNKNOWN] == 0
    broken = {each["check"] for each in result["findings"] if each["severity"] == BROKEN}
    assert {"bucket", "lock-table", "vpc", "instance", "group", "balancer", "cluster", "service"} <= broken


def test_a_check_looks_as_a_run_does(aws: None) -> None:
    once, again = (
        plugins.run_module(stack_diagnosis, {**OPTIONS, "subjects": ["state"]}, check_mode=mode)
        for mode in (False, True)
    )
    assert once == again
    assert once["subjects"] == ["credentials", "state"]


def test_a_strange_subject_is_refused(aws: None) -> None:
    result = plugins.run_module(stack_diagnosis, {**OPTIONS, "subjects": ["weather"]})
    assert result["failed"]
    assert result["msg"].startswith("subject: there is no weather; there are credentials, state")


def test_a_denied_read_is_told_with_the_right_and_never_as_well_or_missing(aws: None) -> None:
    account = Account()
    facts = _diagnose.Facts(lambda service, region=None: account.connect(service), about(), READERS)
    assert "error" not in facts("identity")
    account.deny_reads = True
    found = _diagnose.examine(facts, _diagnose_subjects.SUBJECTS[1:])
    assert [each for each in found if each.severity not in (UNKNOWN, NOTE, OK)] == []
    assert {each.subject for each in found if each.severity == UNKNOWN} == set(_diagnose_subjects.NAMES[1:])
    assert [each for each in found if each.severity == UNKNOWN and " is denied" not in each.seen] == []
