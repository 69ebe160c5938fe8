# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A database and a cache on an account of a test, as restores and failovers need them."""

from __future__ import annotations

from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _tags
from ansible_collections.uex.payments.tests.support.contract import TAGS, Account

NAME = "uex-payments-test"
DB, CACHE = f"{NAME}-db", f"{NAME}-redis"


def database(account: Account, name: str = DB, **changed: Any) -> None:
    """A PostgreSQL with automated backups."""
    given = {"DBInstanceClass": "db.t3.medium", "Engine": "postgres", "EngineVersion": "16", "AllocatedStorage": 50}
    login = {"MasterUsername": "uex", "MasterUserPassword": "long-enough", "BackupRetentionPeriod": 7}
    account.connect("rds").create_db_instance(
        DBInstanceIdentifier=name, **{**given, **login, "Tags": _tags.to_list(TAGS), **changed}
    )


def restored(account: Account, name: str, tags: dict[str, str]) -> None:
    """Another instance, as a restore has made it of the database."""
    account.connect("rds").restore_db_instance_to_point_in_time(
        SourceDBInstanceIdentifier=DB, TargetDBInstanceIdentifier=name, UseLatestRestorableTime=True
    )
    tag(account, name, {**TAGS, **tags})


def tag(account: Account, name: str, tags: dict[str, str]) -> None:
    arn = shown(account, name)["DBInstanceArn"]
    account.connect("rds").add_tags_to_resource(ResourceName=arn, Tags=_tags.to_list(tags))


def shown(account: Account, name: str) -> dict[str, Any]:
    """AWS's description of an instance."""
    found: dict[str, Any] = account.connect("rds").describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]
    return found


def names(account: Account) -> list[str]:
    entries = account.connect("rds").describe_db_instances()["DBInstances"]
    return sorted(entry["DBInstanceIdentifier"] for entry in entries)


def cache(account: Account, nodes: int = 2) -> None:
    """A replication group that can fail over where it has two nodes."""
    account.connect("elasticache").create_replication_group(
        ReplicationGroupId=CACHE,
        ReplicationGroupDescription="cache",
        CacheNodeType="cache.t3.micro",
        Engine="redis",
        NumCacheClusters=nodes,
        AutomaticFailoverEnabled=nodes > 1,
    )
