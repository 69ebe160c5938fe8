# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The documents say what the code says: generated tables, service fields, modules, network access, links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.uex.payments.plugins.module_utils import _barrier, _discovery, _going, _services
from ansible_collections.uex.payments.tests.support import inventory_docs, role_vars
from ansible_collections.uex.payments.tests.support.inventory_docs import DOCUMENT, ROOT

DOCUMENTS = sorted([*ROOT.glob("docs/**/*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])
DERIVED = ("repository", "image_tag", "min_count", "max_count")
SERVICE_PORT = 3900
NAME = "uex-payments-test"


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def rows(document: str, heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, without its header."""
    section = document.partition(f"{heading}\n")[2]
    lines = re.search(r"(?:^\|.*\n)+", section, re.MULTILINE)
    assert lines, f"no table below {heading}"
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines[0].splitlines()[2:]]


# Generated tables


def test_the_inventory_s_generated_tables_are_up_to_date() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    assert inventory_docs.updated(document) == document, "run python tests/support/inventory_docs.py"


def test_a_document_without_a_place_for_a_table_is_refused() -> None:
    with pytest.raises(ValueError, match="generated: variables"):
        inventory_docs.updated("# The inventory\n")


@pytest.mark.parametrize(
    ("value", "shown"),
    [("a", "`a`"), ("", '`""`'), (5, "`5`"), (False, "`false`"), ([], "`[]`"), ("{{ a | b }}", "`{{ a \\| b }}`")],
)
def test_a_value_in_a_table(value: Any, shown: str) -> None:
    assert inventory_docs.code(value) == shown


def test_a_description_in_a_table_has_no_markup_and_no_line_breaks() -> None:
    assert inventory_docs.plain(["Either V(a|b)\nor O(c).", "See M(d)."]) == "Either `a\\|b` or `c`. See `d`."


@pytest.mark.parametrize(
    ("spec", "values", "shown"),
    [
        ({"required": True}, {}, "required"),
        ({}, {}, ""),
        ({"default": 3}, {}, "`3`"),
        ({}, {"x": 4}, "`4`"),
        ({}, {"x": "y" * 60}, "[in the role](../roles/data/defaults/main.yml)"),
    ],
)
def test_a_default_in_a_table(spec: dict[str, Any], values: dict[str, Any], shown: str) -> None:
    assert inventory_docs.default(spec, "data", values, "x") == shown


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [({"x": 1}, {"x": 2}, "`1` to `2`"), ({}, {"x": 2}, "`2`"), ({"x": 1}, {"x": 1}, ""), ({"x": 1}, {}, "")],
)
def test_what_a_profile_changes_in_a_table(before: dict[str, Any], after: dict[str, Any], shown: str) -> None:
    assert inventory_docs.moved("x", before, after) == shown


def test_keys_of_dictionaries_and_of_lists_have_rows_of_their_own() -> None:
    inner = {"b": {"type": "int", "description": "B."}}
    options = {
        "x": {"type": "list", "elements": "dict", "description": "X.", "options": inner},
        "y": {"type": "dict", "description": "Y.", "options": inner},
    }
    found = [(row[0], row[1]) for row in inventory_docs.variable_rows("data", options, {"x": []})]
    assert found == [("`x`", "list of dict"), ("`x[].b`", "int"), ("`y`", "dict"), ("`y.b`", "int")]


# Services


def flat(fields: Mapping[str, Any], parent: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in fields.items():
        if isinstance(value, Mapping) and value:
            yield from flat(value, f"{parent}{name}.")
        else:
            yield f"{parent}{name}", value


def test_every_field_of_a_service_is_explained_with_its_default() -> None:
    said = {row[0].strip("`"): row[1] for row in rows(text("docs/inventory.md"), "### One entry, field by field")}
    known = {**dict.fromkeys(_services.REQUIRED, "required"), **dict(flat(_services.DEFAULTS))}
    assert sorted(said) == sorted(known)
    fixed = {name: value for name, value in known.items() if name not in (*_services.REQUIRED, *DERIVED)}
    assert {name: yaml.safe_load(said[name].strip("`")) for name in fixed} == fixed


# Architecture


def used_from_amazon_aws() -> set[str]:
    tasks = "".join(path.read_text(encoding="utf-8") for path in ROOT.glob("roles/*/tasks/*.yml"))
    return set(re.findall(r"^ +(amazon\.aws\.\w+):$", tasks, re.MULTILINE))


def test_the_architecture_names_every_module_of_ours_and_of_amazon_aws() -> None:
    document = text("docs/architecture.md").partition("## Whose module\n")[2]
    ours = {path.stem for path in ROOT.glob("plugins/modules/*.py")}
    assert {name for name in ours if f"`{name}`" not in document} == set()
    theirs = {row[1].strip("`") for row in rows(document, "### amazon.aws's")}
    assert theirs == used_from_amazon_aws()


def test_the_architecture_has_the_layers_in_order_with_what_they_build_on() -> None:
    found = [row for row in rows(text("docs/architecture.md"), "## Layers") if row[1] in _discovery.BUILDS_ON]
    said = {row[1]: tuple(row[3].split(", ")) if row[3] != "-" else () for row in found}
    assert list(said.items()) == list(_discovery.BUILDS_ON.items())


def test_the_architecture_has_the_barrier_s_minutes_and_deadlines() -> None:
    found = rows(text("docs/architecture.md"), "### What starts early and is awaited later")
    said = {(row[3], row[4]) for row in found}
    assert said == {(slow.usual, f"{slow.deadline // 60} min") for slow in _barrier.SLOW.values()}


def test_the_life_cycle_has_the_teardown_s_minutes_and_deadlines() -> None:
    said = [(row[1], row[2]) for row in rows(text("docs/lifecycle.md"), "### In which order")]
    assert said == [(slow.usual, f"{slow.deadline // 60} min") for slow in _going.GOING.values()]


# Security


@pytest.fixture(scope="module")
def groups() -> dict[str, Any]:
    """The security groups that the network role declares for one service, by short name."""
    case = {
        "stack_name": NAME,
        "stack_region": "us-east-1",
        "stack_account": "123456789012",
        "stack_partition": "aws",
        "stack_tags": {},
        "stack_service_list": [{"port": SERVICE_PORT}],
    }
    (found,) = role_vars.evaluate("network", ["__network_security_groups"], {"one": case}).values()
    return {each["name"].removeprefix(f"{NAME}-"): each for each in found["__network_security_groups"]}


def matrix() -> dict[tuple[str, str], set[str]]:
    """What the table of network access says: ports by who calls and who is called."""
    document = text("docs/security.md")
    targets = ["alb", "ecs", "rds", "redis", "endpoints", "Internet"]
    pairs: dict[tuple[str, str], set[str]] = {}
    for first, *cells in rows(document, "## Network access"):
        for source in first.partition(" (")[0].split(", "):
            for target, cell in zip(targets, cells, strict=False):
                pairs[source, target] = set(re.findall(r"\d+|service ports", cell))
    return {pair: ports for pair, ports in pairs.items() if ports}


def shown(port: int) -> str:
    return "service ports" if port == SERVICE_PORT else str(port)


def test_the_matrix_of_network_access_is_that_of_the_security_groups(groups: dict[str, Any]) -> None:
    allowed: dict[tuple[str, str], set[str]] = {}
    for name, group in groups.items():
        for rule in group["ingress"]:
            source = rule["security_group"].removeprefix(f"{NAME}-") if rule.get("security_group") else "clients"
            allowed.setdefault((source, name), set()).add(shown(rule["from_port"]))
        for rule in group["egress"]:
            if not rule.get("security_group"):
                allowed.setdefault((name, "Internet"), set()).add(shown(rule["from_port"]))
    assert matrix() == allowed


# The embedded AWS


def test_the_overlay_s_variables_are_named() -> None:
    overlay = yaml.safe_load(text("inventories/embedded/group_vars/all/main.yml"))
    document = text("docs/embedded_aws.md").replace(
        "data_uex_api_*", "data_uex_api_key data_uex_api_secret data_uex_api_referral_code"
    )
    assert [name for name in overlay if name not in document] == []


# All documents


def anchors(document: str) -> set[str]:
    """The anchors that headings get."""
    heads = re.findall(r"^#+ (.+)$", document, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def is_there(document: Path, link: str) -> bool:
    name, _sharp, anchor = link.partition("#")
    target = (document.parent / name).resolve() if name else document
    return target.exists() and (not anchor or anchor in anchors(target.read_text(encoding="utf-8")))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not is_there(document, link)] == []


@pytest.mark.parametrize(("link", "there"), [("#a-b", True), ("#c", False), ("none.md", False), ("x.md#a-b", True)])
def test_a_link_that_leads_nowhere_is_found(tmp_path: Path, link: str, there: bool) -> None:
    document = tmp_path / "x.md"
    document.write_text("# A b\n", encoding="utf-8")
    assert is_there(document, link) is there


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_make_targets_that_are_named_exist(document: Path) -> None:
    named = set(re.findall(r"(?:`|^)make ([a-z][a-z-]*)", document.read_text(encoding="utf-8"), re.MULTILINE))
    targets = set(re.findall(r"^([a-z][a-z-]*):", text("Makefile"), re.MULTILINE))
    assert named <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_files_that_are_named_exist(document: Path) -> None:
    folders = "docs|embedded_aws|extensions|meta|playbooks|plugins|roles|tests"
    named = set(re.findall(rf"`((?:{folders})/[\w./-]+)`", document.read_text(encoding="utf-8")))
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_every_fact_about_aws_says_where_it_is_met_and_how_that_is_tested() -> None:
    lines = [
        line for line in text("docs/aws.md").splitlines() if line.startswith("| ") and not line.startswith("| fact ")
    ]
    assert len(lines) > 40
    for fact, where, how in ([cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines):
        assert fact and where
        assert re.search(r"\b(emulator|pure|real server|documented only)\b", how), how
