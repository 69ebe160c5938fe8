# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Migrations of a deployed environment, as a user runs them: the task's process is real, and so is its PostgreSQL."""

from __future__ import annotations

import json
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _one_off, _wait
from ansible_collections.uex.payments.tests.site import account
from ansible_collections.uex.payments.tests.site.conftest import SAMPLED
from ansible_collections.uex.payments.tests.site.playbook import CHECK, SETTINGS, SITE, Run, Site
from ansible_collections.uex.payments.tests.site.rights import called, missing
from ansible_collections.uex.payments.tests.support.playbooks import ROOT, start
from embedded_aws import certificates, stores, tasks
from embedded_aws.postgresql import Server

MIGRATE = "playbooks/migrate.yml"
DRIFT = "playbooks/drift.yml"
RUNNER = ROOT / "images" / "migrations"
NAME = f"uex-payments-{SAMPLED}"
FAMILY, INSTANCE = f"{NAME}-migrate", f"{NAME}-db"
#: The service's own sample image stands for one that has the migrations; what runs is this machine's.
IMAGE = {"operations_migrate_repository": ""}
BROKEN = "CREATE TABLE half (id int);\nUPDATE payments SET amount = amount + 1;\nSELECT nothing FROM half;\n"
SCHEMA = (
    "SELECT table_name, column_name, data_type FROM information_schema.columns"
    " WHERE table_schema = 'public' ORDER BY 1, 2"
)


class Place(NamedTuple):
    """A deployed environment whose database is a real server, and the migrations that its tasks apply."""

    site: Site
    server: Server
    value: dict[str, str]
    folder: Path

    @property
    def ecs(self) -> Any:
        return account.connect(self.site.endpoint)("ecs")

    def migrate(self, *arguments: str, **variables: Any) -> Run:
        return self.site.play(MIGRATE, SAMPLED, *arguments, **{**IMAGE, **variables})

    def rows(self, statement: str) -> Any:
        return self.server.administer(statement, self.value["dbname"])

    def applied(self) -> list[int]:
        return [row[0] for row in self.rows("SELECT version FROM schema_migrations ORDER BY 1")]

    def tasks(self) -> dict[str, Any]:
        """The family's tasks that ended, by ARN."""
        arns = self.ecs.list_tasks(cluster=NAME, family=FAMILY, desiredStatus="STOPPED")["taskArns"]
        found = self.ecs.describe_tasks(cluster=NAME, tasks=arns)["tasks"] if arns else []
        return {task["taskArn"]: task for task in found}


@pytest.fixture(scope="module")
def place(site: Site, applies: dict[str, Run]) -> Iterator[Place]:
    applies[SAMPLED].succeeded()
    secrets = account.connect(site.endpoint)("secretsmanager")
    value = json.loads(secrets.get_secret_value(SecretId=f"{NAME}/database")["SecretString"])
    # Servers of their own user may enter it, which pytest's folders don't let them.
    folder, address = Path(tempfile.mkdtemp(prefix="uex-migrate-")), f"127.{site.port // 256}.{site.port % 256}.1"
    folder.chmod(0o755)
    files = certificates.make(folder / "certificates", [address])
    server = Server(folder / "database", files, address)
    server.create(value["username"], value["password"], value["dbname"])
    shutil.copytree(RUNNER / "sql", folder / "sql")
    stores.place(site.port, {INSTANCE: address})
    environment = {"DATABASE_CA_FILE": str(files.authority), "MIGRATIONS_FOLDER": str(folder / "sql")}
    command = [sys.executable, "-m", "migrations"]
    tasks.steer(site.port, FAMILY, entry_point=command, directory=str(RUNNER), environment=environment)
    yield Place(site, server, value, folder / "sql")
    tasks.reset(site.port)
    stores.place(site.port, {INSTANCE: None})
    forget(site)
    server.remove()
    shutil.rmtree(folder)


