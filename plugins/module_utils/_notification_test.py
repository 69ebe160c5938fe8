# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One message through every topic, and an alarm that goes off and is over, so that alerting is proven end to end."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from . import _aws, _status, _subscriptions, _tags, _wait
from ._discovery import Connect
from ._errors import failure

Result = dict[str, Any]

SEVERITIES = ("critical", "warning", "info")
#: The severity that the alarm tells.
ALARMED = "critical"
ALARM, OK = "ALARM", "OK"
REASON = "Somebody tests whether alarms get through"
METRICS = {"delivered": "NumberOfNotificationsDelivered", "failed": "NumberOfNotificationsFailed"}
#: How far back deliveries are counted, and the counts' step, in seconds.
WINDOW, STEP = 900, 60


def found(connect: Connect, name: str) -> Result:
    """What there is to be tested: the topics that exist, by severity, and who is told by them."""
    arns = [entry["TopicArn"] for entry in _aws.pages(connect("sns"), "list_topics", "Topics")]
    by_name = {arn.rpartition(":")[2]: arn for arn in arns}
    topics = {each: by_name[f"{name}-{each}"] for each in SEVERITIES if f"{name}-{each}" in by_name}
    return {"topics": topics, "subscriptions": _subscriptions.subscriptions(connect, name)}


# Messages


def publish(connect: Connect, topics: Mapping[str, str], name: str, message: str) -> dict[str, Result]:
    """One message through each topic: its id, or why it was not taken."""
    return {
        severity: _published(connect, arn, f"[{name}] {severity} test", message) for severity, arn in topics.items()
    }


def _published(connect: Connect, arn: str, subject: str, message: str) -> Result:
    try:
        answer = connect("sns").publish(TopicArn=arn, Subject=subject, Message=message)
    except Exception as error:  # the others are tried all the same; the module reports each
        return {"message_id": None, "problem": str(failure(arn.rpartition(":")[2], "publish", error))}
    return {"message_id": answer["MessageId"], "problem": ""}


def deliveries(connect: Connect, topics: Mapping[str, str]) -> dict[str, Result]:
    """What SNS has counted in the last quarter of an hour; null where it has counted nothing yet."""
    return {
        severity: {word: _counted(connect, arn.rpartition(":")[2], metric) for word, metric in METRICS.items()}
        for severity, arn in topics.items()
    }


def _counted(connect: Connect, topic: str, metric: str) -> int | None:
    now = datetime.datetime.now(datetime.UTC)
    points = connect("cloudwatch").get_metric_statistics(
        Namespace="AWS/SNS",
        MetricName=metric,
        Dimensions=[{"Name": "TopicName", "Value": topic}],
        StartTime=now - datetime.timedelta(seconds=WINDOW),
        EndTime=now,
        Period=STEP,
        Statistics=["Sum"],
    )["Datapoints"]
    return int(sum(point["Sum"] for point in points)) if points else None


# The alarm


def drill(connect: Connect, name: str, topic: str, tags: Mapping[str, Any], deadline: float) -> Result:
    """Make an alarm, let it go off and be over, and end it: what AWS says of each action, and its last state."""
    client, alarm = connect("cloudwatch"), f"{name}-notification-test"
    before = len(_actions(client, alarm))
    _make(client, alarm, topic, tags)
    try:
        for number, state in enumerate((ALARM, OK), start=1):
            client.set_alarm_state(AlarmName=alarm, StateValue=state, StateReason=REASON)
            _await_action(client, alarm, before + number, deadline)
        (shown,) = client.describe_alarms(AlarmNames=[alarm])["MetricAlarms"]
        said = [item["HistorySummary"] for item in _actions(client, alarm)[before:]]
        return {"name": alarm, "state": shown["StateValue"], "actions": said}
    finally:
        client.delete_alarms(AlarmNames=[alarm])


