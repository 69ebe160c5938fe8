# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _scaling, _scaling_rules, _services

BUILTIN = {"api": {"port": 8080, "path": "/api", "priority": 10}}
NIGHT = {"name": "night", "schedule": "cron(0 20 * * ? *)", "min_count": 0, "max_count": 0}
STEP = {
    "name": "burst",
    "metric": "cpu",
    "threshold": 80,
    "step_adjustments": [{"metric_interval_lower_bound": 0, "scaling_adjustment": 2}],
}


def problems(api: dict[str, Any]) -> list[str]:
    services = _services.service_list(BUILTIN, {"api": api}, {}, "pay-dev", "1.0")
    return [each for rule in _scaling_rules.RULES for each in rule({"stack_service_list": services})]


@pytest.mark.parametrize(
    ("api", "fields"),
    [
        ({}, []),
        ({"scaling": {"cpu": None, "memory": None, "requests": None}}, []),
        ({"scaling": {"cpu": 101}}, ["scaling.cpu"]),
        ({"scaling": {"memory": 0}}, ["scaling.memory"]),
        ({"scaling": {"requests": 0}}, ["scaling.requests"]),
        ({"scaling": {"scale_in_cooldown": -1}}, ["scaling.scale_in_cooldown"]),
        ({"scaling": {"scale_out_cooldown": 3601}}, ["scaling.scale_out_cooldown"]),
        ({"scaling": {"steps": [STEP]}}, []),
        ({"scaling": {"steps": [STEP, STEP]}}, ["scaling.steps"]),
        ({"scaling": {"steps": [{**STEP, "name": "a b"}]}}, ["scaling.steps"]),
        ({"scaling": {"steps": [{**STEP, "metric": "disk"}]}}, ["scaling.steps[0].metric"]),
        ({"scaling": {"steps": ["burst"]}}, ["scaling.steps[0]"]),
        ({"schedules": [NIGHT]}, []),
        ({"schedules": [{**NIGHT, "timezone": "Europe/Berlin"}]}, []),
        ({"schedules": [{**NIGHT, "timezone": "Europe/Nowhere"}]}, ["schedules[0].timezone"]),
        ({"schedules": [{**NIGHT, "max_count": None}]}, []),
        ({"schedules": [{**NIGHT, "min_count": None, "max_count": None}]}, ["schedules[0].min_count"]),
        ({"schedules": [{**NIGHT, "min_count": 2, "max_count": 1}]}, ["schedules[0].min_count"]),
        ({"schedules": [{**NIGHT, "max_count": -1}]}, ["schedules[0].max_count"]),
        ({"schedules": [{**NIGHT, "max_count": "1"}]}, ["schedules[0].max_count"]),
        ({"schedules": [{**NIGHT, "schedule": "cron(0 20 * * ?)"}]}, ["schedules[0].schedule"]),
        ({"schedules": [{**NIGHT, "schedule": None}]}, ["schedules[0].schedule"]),
        ({"schedules": [{**NIGHT, "count": 1}]}, ["schedules[0].count"]),
        ({"schedules": [NIGHT, {**NIGHT, "name": "day"}, NIGHT]}, ["schedules"]),
        ({"schedules": ["night"]}, ["schedules[0]"]),
    ],
)
def test_what_aws_refuses_is_said_by_field(api: dict[str, Any], fields: list[str]) -> None:
    assert [problem.partition(": ")[0] for problem in problems(api)] == [
        f"stack_services.api.{each}" for each in fields
    ]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("cron(0 20 ? * MON-FRI *)", True),
        ("cron(0 20 * * *)", False),
        ("rate(1 hour)", True),
        ("rate(15 minutes)", True),
        ("rate(0 minutes)", False),
        ("rate(5 weeks)", False),
        ("at(2026-12-24T18:00:00)", True),
        ("at(2026-12-24)", False),
        ("0 20 * * *", False),
        ("", False),
    ],
)
def test_schedules(text: str, right: bool) -> None:
    assert (_scaling.schedule_problem(text) == "") is right
