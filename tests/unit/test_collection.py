# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What holds for every module, role and playbook of the collection, so that none is forgotten."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.uex.payments.tests.support import inventory_docs, playbooks

ROOT = Path(__file__).resolve().parents[2]
COLLECTION = "uex.payments"
ENVIRONMENTS = ("dev", "staging", "prod")
MOST_TASKS = 50
#: Skipped in a run on AWS that asks for none of them.
ON_DEMAND = (
    *("Embedded AWS", "Assumed role", "The plan is the saved one", "Names", "Scheduled scaling"),
    *("Step scaling alarms", "Scanning of the registry", "Replication of the registry", "Pull-through cache"),
    *("Managed policies", "IAM groups"),
    *("Addresses of the firewall", "Firewall", "Wait for the certificate"),
    *("Subscriptions", "Read replicas", "Rotation function", "Backup vaults and plan"),
)
#: What all layers share, and what all environments share.
NO_LAYERS = ("stack", "bootstrap", "operations")
MOST_TASK_FILE_LINES = 80
LONGEST_FUNCTION = 25
LICENSE = (
    "# Copyright: (c) 2026, UEX Payments",
    "# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)",
)
BANNED_MODULES = {"shell", "set_fact", "raw"}
ACTION_GROUP = "aws"
USUAL_ACTION = "stack_info"
SESSION_FRAGMENT = "amazon.aws.common.modules"


def names(pattern: str) -> list[str]:
    """Paths below the collection's root that match, without what no commit holds."""
    found = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob(pattern) if path.is_file())
    return [name for name in found if not name.startswith((".", "build/"))]


