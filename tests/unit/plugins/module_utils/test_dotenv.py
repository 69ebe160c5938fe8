# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _dotenv

BARE: dict[str, Any] = {
    **dict.fromkeys(("environment", "account_id", "region", "base_url", "dashboard_url", "cluster")),
    **{named: {} for named in ("services", "databases", "caches", "secrets", "topics", "buckets")},
    "log_groups": [],
    "network": {"vpc_id": None, "app_subnet_ids": [], "security_group_ids": {}},
}


def variables(**outputs: Any) -> dict[str, str]:
    lines = _dotenv.text({**BARE, **outputs}).splitlines()
    return dict(line.split("=", 1) for line in lines)


@pytest.mark.parametrize(
    ("outputs", "expected"),
    [
        ({}, {}),
        ({"environment": "dev", "region": "eu-west-1"}, {"UEX_ENVIRONMENT": "dev", "UEX_REGION": "eu-west-1"}),
        (
            {"services": {"uex-backend": {"url": "https://x/api/", "port": 3903, "repository": None}}},
            {"UEX_SERVICE_UEX_BACKEND_URL": "https://x/api/", "UEX_SERVICE_UEX_BACKEND_PORT": "3903"},
        ),
        ({"databases": {"db": {"host": "h", "port": 5432}}}, {"UEX_DATABASE_HOST": "h", "UEX_DATABASE_PORT": "5432"}),
        ({"databases": {"db-replica-1": {"host": "h"}}}, {"UEX_DATABASE_REPLICA_1_HOST": "h"}),
        ({"databases": {"db": {"host": None, "port": None}}}, {}),
        ({"caches": {"redis": {"reader_host": "r"}}}, {"UEX_REDIS_READER_HOST": "r"}),
        ({"secrets": {"uex-api": "arn:aws:x"}}, {"UEX_SECRET_UEX_API_ARN": "arn:aws:x"}),
        ({"buckets": {"alb-logs": "b"}}, {"UEX_BUCKET_ALB_LOGS": "b"}),
        ({"log_groups": ["/aws/a", "b"]}, {"UEX_LOG_GROUPS": "/aws/a,b"}),
        (
            {"network": {"vpc_id": "v", "app_subnet_ids": ["s", "t"], "security_group_ids": {"ecs": "g"}}},
            {"UEX_SECURITY_GROUP_ECS_ID": "g", "UEX_VPC_ID": "v", "UEX_APP_SUBNET_IDS": "s,t"},
        ),
    ],
)
def test_the_variables_of_outputs(outputs: dict[str, Any], expected: dict[str, str]) -> None:
    assert variables(**outputs) == expected


@pytest.mark.parametrize("value", ["https://x/?a=b#c:d", "a b", "$(id)", "`id`", "it's", '"', "a\\b", "a;b", "a:~"])
def test_a_shell_reads_what_was_written(tmp_path: Path, value: str) -> None:
    file = tmp_path / "outputs.env"
    file.write_text(_dotenv.text({**BARE, "dashboard_url": value}), encoding="utf-8")
    command = ["/bin/sh", "-c", f'. {file}; printf %s "$UEX_DASHBOARD_URL"']
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == value
