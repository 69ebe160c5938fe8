# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _outputs

SERVICE = {
    "name": "alpha",
    "path": "/alpha",
    "port": 3900,
    "repository_name": "uex-payments-dev/alpha",
    "image_tag": "1.0",
}


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
    assert _outputs.kind_of(arn) == kind


def test_a_service_that_runs_says_where_it_answers() -> None:
    row = _outputs.service_row(SERVICE, {"runningCount": 2, "desiredCount": 2}, True, "https://example.com")
    assert (row["url"], row["running"], row["desired"], row["image"]) == ("https://example.com/alpha/", 2, 2, "1.0")


def test_a_service_without_image_says_what_it_waits_for() -> None:
    row = _outputs.service_row(SERVICE, None, False, "")
    assert (row["url"], row["running"], row["image"]) == ("", 0, "waiting for uex-payments-dev/alpha:1.0")


def test_the_table_has_a_line_for_each_thing() -> None:
    found = {
        "services": [_outputs.service_row(SERVICE, None, True, "https://example.com")],
        "databases": {"uex-payments-dev-db": "db.example.com:5432"},
        "caches": {},
        "resources": {"AWS::EC2::Subnet": 9, "AWS::EC2::VPC": 1},
    }
    lines = [line.split() for line in _outputs.table(found)]
    assert ["alpha", "https://example.com/alpha/", "3900", "0/0", "1.0"] in lines
    assert ["uex-payments-dev-db", "db.example.com:5432"] in lines
    assert ["AWS::EC2::Subnet", "9"] in lines
    assert "Resources (10 with the environment's tags)" in _outputs.table(found)


def test_next_steps_close_the_table() -> None:
    found = {"services": [], "databases": {}, "caches": {}, "resources": {}}
    assert _outputs.table(found, ["look here"])[-2:] == ["Where to look next", "  look here"]
    assert "Where to look next" not in _outputs.table(found)
