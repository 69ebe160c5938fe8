# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a diagnosis finds: each with its evidence, what to do and the next command; how all of it is told; pure."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

BROKEN, WARNING, UNKNOWN, NOTE, OK = "broken", "warning", "unknown", "note", "ok"
#: Worst first; what comes after V(unknown) is no finding: a note is worth knowing, and the rest is in order.
SEVERITIES = (BROKEN, WARNING, UNKNOWN, NOTE, OK)
FOUND = (BROKEN, WARNING, UNKNOWN)
_LEAD, _WIDTH = 9, 140


class Finding(NamedTuple):
    """One thing that was looked at.

    C(check) is its name for programs, C(seen) what is so, C(evidence) what shows it, C(remedy) what to do,
    C(command) what to type next. C(subject) is filled in by whoever examines it.
    """

    check: str
    severity: str
    seen: str
    evidence: str = ""
    remedy: str = ""
    command: str = ""
    subject: str = ""


def ok(check: str, seen: str, evidence: str = "") -> Finding:
    return Finding(check, OK, seen, evidence)


def note(check: str, seen: str, evidence: str = "", remedy: str = "", command: str = "") -> Finding:
    return Finding(check, NOTE, seen, evidence, remedy, command)


def warning(check: str, seen: str, evidence: str, remedy: str, command: str) -> Finding:
    return Finding(check, WARNING, seen, evidence, remedy, command)


def broken(check: str, seen: str, evidence: str, remedy: str, command: str) -> Finding:
    return Finding(check, BROKEN, seen, evidence, remedy, command)


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """By severity, and in the order of the subjects within one."""
    return sorted(findings, key=lambda each: SEVERITIES.index(each.severity))


def counts(findings: Iterable[Finding]) -> dict[str, int]:
    """How many there are of each severity."""
    found = Counter(each.severity for each in findings)
    return {severity: found[severity] for severity in SEVERITIES}


def document(environment: str, subjects: Sequence[str], findings: Iterable[Finding]) -> dict[str, Any]:
    """C(build/<environment>/diagnosis.json): everything that was looked at, worst first."""
    listed = worst_first(findings)
    return {
        "environment": environment,
        "subjects": list(subjects),
        "findings": [each._asdict() for each in listed],
        "summary": counts(listed),
    }


def lines(finding: Finding) -> list[str]:
    """One finding for a person: how bad, of which subject and what; below it evidence, remedy, next command."""
    lead = f"{finding.severity.upper() if finding.severity == BROKEN else finding.severity:<{_LEAD}}"
    below = " " * _LEAD
    shown = _wrapped(f"{lead}{finding.subject}: ", f"{below}  ", finding.seen)
    for word, value in (("evidence", finding.evidence), ("remedy", finding.remedy)):
        shown += _wrapped(f"{below}{word:<9} ", below + " " * 10, value) if value else []
    return [*shown, f"{below}{'next':<9} {finding.command}"] if finding.command else shown


def _wrapped(lead: str, indent: str, value: str) -> list[str]:
    return textwrap.wrap(
        value,
        _WIDTH,
        initial_indent=lead,
        subsequent_indent=indent,
        break_on_hyphens=False,
        break_long_words=False,
    )


def examined(subjects: Iterable[str], findings: Iterable[Finding]) -> list[str]:
    """How many checks each subject had, such as C(database 34, cache 30)."""
    looked = Counter(each.subject for each in findings if each.severity != UNKNOWN)
    text = ", ".join(f"{subject} {looked[subject]}" for subject in subjects)
    return textwrap.wrap(f"Examined (checks): {text}", _WIDTH, subsequent_indent="  ")


def total(summary: Mapping[str, int]) -> str:
    """The last line; where nothing is wrong it says so."""
    if not any(summary[severity] for severity in FOUND):
        return f"Nothing found: {summary[OK]} checks are in order"
    listed = ", ".join(f"{summary[severity]} {severity}" for severity in FOUND)
    return f"Diagnosis: {listed}, {summary[OK]} in order"


def verdict(findings: Iterable[Finding]) -> str:
    """Why a run fails: what is broken, by subject; empty where nothing is. Warnings fail nothing."""
    number = Counter(each.subject for each in findings if each.severity == BROKEN)
    if not number:
        return ""
    listed = ", ".join(f"{subject} ({count})" for subject, count in number.items())
    return f"{sum(number.values())} broken: {listed}; the findings above say what to do"
