# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import (
    _alarm_rules,
    _alarm_set,
    _alarms_database,
    _composite_alarms,
    _dashboard,
)
from ansible_collections.uex.payments.plugins.modules.cloudwatch_alarm import Alarm, CompositeAlarm
from ansible_collections.uex.payments.tests.support.estate import ESTATE as SMALL

ROOT = Path(__file__).resolve().parents[4]
SERVICE = {
    "name": "alpha",
    "full_name": "uex-payments-dev-alpha",
    "target_group": "uex-payments-dev-alpha",
    "alternate_target_group": "",
    "alarms": {"cpu": 70, "memory": 75},
}
ESTATE: dict[str, Any] = {
    **SMALL,
    "services": [SERVICE, {**SERVICE, "name": "beta", "full_name": "uex-payments-dev-beta"}],
    "target_groups": {"uex-payments-dev-alpha": "targetgroup/uex-payments-dev-alpha/0123456789abcdef"},
    "certificate": "arn:aws:acm:us-east-1:123456789012:certificate/0123",
    "health_checks": {"uex-payments-dev-https": "0123-4567"},
    "databases": [
        {"name": "uex-payments-dev-db", "class": "db.t3.medium", "allocated_storage": 50, "replica": False},
        {"name": "uex-payments-dev-db-replica-1", "class": "db.t3.medium", "allocated_storage": 50, "replica": True},
    ],
    "cache_nodes": ["uex-payments-dev-redis-001", "uex-payments-dev-redis-002"],
    "rotation_function": "uex-payments-dev-rotation",
    "thresholds": {
        "certificate_days": 30,
        **SMALL["thresholds"],
        "db_cpu": 80,
        "db_free_memory_percent": 10,
        "db_connections_percent": 80,
        "db_latency_seconds": 0.02,
        "db_replica_lag_seconds": 30,
    },
}


def by_name(estate: dict[str, Any] | None = None) -> dict[str, dict[str, Any]]:
    prefix = "uex-payments-dev-"
    return {alarm["name"].removeprefix(prefix): alarm for alarm in _alarm_set.alarms(estate or ESTATE)}


def test_every_part_of_the_estate_has_its_alarms() -> None:
    of_a_service = ("cpu", "memory", "tasks", "unhealthy-hosts", "5xx", "slow")
    service = {f"{name}-{what}" for name in ("alpha", "beta") for what in of_a_service}
    edge = {"alb-5xx", "alb-target-5xx", "alb-4xx", "alb-rejected", "alb-p95"}
    edge |= {"certificate-expiry", "https-health-check"}
    load = ("cpu", "connections", "memory", "read-latency", "write-latency")
    each = ("silent", "storage", "filling", "logs", *load)
    data = {f"{db}-{what}" for db in ("db", "db-replica-1") for what in each} | {"db-replica-1-lag"}
    of_a_node = ("silent", "cpu", "memory", "evictions", "connections", "lag")
    cache = {f"redis-{node}-{what}" for node in ("001", "002") for what in of_a_node}
    slo = {f"slo-{rate}-{end}" for rate in ("fast", "slow") for end in ("long", "short")}
    others = {"nat-a-ports", "nat-a-drops", "rotation-errors", "rotation-throttles", "maintenance"}
    others |= {"backup-failed", "backup-expired"}
    deployments = {"deployment-failed", "deployment-untold"}
    assert by_name().keys() == service | edge | data | cache | slo | others | deployments


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
        ("backup-failed", "notBreaching"),
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
    (alarm,) = (each for each in _alarm_set.alarms(estate) if each["name"].endswith("alpha-unhealthy-hosts"))
    watched, *sources = alarm["metrics"]
    assert watched["expression"] == "SUM([FILL(blue, 0), FILL(green, 0)])"
    assert {each["dimensions"]["TargetGroup"] for each in sources} == set(groups.values())
    assert alarm["alarm_actions"] == []
    assert "metric_name" not in alarm


def test_severity_decides_who_is_told() -> None:
    alarms = by_name()
    assert alarms["db-cpu"]["alarm_actions"] == ["arn:aws:sns:us-east-1:123456789012:warning"]
    assert alarms["deployment-failed"]["alarm_actions"] == ["arn:aws:sns:us-east-1:123456789012:info"]


def composites(estate: dict[str, Any] | None = None) -> dict[str, dict[str, Any]]:
    found = _alarm_set.composite_alarms(estate or ESTATE)
    return {alarm["name"].removeprefix("uex-payments-dev-"): alarm for alarm in found}


def test_what_is_critical_is_told_once_by_a_composite_alarm() -> None:
    """And what tells nobody itself is a part of one, which its tag and its words name."""
    alarms, over = by_name(), composites()
    for name, alarm in alarms.items():
        through = alarm.get("tags", {}).get(_alarm_rules.THROUGH, "").removeprefix("uex-payments-dev-")
        assert bool(alarm["alarm_actions"]) is not bool(through), name
        assert not alarm["description"].startswith("critical") or through, name
        if through:
            assert f"uex-payments-dev-{name}" in _composite_alarms.children(over[through]["alarm_rule"])
            assert f"told by {over[through]['name']}" in alarm["description"]
    assert {each["alarm_actions"][0].rpartition(":")[2] for each in over.values()} == {"critical", "warning"}


