# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A diagnosis names what is planted, with remedy and next command, and finds nothing in a healthy environment."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _diagnose_subjects, _findings
from ansible_collections.uex.payments.plugins.module_utils._findings import BROKEN, WARNING, Finding
from ansible_collections.uex.payments.tests.site import account, faults, rights
from ansible_collections.uex.payments.tests.site.conftest import BUILD, DIAGNOSIS_PORT, emulated
from ansible_collections.uex.payments.tests.site.faults import ENVIRONMENT, NAME, Fault, Place
from ansible_collections.uex.payments.tests.site.playbook import CHECK, SITE, Site
from ansible_collections.uex.payments.tests.support import inventory_estate
from ansible_collections.uex.payments.tests.support.diagnosis import about

DIAGNOSE = "playbooks/diagnose.yml"
STRANGER = "210987654321"


class Planted(NamedTuple):
    """What a fault is found as: subject, check, severity, a word of what is seen or shown, one of the command."""

    fault: Fault
    subject: str
    check: str
    severity: str
    word: str
    command: str


#: An environment of its own is deployed, which takes too long for a sample.
pytestmark = pytest.mark.everything

FAULTS = (
    Planted(faults.no_egress_to_the_database, "database", "group-egress", BROKEN, f"({NAME}-ecs)", "--tags network"),
    Planted(faults.acl_denies_the_call, "database", "acl-call-in", BROKEN, "ingress rule 1: deny tcp 5432", "network"),
    Planted(faults.role_reads_no_secret, "role", "secret-rights", BROKEN, "may not read", "--tags foundation,data"),
    Planted(faults.tasks_run_out_of_memory, "tasks", "out-of-memory", BROKEN, "exit code 137", f"logs tail {NAME}-uex"),
    Planted(faults.stale_lock, "state", "lock-stale", WARNING, "somebody@laptop", "-e force_unlock=b7a9"),
)
FURTHER = (
    Planted(faults.no_ingress_of_the_database, "database", "group-ingress", BROKEN, f"({NAME}-rds)", "--tags network"),
    Planted(faults.acl_forgets_the_answer, "database", "acl-answer-out", BROKEN, "1024-65535", "--tags network"),
    Planted(faults.no_ingress_of_the_cache, "cache", "group-ingress", BROKEN, f"({NAME}-redis)", "--tags network"),
    Planted(faults.no_names, "database", "dns-support", BROKEN, "don't resolve", "--tags network"),
    Planted(faults.database_is_stopped, "database", "instance", BROKEN, "is stopped", "start-db-instance"),
    Planted(faults.no_default_route, "outside", "default-route", BROKEN, "no default route", "--tags network"),
    Planted(faults.closed_endpoint, "outside", "group-ingress", BROKEN, f"({NAME}-endpoints)", "--tags network"),
    Planted(faults.role_trusts_others, "role", "execution-role-trust", BROKEN, "does not let ECS in", "foundation"),
    Planted(faults.secret_is_deleted, "role", "secret-deleted", BROKEN, f"{NAME}/database", "restore-secret"),
    Planted(faults.key_is_disabled, "role", "key", BROKEN, "is Disabled", "kms enable-key"),
    Planted(faults.key_is_disabled, "images", "key", BROKEN, "images of", "kms enable-key"),
    Planted(faults.log_group_is_gone, "role", "log-group", BROKEN, f"{NAME}-uex-backend", "--tags compute"),
    Planted(faults.image_is_gone, "images", "image", BROKEN, "not in ECR", "ecr describe-images"),
    Planted(faults.repository_denies, "images", "pull", BROKEN, "statement Nobody", "--tags foundation,registry"),
    Planted(faults.no_state_bucket, "state", "bucket", BROKEN, "does not exist", "playbooks/bootstrap.yml"),
    Planted(faults.tasks_exit, "tasks", "exit", BROKEN, "exit code 1", "logs tail"),
    Planted(faults.no_tasks_wanted, "tasks", "desired-count", WARNING, "wants no task", "--tags compute"),
    Planted(faults.target_is_silent, "balancer", "targets", BROKEN, "Target.Timeout", "logs tail"),
    Planted(faults.no_rule, "balancer", "rule", BROKEN, "/api/uex", "--tags edge"),
    Planted(faults.certificate_ends_soon, "balancer", "certificate", WARNING, "expires soon", "describe-certificate"),
    Planted(faults.alarm_is_on, "alarms", "alarm", WARNING, "alarms.md#service-load", "describe-alarm-history"),
)


def label(planted: Planted) -> str:
    return f"{planted.fault.__name__}-{planted.subject}"  # type: ignore[attr-defined]


class Ward(NamedTuple):
    """A deployed environment, and what a diagnosis of it is told."""

    site: Site
    about: dict[str, Any]

    @property
    def place(self) -> Place:
        return Place(account.connect(self.site.endpoint), self.site.port)

    def diagnosed(self, *subjects: str, number: str = account.OWN, **changed: Any) -> list[Finding]:
        """The findings, in this process."""
        clients = account.connect(self.site.endpoint, number=number)
        return _diagnose_subjects.diagnosed(
            lambda service, region=None: clients(service), {**self.about, **changed}, subjects
        )

    def wrong(self, *subjects: str) -> list[Finding]:
        return [each for each in self.diagnosed(*subjects) if each.severity in _findings.FOUND]

    def document(self) -> dict[str, Any]:
        """What the last run of the playbook has written."""
        file = self.site.folder / ENVIRONMENT / "diagnosis.json"
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return found