def load(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8")) or {}


@cache
def tree(name: str) -> ast.Module:
    return ast.parse((ROOT / name).read_text(encoding="utf-8"))


def constant(name: str, variable: str) -> Any:
    """The YAML that a plugin assigns to a documentation variable; None where it assigns none."""
    for node in tree(name).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == variable:
            return yaml.safe_load(ast.literal_eval(node.value))
    return None


def imports(name: str, wanted: str) -> bool:
    return any(alias.name == wanted for node in tree(name).body for alias in getattr(node, "names", ()))


MODULES = names("plugins/modules/*.py")
#: Those with a resource kind, and what has the classes that kinds are made from.
KINDS = [name for name in MODULES if any(imports(name, each) for each in ("Resource", "_databases", "_guards"))]
FILTERS = names("plugins/filter/*.py")
ROLES = sorted(path.name for path in (ROOT / "roles").iterdir() if path.is_dir())
PYTHON = [
    name
    for pattern in ("plugins/**/*.py", "functions/**/*.py", "embedded_aws/**/*.py", "tests/**/*.py")
    for name in names(pattern)
]
PLAYS = names("playbooks/**/*.yml") + names("roles/*/tasks/*.yml") + names("roles/*/handlers/*.yml") + ["site.yml"]


# Modules and filters


@pytest.mark.parametrize("module", MODULES)
def test_a_module_has_documentation_examples_and_results(module: str) -> None:
    assert constant(module, "DOCUMENTATION")["module"] == Path(module).stem
    assert constant(module, "RETURN")
    used = {key for example in constant(module, "EXAMPLES") for key in example if "." in key}
    assert f"{COLLECTION}.{Path(module).stem}" in used


@pytest.mark.parametrize("plugin", FILTERS)
def test_a_filter_has_documentation_examples_results_and_a_test(plugin: str) -> None:
    name = Path(plugin).stem
    assert constant(plugin, "DOCUMENTATION")["name"] == name
    assert constant(plugin, "RETURN")
    assert f"{COLLECTION}.{name}" in str(constant(plugin, "EXAMPLES"))
    assert f"tests/unit/plugins/filter/test_{name}.py" in names("tests/unit/plugins/filter/*.py")


@pytest.mark.parametrize("module", MODULES)
def test_a_module_has_a_unit_test(module: str) -> None:
    tests = [name for part in ("modules", "action") for name in names(f"tests/unit/plugins/{part}/*.py")]
    assert f"test_{Path(module).stem}.py" in [Path(test).name for test in tests]


@pytest.mark.parametrize("module", KINDS)
def test_a_module_with_a_resource_kind_has_a_contract(module: str) -> None:
    test = tree(f"tests/unit/plugins/modules/test_{Path(module).stem}.py")
    assigned = {
        getattr(target, "id", "") for node in test.body if isinstance(node, ast.Assign) for target in node.targets
    }
    assert "CONTRACT" in assigned


def action_group() -> list[Any]:
    members: list[Any] = load("meta/runtime.yml")["action_groups"][ACTION_GROUP]
    return members


def test_the_action_group_extends_amazon_aws() -> None:
    (metadata,) = (member for member in action_group() if isinstance(member, dict))
    assert metadata["metadata"]["extend_group"] == ["amazon.aws.aws"]


def test_the_action_group_holds_every_module_that_talks_to_aws_and_no_other() -> None:
    talking = {
        Path(name).stem
        for name in MODULES
        if SESSION_FRAGMENT in constant(name, "DOCUMENTATION").get("extends_documentation_fragment", [])
    }
    assert {member for member in action_group() if isinstance(member, str)} == talking


def test_a_group_holds_every_module_with_a_resource_kind_and_no_other() -> None:
    several = {"stack_sets"}
    assert set(load("meta/runtime.yml")["action_groups"]["resources"]) == {Path(name).stem for name in KINDS} | several


def test_every_module_without_an_action_of_its_own_has_the_usual_one() -> None:
    own = {Path(name).stem for name in names("plugins/action/*.py")}
    routed = load("meta/runtime.yml")["plugin_routing"]["modules"]
    modules = {Path(name).stem for name in MODULES}
    assert routed == {name: {"action_plugin": f"{COLLECTION}.{USUAL_ACTION}"} for name in modules - own}


# Roles


def options(role: str) -> dict[str, Any]:
    """The documented variables of a role, of all its entry points."""
    return dict(inventory_docs.specs(role))


@pytest.mark.parametrize("role", ROLES)
def test_a_role_s_defaults_and_documented_variables_are_the_same(role: str) -> None:
    defaults, documented = load(f"roles/{role}/defaults/main.yml"), options(role)
    assert sorted(defaults.keys() - documented.keys()) == []
    required = {name for name, option in documented.items() if option.get("required")}
    assert sorted(documented.keys() - required - defaults.keys()) == []


@pytest.mark.parametrize("role", ROLES)
def test_a_role_s_variables_are_described_with_their_type(role: str) -> None:
    assert [
        name for name, option in options(role).items() if not (option.get("description") and option.get("type"))
    ] == []


@pytest.mark.parametrize("role", ROLES)
def test_a_documented_default_is_the_default(role: str) -> None:
    defaults = load(f"roles/{role}/defaults/main.yml")
    said = {name: option["default"] for name, option in options(role).items() if "default" in option}
    assert {name: defaults.get(name) for name in said} == said


@pytest.mark.parametrize("role", ROLES)
def test_a_role_s_variables_bear_its_name(role: str) -> None:
    shared = ("stack_", "embedded_aws_") if role == "stack" else ()
    public = [name for name in load(f"roles/{role}/defaults/main.yml") if not name.startswith((f"{role}_", *shared))]
    files = sorted((ROOT / "roles" / role / "vars").rglob("*.yml"))
    internal = [
        name
        for file in files
        for name in load(str(file.relative_to(ROOT)))
        if not name.startswith((f"__{role}_", *shared))
    ]
    assert public + internal == []


@pytest.mark.parametrize("role", ROLES)
def test_a_role_says_who_wrote_it_and_under_which_license(role: str) -> None:
    info = load(f"roles/{role}/meta/main.yml")["galaxy_info"]
    assert info["license"] == "GPL-3.0-or-later"
    assert all(info[key] for key in ("author", "description", "min_ansible_version"))


@pytest.mark.parametrize("tasks", names("roles/*/tasks/*.yml"))
def test_a_task_file_is_a_table_of_contents(tasks: str) -> None:
    lines = (ROOT / tasks).read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if line.strip() and not line.lstrip().startswith("#")]) <= MOST_TASK_FILE_LINES


@pytest.mark.parametrize("tasks", [f"roles/{role}/tasks/main.yml" for role in ROLES if role not in NO_LAYERS])
def test_what_a_module_finds_is_registered_for_drift_to_know(tasks: str) -> None:
    ours = [f"{COLLECTION}.{name}" for name in load("meta/runtime.yml")["action_groups"]["resources"]]
    found = [task for name in names(f"{Path(tasks).parent}/*.yml") for task in load(name) if set(ours) & task.keys()]
    spare = ("Services declared no more",)
    assert [task["name"] for task in found if "register" not in task and task["name"] not in spare] == []


# Playbooks


