# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import copy
import re
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _services

BUILTIN = {
    "web": {"port": 3900, "path": "/web", "priority": 20},
    "api": {"port": 3901, "path": "/api", "priority": 10, "health_check": {"path": "/ready"}},
}
NEW = {"port": 4000, "path": "/new", "priority": 30}


def services(overrides: Any = None, defaults: Any = None, **more: str) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in _services.service_list(BUILTIN, overrides, defaults, "pay-dev", **more)}


@pytest.mark.parametrize(
    ("lower", "upper", "expected"),
    [
        ({}, {}, {}),
        ({"a": 1}, None, {"a": 1}),
        ({"a": 1}, {"a": 2}, {"a": 2}),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 3}}, {"a": {"b": 3, "c": 2}}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
        ({"a": 1}, {"a": {"b": 1}}, {"a": {"b": 1}}),
        ({"a": {"b": 1}}, {"a": None}, {"a": None}),
    ],
)
def test_merging(lower: dict[str, Any], upper: dict[str, Any] | None, expected: dict[str, Any]) -> None:
    assert _services.merged(lower, upper) == expected


def test_they_come_by_priority() -> None:
    assert list(services({"new": {**NEW, "priority": 15}})) == ["api", "new", "web"]


def test_every_field_is_filled_and_names_are_derived() -> None:
    api = services()["api"]
    assert set(api) == {
        *(set(_services.DEFAULTS) - {"enabled"}),
        *_services.REQUIRED,
        *("name", "full_name", "repository_name", "role_name", "log_group", "target_group"),
        *("alternate_target_group", "image_tag_from"),
    }
    assert None not in api.values()
    assert (api["full_name"], api["log_group"], api["target_group"]) == ("pay-dev-api",) * 3
    assert (api["repository"], api["repository_name"]) == ("api", "pay-dev/api")
    assert (api["role_name"], api["image_tag"]) == ("pay-dev-task-api", "latest")


@pytest.mark.parametrize("strategy", ["BLUE_GREEN", "LINEAR", "CANARY"])
def test_traffic_that_shifts_has_a_second_target_group(strategy: str) -> None:
    found = services({}, {"deployment": {"strategy": strategy}})
    assert found["api"]["alternate_target_group"] == "pay-dev-api-green"
    assert services()["api"]["alternate_target_group"] == ""


def test_defaults_lie_over_the_built_in_and_the_inventory_over_both() -> None:
    defaults = {"cpu": 1024, "health_check": {"interval": 10, "path": "/up"}}
    found = services({"web": {"cpu": 256, "health_check": {"timeout": 2}}}, defaults)
    assert (found["api"]["cpu"], found["web"]["cpu"]) == (1024, 256)
    assert found["api"]["health_check"]["path"] == "/up"
    assert (found["web"]["health_check"]["interval"], found["web"]["health_check"]["timeout"]) == (10, 2)


@pytest.mark.parametrize(
    ("given", "counts"),
    [
        ({"desired_count": 3}, (3, 3, 6)),
        ({"desired_count": 3, "min_count": 1}, (3, 1, 6)),
        ({"desired_count": 3, "min_count": 8}, (3, 8, 8)),
        ({"desired_count": 5, "min_count": 5, "max_count": 10}, (5, 5, 10)),
        ({"desired_count": 0, "min_count": 0, "max_count": 0}, (0, 0, 0)),
    ],
)
def test_counts_that_nobody_gave_follow_from_the_desired_one(given: dict[str, int], counts: tuple[int, ...]) -> None:
    api = services({"api": given})["api"]
    assert (api["desired_count"], api["min_count"], api["max_count"]) == counts


def test_the_image_tag_is_the_stack_s_unless_a_service_has_its_own() -> None:
    found = services({"web": {"image_tag": "7"}}, image_tag="8")
    assert (found["web"]["image_tag"], found["api"]["image_tag"]) == ("7", "8")


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"cpu": "512"}, "cpu: must be a number, is '512'"),
        ({"cpu": True}, "cpu: must be a number, is True"),
        ({"exec": 1}, "exec: must be true or false, is 1"),
        ({"sidecars": {}}, "sidecars: must be a list, is {}"),
        ({"volumes": []}, "volumes: must be a dictionary, is []"),
        ({"log": {"options": "x"}}, "log.options: must be a dictionary, is 'x'"),
        ({"user": []}, "user: must be a text, is []"),
    ],
)
def test_a_value_is_of_its_default_s_kind(given: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"stack_services.api.{problem}")):
        services({"api": given})


@pytest.mark.parametrize("given", [{"user": 1000}, {"image_tag": 1.2}, {"scaling": {"cpu": None}}])
def test_a_number_may_be_a_text_and_null_leaves_it(given: dict[str, Any]) -> None:
    assert services({"api": given})


def test_a_disabled_service_is_left_out_whatever_it_lacks() -> None:
    assert list(services({"web": {"enabled": False}, "later": {"enabled": False}})) == ["api"]


def test_a_long_name_gives_a_target_group_that_fits() -> None:
    service = services({"a-service-with-a-rather-long-name": NEW})["a-service-with-a-rather-long-name"]
    assert len(service["full_name"]) > _services.TARGET_GROUP_LIMIT >= len(service["target_group"])


@pytest.mark.parametrize(
    ("overrides", "defaults", "message"),
    [
        ({"web": {"prot": 1}}, None, "stack_services.web.prot: no such field; there are alarms"),
        ({"web": {"health_check": {"pth": "/"}}}, None, "stack_services.web.health_check.pth"),
        (None, {"scaling": {"disk": 1}}, "stack_service_defaults.scaling.disk"),
        ({"new": {"port": 1, "path": "/new"}}, None, r"stack_services.new: needs priority .*next free priority is 30"),
        ({"new": None}, None, "stack_services.new: needs port, path, priority"),
        ({"new": {**NEW, "port": None}}, None, "stack_services.new: needs port$"),
    ],
)
def test_what_is_wrong_is_said_by_field(overrides: Any, defaults: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        services(overrides, defaults)


def test_a_wrong_default_is_said_once() -> None:
    with pytest.raises(ValueError, match=r"^stack_service_defaults\.cpus: [^;]*; there are [^;]*$"):
        services({"web": {}}, {"cpus": 1})


def test_any_variable_and_secret_may_be_given() -> None:
    given = {"environment": {"A": "1"}, "secrets": {"B": "database:password"}}
    assert services({"web": given})["web"]["environment"] == {"A": "1"}


def test_the_input_is_left_as_it_was() -> None:
    before = copy.deepcopy((BUILTIN, _services.DEFAULTS))
    services({"web": {"health_check": {"path": "/x"}, "environment": {"A": "1"}}})
    assert before == (BUILTIN, _services.DEFAULTS)


@pytest.mark.parametrize(
    ("own", "defaults", "release", "tag", "source"),
    [
        (None, None, None, "2.0", "stack"),
        (None, None, "1.1", "1.1", "release"),
        ("1.0", None, "1.1", "1.0", "inventory"),
        (None, "1.5", "1.1", "1.5", "inventory"),
    ],
)
def test_a_release_counts_where_the_inventory_names_no_tag(
    own: str | None, defaults: str | None, release: str | None, tag: str, source: str
) -> None:
    released = {"api": {"image_tag": release}} if release else None
    (api,) = _services.service_list(
        {"api": {"port": 1, "path": "/a", "priority": 1}},
        {"api": {"image_tag": own} if own else {}},
        {"image_tag": defaults} if defaults else {},
        "pay-dev",
        "2.0",
        released,
    )
    assert (api["image_tag"], api["image_tag_from"]) == (tag, source)
