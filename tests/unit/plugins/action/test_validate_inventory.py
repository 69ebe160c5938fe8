# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.action import validate_inventory
from ansible_collections.uex.payments.tests.support import playbooks

PLAYBOOK = Path("playbooks/validate.yml")
INVENTORIES = ("-i", "inventories/dev", "-i", "inventories/embedded")

SPEC: dict[str, Any] = {
    "network_zones": {"type": "list", "elements": "str"},
    "network_mode": {"type": "str", "choices": ["single", "each"]},
    "network_flow_logs": {"type": "dict", "options": {"days": {"type": "int"}}},
}


def test_every_role_s_variables_are_checked() -> None:
    roles = {path.parents[1].name for path in validate_inventory.ROLES.glob("*/defaults/main.yml")}
    assert validate_inventory.specs().keys() == roles
    assert validate_inventory.specs()["network"]["network_vpc_cidr_block"]["type"] == "str"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, []),
        ({"network_mode": "each", "network_zones": ["a"], "network_flow_logs": {"days": 7}}, []),
        ({"unknown_to_this_role": 1}, []),
        ({"network_mode": "none"}, ["network_mode"]),
        ({"network_zones": {"a": 1}}, ["network_zones"]),
        ({"network_flow_logs": {"weeks": 1}}, ["weeks"]),
        ({"network_flow_logs": {"days": "many"}, "network_mode": 1}, ["network_mode", "days"]),
    ],
)
def test_values_are_checked_against_types_choices_and_keys(values: dict[str, Any], words: list[str]) -> None:
    found, _plain = validate_inventory.typed("network", SPEC, values)
    assert len(found) == len(words)
    for word, problem in zip(words, sorted(found, key=lambda each: "days" in each), strict=True):
        assert problem.startswith("roles/network: ")
        assert word in problem


def test_numbers_and_switches_of_the_command_line_are_what_they_mean() -> None:
    spec = {"days": {"type": "int"}, "on": {"type": "bool"}, "names": {"type": "list"}, "other": {"type": "int"}}
    _problems, plain = validate_inventory.typed("network", spec, {"days": "30", "on": "false", "names": ["a"]})
    assert plain == {"days": 30, "on": False}


def test_a_sound_inventory_passes() -> None:
    result = playbooks.run(PLAYBOOK, *INVENTORIES)
    assert result.returncode == 0, result.stdout


def test_all_that_is_wrong_is_said_at_once_each_with_its_variable(tmp_path: Path) -> None:
    local = tmp_path / "local.yml"
    local.write_text(
        "all: {hosts: {uex-payments: {network_vpc_cidr: 10.0.0.0/16, data_db_allocated_storage: much}}}", "utf-8"
    )
    result = playbooks.run(PLAYBOOK, *INVENTORIES, "-i", str(local))
    assert result.returncode != 0
    assert "network_vpc_cidr" in result.stdout
    assert "data_db_allocated_storage" in result.stdout


@pytest.mark.parametrize(
    ("value", "expected"),
    [({"changed": False, "failed": False, "x": 1}, True), ({"changed": False}, False), ("text", False), ({}, False)],
)
def test_what_tasks_registered_is_no_variable_of_the_inventory(value: Any, expected: bool) -> None:
    assert validate_inventory.is_result(value) is expected