def forget(site: Site) -> None:
    """What migrations leave on purpose, so that the site's life goes on as without them."""
    clients = account.connect(site.endpoint)
    rds, ecs = clients("rds"), clients("ecs")
    for snapshot in rds.describe_db_snapshots(DBInstanceIdentifier=INSTANCE, SnapshotType="manual")["DBSnapshots"]:
        rds.delete_db_snapshot(DBSnapshotIdentifier=snapshot["DBSnapshotIdentifier"])
    for arn in ecs.list_task_definitions(familyPrefix=FAMILY)["taskDefinitionArns"]:
        ecs.deregister_task_definition(taskDefinition=arn)


@pytest.fixture(scope="module")
def planned(place: Place) -> Run:
    return place.migrate(CHECK, snapshot=True)


@pytest.fixture(scope="module")
def migrated(place: Place, planned: Run) -> Run:
    """With everything that Ansible can say, so that a secret would show."""
    return place.migrate("-vvvv", snapshot=True)


@pytest.fixture(scope="module")
def repeated(place: Place, migrated: Run) -> Run:
    return place.migrate()


def test_a_check_shows_image_command_network_and_secrets_by_name_and_starts_nothing(planned: Run) -> None:
    shown = planned.succeeded().output
    assert re.search(rf"^ +image +\S+/{NAME}/management-backend@sha256:[0-9a-f]{{64}}$", shown, re.MULTILINE)
    assert re.search(r"^ +command +up$", shown, re.MULTILINE)
    assert f"DATABASE_PASSWORD from {NAME}/database:password" in shown
    assert re.search(r"^ +subnets +(subnet-\w+(, )?){3}$", shown, re.MULTILINE)
    assert re.search(r"^ +security groups +sg-\w+$", shown, re.MULTILINE)
    assert "-e command=status" in shown
    assert f"{INSTANCE}-before-migration-" in shown


def test_migrations_are_applied_after_a_snapshot_and_their_log_is_shown(
    place: Place, planned: Run, migrated: Run
) -> None:
    shown = migrated.succeeded().output
    assert [
        line
        for line in ("0001_payments.sql", "0002_idempotency_keys.sql", "0003_open_payments.sql")
        if line not in shown
    ] == []
    assert "3 applied" in shown
    assert place.applied() == [1, 2, 3]
    rds = account.connect(place.site.endpoint)("rds")
    (snapshot,) = rds.describe_db_snapshots(DBInstanceIdentifier=INSTANCE, SnapshotType="manual")["DBSnapshots"]
    assert snapshot["DBSnapshotIdentifier"].startswith(f"{INSTANCE}-before-migration-")


def test_the_password_is_shown_nowhere(place: Place, planned: Run, migrated: Run, repeated: Run) -> None:
    streams = account.connect(place.site.endpoint)("logs").filter_log_events(logGroupName=f"{NAME}-exec")["events"]
    texts = [planned.output, migrated.output, repeated.output, *(event["message"] for event in streams)]
    texts += [path.read_text(errors="replace") for path in place.site.folder.rglob("*") if path.is_file()]
    assert any("3 applied" in text for text in texts)
    assert sum(place.value["password"] in text for text in texts) == 0


def test_the_second_time_there_is_nothing_to_do(place: Place, repeated: Run) -> None:
    assert "nothing to do" in repeated.succeeded().output
    assert repeated.changed == []
    assert place.applied() == [1, 2, 3]


