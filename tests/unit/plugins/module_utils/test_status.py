# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _status

IDLE = {"running": 0, "desired": 0, "image": "1.0"}
BARE: dict[str, Any] = {"services": {}, "databases": {}, "caches": {}, "pending_subscriptions": []}
NOTHING: dict[str, Any] = {"services": {}, "resources": {}}


@pytest.mark.parametrize(
    ("arn", "kind"),
    [
        ("arn:aws:ec2:us-east-1:123456789012:subnet/subnet-1", "AWS::EC2::Subnet"),
        ("arn:aws:s3:::uex-payments-dev-backups", "AWS::S3::Bucket"),
        ("arn:aws:sns:us-east-1:123456789012:uex-payments-dev-info", "AWS::SNS::Topic"),
        ("arn:aws:rds:us-east-1:123456789012:db:uex-payments-dev-db", "AWS::RDS::DBInstance"),
        ("arn:aws:logs:us-east-1:123456789012:log-group:uex-payments-dev-exec", "AWS::Logs::LogGroup"),
        ("arn:aws:ecs:us-east-1:123456789012:service/uex-payments-dev/alpha", "AWS::ECS::Service"),
        ("arn:aws:ecs:us-east-1:123456789012:task/uex-payments-dev/0", None),
    ],
)
def test_kind_of_an_arn(arn: str, kind: str | None) -> None:
    assert _status.kind_of(arn) == kind


@pytest.mark.parametrize(
    ("host", "port", "shown"), [("db.x", 5432, "db.x:5432"), (None, 5432, "being made"), (None, None, "being made")]
)
def test_the_table_has_a_line_for_each_thing(host: str | None, port: int | None, shown: str) -> None:
    found = {
        **BARE,
        "services": {"alpha": {"url": "https://x/alpha/", "port": 3900}, "beta": {"url": None, "port": 3901}},
        "databases": {"db": {"identifier": "uex-payments-dev-db", "host": host, "port": port}},
    }
    now = {
        "services": {"alpha": {"running": 2, "desired": 3, "image": "1.0"}, "beta": IDLE},
        "resources": {"AWS::EC2::Subnet": 9, "AWS::EC2::VPC": 1},
    }
    table = _status.table(found, now)
    lines = [line.split() for line in table]
    assert ["alpha", "https://x/alpha/", "3900", "2/3", "1.0"] in lines
    assert ["beta", "-", "3901", "0/0", "1.0"] in lines
    assert ["uex-payments-dev-db", *shown.split()] in lines
    assert ["AWS::EC2::Subnet", "9"] in lines
    assert "Resources (10 with the environment's tags)" in table


def test_who_has_yet_to_confirm_is_named_with_what_to_do() -> None:
    waiting = [{"topic": "critical", "protocol": "email", "endpoint": "pager@example.com"}]
    table = _status.table({**BARE, "pending_subscriptions": waiting}, NOTHING)
    first = table.index("Subscriptions that nobody has confirmed")
    assert table[first + 1].split() == ["critical", "email", "pager@example.com"]
    assert "confirms by the link" in table[first + 2]
    assert "Subscriptions that nobody has confirmed" not in _status.table(BARE, NOTHING)


def test_next_steps_close_the_table() -> None:
    assert _status.table(BARE, NOTHING, ["look here"])[-2:] == ["Where to look next", "  look here"]
    assert "Where to look next" not in _status.table(BARE, NOTHING)
