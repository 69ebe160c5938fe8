# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Check the whole inventory before the first call: types, names, rules; needs no credentials."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail, AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.action import ActionBase
from ansible.template import trust_as_template
from ansible.utils.vars import combine_vars

from ansible_collections.uex.payments.plugins.module_utils import _discovery, _rules

SPEC = {"complete": {"type": "bool", "default": True}}
ROLES = Path(__file__).resolve().parents[2] / "roles"


def specs() -> dict[str, dict[str, Any]]:
    """The documented variables of every role, by role."""
    loader = DataLoader()
    files = sorted(ROLES.glob("*/meta/argument_specs.yml"))
    return {
        file.parents[1].name: loader.load_from_file(str(file), unsafe=True)["argument_specs"]["main"]["options"]
        for file in files
    }


#: Types whose values the command line gives as texts.
PLAIN = ("bool", "float", "int")


def typed(role: str, spec: Mapping[str, Any], values: Mapping[str, Any]) -> tuple[list[str], dict[str, Any]]:
    """What the role's argument specs say against the values; numbers and switches as what they are."""
    given = {name: values[name] for name in spec if name in values}
    found = ArgumentSpecValidator(dict(spec)).validate(given)
    plain = {name: found.validated_parameters[name] for name in given if spec[name].get("type") in PLAIN}
    return [f"roles/{role}: {message}" for message in found.error_messages], plain


#: What a task's result has beside C(changed): one that ran, one that was skipped, a loop.
RESULT = {"failed", "skipped", "results"}


def is_result(value: Any) -> bool:
    """Whether a task registered it, in an earlier play of the run."""
    return isinstance(value, Mapping) and "changed" in value and bool(RESULT & value.keys())


class ActionModule(ActionBase):
    """Runs on the controller alone."""

    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        _validation, options = self.validate_argument_spec(argument_spec=SPEC)
        roles = specs()
        known = combine_vars({}, {name: spec for options in roles.values() for name, spec in options.items()})
        given = self._given(task_vars or {})
        problems = _rules.unknown_variables(given, known, roles) + self._shadowed(task_vars or {})
        values, unreadable = self._values(known, task_vars or {})
        problems += unreadable
        for role, spec in roles.items():
            wrong, plain = typed(role, spec, values)
            problems += wrong
            values |= plain
        problems += [] if problems else self._rule_problems(values, task_vars or {}, options["complete"])
        if problems:
            raise AnsibleActionFail("The inventory is not sound:\n" + "\n".join(f"  - {each}" for each in problems))
        told = ("environment", "build_directory", "document")
        environment, directory, document = (values[f"stack_{each}"] for each in told)
        about = {"environment": environment, "directory": directory, "document": document}
        return {**result, "changed": False, "msg": f"{len(values)} variables are sound", "run": about}

    def _given(self, task_vars: Mapping[str, Any]) -> set[str]:
        """Names that the inventory or the command line set; role defaults and vars are not among them."""
        raw = task_vars["hostvars"].raw_get(task_vars["inventory_hostname"])
        return {name for name, value in raw.items() if not is_result(value)}

    def _values(self, known: Mapping[str, Any], task_vars: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
        """The variables' values, and what can't be worked out."""
        values: dict[str, Any] = {}
        problems: list[str] = []
        for name in known:
            if name in task_vars:
                _template(self._templar, name, task_vars[name], values, problems)
        return values, problems

    def _rule_problems(self, values: dict[str, Any], task_vars: Mapping[str, Any], complete: bool) -> list[str]:
        """What rules across variables say; the derived lists come first, as working them out refuses what doesn't fit.

        What needs discovery gets a stand-in. The first list that can't be worked out ends it: others build on it.
        What is worked out is not worked out again for what builds on it.
        """
        variables, values = {**task_vars, **values}, dict(values)
        for name in _rules.DERIVED:
            try:
                templar = self._templar.copy_with_new_env(available_variables=variables)
                values[name] = templar.template(trust_as_template(f"{{{{ {name} }}}}"))
            except AnsibleError as error:
                return [str(error).rpartition(" failed: ")[2]]  # the filter's own words
            variables[name] = values[name]
            if name == _rules.EXPECTED:
                variables["stack_discovery"] = _discovery.stand_in(values[name])
        return _rules.problems(values, complete)

    def _shadowed(self, task_vars: Mapping[str, Any]) -> list[str]:
        """What an operator's local.yml sets in vain, as a file that is read later sets it too."""
        problems: list[str] = []
        for source in task_vars.get("ansible_inventory_sources") or ():
            folder = Path(source) / "group_vars" / "all"
            if not (folder / _rules.LOCAL).is_file():
                continue
            files = {file.name: self._keys(file) for file in sorted(folder.glob("*.yml"))}
            problems += _rules.shadowed(files)
        return problems

    def _keys(self, file: Path) -> set[str]:
        return set(self._loader.load_from_file(str(file)) or {})


def _template(templar: Any, name: str, raw: Any, values: dict[str, Any], problems: list[str]) -> None:
    """Work out one variable, or note why it can't be."""
    try:
        values[name] = templar.template(raw)
    except AnsibleError as error:
        problems.append(f"{name}: {error}")