def test_composite_alarms_are_named_after_causes_and_objectives() -> None:
    causes = {"alpha-down", "beta-down", "database-down", "cache-down"}
    assert composites().keys() == causes | {"edge-down", "slo-fast-burn", "slo-slow-burn"}


def test_an_estate_without_databases_has_no_composite_alarm_of_nothing() -> None:
    assert composites({**ESTATE, "databases": []}).keys() == composites().keys() - {"database-down"}


def test_maintenance_silences_every_composite_alarm() -> None:
    over = composites()
    assert {each["actions_suppressor"] for each in over.values()} == {"uex-payments-dev-maintenance"}
    assert over["slo-slow-burn"]["actions_suppressor_extension_period"] == 7200
    treatments = {
        on: by_name({**ESTATE, "maintenance": on})["maintenance"]["treat_missing_data"] for on in (True, False)
    }
    assert treatments == {True: "breaching", False: "notBreaching"}


def test_rules_stay_within_what_aws_takes_for_many_services() -> None:
    services = [{**SERVICE, "name": f"s{number}", "full_name": f"uex-payments-dev-s{number}"} for number in range(60)]
    resource = CompositeAlarm(lambda service: None, {"composite_alarms": []})
    for alarm in _alarm_set.composite_alarms({**ESTATE, "services": services}):
        assert list(resource.validate(alarm)) == []


def test_a_renamed_service_leaves_nothing_of_its_old_name() -> None:
    renamed = {**ESTATE, "services": [{**SERVICE, "name": "gamma", "full_name": "uex-payments-dev-gamma"}]}
    shown = json.dumps(
        [_alarm_set.alarms(renamed), _alarm_set.composite_alarms(renamed), _dashboard.dashboard(renamed)]
    )
    assert "gamma" in shown
    assert "uex-payments-dev-beta" not in shown
    assert "beta" not in shown


def test_storage_that_has_grown_by_itself_counts_as_it_is() -> None:
    grown = {**ESTATE, "live_databases": {"uex-payments-dev-db": {"allocated_storage": 100}}}
    assert by_name(grown)["db-storage"]["threshold"] == 10 * 1024**3
    unknown = {**ESTATE, "live_databases": {"uex-payments-dev-db": {"allocated_storage": "(known after apply)"}}}
    assert by_name(unknown)["db-storage"]["threshold"] == 5 * 1024**3


def test_anomalies_are_watched_where_asked_for() -> None:
    alarms = by_name({**ESTATE, "anomaly_detection": True})
    assert alarms.keys() - by_name().keys() == {"anomaly-requests", "anomaly-response"}
    assert alarms["anomaly-response"]["threshold_metric_id"] == "band"
    assert "threshold" not in alarms["anomaly-response"]


def test_without_rotation_nothing_watches_it() -> None:
    assert not any("rotation" in name for name in by_name({**ESTATE, "rotation_function": ""}))


def test_every_alarm_names_its_section_of_the_runbook() -> None:
    text = (ROOT / "docs/runbooks/alarms.md").read_text(encoding="utf-8")
    sections = {line[3:].lower().replace(" ", "-") for line in text.splitlines() if line.startswith("## ")}
    every = {**ESTATE, "anomaly_detection": True}
    named = {
        str(alarm["description"]).rpartition(f"Runbook: {ESTATE['runbook']}#")[2]
        for alarm in [*_alarm_set.alarms(every), *_alarm_set.composite_alarms(every)]
    }
    assert named == sections


def test_an_unknown_class_is_refused_by_name_unless_its_limits_are_given() -> None:
    with pytest.raises(ValueError, match="data_db_instance_class"):
        _alarms_database.capacity("db.x9.huge", ESTATE["thresholds"])
    given = {"db_free_memory_bytes": 10, "db_connections": 20}
    assert _alarms_database.capacity("db.x9.huge", given) == (10.0, 20.0)


def test_all_alarms_are_sound_for_the_module() -> None:
    options = (
        "metric_name",
        "metrics",
        "statistic",
        "extended_statistic",
        "period",
        "threshold",
        "threshold_metric_id",
    )
    resource = Alarm(lambda service: None, {})
    for alarm in _alarm_set.alarms({**ESTATE, "anomaly_detection": True}):
        queries = [{"period": None, **query} for query in alarm["metrics"]] if "metrics" in alarm else None
        assert list(resource.validate({**dict.fromkeys(options), **alarm, "metrics": queries})) == []


def test_the_certificate_s_end_and_what_is_seen_from_outside_are_watched() -> None:
    found = by_name()
    expiry, check = found["certificate-expiry"], found["https-health-check"]
    assert (expiry["metric_name"], expiry["threshold"], expiry["period"]) == ("DaysToExpiry", 30.0, 86400)
    assert expiry["dimensions"] == {"CertificateArn": ESTATE["certificate"]}
    assert (check["metric_name"], check["comparison_operator"]) == ("HealthCheckStatus", "LessThanThreshold")
    assert (check["dimensions"], check["treat_missing_data"]) == ({"HealthCheckId": "0123-4567"}, "breaching")
    assert "https-health-check" not in by_name({**ESTATE, "health_checks": {}})