def mappings(value: Any) -> Iterator[dict[str, Any]]:
    """Every mapping within plays or tasks, at any depth."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from mappings(each)


def offences(document: Any) -> list[str]:
    """What plays and tasks must not hold."""
    found = [str(key) for each in mappings(document) for key in each if str(key).rpartition(".")[2] in BANNED_MODULES]
    found += ["ignore_errors" for each in mappings(document) if "ignore_errors" in each]
    return found + ["failed_when: false" for each in mappings(document) if each.get("failed_when") is False]


@pytest.mark.parametrize("play", PLAYS)
def test_plays_hide_no_errors_and_keep_data_out_of_tasks(play: str) -> None:
    assert offences(load(play)) == []


@pytest.mark.parametrize(
    "task",
    [
        {"ansible.builtin.shell": "ls"},
        {"set_fact": {}},
        {"block": [{"ansible.builtin.ping": None, "ignore_errors": True}]},
        {"ansible.builtin.ping": None, "failed_when": False},
    ],
)
def test_what_plays_must_not_hold_is_found(task: dict[str, Any]) -> None:
    assert len(offences([{"hosts": "x", "tasks": [task]}])) == 1


def looks_at_words(entry: dict[str, Any]) -> bool:
    """Whether a task, or the role that it imports, refuses words of the command line that nothing reads."""
    role = entry.get("ansible.builtin.import_role", {})
    checked = {"operations": {role.get("tasks_from")}, "stack": {None, "cost", "preflight", "validate"}}
    layers = str(entry.get("ansible.builtin.import_tasks", "")).endswith("tasks/layers.yml")
    known = role.get("tasks_from") in checked.get(str(role.get("name")).rpartition(".")[2], ())
    return layers or known or f"{COLLECTION}.stack_words" in entry or "ansible.builtin.import_playbook" in entry


@pytest.mark.parametrize("playbook", ["site.yml", *names("playbooks/*.yml")])
def test_a_playbook_refuses_words_that_nothing_reads(playbook: str) -> None:
    assert any(looks_at_words(each) for each in mappings(load(playbook)))


def test_what_foundation_s_identities_may_do_is_asked_by_a_preflight_alone() -> None:
    """Other playbooks don't load it."""
    heavy = {name for file in ("roles", "groups") for name in load(f"roles/foundation/vars/main/{file}.yml")}
    others = [name for name in names("roles/*/*/*.yml") if not name.startswith("roles/foundation/")]
    asked = {name: heavy & set(re.findall(r"__foundation_\w+", (ROOT / name).read_text("utf-8"))) for name in others}
    assert {name: words for name, words in asked.items() if words} == {
        "roles/stack/vars/main.yml": {"__foundation_static_roles"}
    }
    (user,) = [name for name, value in load("roles/stack/vars/main.yml").items() if "static_roles" in str(value)]
    assert [name for name in others if user in (ROOT / name).read_text("utf-8")] == [
        "roles/stack/tasks/preflight.yml",
        "roles/stack/vars/main.yml",
    ]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_run_of_the_whole_site_has_few_tasks(environment: str) -> None:
    listed = playbooks.run(Path("site.yml"), "-i", f"inventories/{environment}", "--list-tasks")
    assert listed.returncode == 0, listed.stderr
    tasks = re.findall(r"^ {6}\S.*TAGS: \[", listed.stdout, re.MULTILINE)
    assert len(ON_DEMAND) < len(tasks) <= MOST_TASKS + len(ON_DEMAND)
    assert [name for name in ON_DEMAND if name not in listed.stdout] == []


def test_maintenance_takes_the_rules_and_the_alarms_and_is_a_part_of_both_layers() -> None:
    def roles(tag: str) -> list[str]:
        listed = playbooks.run(Path("site.yml"), "-i", "inventories/prod", "--list-tasks", "--tags", tag)
        return re.findall(r"^ {6}(\S.*?)\tTAGS: \[", listed.stdout, re.MULTILINE)

    rules, alarms = f"{COLLECTION}.edge : Rules", f"{COLLECTION}.monitoring : Alarms"
    assert [name for name in roles("maintenance") if ".stack : " not in name] == [rules, alarms]
    assert rules in roles("edge")
    assert alarms in roles("monitoring")


def test_two_sets_of_alarms_of_one_layer_keep_each_other_s() -> None:
    """Pruning takes all that carries the layer's tags and is declared no more."""
    alarms = f"{COLLECTION}.cloudwatch_alarm"
    for role in (name for name in ROLES if (ROOT / f"roles/{name}/tasks/main.yml").exists()):
        sets = [task for task in load(f"roles/{role}/tasks/main.yml") if alarms in task]
        assert len(sets) < 2 or all("kept" in task[alarms] for task in sets), role


@pytest.mark.parametrize("layer", [role for role in ROLES if role not in NO_LAYERS])
def test_a_layer_is_in_the_site_under_its_own_tag(layer: str) -> None:
    found = [
        task.get("tags")
        for task in load("playbooks/tasks/layers.yml")
        if task.get("ansible.builtin.import_role", {}).get("name") == f"{COLLECTION}.{layer}"
    ]
    assert found
    assert all(tags == [layer] for tags in found)


# Python


@pytest.mark.parametrize("name", PYTHON)
def test_every_python_file_names_its_license(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    lines = text.removeprefix("#!/usr/bin/python\n").splitlines()
    assert not text or tuple(lines[:2]) == LICENSE


@pytest.mark.parametrize("name", names("plugins/**/*.py"))
def test_functions_are_short(name: str) -> None:
    functions = [node for node in ast.walk(tree(name)) if isinstance(node, ast.FunctionDef)]
    long = {node.name: node.end_lineno - node.lineno + 1 for node in functions if node.end_lineno}
    assert {function: lines for function, lines in long.items() if lines > LONGEST_FUNCTION} == {}
