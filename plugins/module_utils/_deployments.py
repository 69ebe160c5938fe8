# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How ECS deploys a service: strategies, hooks and alarms in one normal form, and what AWS would refuse; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible.module_utils.common.dict_transformations import camel_dict_to_snake_dict, snake_dict_to_camel_dict

from . import _aws

Item = dict[str, Any]

ROLLING, BLUE_GREEN, LINEAR, CANARY = "ROLLING", "BLUE_GREEN", "LINEAR", "CANARY"
STRATEGIES = (ROLLING, BLUE_GREEN, LINEAR, CANARY)
LAMBDA, PAUSE = "AWS_LAMBDA", "PAUSE"
#: The stages at which a function may be asked; a pause is not possible while traffic shifts.
STAGES = (
    "RECONCILE_SERVICE",
    "PRE_SCALE_UP",
    "POST_SCALE_UP",
    "TEST_TRAFFIC_SHIFT",
    "POST_TEST_TRAFFIC_SHIFT",
    "PRE_PRODUCTION_TRAFFIC_SHIFT",
    "PRODUCTION_TRAFFIC_SHIFT",
    "POST_PRODUCTION_TRAFFIC_SHIFT",
)
SHIFTS = ("TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT")
MOST_MINUTES = 1440  #: of a bake time
HOOK_MINUTES = (1, 20160)
PERCENT = {"linear_configuration.step_percent": (3.0, 100.0), "canary_configuration.canary_percent": (0.1, 100.0)}
BAKED = (
    "bake_time_in_minutes",
    "linear_configuration.step_bake_time_in_minutes",
    "canary_configuration.canary_bake_time_in_minutes",
)
#: Which strategy a setting belongs to.
OF_STRATEGY = {"linear_configuration": LINEAR, "canary_configuration": CANARY}

_SIMPLE = ("strategy", "maximum_percent", "minimum_healthy_percent", "bake_time_in_minutes")
_MEMBERS = {
    "deployment_circuit_breaker": ("enable", "rollback"),
    "linear_configuration": ("step_percent", "step_bake_time_in_minutes"),
    "canary_configuration": ("canary_percent", "canary_bake_time_in_minutes"),
}
_HOOK_TEXTS = ("hook_target_arn", "role_arn")
_HOOK_FIELDS = ("target_type", *_HOOK_TEXTS, "lifecycle_stages", "hook_details", "timeout_configuration")
_TIMEOUT = {"timeout_in_minutes": 1440, "action": "ROLLBACK"}


def normal(configuration: Mapping[str, Any]) -> Item:
    """A deployment configuration, declared or AWS's, with AWS's defaults inside what is given and nothing besides."""
    hooks, alarms = configuration.get("lifecycle_hooks"), configuration.get("alarms")
    found = {
        **{name: configuration.get(name) for name in _SIMPLE},
        **{name: _members(configuration.get(name), members) for name, members in _MEMBERS.items()},
        "alarms": None if alarms is None else _alarms(alarms),
        "lifecycle_hooks": None if hooks is None else sorted((_hook(hook) for hook in hooks), key=str),
    }
    return _aws.declared(found)


def _members(value: Mapping[str, Any] | None, names: Iterable[str]) -> Item | None:
    return _aws.declared({name: value.get(name) for name in names}) if value else None


def _alarms(alarms: Mapping[str, Any]) -> Item:
    return {
        "alarm_names": sorted(alarms.get("alarm_names") or []),
        "enable": bool(alarms.get("enable")),
        "rollback": bool(alarms.get("rollback")),
    }


def _hook(hook: Mapping[str, Any]) -> Item:
    return {
        "target_type": hook.get("target_type") or LAMBDA,
        **{name: hook.get(name) or "" for name in _HOOK_TEXTS},
        "lifecycle_stages": sorted(hook["lifecycle_stages"]),
        "hook_details": hook.get("hook_details") or {},
        "timeout_configuration": {**_TIMEOUT, **_aws.declared(hook.get("timeout_configuration") or {})},
    }


def shown(configuration: Mapping[str, Any] | None) -> Item:
    """AWS's configuration in our words; what functions are told keeps its own."""
    given = dict(configuration or {})
    hooks = [camel_dict_to_snake_dict(hook, ignore_list=["hookDetails"]) for hook in given.pop("lifecycleHooks", [])]
    return {**camel_dict_to_snake_dict(given), "lifecycle_hooks": hooks}


def request(configuration: Mapping[str, Any]) -> Item:
    """A configuration in the normal form as CreateService and UpdateService take it."""
    hooks = configuration.get("lifecycle_hooks")
    rest = {name: value for name, value in configuration.items() if name != "lifecycle_hooks"}
    spelled: Item = snake_dict_to_camel_dict(rest)
    return spelled if hooks is None else {**spelled, "lifecycleHooks": [_hook_request(hook) for hook in hooks]}


