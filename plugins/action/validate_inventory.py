# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Check the whole inventory before the first call: types, names, rules; needs no credentials."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail, AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.action import ActionBase
from ansible.template import is_trusted_as_template, trust_as_template
from ansible.utils.vars import combine_vars, load_extra_vars

from ansible_collections.uex.payments.plugins.module_utils import (
    _cost_estimate,
    _cost_prices,
    _cost_report,
    _cost_rules,
    _discovery,
    _rules,
    _variables,
)
from ansible_collections.uex.payments.plugins.module_utils._cost_prices import Rates
from ansible_collections.uex.payments.plugins.module_utils._cost_report import About
from ansible_collections.uex.payments.plugins.plugin_utils import documented, extra_vars, prices

SPEC = {"complete": {"type": "bool", "default": True}, "applies": {"type": "bool", "default": False}}
#: The role whose tasks look after the words of the command line themselves.
WITHIN = "uex.payments.operations"
#: Types whose values the command line gives as texts.
PLAIN = ("bool", "float", "int")


def typed(role: str, spec: Mapping[str, Any], values: Mapping[str, Any]) -> tuple[list[str], dict[str, Any]]:
    """What the role's argument specs say against the values; numbers and switches as what they are."""
    given = {name: values[name] for name in spec if name in values}
    found = ArgumentSpecValidator(dict(spec)).validate(given)
    plain = {name: found.validated_parameters[name] for name in given if spec[name].get("type") in PLAIN}
    return [f"roles/{role}: {message}" for message in found.error_messages], plain


#: What of a service its tasks' cost follows from.
SERVICE_COSTS = (
    *("cpu", "memory", "architecture", "ephemeral_storage", "capacity"),
    *("desired_count", "min_count", "max_count", "schedules"),
)


def costs(values: Mapping[str, Any]) -> dict[str, Any]:
    """What the callbacks have to know to say what a plan costs."""
    services = {
        each["full_name"]: {name: each[name] for name in SERVICE_COSTS} for each in values["stack_service_list"]
    }
    usage, given = _cost_prices.usage(values), values["stack_cost_prices"]
    return {"region": values["stack_region"], "services": services, "prices": given, "usage": usage}


def about(values: Mapping[str, Any]) -> About:
    """Whose estimate it is."""
    return About(
        environment=values["stack_environment"],
        name=values["stack_name"],
        profile=values["stack_profile"],
        region=values["stack_region"],
        table=prices.table(),
        budget=float(values["stack_budget_monthly"]),
        stated=float(values["stack_budget_stated"]),
        gate=values["stack_cost_gate"],
    )


def rates(values: Mapping[str, Any]) -> Rates:
    """The prices and the usage of the environment."""
    return prices.rates(values["stack_region"], values["stack_cost_prices"], _cost_prices.usage(values))


def estimated(values: Mapping[str, Any]) -> tuple[About, float]:
    """Whose estimate it is, and how much that is a month."""
    return about(values), _cost_estimate.monthly(values[_rules.ESTATE], rates(values))


def judged(role: str, spec: Mapping[str, Any], given: Collection[str]) -> dict[str, Any]:
    """The variables of a role that are looked at; C(given) are those that the inventory or the command line set.

    A short word of the command line means something else to each operation, and its playbook has checked its own.
    """
    return {name: option for name, option in spec.items() if role != documented.OPERATIONS or name in given}


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
        values = self._sound(task_vars or {}, options["complete"], self._words(task_vars or {}))
        self._keep_budget(values, options["applies"])
        told = ("environment", "build_directory", "document")
        environment, directory, document = (values[f"stack_{each}"] for each in told)
        told_of = {"environment": environment, "directory": directory, "document": document, "costs": costs(values)}
        return {**result, "changed": False, "msg": f"{self._checked} variables are sound", "run": told_of}

    def _words(self, task_vars: Mapping[str, Any]) -> list[str]:
        """What the command line says that nothing reads; an operation has looked after its own words before."""
        within = WITHIN in (task_vars.get("ansible_parent_role_names") or ())
        return [] if within else extra_vars.problems(self, task_vars)

    def _sound(self, task_vars: Mapping[str, Any], complete: bool, problems: Iterable[str] = ()) -> dict[str, Any]:
        """The inventory's values with what is derived of them; AnsibleActionFail where something is wrong.

        C(problems) are already known, and said with all others.
        """
        roles = documented.specs()
        known = combine_vars({}, {name: spec for options in roles.values() for name, spec in options.items()})
        given = self._given(task_vars)
        declared = given - load_extra_vars(self._loader).keys()
        problems = [*problems, *_rules.unknown_variables(declared, known, roles), *self._shadowed(task_vars)]
        values, unreadable = self._values(known, task_vars)
        problems += unreadable
        for role, spec in roles.items():
            wrong, plain = typed(role, judged(role, spec, given), values)
            problems += wrong
            values |= plain
        self._checked = len(values)
        problems += _cost_rules.profile(values["stack_profile"], task_vars.get("group_names") or ())
        problems += [] if problems else self._rule_problems(values, task_vars, complete)
        if problems:
            raise AnsibleActionFail("The inventory is not sound:\n" + "\n".join(f"  - {each}" for each in problems))
        return values

    def _keep_budget(self, values: Mapping[str, Any], applies: bool) -> None:
        """Warn of an environment that costs more than it shall; AnsibleActionFail where its gate refuses to make it."""
        warning = _cost_report.warning(*estimated(values))
        if warning and applies and values["stack_cost_gate"] == _cost_report.ENFORCE:
            raise AnsibleActionFail(f"{warning}. stack_cost_gate is enforce: nothing was changed")
        if warning:
            self._display.warning(warning)

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
        """What rules across variables say; C(values) gets the derived lists, which refuse what doesn't fit.

        What needs discovery gets a stand-in. The first list that can't be worked out ends it: others build on it.
        What is worked out is not worked out again for what builds on it.
        """
        settled = _variables.settled(_variables.mentioned(_rules.DERIVED, task_vars), values, is_trusted_as_template)
        variables = _variables.mentioned(_rules.DERIVED, settled)
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
        """What an operator's local.yml sets in vain, as a file or a profile that is read later sets it too."""
        problems: list[str] = []
        groups = [name for name in task_vars.get("group_names") or () if name.startswith("profile_")]
        for source in task_vars.get("ansible_inventory_sources") or ():
            folder = Path(source) / "group_vars"
            files = self._files(folder / "all")
            problems += _rules.shadowed(files) if _rules.LOCAL in files else []
            for group in groups:
                theirs = set().union(*self._files(folder / group).values())
                problems += _rules.overruled(files.get(_rules.LOCAL, ()), group, theirs)
        return problems

    def _files(self, folder: Path) -> dict[str, set[str]]:
        """The variables of a folder's files."""
        return {file.name: self._keys(file) for file in sorted(folder.glob("*.yml"))}

    def _keys(self, file: Path) -> set[str]:
        return set(self._loader.load_from_file(str(file)) or {})


def _template(templar: Any, name: str, raw: Any, values: dict[str, Any], problems: list[str]) -> None:
    """Work out one variable, or note why it can't be."""
    try:
        values[name] = raw if _variables.plain(raw) else templar.template(raw)
    except AnsibleError as error:
        problems.append(f"{name}: {error}")
