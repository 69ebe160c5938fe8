# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""CloudWatch: composite alarms, alarm history, pages of alarms, dashboards that are checked and tagged."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from moto.cloudwatch.exceptions import (
    CloudWatchException,
    DashboardInvalidInputError,
    InvalidParameterCombination,
    InvalidParameterValue,
    ResourceNotFound,
    ResourceNotFoundException,
    ValidationError,
)
from moto.cloudwatch.models import Alarm, CloudWatchBackend
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow

from . import _alarm_actions, _alarm_rule
from ._operations import add, page
from ._patch import after, before

LONGEST_RULE, MOST_CHILDREN = 10240, 100
SUPPRESSION = ("ActionsSuppressor", "ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod")
MISSING_DATA = ("breaching", "notBreaching", "ignore", "missing")
INITIAL = "INSUFFICIENT_DATA"


def _kind(alarm: Alarm) -> str:
    return "MetricAlarm" if alarm.rule is None else "CompositeAlarm"


def _history(backend: CloudWatchBackend) -> list[dict[str, Any]]:
    """The account's alarm history, kept with the backend so that a reset forgets it; it outlives the alarms."""
    history: list[dict[str, Any]] = backend.__dict__.setdefault("alarm_history", [])
    return history


def _record(backend: CloudWatchBackend, alarm: Alarm, item_type: str, summary: str, data: dict[str, Any]) -> None:
    item = {"AlarmName": alarm.name, "AlarmType": _kind(alarm), "Timestamp": utcnow(), "HistoryItemType": item_type}
    _history(backend).append({**item, "HistorySummary": summary, "HistoryData": json.dumps({"version": "1.0", **data})})


def _check_alarm(backend: CloudWatchBackend, *_: Any, **given: Any) -> None:
    """Refuse what PutMetricAlarm refuses, and remember the alarm that is replaced."""
    if given.get("rule") is None:
        _check_metric(given)
        _check_evaluation(given)
    old = backend.alarms.get(given["name"])
    tags = backend.tagger.get_tag_dict_for_resource(old.alarm_arn) if old else {}
    backend.__dict__.setdefault("replaced_alarms", {})[given["name"]] = (old, tags)


def _check_metric(given: dict[str, Any]) -> None:
    queries = given.get("metric_data_queries")
    if bool(queries) == bool(given.get("metric_name")):
        raise InvalidParameterCombination("Exactly one of MetricName and Metrics must be specified")
    if queries and sum(query.return_data is not False for query in queries) > 1 + bool(
        given.get("threshold_metric_id")
    ):
        raise ValidationError("Exactly one element of the metrics list should return data.")
    if not queries and bool(given.get("statistic")) == bool(given.get("extended_statistic")):
        raise InvalidParameterCombination("Exactly one of Statistic and ExtendedStatistic must be specified")


def _check_evaluation(given: dict[str, Any]) -> None:
    periods, datapoints = given.get("evaluation_periods"), given.get("datapoints_to_alarm")
    if not periods:
        raise ValidationError("The parameter EvaluationPeriods is required.")
    if datapoints and int(datapoints) > int(periods):
        raise ValidationError("Number of datapoints to alarm can not be greater than number of evaluation periods.")
    treat = given.get("treat_missing_data")
    if treat and treat not in MISSING_DATA:
        allowed = ", ".join(MISSING_DATA)
        raise ValidationError(
            f"Option {treat} is not supported. Supported options for parameter TreatMissingData are {allowed}."
        )
    _check_period(given.get("period"))


def _check_period(period: Any) -> None:
    if period is not None and int(period) not in (10, 20, 30) and (int(period) < 60 or int(period) % 60):
        raise ValidationError("Metric alarm periods must be 10, 20, 30, or a multiple of 60 seconds.")


