# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Diagnosis of the alarms: which are on, and where the runbook says what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ._diagnose import About, Check, Subject, Values, aws
from ._findings import BROKEN, WARNING, Finding, ok

RUNBOOK = "docs/runbooks/alarms.md"
_SECTION = re.compile(r"\S*runbooks/alarms\.md#[\w-]+")


def alarms(values: Values, about: About) -> Iterable[Finding]:
    """Those that are on; one that wakes somebody is broken, any other a warning."""
    for alarm in values["alarms"]["on"]:
        yield _alarm(alarm, about)
    if not values["alarms"]["on"]:
        yield ok("alarm", f"none of {values['alarms']['total']} alarms is on")


def _alarm(alarm: Mapping[str, Any], about: About) -> Finding:
    name, since = alarm["AlarmName"], alarm.get("StateUpdatedTimestamp") or "an unknown time"
    wakes = any(str(arn).endswith("-critical") for arn in alarm.get("AlarmActions") or [])
    section = _SECTION.search(alarm.get("AlarmDescription") or "")
    command = aws(about, f"cloudwatch describe-alarm-history --alarm-name {name} --max-records 5")
    evidence = f"since {since}: {alarm.get('StateReason') or 'no reason'}"
    remedy = f"the runbook: {section[0] if section else RUNBOOK}"
    return Finding("alarm", BROKEN if wakes else WARNING, f"alarm {name} is on", evidence, remedy, command)


SUBJECT = Subject("alarms", "alarms that are on, with their section of the runbook", (Check(("alarms",), alarms),))
