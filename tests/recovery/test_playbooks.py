# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The playbooks themselves, behind a deployed dev: to a restored database and back, and the site has nothing to do."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.uex.payments.tests.recovery.conftest import Servers
from ansible_collections.uex.payments.tests.site import account
from ansible_collections.uex.payments.tests.site.playbook import CHECK, SITE, Run, Site
from embedded_aws import databases

ENVIRONMENT = "dev"
DB = f"uex-payments-{ENVIRONMENT}-db"
BACKUP, RESTORE, FAILOVER = (f"playbooks/{each}.yml" for each in ("backup", "restore", "failover"))


class Estate:
    """A deployed environment whose database is a real server."""

    def __init__(self, site: Site) -> None:
        self.site, clients = site, account.connect(site.endpoint)
        self.rds, self.ecs = clients("rds"), clients("ecs")
        self.variables = {"data_rotation_ca_file": databases.shown(site.port)["authority"], "data_db_multi_az": True}
        self.play(SITE).succeeded()
        secret = clients("secretsmanager").get_secret_value(SecretId=f"uex-payments-{ENVIRONMENT}/database")
        password = json.loads(secret["SecretString"])["password"]
        self.servers = Servers(self.rds, self.variables["data_rotation_ca_file"], password)
        self.password = password

    def play(self, playbook: str, *arguments: str, **variables: Any) -> Run:
        run = self.site.play(playbook, ENVIRONMENT, *arguments, **self.variables, **variables)
        assert getattr(self, "password", "never") not in run.output
        return run

    def deployments(self) -> set[str]:
        services = self.ecs.list_services(cluster=f"uex-payments-{ENVIRONMENT}")["serviceArns"]
        found = self.ecs.describe_services(cluster=f"uex-payments-{ENVIRONMENT}", services=services)["services"]
        return {each["deployments"][0]["id"] for each in found if each["desiredCount"]}


@pytest.mark.everything
def test_a_database_is_restored_cut_over_to_and_back(site: Site, directory: Path) -> None:
    estate = Estate(site)
    servers = estate.servers
    servers.begin(DB)
    taken = estate.play(BACKUP, what="database", label="drill").succeeded()
    (snapshot,) = set(re.findall(r"-e from=(\S+)", taken.output))
    servers.pay(DB, 101, 130)

    planned = estate.play(RESTORE, CHECK, **{"from": snapshot}).succeeded()
    assert [verb for _kind, _name, verb in planned.actions] == ["create"]
    begun = len(site.calls())
    before = estate.deployments()
    done = estate.play(RESTORE, **{"from": snapshot, "cut_over": True}).succeeded()
    assert "(RTO)" in done.output
    assert "rds:RestoreDBInstanceFromDBSnapshot" in site.mutations(begun)
    assert [row[0] for row in servers.rows(DB)] == list(range(1, 101))
    assert not before & estate.deployments(), "every service has started new tasks"
    assert estate.play(SITE, CHECK).succeeded().changed == []

    (aside,) = set(re.findall(rf"-e instance=({DB}-before-\S+)", done.output))
    estate.play(RESTORE, instance=aside, cut_over=True).succeeded()
    assert [row[0] for row in servers.rows(DB)] == list(range(1, 131))
    assert estate.play(SITE, CHECK).succeeded().changed == []

    drill = estate.play(FAILOVER).succeeded()
    assert float(re.findall(r"outage by probe +([\d.]+) s", drill.output)[0]) > 0
