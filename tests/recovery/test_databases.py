# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Backup, restore, cut-over and failover with data that is compared row by row."""

from __future__ import annotations

import datetime
import json
import time
from typing import Any

import pg8000.native
import pytest

from ansible_collections.uex.payments.plugins.module_utils import _queries
from ansible_collections.uex.payments.plugins.module_utils._failover_targets import Database
from ansible_collections.uex.payments.plugins.modules import stack_backup, stack_restore_point
from ansible_collections.uex.payments.plugins.modules.stack_cut_over import CutOver, advanced
from ansible_collections.uex.payments.plugins.modules.stack_database_check import Checked, checked
from ansible_collections.uex.payments.plugins.modules.stack_failover import drilled
from ansible_collections.uex.payments.tests.recovery.conftest import PASSWORD, Servers
from ansible_collections.uex.payments.tests.support.contract import TAGS, Account
from ansible_collections.uex.payments.tests.support.databases import DB, NAME, names

LOGIN = f"{NAME}/database"
CHECKS = [{"name": "adds up", "query": "SELECT sum(amount) - sum(id) * 10 FROM payments", "equals": "0"}]


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def backed_up(account: Account) -> str:
    """A snapshot on demand."""
    options = {"name": NAME, "tags": TAGS, "what": ["database"], "label": "test", "keep": 0, "copy_regions": {}}
    result = stack_backup.backed_up(account.connect, {**options, "at": f"{now():%Y%m%d-%H%M%S}"}, check_mode=False)
    return str(result["snapshots"][0]["name"])


def restore(account: Account, point: str) -> str:
    """A new instance beside the database, as the playbook makes it."""
    options = {"name": DB, "point": point, "source": "", "instance": "", "engine_version": "16"}
    found = stack_restore_point.found(account.connect, options, now())
    tags = [{"Key": key, "Value": value} for key, value in {**TAGS, **found["tags"]}.items()]
    source, client = found["restore_from"], account.connect("rds")
    if "snapshot" in source:
        client.restore_db_instance_from_db_snapshot(
            DBInstanceIdentifier=found["instance"], DBSnapshotIdentifier=source["snapshot"], Tags=tags
        )
    else:
        when = {"UseLatestRestorableTime": True} if source["time"] == "latest" else {"RestoreTime": source["time"]}
        names = {"SourceDBInstanceIdentifier": source["db_instance"], "TargetDBInstanceIdentifier": found["instance"]}
        client.restore_db_instance_to_point_in_time(**names, **when, Tags=tags)
    return str(found["instance"])


def asked(account: Account, servers: Servers, name: str) -> dict[str, Any]:
    options = {
        **{"name": DB, "instance": name, "login": LOGIN, "login_stage": "MASTER", "ca_file": servers.authority},
        **{"checks": CHECKS, "incident": "", "required": True},
    }
    return checked(Checked(account.connect, options, check_mode=False), now())


def cut_over(account: Account, name: str) -> dict[str, Any]:
    options = {"name": DB, "instance": name, "cluster": NAME, "login": LOGIN}
    return advanced(CutOver(account.connect, options))


def expected(*ranges: tuple[int, int]) -> list[list[int]]:
    return [[n, n * 10] for first, last in ranges for n in range(first, last + 1)]


