# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Health of what watches and steers: alarms, subscriptions, the lock of runs."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from . import _aws, _lock, _subscriptions
from ._health import SKIPPED, Check, Row, age, since
from ._preflight import FAILED, OK, WARNING, Connect, Options

#: The state of a row by the severity of an alarm, which is the topic that it tells; others wake nobody.
SEVERITIES = {"critical": FAILED, "warning": WARNING, "info": WARNING}
#: Alarms that a row names.
SHOWN = 5
#: Seconds after which a lock that is still held is odd.
LONG = 4 * 3600

Entry = Mapping[str, Any]


# Alarms


def look_alarms(connect: Connect, options: Options) -> list[Entry]:
    """Metric alarms and composite ones, each in AWS's words."""
    client, own = connect("cloudwatch"), {"AlarmNamePrefix": f"{options['name']}-"}
    kinds = {"MetricAlarm": "MetricAlarms", "CompositeAlarm": "CompositeAlarms"}
    return [
        entry
        for kind, key in kinds.items()
        for entry in _aws.pages(client, "describe_alarms", key, AlarmTypes=[kind], **own)
    ]


def judge_alarms(found: Sequence[Entry], options: Options) -> Iterable[Row]:
    """A row for each alarm that is on, or one that none is; and one for those that have seen nothing for long."""
    ringing = [each for each in found if each["StateValue"] == "ALARM"]
    yield from (_ringing_row(each, options) for each in sorted(ringing, key=severity_order))
    if not ringing:
        yield Row("Alarms", OK if found else FAILED, f"{len(found)} alarms, none is on", value=0, unit="on")
    yield from _blind_rows(found, options)


def severity(alarm: Entry) -> str:
    """Whom an alarm tells: the end of its topic's name; empty where it is none of ours; pure."""
    names = [arn.rpartition("-")[2] for arn in alarm.get("AlarmActions") or () if ":sns:" in arn]
    return next((each for each in SEVERITIES if each in names), "")


def severity_order(alarm: Entry) -> int:
    return [*SEVERITIES, ""].index(severity(alarm))


def _ringing_row(alarm: Entry, options: Options) -> Row:
    name, said = alarm["AlarmName"], severity(alarm)
    short = name.removeprefix(f"{options['name']}-")
    quiet = "" if alarm.get("ActionsEnabled", True) else ", its actions are off"
    moment = changed(alarm)
    reason = str(alarm.get("StateReason") or "no reason is given")
    words = f"{said or 'tells nobody itself'}, on for {age(since(moment))}{quiet}: {reason}"
    return Row(f"Alarm {short}", SEVERITIES.get(said, WARNING), words, "docs/runbooks/alarms.md says what to do")


def changed(alarm: Entry) -> datetime.datetime:
    """Since when it is in its state; an update without a transition moves only the other time; pure."""
    moment: datetime.datetime = alarm.get("StateTransitionedTimestamp") or alarm["StateUpdatedTimestamp"]
    return moment


def _blind_rows(found: Sequence[Entry], options: Options) -> Iterable[Row]:
    """Alarms without data for longer than they may be; the emulator's never have any."""
    limit = 60 * options["insufficient_minutes"]
    blind = [each for each in found if each["StateValue"] == "INSUFFICIENT_DATA" and since(changed(each)) > limit]
    names = sorted(each["AlarmName"].removeprefix(f"{options['name']}-") for each in blind)
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    if names and options["emulated"]:
        yield Row("Alarms without data", SKIPPED, f"{len(names)}: the embedded AWS evaluates none")
    elif names:
        words = f"{len(names)} for more than {age(limit)}: {', '.join(names[:SHOWN])}{more}"
        yield Row("Alarms without data", WARNING, words, "see whether their metrics still come", len(names), "alarms")


# Subscriptions


def look_subscriptions(connect: Connect, options: Options) -> list[dict[str, Any]]:
    return _subscriptions.subscriptions(connect, options["name"])


def judge_subscriptions(found: Sequence[Entry], options: Options) -> Iterable[Row]:
    """Who has yet to confirm, and whether anybody hears what is critical."""
    heard = [each for each in found if each["topic"] == "critical" and not each["pending"]]
    waiting = [f"{each['protocol']} {each['endpoint']} ({each['topic']})" for each in found if each["pending"]]
    if waiting:
        words = f"{len(waiting)} pending: {', '.join(waiting[:SHOWN])}"
        yield Row("Subscriptions", WARNING, words, _subscriptions.ADVICE, len(waiting), "pending")
    else:
        yield Row("Subscriptions", OK, f"{len(found)}, none is pending", value=0, unit="pending")
    if not heard:
        advice = "give monitoring_subscriptions_critical, and confirm; playbooks/notify_test.yml proves it"
        yield Row("Who is told", WARNING, "nobody hears what is critical", advice)


# Lock


class Held(NamedTuple):
    """Who holds the lock, what time it is by DynamoDB's clock, and whether there is a table."""

    holder: _lock.Holder | None
    now: int
    table: bool = True


def look_lock(connect: Connect, options: Options) -> Held:
    client, place = connect("dynamodb"), _lock.Place(options["lock_table"], options["lock_name"])
    nothing: dict[str, Any] = {}
    answer = _aws.absent_as(nothing, lambda: client.get_item(**_lock.reading(place)), _lock.NO_TABLE)
    if not answer:
        return Held(None, 0, False)
    return Held(_lock.holder(answer.get("Item")), _lock.service_time(answer))


def judge_lock(found: Held, options: Options) -> Iterable[Row]:
    """Held is a warning: a run goes on, or has died."""
    if not found.table:
        advice = "ansible-playbook playbooks/bootstrap.yml makes it"
        yield Row("Lock", WARNING, f"table {options['lock_table']} is not there", advice)
    elif found.holder is None:
        yield Row("Lock", OK, "is free")
    else:
        yield _held_row(found.holder, found.now, options)


def _held_row(holder: _lock.Holder, moment: int, options: Options) -> Row:
    held = moment - holder.since
    words = f"held by {_lock.who(holder)} since {_lock.clock(holder.since)}, {age(held)}: {holder.what}"
    command = f"ansible-playbook playbooks/force_unlock.yml {options['inventories']} -e force_unlock={holder.owner}"
    if holder.expires < moment:
        return Row("Lock", WARNING, f"stale, {words}", f"the next run takes it over; or {command}", held, "s")
    advice = f"wait for that run; if it is gone: {command}" if held > LONG else "wait for that run"
    return Row("Lock", WARNING, words, advice, held, "s")


CHECKS = (
    Check("alarms", "Alarms", "cloudwatch", look_alarms, judge_alarms),
    Check("subscriptions", "Subscriptions", "sns", look_subscriptions, judge_subscriptions),
    Check("lock", "Lock", "dynamodb", look_lock, judge_lock),
)
