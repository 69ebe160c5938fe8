# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Options in, result out, for every module that reconciles a set; the only place that exits."""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from ansible.module_utils.basic import missing_required_lib
from ansible_collections.amazon.aws.plugins.module_utils.botocore import get_aws_connection_info
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from . import _options, _plan, _report
from ._errors import failure
from ._resource import WORKERS, Outcome, Resource, together

with contextlib.suppress(ImportError):  # AnsibleAWSModule says so
    import boto3
    import botocore.config

#: What the results of all kinds have; besides it there are their resources, under the name of the set.
COMMON_RESULT = ("changed", "actions", "notes", "diff", "identities")
EVERYTHING_SHOWN: Mapping[str, bool] = MappingProxyType({})


def new_module(
    documentation: str, *kinds: type[Resource], secrecy: Mapping[str, bool] = EVERYTHING_SHOWN, **settings: Any
) -> AnsibleAWSModule:
    """The Ansible module with the options its documentation describes; supports check mode.

    C(secrecy) says of options, beside what the kinds say, whether they are hidden.
    """
    no_log = {**secrecy, **{option: value for kind in kinds for option, value in kind.no_log.items()}}
    spec = _options.argument_spec(documentation, no_log) if _options.HAS_YAML else {}
    constraints = {name: value for kind in kinds for name, value in kind.constraints.items()}
    module = AnsibleAWSModule(
        argument_spec={**(_options.COMMON if kinds else {}), **spec},
        supports_check_mode=True,
        **{**constraints, **settings},
    )
    if not _options.HAS_YAML:
        module.fail_json(msg=missing_required_lib("PyYAML"))
    return module


class Clients:
    """From a service's name to its client; one client a service, retries in the client alone.

    All share a session: what amazon.aws makes has one each, and then reads botocore's files anew for every service.
    """

    def __init__(self, module: AnsibleAWSModule) -> None:
        self._module = module
        self._made: dict[tuple[str, str | None], Any] = {}
        self._lock = threading.Lock()

    def __call__(self, service: str, region: str | None = None) -> Any:
        """The client, of the module's region unless another is named; the same one for every thread that asks."""
        with self._lock:
            if (service, region) not in self._made:
                session, arguments = self._settings
                place = {"region_name": region} if region else {}
                self._made[service, region] = session.client(service, **{**arguments, **place})
            return self._made[service, region]

    @functools.cached_property
    def _settings(self) -> tuple[Any, dict[str, Any]]:
        """The session, and what amazon.aws's options say of its clients."""
        region, endpoint_url, arguments = get_aws_connection_info(self._module)
        config = botocore.config.Config(
            retries={"mode": "standard", "max_attempts": 8},
            max_pool_connections=WORKERS + 2,
            inject_host_prefix=not endpoint_url,
        ).merge(arguments.pop("aws_config", None) or botocore.config.Config())
        session = boto3.session.Session(profile_name=arguments.pop("profile_name", None))
        return session, {"region_name": region, "endpoint_url": endpoint_url, "config": config, **arguments}


def connector(module: AnsibleAWSModule) -> Clients:
    """The clients of a module."""
    return Clients(module)


def run(kind: type[Resource], documentation: str, *further: type[Resource]) -> None:
    """Bring the set to what the task declares, or say what would be done, and exit.

    C(further) kinds refer to those before them, and have an option and a return key of their own.
    """
    kinds = (kind, *further)
    module = new_module(documentation, *kinds)
    connect = connector(module)
    resources = [each(connect, module.params) for each in kinds]
    problems = list(_problems(resources, check_mode=module.check_mode))
    if problems:
        module.fail_json(msg="; ".join(problems))
    try:
        outcomes = together(resources, module.check_mode)
    except Exception as error:  # the one error path: a read that failed before anything was done
        module.fail_json(msg=str(failure(kind.plural, "observe", error)), actions=[])
    results = [report(*each, module.check_mode) for each in zip(resources, outcomes, strict=True)]
    failed = [each for outcome in outcomes for each in outcome.failed]
    result = joined(_without_sets(each) if failed else each for each in results)
    if failed:  # what was done says more here than how everything is
        module.fail_json(msg="; ".join(str(each) for each in failed), **result)
    module.exit_json(**result)


def _without_sets(result: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in result.items() if name in COMMON_RESULT}


def joined(results: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """One result of those of several kinds; pure."""
    first, *others = results
    for other in others:
        both = {
            "changed": first["changed"] or other["changed"],
            "actions": [*first["actions"], *other["actions"]],
            "notes": [*first["notes"], *other["notes"]],
            "diff": {side: {**first["diff"][side], **other["diff"][side]} for side in first["diff"]},
            "identities": {
                name: [*first["identities"].get(name, []), *other["identities"].get(name, [])]
                for name in {**first["identities"], **other["identities"]}
            },
        }
        first = {**first, **other, **both}
    return first


def _problems(resources: Iterable[Resource], check_mode: bool) -> Iterable[str]:
    """What is wrong with the input, each with the option's name; nothing has been called yet."""
    first, *others = resources
    for resource in (first, *others):
        yield from _problems_of(resource)
    if not (check_mode or first.options.get("only_prune")):
        yield from _options.unknowns(first.plural, {key: value for key, value in first.options.items() if value})


def _problems_of(resource: Resource) -> Iterable[str]:
    """What is wrong with one kind's items."""
    seen: set[str] = set()
    for index, item in enumerate(resource.options[resource.plural]):
        place = f"{resource.plural}[{index}]"
        name = resource.identify(item)
        if name in seen:
            yield f"{place}.{resource.key}: {name} is declared twice"
        seen.add(name)
        if not resource.options.get("only_prune"):
            yield from (f"{place} ({name}).{problem}" for problem in resource.validate(item))


def report(resource: Resource, outcome: Outcome, check_mode: bool) -> dict[str, Any]:
    """The module's result: what was done (or would be), as actions and as a diff, and the resources by name."""
    idle = (_plan.KEEP, _plan.REFUSE)
    plans = [plan for plan in (outcome.plans if check_mode else outcome.done) if plan.verb not in idle]
    refused = [plan for plan in outcome.plans if plan.verb == _plan.REFUSE and not outcome.failed]
    return {
        "changed": bool(plans),
        "actions": [
            *_report.actions(resource.kind, resource.sensitive, plans, resource.effects),
            *_report.refused(resource.kind, resource.frozen, resource.sensitive, refused, resource.advice),
        ],
        "notes": [plan.note for plan in outcome.plans if plan.note],
        "diff": _report.diff(resource.sensitive, plans),
        "identities": _report.identities(resource.computed, outcome.plans, outcome.resources),
        resource.plural: {name: _report.shown(resource.sensitive, item) for name, item in outcome.resources.items()},
    }
