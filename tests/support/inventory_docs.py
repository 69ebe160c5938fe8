# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""`python tests/support/inventory_docs.py` brings the generated tables of docs/inventory.md up to date.

They say what roles/*/meta/argument_specs.yml, roles/*/defaults and the inventories say, so that nobody writes it twice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs/inventory.md"
ROLES = (
    *("stack", "bootstrap", "foundation", "network", "data", "registry", "edge", "compute", "monitoring"),
    "operations",
)
ENVIRONMENTS = ("dev", "staging", "prod")
LOCAL = "local.yml"
LONGEST_DEFAULT = 60  #: characters of a default that the table still shows

Spec = Mapping[str, Any]


def load(name: str) -> dict[str, Any]:
    """A YAML file of the collection, by its path from the root."""
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8")) or {}


def specs(role: str) -> dict[str, Spec]:
    """The documented variables of a role, of all its entry points."""
    points: dict[str, Spec] = load(f"roles/{role}/meta/argument_specs.yml")["argument_specs"]
    return {name: spec for each in points.values() for name, spec in each.get("options", {}).items()}


def defaults(role: str) -> dict[str, Any]:
    """The defaults of a role, templates as they are written."""
    return load(f"roles/{role}/defaults/main.yml")


# Cells


def cell(text: str) -> str:
    """A text in a Markdown table: one line, no column break."""
    return " ".join(text.split()).replace("|", "\\|")


def plain(description: str | Iterable[str]) -> str:
    """A description without Ansible's markup: what it marks becomes code."""
    sentences = [description] if isinstance(description, str) else description
    return cell(re.sub(r"\b[CVOMP]\(([^)]*)\)", r"`\1`", " ".join(sentences)))


def code(value: Any) -> str:
    """A value as YAML writes it in one line."""
    return cell(
        f"`{json.dumps(value, ensure_ascii=False)}`" if not isinstance(value, str) or not value else f"`{value}`"
    )


def kind(spec: Spec) -> str:
    """The type, with the elements' and the choices."""
    elements = f" of {spec['elements']}" if "elements" in spec else ""
    choices = ", ".join(f"`{choice}`" for choice in spec.get("choices", ()))
    return f"{spec['type']}{elements}" + (f": {choices}" if choices else "")


def default(spec: Spec, role: str, values: Mapping[str, Any], name: str) -> str:
    """The default; `required` where there must be a value, a link where it is long."""
    if spec.get("required"):
        return "required"
    if name not in values:
        return code(spec["default"]) if "default" in spec else ""
    shown = code(values[name])
    return shown if len(shown) <= LONGEST_DEFAULT else f"[in the role](../roles/{role}/defaults/main.yml)"


# Tables


def table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    names = list(header)
    return "\n".join(f"| {' | '.join(row)} |" for row in [names, ["---"] * len(names), *rows])


def variable_rows(
    role: str, options: Mapping[str, Spec], values: Mapping[str, Any], parent: str = ""
) -> Iterator[list[str]]:
    """A row for each variable, and for each key of those that are dictionaries with named keys."""
    for name, spec in options.items():
        full = f"{parent}{name}"
        yield [f"`{full}`", kind(spec), default(spec, role, values, full), plain(spec["description"])]
        inner = f"{full}[]." if spec["type"] == "list" else f"{full}."
        yield from variable_rows(role, spec.get("options") or {}, {}, inner)


def variables() -> str:
    """All public variables, a section a role."""
    header = ("variable", "type", "default", "meaning")
    return "\n\n".join(
        f"### {role}\n\n{table(header, variable_rows(role, specs(role), defaults(role)))}" for role in ROLES
    )


def flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """An inventory's values, those of `stack_service_defaults` one by one."""
    size = values.get("stack_service_defaults") or {}
    rest = {name: value for name, value in values.items() if name != "stack_service_defaults"}
    return {**rest, **{f"stack_service_defaults.{name}": value for name, value in size.items()}}


def inventory(environment: str) -> dict[str, Any]:
    """What an environment's inventory says, but for what an operator keeps to himself."""
    found: dict[str, Any] = {}
    for file in sorted((ROOT / "inventories" / environment / "group_vars/all").glob("*.yml")):
        found |= {} if file.name == LOCAL else load(str(file.relative_to(ROOT)))
    return flat(found)


def environments() -> str:
    """The variables in which the environments differ; where an inventory says nothing, the role's default."""
    known = {name: value for role in ROLES for name, value in defaults(role).items()}
    given = {environment: inventory(environment) for environment in ENVIRONMENTS}
    names = sorted(set().union(*given.values()))
    effective = {name: [values.get(name, known.get(name)) for values in given.values()] for name in names}
    rows = [[f"`{name}`", *map(code, each)] for name, each in effective.items() if any(e != each[0] for e in each)]
    return table(("variable", *ENVIRONMENTS), rows)


def lean(environment: str) -> dict[str, Any]:
    """What the lean profile of an environment says."""
    found: dict[str, Any] = {}
    for file in sorted((ROOT / "inventories" / environment / "group_vars/profile_lean").glob("*.yml")):
        found |= {} if file.name == LOCAL else load(str(file.relative_to(ROOT)))
    return flat(found)


def profiles() -> str:
    """The variables that lean profiles change, from what to what in each environment."""
    known = {name: value for role in ROLES for name, value in defaults(role).items()}
    before = {environment: {**known, **inventory(environment)} for environment in ENVIRONMENTS}
    after = {environment: lean(environment) for environment in ENVIRONMENTS}
    names = sorted({name for environment in ENVIRONMENTS for name in after[environment]})
    rows = [
        [f"`{name}`", *(moved(name, before[environment], after[environment]) for environment in ENVIRONMENTS)]
        for name in names
    ]
    return table(("variable", *ENVIRONMENTS), [row for row in rows if any(row[1:])])


def moved(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """How a variable changes; empty where it doesn't."""
    if name not in after or after[name] == before.get(name):
        return ""
    return f"{code(before[name])} to {code(after[name])}" if name in before else code(after[name])


# The document

GENERATED = {"variables": variables, "environments": environments, "profiles": profiles}


def markers(name: str) -> tuple[str, str]:
    """Between these two lines a generated part stands."""
    return f"<!-- generated: {name} -->", f"<!-- end: {name} -->"


def updated(text: str) -> str:
    """The document with its generated parts made anew. Raises ValueError where one has no place."""
    for name, make in GENERATED.items():
        begin, end = markers(name)
        before, found, rest = text.partition(begin)
        _old, closed, after = rest.partition(end)
        if not (found and closed):
            raise ValueError(f"the lines {begin} and {end} are missing")
        text = f"{before}{begin}\n\n{make()}\n\n{end}{after}"
    return text


if __name__ == "__main__":
    DOCUMENT.write_text(updated(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