@pytest.mark.everything
def test_a_migration_that_fails_is_told_with_code_reason_and_lines_and_changes_nothing(
    place: Place, repeated: Run
) -> None:
    place.rows("INSERT INTO payments (merchant_reference, amount, currency) VALUES ('a', 1, 'USD')")
    before = place.rows(SCHEMA), place.rows("SELECT * FROM payments"), place.applied()
    (place.folder / "0004_broken.sql").write_text(BROKEN, encoding="utf-8")
    failed = place.migrate(snapshot=True)
    (place.folder / "0004_broken.sql").unlink()
    assert failed.code == 2
    assert "the container exited with 6: Essential container in task exited; the command failed" in failed.output
    assert '0004_broken.sql: line 3: column "nothing" does not exist [SQLSTATE 42703]' in failed.output
    assert "it was rolled back" in failed.output
    assert re.search(
        rf"playbooks/restore\.yml .* -e what=database -e from={INSTANCE}-before-migration-\d", failed.output
    )
    assert (place.rows(SCHEMA), place.rows("SELECT * FROM payments"), place.applied()) == before


@pytest.mark.everything
def test_while_a_task_of_the_family_goes_on_another_is_refused(place: Place, repeated: Run) -> None:
    tasks.steer(place.site.port, FAMILY, entry_point=[], seconds=600)
    done = next(iter(place.tasks().values()))
    details = {each["name"]: each["value"] for each in done["attachments"][0]["details"]}
    arn = _one_off.start(
        place.ecs, _one_off.OneOff(NAME, FAMILY, [details["subnetId"]], [], "migrate", started_by="me")
    )
    refused = place.migrate()
    place.ecs.stop_task(cluster=NAME, task=arn)
    tasks.steer(place.site.port, FAMILY, entry_point=[sys.executable, "-m", "migrations"])
    assert refused.code == 2
    assert f"{arn}: RUNNING, started by me" in refused.output
    assert f"aws ecs stop-task --cluster {NAME} --task {arn}" in refused.output


def test_an_interrupted_run_stops_its_task(place: Place, repeated: Run) -> None:
    (place.folder / "0004_slow.sql").write_text("CREATE TABLE slow (id int); SELECT pg_sleep(120);", encoding="utf-8")
    before = place.tasks()
    waits = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'migrations' AND query LIKE '%pg_sleep%'"
    tally, inventory = place.site._prepare(SAMPLED, IMAGE)
    with start(ROOT / MIGRATE, *inventory, **SETTINGS, TALLY_FILE=str(tally)) as process:
        _wait.until(lambda: place.rows(waits)[0][0], bool, "the statement that takes long", 60, pause=0.2)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    (place.folder / "0004_slow.sql").unlink()
    new = _wait.until(lambda: place.tasks().keys() - before.keys(), bool, "the end of the task", 30, pause=0.2)
    (task,) = [place.tasks()[arn] for arn in new]
    assert task["stoppedReason"] == "The run that waited for it was interrupted"
    assert place.applied() == [1, 2, 3]


@pytest.mark.everything
def test_without_its_image_nothing_is_begun(place: Place, repeated: Run) -> None:
    before = len(place.site.mutations(0))
    refused = place.migrate(image_tag="0.0.absent", snapshot=True)
    assert refused.code == 2
    assert f"ECR has no {NAME}/management-backend:0.0.absent (push it, or name a tag that is there)" in refused.output
    assert place.site.mutations(0)[before:] == []


@pytest.mark.everything
def test_the_site_neither_changes_nor_misses_what_the_migration_registered(place: Place, repeated: Run) -> None:
    """With the database where the site knows it to be, as a placed one has another address."""
    stores.place(place.site.port, {INSTANCE: None})
    check = place.site.play(SITE, SAMPLED, CHECK, "--tags", "compute").succeeded()
    drift = place.site.play(DRIFT, SAMPLED, "--tags", "compute").succeeded()
    stores.place(place.site.port, {INSTANCE: place.server.address})
    assert (check.planned, FAMILY in drift.output) == (set(), False)


def test_the_deploy_role_may_do_what_a_migration_calls(place: Place, repeated: Run) -> None:
    operations = {f"ecs:{each}" for each in ("DescribeTasks", "ListTasks", "RunTask", "StopTask")}
    operations |= {"logs:GetLogEvents", "rds:CreateDBSnapshot"}
    assert operations <= called(place.site.calls())
    assert missing(place.site, operations) == set()