def _alarm_put(backend: CloudWatchBackend, alarm: Alarm, *_: Any, **given: Any) -> Alarm:
    """A new alarm has no data yet; a changed one keeps its state and its history and ignores the tags given."""
    old, tags = backend.__dict__["replaced_alarms"].pop(alarm.name)
    if old is None:
        alarm.state_value = INITIAL
        _record(backend, alarm, "ConfigurationUpdate", f'Alarm "{alarm.name}" created', {"type": "Create"})
        return alarm
    for name in ("state_value", "state_reason", "state_reason_data", "state_updated_timestamp", "history"):
        setattr(alarm, name, getattr(old, name))
    if given.get("tags"):
        backend.tagger.delete_all_tags_for_resource(alarm.alarm_arn)
        backend.tagger.tag_resource(alarm.alarm_arn, backend.tagger.convert_dict_to_tags_input(tags))
    _record(backend, alarm, "ConfigurationUpdate", f'Alarm "{alarm.name}" updated', {"type": "Update"})
    return alarm


def put_composite_alarm(self: CloudWatchResponse) -> ActionResult:
    """Create or replace a composite alarm. Raises ValidationError for a rule that is malformed or names no alarm."""
    backend, rule = self.cloudwatch_backend, self._get_param("AlarmRule")
    _check_rule(backend, rule)
    _check_suppression(self)
    self.put_metric_alarm()
    alarm = backend.alarms[self._get_param("AlarmName")]
    for name in SUPPRESSION:
        setattr(alarm, name, self._get_param(name))
    _evaluate(backend, alarm)
    return EmptyResult()


def _check_rule(backend: CloudWatchBackend, rule: str) -> None:
    try:
        _alarm_rule.holds(rule, {})
    except ValueError as error:
        raise ValidationError(f"AlarmRule is not valid: {error}") from error
    named = set(_alarm_rule.alarms(rule))
    if len(rule) > LONGEST_RULE or len(named) > MOST_CHILDREN:
        raise ValidationError(f"AlarmRule takes {LONGEST_RULE} characters and {MOST_CHILDREN} alarms.")
    unknown = sorted(named - set(backend.alarms))
    if unknown:
        raise ValidationError(
            f"AlarmRule must not contain references to alarms that do not exist: {', '.join(unknown)}"
        )


def _check_suppression(response: CloudWatchResponse) -> None:
    """A suppressor exists, and has both of its periods, which nobody else has."""
    suppressor, *periods = (response._get_param(name) for name in SUPPRESSION)
    if suppressor and _alarm_name(suppressor) not in response.cloudwatch_backend.alarms:
        raise ValidationError(f"ActionsSuppressor must be an alarm that exists: {suppressor}")
    if any((period is None) is bool(suppressor) for period in periods):
        raise ValidationError(f"{' and '.join(SUPPRESSION[1:])} are required with ActionsSuppressor, and only with it.")


def _alarm_name(reference: str) -> str:
    return reference.split(":alarm:", 1)[-1]


def _evaluate(backend: CloudWatchBackend, alarm: Alarm) -> None:
    """Set a composite alarm to what its rule says of the alarms it names, and tell the composites above it."""
    value = "ALARM" if _alarm_rule.holds(str(alarm.rule), _states(backend)) else "OK"
    if value != alarm.state_value:
        backend.set_alarm_state(alarm.name, f"{alarm.rule} evaluates to {value}", "{}", value)


def _states(backend: CloudWatchBackend) -> dict[str, str]:
    return {alarm.name: alarm.state_value for alarm in backend.alarms.values()}


def _parents(backend: CloudWatchBackend, name: str) -> list[Alarm]:
    return [each for each in backend.alarms.values() if each.rule and name in _alarm_rule.alarms(each.rule)]


def _state_set(backend: CloudWatchBackend, _result: None, alarm_name: str, reason: str, *_: Any, **__: Any) -> None:
    alarm = backend.alarms[alarm_name]
    old = alarm.history[-1][3]
    alarm.StateTransitionedTimestamp = alarm.state_updated_timestamp  # type: ignore[attr-defined]
    data = {"oldState": {"stateValue": old}, "newState": {"stateValue": alarm.state_value, "stateReason": reason}}
    _record(backend, alarm, "StateUpdate", f"Alarm updated from {old} to {alarm.state_value}", data)
    if old != alarm.state_value:
        _act(backend, alarm)
    for parent in _parents(backend, alarm_name):
        _evaluate(backend, parent)


