# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _diagnose, _diagnose_subjects
from ansible_collections.uex.payments.plugins.module_utils._diagnose import Check, Fact, Facts, Subject
from ansible_collections.uex.payments.plugins.module_utils._diagnose_readers import READERS
from ansible_collections.uex.payments.plugins.module_utils._findings import UNKNOWN, Finding, ok
from ansible_collections.uex.payments.tests.support.diagnosis import ABOUT
from ansible_collections.uex.payments.tests.support.fake import Refused
from ansible_collections.uex.payments.tests.support.playbooks import ROOT


def refuse(code: str) -> Any:
    def read(_facts: Facts) -> Any:
        raise Refused(code, "you are not authorized to perform: ec2:DescribeVpcs on it")

    return read


def shown(values: Any, _about: Any) -> Iterable[Finding]:
    yield ok("value", ", ".join(map(str, values.values())))


def test_a_fact_is_read_once_and_builds_on_others() -> None:
    asked: list[str] = []

    def base(_facts: Facts) -> int:
        asked.append("base")
        return 1

    readers = {"base": Fact("base", "ec2", base), "sum": Fact("sum", "ec2", lambda facts: facts("base") + 1)}
    facts = Facts(None, ABOUT, readers)
    assert (facts("sum"), facts("sum"), facts("base"), asked) == (2, 2, 1, ["base"])


def test_what_can_t_be_read_is_told_once_a_subject_and_ends_nothing() -> None:
    readers = {
        "vpc": Fact("the VPC", "ec2", refuse("UnauthorizedOperation")),
        "subnets": Fact("the subnets", "ec2", lambda facts: facts("vpc")),
        "other": Fact("other", "ec2", lambda _facts: 7),
    }
    checks = (Check(("vpc",), shown), Check(("subnets",), shown), Check(("other",), shown))
    found = _diagnose.examine(Facts(None, ABOUT, readers), [Subject("a", "", checks), Subject("b", "", checks[:1])])
    assert [(each.subject, each.severity) for each in found] == [("a", UNKNOWN), ("a", "ok"), ("b", UNKNOWN)]
    assert found[0].seen == "the VPC can't be read: ec2:DescribeVpcs is denied"
    assert "allow ec2:DescribeVpcs" in found[0].remedy


def test_another_error_is_told_in_its_own_words() -> None:
    finding = _diagnose.unread(_diagnose.Unread("the lock", "dynamodb", Refused("ThrottlingException", "slow down")))
    assert finding.seen == "the lock can't be read"
    assert finding.evidence.startswith("ThrottlingException: ")
    assert "run again" in finding.remedy


def test_subjects_are_chosen_in_their_order_and_strange_ones_refused() -> None:
    assert [each.name for each in _diagnose.chosen(_diagnose_subjects.SUBJECTS, ["tasks", "state"])] == [
        "state",
        "tasks",
    ]
    assert _diagnose.chosen(_diagnose_subjects.SUBJECTS, []) == list(_diagnose_subjects.SUBJECTS)
    with pytest.raises(ValueError, match="there is no weather; there are credentials, state"):
        _diagnose.chosen(_diagnose_subjects.SUBJECTS, ["weather"])


def test_every_fact_that_a_check_needs_can_be_read() -> None:
    wanted = {name for subject in _diagnose_subjects.SUBJECTS for check in subject.checks for name in check.needs}
    assert wanted - READERS.keys() == set()


def test_commands_name_the_inventories_the_region_and_the_emulator() -> None:
    assert _diagnose.site(ABOUT, "edge") == "ansible-playbook site.yml -i inventories/dev --tags edge --check"
    assert _diagnose.play(ABOUT, "cost") == "ansible-playbook playbooks/cost.yml -i inventories/dev"
    assert _diagnose.aws(ABOUT, "ecs list-tasks") == "aws ecs list-tasks --region us-east-1"
    emulated = {**ABOUT, "endpoint_url": "http://127.0.0.1:1"}
    assert _diagnose.aws(emulated, "x").endswith("--endpoint-url http://127.0.0.1:1")


def test_without_credentials_everything_else_stays_out_of_sight() -> None:
    def connect(service: str, region: str | None = None) -> Any:
        raise Refused("ExpiredToken", "gone")

    found = _diagnose_subjects.diagnosed(connect, ABOUT, ["tasks"])
    assert [(each.subject, each.check) for each in found if each.severity != "ok"] == [
        ("credentials", "caller"),
        ("credentials", "not-examined"),
    ]
    assert _diagnose_subjects.examined(found, ["tasks"]) == ["credentials"]
    assert _diagnose_subjects.examined([], ["tasks"]) == ["credentials", "tasks"]


@pytest.mark.parametrize(
    "file", ["docs/runbooks/diagnose.md", "playbooks/diagnose.yml", "roles/operations/meta/argument_specs.yml"]
)
def test_every_subject_is_named_where_people_look(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    assert [name for name in _diagnose_subjects.NAMES if not re.search(rf"\b{name}\b", text)] == []


def test_the_runbook_lists_the_subjects_in_their_order() -> None:
    text = (ROOT / "docs/runbooks/diagnose.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z]+)` \| [^|]+ \| [^|]+ \|$", text, re.MULTILINE)
    assert rows == list(_diagnose_subjects.NAMES)
