# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

import re
from pathlib import Path
from textwrap import indent
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.uex.payments.plugins.action import validate_inventory
from ansible_collections.uex.payments.tests.support import playbooks
from ansible_collections.uex.payments.tests.support.emulator import free_port
from embedded_aws import launcher

PLAYBOOK = Path("playbooks/validate.yml")
INVENTORIES = ("-i", "inventories/dev", "-i", "inventories/embedded")

SPEC: dict[str, Any] = {
    "network_zones": {"type": "list", "elements": "str"},
    "network_mode": {"type": "str", "choices": ["single", "each"]},
    "network_flow_logs": {"type": "dict", "options": {"days": {"type": "int"}}},
}


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


def test_a_mistyped_variable_of_the_command_line_is_told_once() -> None:
    result = playbooks.run(PLAYBOOK, *INVENTORIES, "-e", "network_vpc_cidr=10.0.0.0/16")
    assert result.returncode != 0
    told = re.findall(r"^  - .*network_vpc_cidr.*$", result.stdout, re.MULTILINE)
    assert told == ["  - -e network_vpc_cidr: nothing reads it; did you mean network_vpc_cidr_block?"]


def test_encrypted_values_are_checked_as_what_they_hold(tmp_path: Path) -> None:
    word, local = tmp_path / "word", tmp_path / "local.yml"
    word.write_text("open sesame", "utf-8")
    vault = VaultLib([("default", VaultSecret(b"open sesame"))])
    values = {"stack_assume_role_external_id": "of-a-partner", "network_flow_logs_retention_in_days": "30"}
    lines = [
        f"    {name}: !vault |\n{indent(vault.encrypt(value).decode(), ' ' * 6)}" for name, value in values.items()
    ]
    local.write_text("\n".join(["uex_payments:", "  vars:", *lines]), "utf-8")
    result = playbooks.run(PLAYBOOK, *INVENTORIES, "-i", str(local), "--vault-password-file", str(word))
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("value", "expected"),
    [({"changed": False, "failed": False, "x": 1}, True), ({"changed": False}, False), ("text", False), ({}, False)],
)
def test_what_tasks_registered_is_no_variable_of_the_inventory(value: Any, expected: bool) -> None:
    assert validate_inventory.is_result(value) is expected


# What it may cost

ABOVE = "above stack_budget_monthly of 190.00"


def test_a_validation_warns_of_an_environment_above_its_budget_and_of_no_other() -> None:
    plan = playbooks.run(PLAYBOOK, *INVENTORIES, "-e", "cost_gate=enforce")
    assert plan.returncode == 0, plan.stdout
    assert ABOVE in plan.stdout + plan.stderr
    lean = playbooks.run(PLAYBOOK, *INVENTORIES, "-e", "cost_gate=enforce", "-e", "profile=lean")
    assert lean.returncode == 0, lean.stdout
    assert "stack_budget_monthly" not in lean.stdout + lean.stderr


def test_an_apply_above_the_budget_is_refused_before_anything_is_done(tmp_path: Path) -> None:
    port = free_port()
    settings = ("-e", f"embedded_aws_port={port}", "-e", f"stack_build_directory={tmp_path}", "-e", "cost_gate=enforce")
    refused = playbooks.run(Path("site.yml"), *INVENTORIES, *settings)
    assert refused.returncode != 0
    assert ABOVE in refused.stdout
    assert "stack_cost_gate is enforce: nothing was changed" in refused.stdout
    assert not launcher.is_taken(port)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("gate", "applies", "total", "outcome"),
    [
        ("warn", True, 191.0, "warned"),
        ("warn", False, 191.0, "warned"),
        ("enforce", True, 191.0, "refused"),
        ("enforce", False, 191.0, "warned"),
        ("enforce", True, 190.0, "silent"),
    ],
)
def test_only_an_apply_is_refused_and_only_by_a_gate_that_enforces(
    monkeypatch: pytest.MonkeyPatch, gate: str, applies: bool, total: float, outcome: str
) -> None:
    about = validate_inventory.About("dev", "uex-payments-dev", "plan", "us-east-1", {}, 190.0, 150.0, gate)
    monkeypatch.setattr(validate_inventory, "estimated", lambda values: (about, total))
    said: list[str] = []
    action: Any = object.__new__(validate_inventory.ActionModule)
    action._display = SimpleNamespace(warning=said.append)
    try:
        action._keep_budget({"stack_cost_gate": gate}, applies)
    except AnsibleActionFail as error:
        assert "uex-payments-dev costs about 191.00 USD a month, 1.00 above" in str(error)
        found = "refused"
    else:
        found = "warned" if said else "silent"
    assert found == outcome


# Profiles


def test_a_profile_that_there_is_not_is_refused() -> None:
    result = playbooks.run(PLAYBOOK, *INVENTORIES, "-e", "profile=leen")
    assert result.returncode != 0
    assert "stack_profile" in result.stdout


def test_a_profile_that_the_inventory_does_not_know_is_refused(tmp_path: Path) -> None:
    hosts = tmp_path / "hosts.yml"
    hosts.write_text("uex_payments: {hosts: {uex-payments: {stack_environment: dev}}}", "utf-8")
    result = playbooks.run(PLAYBOOK, "-i", str(hosts), "-i", "inventories/embedded", "-e", "profile=lean")
    assert result.returncode != 0
    assert "stack_profile: profile_lean: the inventory puts its hosts into no group of that name" in result.stdout


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        ({"a", "b"}, {"b", "c"}, ["b"]),
        ({"a"}, {"c"}, []),
        ((), {"c"}, []),
    ],
)
def test_what_a_profile_overrules_in_local_yml_is_said(mine: Any, theirs: Any, expected: list[str]) -> None:
    found = validate_inventory._rules.overruled(mine, "profile_lean", theirs)
    assert [problem.partition(":")[0] for problem in found] == expected
    assert all("set it in local.yml in group_vars/profile_lean" in problem for problem in found)


def test_of_operations_only_what_the_inventory_itself_sets_is_judged() -> None:
    spec = {"operations_restore_what": {"type": "str"}, "operations_restore_checks": {"type": "list"}}
    assert set(validate_inventory.judged("operations", spec, {"operations_restore_checks"})) == {
        "operations_restore_checks"
    }
    assert set(validate_inventory.judged("data", spec, ())) == set(spec)