def _act(backend: CloudWatchBackend, alarm: Alarm) -> None:
    """Carry out what the new state asks for, and note for each action whether it worked."""
    for action in _alarm_actions.actions(alarm):
        problem = _alarm_actions.deliver(alarm, action)
        data = {"actionState": "Failed" if problem else "Succeeded", "notificationResource": action}
        failed = f'Failed to execute action {action}. Received error: "{problem}"'
        _record(backend, alarm, "Action", failed if problem else f"Successfully executed action {action}", data)


def _check_deletion(backend: CloudWatchBackend, alarm_names: list[str]) -> None:
    """DeleteAlarms takes 100 alarms, one of them composite, and deletes all or none."""
    if len(alarm_names) > 100:
        raise ValidationError("The collection AlarmNames must not have a size greater than 100.")
    missing = [name for name in alarm_names if name not in backend.alarms]
    if missing:
        raise ResourceNotFound(f"Alarms not found: {', '.join(missing)}")
    if sum(backend.alarms[name].rule is not None for name in alarm_names) > 1:
        raise ValidationError("At most one composite alarm can be deleted in one call.")
    _check_dependants(backend, alarm_names)
    for name in alarm_names:
        backend.tagger.delete_all_tags_for_resource(backend.alarms[name].alarm_arn)


def _check_dependants(backend: CloudWatchBackend, alarm_names: list[str]) -> None:
    """No alarm goes that a composite alarm, which stays, refers to or is suppressed by."""
    staying = [each for each in backend.alarms.values() if each.rule and each.name not in alarm_names]
    needed = {name for each in staying for name in _alarm_rule.alarms(each.rule or "")}
    needed |= {_alarm_name(getattr(each, SUPPRESSION[0], None) or "") for each in staying}
    if used := [name for name in alarm_names if name in needed]:
        them = "it" if len(used) == 1 else "them"
        raise ValidationError(f"Cannot delete {','.join(used)} as there are composite alarm(s) depending on {them}.")


def describe_alarms(self: CloudWatchResponse) -> ActionResult:
    """A page of the alarms that match every filter given; metric alarms only, unless AlarmTypes asks for others."""
    types = self._get_param("AlarmTypes") or ["MetricAlarm"]
    chosen = [each for each in _selected(self) if _kind(each) in types]
    ordered = sorted(chosen, key=lambda alarm: alarm.name)
    alarms, token = _page(self, ordered, 50)
    return ActionResult(
        {
            "MetricAlarms": [each for each in alarms if each.rule is None],
            "CompositeAlarms": [each for each in alarms if each.rule is not None],
            "NextToken": token,
        }
    )


def _selected(response: CloudWatchResponse) -> Iterable[Alarm]:
    get, backend = response._get_param, response.cloudwatch_backend
    names = _named(response, get("AlarmNames"))
    for alarm in backend.alarms.values():
        if (
            (names is None or alarm.name in names)
            and alarm.name.startswith(get("AlarmNamePrefix") or "")
            and get("StateValue") in (None, alarm.state_value)
            and _acts(alarm, get("ActionPrefix"))
        ):
            yield alarm


def _named(response: CloudWatchResponse, names: list[str] | None) -> set[str] | None:
    """The names to which AlarmNames, ChildrenOfAlarmName and ParentsOfAlarmName limit the answer; None is no limit."""
    child_of, parent_of = response._get_param("ChildrenOfAlarmName"), response._get_param("ParentsOfAlarmName")
    if child_of:
        return set(_alarm_rule.alarms(response.cloudwatch_backend.alarms[child_of].rule or ""))
    if parent_of:
        return {alarm.name for alarm in _parents(response.cloudwatch_backend, parent_of)}
    return set(names) if names else None


def _acts(alarm: Alarm, prefix: str | None) -> bool:
    actions = [*alarm.alarm_actions, *alarm.ok_actions, *alarm.insufficient_data_actions]
    return prefix is None or any(action.startswith(prefix) for action in actions)


def _page(response: CloudWatchResponse, items: Iterable[Any], default: int) -> tuple[list[Any], str | None]:
    limit = response._get_int_param("MaxRecords")
    if limit is not None and not 1 <= limit <= 100:
        raise ValidationError("The parameter MaxRecords must be between 1 and 100.")
    try:
        return page(items, limit, response._get_param("NextToken"), default)
    except ValueError as error:
        raise CloudWatchException("InvalidNextToken", "The next token specified is invalid.") from error