def _hook_request(hook: Mapping[str, Any]) -> Item:
    """Details are the function's own words and stay as they are; AWS takes no empty texts."""
    given = {name: value for name, value in hook.items() if value not in ("", {})}
    details = given.pop("hook_details", None)
    spelled: Item = snake_dict_to_camel_dict(given)
    return {**spelled, "hookDetails": details} if details else spelled


def of_service(entry: Mapping[str, Any]) -> Item:
    """What counts for its strategy of a service's field C(deployment)."""
    strategy = entry["strategy"]
    rolling = strategy == ROLLING
    return {
        "strategy": strategy,
        "bake_time_in_minutes": None if rolling else entry["bake_time_in_minutes"],
        "lifecycle_hooks": list(entry["lifecycle_hooks"]),
        **{name: entry[name] for name, other in OF_STRATEGY.items() if strategy == other},
    }


# What AWS refuses


def problems(place: str, configuration: Mapping[str, Any]) -> Iterable[str]:
    """What AWS would refuse in a declared configuration, each as a sentence that begins with the field's place."""
    strategy = configuration.get("strategy") or ROLLING
    if strategy not in STRATEGIES:
        yield f"{place}.strategy: there are {', '.join(STRATEGIES)}, not {strategy!r}"
        return
    for setting, other in OF_STRATEGY.items():
        if configuration.get(setting) and strategy != other:
            yield f"{place}.{setting}: only with the strategy {other}"
    if strategy != ROLLING and (configuration.get("deployment_circuit_breaker") or {}).get("enable"):
        yield f"{place}.deployment_circuit_breaker: only with the strategy {ROLLING}; the others have alarms"
    yield from _number_problems(place, configuration)
    hooks = list(configuration.get("lifecycle_hooks") or [])
    if hooks and strategy == ROLLING:
        yield f"{place}.lifecycle_hooks: not with the strategy {ROLLING}"
    for index, hook in enumerate(hooks):
        yield from _hook_problems(f"{place}.lifecycle_hooks[{index}]", hook)


def _value(configuration: Mapping[str, Any], path: str) -> Any:
    inner, _dot, last = path.rpartition(".")
    return ((configuration.get(inner) or {}) if inner else configuration).get(last)


def _number_problems(place: str, configuration: Mapping[str, Any]) -> Iterable[str]:
    for path in BAKED:
        minutes = _value(configuration, path)
        if minutes is not None and not 0 <= int(minutes) <= MOST_MINUTES:
            yield f"{place}.{path}: from 0 to {MOST_MINUTES} minutes, not {minutes}"
    for path, (low, high) in PERCENT.items():
        percent = _value(configuration, path)
        if percent is not None and not (low <= float(percent) <= high and round(float(percent), 1) == float(percent)):
            yield f"{place}.{path}: from {low} to {high} in steps of 0.1, not {percent}"


def _hook_problems(place: str, hook: Mapping[str, Any]) -> Iterable[str]:
    kind, stages = hook.get("target_type") or LAMBDA, list(hook.get("lifecycle_stages") or [])
    unknown, strange = sorted(set(stages) - set(STAGES)), sorted(set(hook) - set(_HOOK_FIELDS))
    if strange:
        yield f"{place}: there is no {', '.join(strange)}; there are {', '.join(_HOOK_FIELDS)}"
    if kind not in (LAMBDA, PAUSE):
        yield f"{place}.target_type: there are {LAMBDA} and {PAUSE}, not {kind!r}"
    if not stages or unknown:
        yield f"{place}.lifecycle_stages: at least one of {', '.join(STAGES)}, not {', '.join(unknown) or 'none'}"
    if kind == PAUSE and set(stages) & set(SHIFTS):
        yield f"{place}.lifecycle_stages: a pause cannot be at {' or '.join(SHIFTS)}"
    if kind == LAMBDA and not hook.get("hook_target_arn"):
        yield f"{place}.hook_target_arn: a hook of type {LAMBDA} needs the function's ARN"
    if kind == PAUSE and any(hook.get(name) for name in (*_HOOK_TEXTS, "hook_details")):
        yield f"{place}.target_type: a pause has no hook_target_arn, role_arn or hook_details"
    yield from _timeout_problems(f"{place}.timeout_configuration", hook.get("timeout_configuration") or {})


def _timeout_problems(place: str, timeout: Mapping[str, Any]) -> Iterable[str]:
    low, high = HOOK_MINUTES
    minutes, action = timeout.get("timeout_in_minutes"), timeout.get("action")
    if minutes is not None and not low <= int(minutes) <= high:
        yield f"{place}.timeout_in_minutes: from {low} to {high}, not {minutes}"
    if action not in (None, "ROLLBACK", "CONTINUE"):
        yield f"{place}.action: there are ROLLBACK and CONTINUE, not {action!r}"