def test_a_snapshot_and_a_moment_come_back_row_by_row_and_take_the_database_s_place(
    account: Account, servers: Servers
) -> None:
    servers.begin(DB)
    snapshot = backed_up(account)
    servers.pay(DB, 101, 150)
    time.sleep(1.1)  # moments are whole seconds
    moment = now().replace(microsecond=0)
    time.sleep(1.1)
    servers.run(DB, "DELETE FROM payments WHERE id <= 120")
    servers.pay(DB, 200, 205)

    of_snapshot, of_moment = restore(account, snapshot), restore(account, moment.isoformat())
    assert servers.rows(of_snapshot) == expected((1, 100))
    assert servers.rows(of_moment) == expected((1, 150))
    assert servers.rows(DB) == expected((121, 150), (200, 205))

    result = asked(account, servers, of_moment)
    assert (result["reached"], result["verdict"]) == (True, "ok"), result["table"]
    assert 0 < result["rto_seconds"] < 60
    assert 0 < result["rpo_seconds"] < 60
    assert any("94 more" in line or "114 more" in line for line in result["table"])
    assert PASSWORD not in json.dumps(result, default=str)

    address = account.connect("rds").describe_db_instances(DBInstanceIdentifier=DB)["DBInstances"][0]["Endpoint"]
    aside = cut_over(account, of_moment)["aside"]
    after = account.connect("rds").describe_db_instances(DBInstanceIdentifier=DB)["DBInstances"][0]["Endpoint"]
    assert after == address
    assert servers.rows(DB) == expected((1, 150))
    assert servers.rows(aside) == expected((121, 150), (200, 205))
    servers.pay(DB, 300, 300)

    cut_over(account, aside)
    assert servers.rows(DB) == expected((121, 150), (200, 205))
    assert servers.rows(of_moment) == expected((1, 150), (300, 300))
    assert names(account) == sorted([DB, of_snapshot, of_moment])


def test_a_restored_one_gets_the_password_that_the_secret_has_by_now(account: Account, servers: Servers) -> None:
    servers.begin(DB)
    snapshot = backed_up(account)
    fresh = "canary-that-is-younger"
    account.connect("rds").modify_db_instance(DBInstanceIdentifier=DB, MasterUserPassword=fresh, ApplyImmediately=True)
    login = {"username": "uex", "password": fresh, "dbname": "uex"}
    account.connect("secretsmanager").put_secret_value(SecretId=LOGIN, SecretString=json.dumps(login))
    name = restore(account, snapshot)
    with pytest.raises(pg8000.native.DatabaseError), servers.session(name, fresh):
        pass
    result = asked(account, servers, name)
    assert (result["reached"], result["changed"]) == (True, True)
    assert fresh not in json.dumps(result, default=str)
    with servers.session(name, fresh) as run:
        assert run("SELECT count(*) FROM payments") == [[100]]


def test_an_empty_one_and_a_wrong_answer_are_found(account: Account, servers: Servers) -> None:
    snapshot = backed_up(account)
    name = restore(account, snapshot)
    servers.begin(DB)
    with pytest.raises(Exception, match="payments"):
        asked(account, servers, name)
    servers.begin(name)
    servers.run(name, "UPDATE payments SET amount = 0 WHERE id = 7")
    result = asked(account, servers, name)
    assert result["verdict"] == "failed"
    assert {each["name"]: each["remark"] for each in result["checks"]}["adds up"] == "must be 0"


def test_a_certificate_of_an_unknown_authority_is_said(account: Account, servers: Servers) -> None:
    endpoint = account.connect("rds").describe_db_instances(DBInstanceIdentifier=DB)["DBInstances"][0]["Endpoint"]
    place = _queries.Place(endpoint["Address"], endpoint["Port"])
    login = {"username": "uex", "password": PASSWORD, "dbname": "uex"}
    with pytest.raises(_queries.Unreachable, match="data_rotation_ca_file"), _queries.connected(place, login):
        pass


def test_nothing_is_written_through_a_check(account: Account, servers: Servers) -> None:
    endpoint = account.connect("rds").describe_db_instances(DBInstanceIdentifier=DB)["DBInstances"][0]["Endpoint"]
    place = _queries.Place(endpoint["Address"], endpoint["Port"], servers.authority)
    login = {"username": "uex", "password": PASSWORD, "dbname": "uex"}
    with _queries.connected(place, login) as run, pytest.raises(pg8000.native.DatabaseError, match="read-only"):
        run("CREATE TABLE t (i int)")


def test_a_failover_is_measured(account: Account, servers: Servers) -> None:
    servers.begin(DB)
    options = {"what": "database", "name": DB, "node_group": "", "login": LOGIN, "ca_file": servers.authority}
    result = drilled(Database(account.connect, {**options, "deadline": 60}), check_mode=False)
    assert result["reachable"]
    assert 0.5 < result["outage_seconds"] < 30
    assert 1.4 < result["aws_seconds"] < 30
    assert result["was"] != result["became"]
    assert servers.rows(DB) == expected((1, 100)), "what was committed is there"