def describe_alarm_history(self: CloudWatchResponse) -> ActionResult:
    """A page of the history, newest first unless ScanBy says otherwise; of metric alarms, unless AlarmTypes says so."""
    types = self._get_param("AlarmTypes") or ["MetricAlarm"]
    wanted = {"AlarmName": self._get_param("AlarmName"), "HistoryItemType": self._get_param("HistoryItemType")}
    items = [
        item
        for item in _history(self.cloudwatch_backend)
        if item["AlarmType"] in types
        and all(value in (None, item[name]) for name, value in wanted.items())
        and _within(item["Timestamp"], self._get_param("StartDate"), self._get_param("EndDate"))
    ]
    descending = self._get_param("ScanBy") != "TimestampAscending"
    found, token = _page(self, reversed(items) if descending else items, 100)
    return ActionResult({"AlarmHistoryItems": found, "NextToken": token})


def _within(moment: Any, start: Any, end: Any) -> bool:
    return all(limit is None or sign * (moment - limit).total_seconds() >= 0 for limit, sign in ((start, 1), (end, -1)))


def _check_dashboard(response: CloudWatchResponse) -> None:
    """Refuse a name or body that PutDashboard refuses. Raises InvalidParameterValue or InvalidParameterInput."""
    name, body = response._get_param("DashboardName"), response._get_param("DashboardBody")
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,255}", name):
        raise InvalidParameterValue(f"The value {name} for parameter DashboardName is not valid.")
    try:
        document = json.loads(body)
    except ValueError as error:
        raise DashboardInvalidInputError("The field DashboardBody must be a valid JSON object") from error
    if not isinstance(document, dict) or not isinstance(document.get("widgets"), list):
        problem = json.dumps([{"dataPath": "", "message": "Should have required property 'widgets'"}])
        raise DashboardInvalidInputError(f"The dashboard body is invalid, there are 1 validation errors: {problem}")


def _tag_dashboard(response: CloudWatchResponse, result: ActionResult) -> ActionResult:
    backend, tags = response.cloudwatch_backend, response._get_param("Tags")
    if tags:
        backend.tagger.tag_resource(backend.dashboards[response._get_param("DashboardName")].arn, tags)
    return result


def tag_resource(self: CloudWatchBackend, arn: str, tags: dict[str, str]) -> None:
    """Tag an alarm, dashboard or rule. Raises ResourceNotFoundException."""
    _check_arn(self, arn)
    self.tagger.tag_resource(arn, self.tagger.convert_dict_to_tags_input(tags))


def untag_resource(self: CloudWatchBackend, arn: str, tag_keys: list[str]) -> None:
    """Remove tags; those that are not there don't matter. Raises ResourceNotFoundException."""
    _check_arn(self, arn)
    self.tagger.untag_resource_using_names(arn, tag_keys)


def _check_arn(backend: CloudWatchBackend, arn: str) -> None:
    arns = {each.alarm_arn for each in backend.alarms.values()} | {each.arn for each in backend.dashboards.values()}
    if arn not in arns | {rule.rule_arn for rule in backend.insight_rules.values()}:
        raise ResourceNotFoundException(f"Resource {arn} not found.")


def _forget_dashboards(backend: CloudWatchBackend, dashboards: list[str]) -> None:
    for name in set(dashboards) & set(backend.dashboards):
        backend.tagger.delete_all_tags_for_resource(backend.dashboards[name].arn)


def install() -> None:
    """Install into moto's CloudWatch."""
    before(CloudWatchBackend, "put_metric_alarm", _check_alarm)
    after(CloudWatchBackend, "put_metric_alarm", _alarm_put)
    after(CloudWatchBackend, "set_alarm_state", _state_set)
    before(CloudWatchBackend, "delete_alarms", _check_deletion)
    before(CloudWatchBackend, "delete_dashboards", _forget_dashboards)
    before(CloudWatchBackend, "list_tags_for_resource", _check_arn)
    add(CloudWatchBackend, tag_resource, untag_resource)
    before(CloudWatchResponse, "put_dashboard", _check_dashboard)
    after(CloudWatchResponse, "put_dashboard", _tag_dashboard)
    add(CloudWatchResponse, put_composite_alarm, describe_alarms, describe_alarm_history)
