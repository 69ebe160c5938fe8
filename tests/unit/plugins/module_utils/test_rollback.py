# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _rollback

GROUPS = {name: {"full_name": f"targetgroup/{name}/1"} for name in ("blue", "green")}
BALANCER = "app/pay-dev-alb/2"


def service(alternate: str = "", **limits: Any) -> dict[str, Any]:
    return {
        "name": "api",
        "full_name": "pay-dev-api",
        "target_group": "blue",
        "alternate_target_group": alternate,
        "deployment": {"rollback_alarms": {"target_5xx": 10, "response_seconds": 2, **limits}},
    }


def made(alternate: str = "", **limits: Any) -> list[dict[str, Any]]:
    return _rollback.alarms(service(alternate, **limits), BALANCER, GROUPS)


def test_a_service_names_the_alarms_that_it_has() -> None:
    names = [alarm["name"] for alarm in made()]
    assert names == _rollback.names(service()) == ["pay-dev-api-rollback-5xx", "pay-dev-api-rollback-slow"]


@pytest.mark.parametrize("field", ["target_5xx", "response_seconds"])
def test_a_threshold_of_null_is_no_alarm(field: str) -> None:
    assert len(made(**{field: None})) == len(_rollback.names(service(**{field: None}))) == 1


def test_one_target_group_has_alarms_on_its_metrics() -> None:
    errors, slow = made()
    place = {"LoadBalancer": BALANCER, "TargetGroup": "targetgroup/blue/1"}
    assert (errors["metric_name"], errors["statistic"], errors["threshold"]) == (
        "HTTPCode_Target_5XX_Count",
        "Sum",
        10.0,
    )
    assert (slow["metric_name"], slow["extended_statistic"], slow["threshold"]) == ("TargetResponseTime", "p95", 2.0)
    assert errors["dimensions"] == slow["dimensions"] == place


def test_two_target_groups_are_watched_together() -> None:
    for alarm in made("green"):
        watched, *sources = alarm["metrics"]
        assert "metric_name" not in alarm
        assert (watched["return_data"], [source["id"] for source in sources]) == (True, ["blue", "green"])
        assert {source["dimensions"]["TargetGroup"] for source in sources} == {
            group["full_name"] for group in GROUPS.values()
        }
        assert all(f"FILL({source['id']}, 0)" in watched["expression"] for source in sources)


def test_without_traffic_nothing_is_wrong() -> None:
    assert {alarm["treat_missing_data"] for alarm in [*made(), *made("green")]} == {"notBreaching"}