@pytest.fixture(scope="module")
def ward() -> Iterator[Ward]:
    """On an embedded AWS of its own: what is planted may stay behind if a test is interrupted."""
    for site in emulated(BUILD / "diagnosis", DIAGNOSIS_PORT):
        site.play(SITE, ENVIRONMENT).succeeded()
        services = inventory_estate.read(f"inventories/{ENVIRONMENT}")["services"]
        yield Ward(site, about(services=services, endpoint_url=site.endpoint))


def test_a_healthy_environment_is_reported_healthy(ward: Ward) -> None:
    begun = len(ward.site.calls())
    run = ward.site.play(DIAGNOSE, ENVIRONMENT, CHECK).succeeded()
    found = ward.document()
    assert "Nothing found: " in run.output
    assert [each for each in found["findings"] if each["severity"] in _findings.FOUND] == []
    assert {each["subject"] for each in found["findings"]} == set(_diagnose_subjects.NAMES)
    assert found["summary"]["ok"] > 200
    assert ward.site.mutations(begun) == []


def test_the_deploy_role_may_read_all_of_it(ward: Ward) -> None:
    begun = len(ward.site.calls())
    ward.diagnosed()
    asked = rights.called(ward.site.calls()[begun:])
    assert len(asked) > 50
    assert rights.missing(ward.site, asked) == set()


def find(ward: Ward, planted: Planted) -> None:
    """The fault is named, with its remedy and the next command, and nothing is left of it when it is taken back."""
    with planted.fault(ward.place):
        found = ward.wrong(planted.subject)
    (finding,) = [each for each in found if each.check == planted.check][:1] or [None]
    assert finding, found
    assert (finding.subject, finding.severity) == (planted.subject, planted.severity)
    assert planted.word in f"{finding.seen} {finding.evidence} {finding.remedy}"
    assert finding.remedy
    assert planted.command in finding.command
    assert ward.wrong(planted.subject) == []


@pytest.mark.parametrize("planted", FAULTS, ids=label)
def test_what_is_planted_is_found(ward: Ward, planted: Planted) -> None:
    find(ward, planted)


@pytest.mark.parametrize("planted", FURTHER, ids=label)
def test_further_faults_are_found(ward: Ward, planted: Planted) -> None:
    find(ward, planted)


def test_in_another_account_nothing_else_is_looked_at(ward: Ward) -> None:
    found = ward.diagnosed(number=STRANGER, account_id=account.OWN)
    assert [each.check for each in found if each.severity == BROKEN] == ["account"]
    assert found[-1].check == "not-examined"
    assert {each.subject for each in found} == {"credentials"}


def test_an_empty_account_is_told_part_by_part(ward: Ward) -> None:
    """Nothing can't be read, and everything that is missing is said to be, with the layer that makes it."""
    found = ward.diagnosed(number=STRANGER)
    broken = {(each.subject, each.check) for each in found if each.severity == BROKEN}
    missing = {("state", "bucket"), ("database", "instance"), ("database", "vpc"), ("cache", "group")}
    missing |= {("balancer", "balancer"), ("tasks", "cluster"), ("tasks", "service"), ("images", "repository")}
    assert missing | {("state", "lock-table"), ("role", "execution-role")} <= broken
    assert [each for each in found if each.severity == "unknown"] == []
    assert [each for each in found if each.severity == BROKEN and not each.command] == []


def test_a_run_fails_after_it_has_shown_what_is_broken(ward: Ward) -> None:
    with faults.no_egress_to_the_database(ward.place):  # pylint: disable=not-context-manager
        run = ward.site.play(DIAGNOSE, ENVIRONMENT, subject="database,state")
    assert run.code == 2
    shown, _fatal, message = run.output.partition("fatal: ")
    assert "BROKEN   database: tasks to the database:5432: no egress rule" in shown
    assert "--tags network --check" in shown
    assert "1 broken: database (1)" in message
    assert ward.document()["subjects"] == ["credentials", "state", "database"]


def test_an_unknown_subject_is_refused(ward: Ward) -> None:
    run = ward.site.play(DIAGNOSE, ENVIRONMENT, subject="weather")
    assert run.code == 2
    assert "subject: there is no weather; there are credentials, state, alarms" in run.output


def test_a_role_that_can_t_be_assumed_is_a_finding(ward: Ward) -> None:
    """The rest is read with the caller's own rights."""
    role = f"arn:aws:iam::{account.OWN}:role/nobody"
    run = ward.site.play(DIAGNOSE, ENVIRONMENT, stack_assume_role_arn=role, subject="credentials,database")
    found = ward.document()["findings"]
    assert run.code == 2
    assert [each["check"] for each in found if each["severity"] == BROKEN] == ["assumed-role"]
    assert [each for each in found if each["subject"] == "database"]


def test_production_is_reported_healthy(ward: Ward) -> None:
    ward.site.play(SITE, "prod").succeeded()
    assert "Nothing found: " in ward.site.play(DIAGNOSE, "prod").succeeded().output


def test_the_environment_is_healthy_in_the_end(ward: Ward) -> None:
    assert ward.wrong() == []
