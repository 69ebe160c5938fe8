# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _discovery, _outputs, _plan, _tags
from ansible_collections.uex.payments.tests.support.contract import REGION, TAGS, Account

NAME = "uex-payments-test"
NEIGHBOUR = "uex-payments-test2"
ACCOUNT = "123456789012"
SCOPE = _discovery.Scope(NAME, {key: TAGS[key] for key in _tags.OWNER_TAGS})
SERVICE = {"name": "alpha", "path": "/alpha", "port": 3900, "repository_name": f"{NAME}/alpha", "log_group": "alpha"}
OPTIONS: dict[str, Any] = {"services": [SERVICE], "account_id": ACCOUNT, "domain": "", "dashboard_url": ""}


def test_an_empty_account_has_nulls_and_nothing_else(aws: None) -> None:
    found = _outputs.outputs(Account().connect, SCOPE, OPTIONS)
    assert found == {
        "environment": "test",
        "account_id": ACCOUNT,
        "region": REGION,
        "base_url": None,
        "dashboard_url": None,
        "cluster": None,
        "services": {"alpha": {"url": None, "port": 3900, "repository": None, "log_group": "alpha"}},
        **{named: {} for named in ("databases", "caches", "secrets", "topics", "buckets")},
        "pending_subscriptions": [],
        "log_groups": [],
        "network": {"vpc_id": None, "app_subnet_ids": [], "security_group_ids": {}},
    }


def test_what_is_there_is_named_by_the_part_behind_the_environment_s(aws: None) -> None:
    connect = Account().connect
    topic = connect("sns").create_topic(Name=f"{NAME}-info")["TopicArn"]
    secret = connect("secretsmanager").create_secret(Name=f"{NAME}/database", SecretString="not-shown")["ARN"]
    repository = connect("ecr").create_repository(repositoryName=f"{NAME}/alpha")["repository"]["repositoryUri"]
    connect("ecs").create_cluster(clusterName=NAME)
    for name in (NAME, NEIGHBOUR):
        connect("s3").create_bucket(Bucket=f"{name}-backups-{ACCOUNT}-{REGION}")
    found = _outputs.outputs(connect, SCOPE, {**OPTIONS, "domain": "pay.example.com", "dashboard_url": "https://d"})
    assert (found["base_url"], found["dashboard_url"], found["cluster"]) == (
        "https://pay.example.com",
        "https://d",
        NAME,
    )
    assert found["services"]["alpha"]["url"] == "https://pay.example.com/alpha/"
    assert found["services"]["alpha"]["repository"] == repository
    assert (found["topics"], found["secrets"]) == ({"info": topic}, {"database": secret})
    assert found["buckets"] == {"backups": f"{NAME}-backups-{ACCOUNT}-{REGION}"}
    assert "not-shown" not in _outputs.text(found)


def test_log_groups_are_ours_wherever_the_name_stands(aws: None) -> None:
    connect = Account().connect
    own = [f"/aws/ecs/containerinsights/{NAME}/performance", f"/aws/rds/instance/{NAME}-db/postgresql", f"{NAME}-exec"]
    for name in (*own, f"{NEIGHBOUR}-exec", f"/aws/rds/instance/{NEIGHBOUR}-db/postgresql", "other"):
        connect("logs").create_log_group(logGroupName=name)
    assert _outputs.log_groups(connect, SCOPE) == own


def test_what_aws_is_still_making_has_no_address() -> None:
    entry = {"endpoint_address": _plan.UNKNOWN, "endpoint_port": 5432, "db_name": "uex"}
    assert _outputs.database("db", entry) == {"identifier": "db", "host": None, "port": 5432, "name": "uex"}


def test_the_file_is_json_with_a_line_s_end() -> None:
    assert json.loads(_outputs.text({"a": None})) == {"a": None}
    assert _outputs.text({}).endswith("\n")
