# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import copy
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _alarm_set, _dashboard
from ansible_collections.uex.payments.plugins.modules.cloudwatch_alarm import Alarm

SERVICE = {
    "name": "alpha",
    "full_name": "uex-payments-dev-alpha",
    "target_group": "uex-payments-dev-alpha",
    "alternate_target_group": "",
    "alarms": {"cpu": 70, "memory": 75},
}
ESTATE: dict[str, Any] = {
    "name": "uex-payments-dev",
    "region": "us-east-1",
    "services": [SERVICE, {**SERVICE, "name": "beta", "full_name": "uex-payments-dev-beta"}],
    "load_balancer": "app/uex-payments-dev-alb/0123456789abcdef",
    "target_groups": {"uex-payments-dev-alpha": "targetgroup/uex-payments-dev-alpha/0123456789abcdef"},
    "certificate": "arn:aws:acm:us-east-1:123456789012:certificate/0123",
    "health_checks": {"uex-payments-dev-https": "0123-4567"},
    "databases": [
        {"name": "uex-payments-dev-db", "class": "db.t3.medium", "allocated_storage": 50, "replica": False},
        {"name": "uex-payments-dev-db-replica-1", "class": "db.t3.medium", "allocated_storage": 50, "replica": True},
    ],
    "cache_nodes": ["uex-payments-dev-redis-001", "uex-payments-dev-redis-002"],
    "nat_gateways": {"uex-payments-dev-nat-a": "nat-0123456789abcdef0"},
    "topics": {
        severity: f"arn:aws:sns:us-east-1:123456789012:{severity}" for severity in ("critical", "warning", "info")
    },
    "thresholds": {
        "certificate_days": 30,
        "alb_5xx": 10,
        "alb_4xx": 100,
        "response_seconds": 2,
        "db_cpu": 80,
        "db_free_storage_percent": 10,
        "db_free_memory_percent": 10,
        "db_connections_percent": 80,
        "db_latency_seconds": 0.02,
        "db_replica_lag_seconds": 30,
        "redis_cpu": 80,
        "redis_memory": 80,
        "redis_lag_seconds": 10,
    },
}


def by_name(estate: dict[str, Any] | None = None) -> dict[str, dict[str, Any]]:
    prefix = "uex-payments-dev-"
    return {alarm["name"].removeprefix(prefix): alarm for alarm in _alarm_set.alarms(estate or ESTATE)}


def test_every_part_of_the_estate_has_its_alarms() -> None:
    service = {f"{name}-{what}" for name in ("alpha", "beta") for what in ("cpu", "memory", "tasks", "unhealthy-hosts")}
    edge = {"alb-5xx", "alb-target-5xx", "alb-4xx", "alb-rejected", "alb-p95"}
    edge |= {"certificate-expiry", "https-health-check"}
    each = ("cpu", "storage", "connections", "memory", "read-latency", "write-latency")
    data = {f"{db}-{what}" for db in ("db", "db-replica-1") for what in each} | {"db-replica-1-lag"}
    cache = {f"redis-{node}-{what}" for node in ("001", "002") for what in ("cpu", "memory", "evictions", "lag")}
    assert by_name().keys() == service | edge | data | cache | {"nat-a-ports", "nat-a-drops"}


def test_a_single_cache_node_has_no_lag() -> None:
    estate = {**ESTATE, "cache_nodes": ["uex-payments-dev-redis-001"]}
    assert not any(name.endswith("001-lag") for name in by_name(estate))


@pytest.mark.parametrize(
    ("name", "treatment"),
    [
        ("alb-5xx", "notBreaching"),
        ("alpha-tasks", "breaching"),
        ("alpha-unhealthy-hosts", "notBreaching"),
        ("db-cpu", "missing"),
    ],
)
def test_missing_data_counts_as_it_should(name: str, treatment: str) -> None:
    assert by_name()[name]["treat_missing_data"] == treatment


def test_thresholds_follow_size_and_service() -> None:
    alarms = by_name()
    assert alarms["db-storage"]["threshold"] == 5 * 1024**3
    assert alarms["db-connections"]["threshold"] == 4 * 1024**3 // 9531392 * 80 // 100
    assert alarms["alpha-cpu"]["threshold"] == 70.0


def test_two_target_groups_are_watched_together_for_unhealthy_hosts() -> None:
    shifting = {**SERVICE, "alternate_target_group": "uex-payments-dev-alpha-green"}
    groups = {**ESTATE["target_groups"], "uex-payments-dev-alpha-green": "targetgroup/uex-payments-dev-alpha-green/1"}
    estate = {**ESTATE, "services": [shifting], "target_groups": groups}
    (alarm,) = (each for each in _alarm_set.edge_alarms(estate) if each["name"].endswith("alpha-unhealthy-hosts"))
    watched, *sources = alarm["metrics"]
    assert watched["expression"] == "SUM([FILL(blue, 0), FILL(green, 0)])"
    assert {each["dimensions"]["TargetGroup"] for each in sources} == set(groups.values())
    assert alarm["alarm_actions"] == [ESTATE["topics"]["critical"]]
    assert "metric_name" not in alarm


def test_severity_decides_who_is_told() -> None:
    alarms = by_name()
    assert alarms["alb-p95"]["alarm_actions"] == ["arn:aws:sns:us-east-1:123456789012:critical"]
    assert alarms["db-cpu"]["alarm_actions"] == ["arn:aws:sns:us-east-1:123456789012:warning"]


def test_an_unknown_class_is_refused_by_name_unless_its_limits_are_given() -> None:
    with pytest.raises(ValueError, match="data_db_instance_class"):
        _alarm_set.capacity("db.x9.huge", ESTATE["thresholds"])
    given = {"db_free_memory_bytes": 10, "db_connections": 20}
    assert _alarm_set.capacity("db.x9.huge", given) == (10.0, 20.0)


def test_all_alarms_are_sound_for_the_module() -> None:
    options = ("metric_name", "metrics", "statistic", "extended_statistic")
    resource = Alarm(lambda service: None, {})
    for alarm in _alarm_set.alarms(ESTATE):
        assert list(resource.validate({**dict.fromkeys(options), **alarm})) == []


def test_the_dashboard_shows_every_section_without_overlap() -> None:
    widgets = _dashboard.dashboard(copy.deepcopy(ESTATE))["widgets"]
    texts = [widget["properties"]["markdown"] for widget in widgets if widget["type"] == "text"]
    assert texts == ["## Edge", "## Services", "## Data", "## Network"]
    cells = [
        (x, y)
        for widget in widgets
        for x in range(widget["x"], widget["x"] + widget["width"])
        for y in range(widget["y"], widget["y"] + widget["height"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _y in cells) == 23


def test_the_certificate_s_end_and_what_is_seen_from_outside_are_watched() -> None:
    found = by_name()
    expiry, check = found["certificate-expiry"], found["https-health-check"]
    assert (expiry["metric_name"], expiry["threshold"], expiry["period"]) == ("DaysToExpiry", 30.0, 86400)
    assert expiry["dimensions"] == {"CertificateArn": ESTATE["certificate"]}
    assert (check["metric_name"], check["comparison_operator"]) == ("HealthCheckStatus", "LessThanThreshold")
    assert (check["dimensions"], check["treat_missing_data"]) == ({"HealthCheckId": "0123-4567"}, "breaching")
    assert "https-health-check" not in by_name({**ESTATE, "health_checks": {}})
