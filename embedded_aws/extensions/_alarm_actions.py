# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whether an alarm's message gets through to a topic, by the topic's policy and by its key's, and its delivery."""

from __future__ import annotations

import fnmatch
import json
from collections.abc import Mapping

from moto.cloudwatch.models import Alarm
from moto.kms.models import kms_backends
from moto.sns.models import Topic, sns_backends

from . import _policy

SERVICE = "cloudwatch.amazonaws.com"
TOPIC = ":sns:"


def actions(alarm: Alarm) -> list[str]:
    """What the alarm's state asks for; nothing while its actions are switched off."""
    by_state = {"ALARM": alarm.alarm_actions, "OK": alarm.ok_actions}
    enabled = str(alarm.actions_enabled).lower() != "false"
    return list(by_state.get(alarm.state_value, alarm.insufficient_data_actions) or []) if enabled else []


def deliver(alarm: Alarm, action: str) -> str:
    """Publish to the topic: why that failed, empty where it did not. Other actions are nobody's here."""
    if TOPIC not in action:
        return ""
    region, account = action.split(":")[3:5]
    topic = sns_backends[account][region].topics.get(action)
    if topic is None:
        return "Topic does not exist"
    context = {"aws:sourceaccount": account, "aws:sourceowner": account, "aws:sourcearn": str(alarm.alarm_arn)}
    if not _granted(topic.policy, "sns:Publish", context):
        return f"User: {SERVICE} is not authorized to perform: SNS:Publish on resource: {action}"
    if topic.kms_master_key_id and not _usable(topic, context):
        return "CloudWatch Alarms does not have authorization to access the SNS topic encryption key."
    topic.publish(_message(alarm), subject=f'{alarm.state_value}: "{alarm.name}"')
    return ""


def _usable(topic: Topic, context: Mapping[str, str]) -> bool:
    """AWS's own key for SNS lets nobody else in."""
    region, account = topic.arn.split(":")[3:5]
    key_id = topic.kms_master_key_id.rpartition("/")[2]
    key = kms_backends[account][region].keys.get(key_id)
    given = {**context, "kms:encryptioncontext:aws:sns:topicarn": topic.arn}
    wanted = ("kms:Decrypt", "kms:GenerateDataKey")
    return key is not None and key.enabled and all(_granted(key.policy, action, given) for action in wanted)


def _granted(policy: str, action: str, context: Mapping[str, str]) -> bool:
    return any(
        _policy.allows(each, action) and _named(each) and _fulfilled(each, context)
        for each in _policy.statements(policy)
    )


def _named(statement: _policy.Statement) -> bool:
    return SERVICE in _policy.principals(statement, "Service") or "*" in _policy.principals(statement)


def _fulfilled(statement: _policy.Statement, context: Mapping[str, str]) -> bool:
    """Whether all conditions hold; one on something that such a request does not carry never does."""
    return all(
        key.lower() in context
        and any(fnmatch.fnmatchcase(context[key.lower()], str(value)) for value in _policy.values(values))
        for keys in (statement.get("Condition") or {}).values()
        for key, values in keys.items()
    )


def _message(alarm: Alarm) -> str:
    told = {
        "AlarmName": alarm.name,
        "AlarmDescription": alarm.description,
        "NewStateValue": alarm.state_value,
        "NewStateReason": alarm.state_reason,
        "AlarmArn": alarm.alarm_arn,
    }
    return json.dumps(told)
