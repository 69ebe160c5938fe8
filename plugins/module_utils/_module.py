# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Options in, result out, for every module that reconciles a set; the only place that exits."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterable
from typing import Any

from ansible.module_utils.basic import missing_required_lib
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from . import _options, _plan, _report
from ._errors import failure
from ._resource import WORKERS, Outcome, Resource, reconcile

with contextlib.suppress(ImportError):  # AnsibleAWSModule says so
    import botocore.config


def new_module(documentation: str, kind: type[Resource] | None = None, **settings: Any) -> AnsibleAWSModule:
    """The Ansible module with the options its documentation describes; supports check mode."""
    spec = _options.argument_spec(documentation, kind.no_log if kind else {}) if _options.HAS_YAML else {}
    settings = {**(dict(kind.constraints) if kind else {}), **settings}
    module = AnsibleAWSModule(
        argument_spec={**(_options.COMMON if kind else {}), **spec}, supports_check_mode=True, **settings
    )
    if not _options.HAS_YAML:
        module.fail_json(msg=missing_required_lib("PyYAML"))
    return module


def connector(module: AnsibleAWSModule) -> Any:
    """A function from a service's name, and a region other than the module's, to its one client; it alone retries."""
    config = botocore.config.Config(
        retries={"mode": "standard", "max_attempts": 8},
        max_pool_connections=WORKERS + 2,
        inject_host_prefix=not module.params.get("endpoint_url"),
    )

    @functools.cache
    def connect(service: str, region: str | None = None) -> Any:
        return module.client(service, config=config, **({"region": region} if region else {}))

    return connect


def run(kind: type[Resource], documentation: str) -> None:
    """Bring the set to what the task declares, or say what would be done, and exit."""
    module = new_module(documentation, kind)
    resource = kind(connector(module), module.params)
    problems = list(_problems(resource, check_mode=module.check_mode))
    if problems:
        module.fail_json(msg="; ".join(problems))
    try:
        outcome = reconcile(resource, module.check_mode)
    except Exception as error:  # the one error path: a read that failed before anything was done
        module.fail_json(msg=str(failure(kind.plural, "observe", error)), actions=[])
    result = report(resource, outcome, module.check_mode)
    if outcome.failed:
        result.pop(kind.plural)  # what was done says more here than how everything is
        module.fail_json(msg="; ".join(str(each) for each in outcome.failed), **result)
    module.exit_json(**result)


def _problems(resource: Resource, check_mode: bool) -> Iterable[str]:
    """What is wrong with the input, each with the option's name; nothing has been called yet."""
    seen: set[str] = set()
    for index, item in enumerate(resource.options[resource.plural]):
        place = f"{resource.plural}[{index}]"
        name = resource.identify(item)
        if name in seen:
            yield f"{place}.{resource.key}: {name} is declared twice"
        seen.add(name)
        if not resource.options.get("only_prune"):
            yield from (f"{place} ({name}).{problem}" for problem in resource.validate(item))
    if not (check_mode or resource.options.get("only_prune")):
        yield from _options.unknowns(resource.plural, {key: value for key, value in resource.options.items() if value})


def report(resource: Resource, outcome: Outcome, check_mode: bool) -> dict[str, Any]:
    """The module's result: what was done (or would be), as actions and as a diff, and the resources by name."""
    idle = (_plan.KEEP, _plan.REFUSE)
    plans = [plan for plan in (outcome.plans if check_mode else outcome.done) if plan.verb not in idle]
    refused = [plan for plan in outcome.plans if plan.verb == _plan.REFUSE and not outcome.failed]
    return {
        "changed": bool(plans),
        "actions": [
            *_report.actions(resource.kind, resource.sensitive, plans, resource.effects),
            *_report.refused(resource.kind, resource.frozen, resource.sensitive, refused),
        ],
        "diff": _report.diff(resource.sensitive, plans),
        "identities": _report.identities(resource.computed, outcome.plans, outcome.resources),
        resource.plural: {name: _report.shown(resource.sensitive, item) for name, item in outcome.resources.items()},
    }