def _make(client: Any, alarm: str, topic: str, tags: Mapping[str, Any]) -> None:
    """On a metric that nobody writes; what is missing leaves the state as it was set."""
    client.put_metric_alarm(
        AlarmName=alarm,
        AlarmDescription=REASON,
        AlarmActions=[topic],
        OKActions=[topic],
        Namespace="UEX/NotificationTest",
        MetricName="NotificationTest",
        Dimensions=[{"Name": "Alarm", "Value": alarm}],
        Statistic="Maximum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=0,
        ComparisonOperator="GreaterThanThreshold",
        TreatMissingData="ignore",
        Tags=_tags.to_list(tags),
    )


def _actions(client: Any, alarm: str) -> list[dict[str, Any]]:
    """The history of the alarm's actions, oldest first; it outlives the alarm."""
    items = _aws.pages(client, "describe_alarm_history", "AlarmHistoryItems", AlarmName=alarm, HistoryItemType="Action")
    return sorted(items, key=lambda item: item["Timestamp"])


def _await_action(client: Any, alarm: str, number: int, deadline: float) -> None:
    """Raises TimedOut where AWS notes no further action in time."""
    _wait.until(
        lambda: _actions(client, alarm), lambda items: len(items) >= number, f"an action of {alarm}", deadline, pause=2
    )


# What came of it; pure


def silent(result: Mapping[str, Any]) -> list[str]:
    """Topics that nobody has confirmed to listen to."""
    heard = {each["topic"] for each in result["subscriptions"] if not each["pending"]}
    return [f"topic {each}: nobody has confirmed a subscription" for each in result["topics"] if each not in heard]


def problems(result: Mapping[str, Any]) -> list[str]:
    """What did not work, as sentences."""
    missing = [each for each in SEVERITIES if each not in result["topics"]]
    wrong = [f"topic {each}: is not there; make it with --tags monitoring" for each in missing]
    wrong += [each["problem"] for each in (result.get("messages") or {}).values() if each["problem"]]
    alarm = result.get("alarm")
    if alarm:
        wrong += [action for action in alarm["actions"] if not action.startswith("Successfully")]
        wrong += [] if alarm["state"] == OK else [f"{alarm['name']}: ended in {alarm['state']}, not in {OK}"]
    return wrong


def table(result: Mapping[str, Any]) -> list[str]:
    """All of it for a person, line by line."""
    rows = [_row(each, result) for each in result["topics"]]
    lines = ["Topics", *_status.columns([("topic", "message", "confirmed", "pending", "delivered", "failed"), *rows])]
    who = [
        (e["topic"], e["protocol"], e["endpoint"], "pending" if e["pending"] else "confirmed")
        for e in result["subscriptions"]
    ]
    lines += ["", "Subscriptions", *_status.columns(who or [("none", "", "", "")])]
    if result.get("alarm"):
        lines += ["", f"Alarm {result['alarm']['name']}", *(f"  {each}" for each in result["alarm"]["actions"])]
        lines += [f"  ended in {result['alarm']['state']}, and is deleted"]
    waiting = _subscriptions.pending(result["subscriptions"])
    return [*lines, "", _subscriptions.ADVICE] if waiting else lines


def _row(severity: str, result: Mapping[str, Any]) -> tuple[str, ...]:
    message = (result.get("messages") or {}).get(severity)
    counts = (result.get("deliveries") or {}).get(severity) or {}
    who: Sequence[Mapping[str, Any]] = [each for each in result["subscriptions"] if each["topic"] == severity]
    waiting = sum(1 for each in who if each["pending"])
    sent = "not sent" if message is None else (message["message_id"] or "refused")
    return severity, sent, str(len(who) - waiting), str(waiting), *_shown(counts)


def _shown(counts: Mapping[str, int | None]) -> Iterable[str]:
    """SNS counts minutes later."""
    return ("not yet" if counts.get(word) is None else str(counts[word]) for word in METRICS)
