# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How an environment is examined: facts that are read once, checks that judge them, subjects that hold the checks.

A fact that can't be read is a finding of every subject that needs it, and ends nothing.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from . import _aws, _findings, _preflight
from ._errors import code_of, hint
from ._findings import Finding

Connect = Callable[..., Any]
#: What the inventory says, as the module's options, and C(region).
About = Mapping[str, Any]
Values = Mapping[str, Any]
Reader = Callable[["Facts"], Any]
Judge = Callable[[Values, About], Iterable[Finding]]


class Unread(Exception):
    """A fact that AWS didn't tell; the cause is its error."""

    def __init__(self, name: str, service: str, error: Exception) -> None:
        super().__init__(str(error))
        self.name, self.service, self.error = name, service, error


class Fact(NamedTuple):
    """What is read from AWS, mostly from one service, in words that stand in a sentence."""

    words: str
    service: str
    read: Reader


class Facts:
    """The facts of one environment, each read when it is first asked for, and once."""

    def __init__(self, connect: Connect, about: About, readers: Mapping[str, Fact]) -> None:
        self.connect, self.about, self._readers = connect, about, readers
        self._locks = {name: threading.Lock() for name in readers}
        self._found: dict[str, Any] = {}

    def __call__(self, name: str) -> Any:
        """The fact's value; Unread where it, or what it builds on, can't be read."""
        with self._locks[name]:
            if name not in self._found:
                self._found[name] = self._attempt(name)
        if isinstance(self._found[name], Unread):
            raise self._found[name]
        return self._found[name]

    def _attempt(self, name: str) -> Any:
        fact = self._readers[name]
        try:
            return fact.read(self)
        except Unread as error:
            return error
        except Exception as error:  # each fact on its own: what it is needed for is told by every subject
            return Unread(fact.words, fact.service, error)


class Check(NamedTuple):
    """What facts are judged, by C(judge), which is pure."""

    needs: tuple[str, ...]
    judge: Judge


class Subject(NamedTuple):
    """One part of the environment; C(words) say what is looked at."""

    name: str
    words: str
    checks: Sequence[Check]


def examine(facts: Facts, subjects: Iterable[Subject]) -> list[Finding]:
    """All findings, in the order of the subjects and of their checks."""
    listed = [(subject, check) for subject in subjects for check in subject.checks]
    wanted = sorted({name for _subject, check in listed for name in check.needs})
    _aws.concurrently(functools.partial(_warm, facts), wanted)
    found: list[Finding] = []
    for subject, check in listed:
        found += [each for each in _of_check(facts, subject, check) if each not in found]
    return found


def _warm(facts: Facts, name: str) -> None:
    try:
        facts(name)
    except Unread:  # kept, and told by the checks that need it
        return


def _of_check(facts: Facts, subject: Subject, check: Check) -> list[Finding]:
    try:
        values = {name: facts(name) for name in check.needs}
    except Unread as error:
        return [unread(error)._replace(subject=subject.name)]
    return [each._replace(subject=subject.name) for each in check.judge(values, facts.about)]


def unread(error: Unread) -> Finding:
    """The finding of what can't be read; a denied read names the right that is missing; pure."""
    code = code_of(error.error)
    if _preflight.is_denied(code):
        action = _preflight.missing_action(error.service, error.error)
        remedy = f"allow {action} to the role that diagnoses, or look by hand"
        return Finding("unreadable", _findings.UNKNOWN, f"{error.name} can't be read: {action} is denied", code, remedy)
    said = f"{code}: {_preflight.first_line(str(error.error))}"
    remedy = hint(code) or "mend the cause and run again"
    return Finding("unreadable", _findings.UNKNOWN, f"{error.name} can't be read", said, remedy)


def chosen(subjects: Sequence[Subject], names: Collection[str]) -> list[Subject]:
    """Those that were asked for, in their order; all where none was. ValueError names what there is none of; pure."""
    known = [each.name for each in subjects]
    strange = sorted(set(names) - set(known))
    if strange:
        raise ValueError(f"subject: there is no {', '.join(strange)}; there are {', '.join(known)}")
    return [each for each in subjects if not names or each.name in names]


# Commands that findings end with; pure


def site(about: About, layer: str) -> str:
    """What puts a layer back as the inventory says, shown first."""
    return f"ansible-playbook site.yml {about['inventories']} --tags {layer} --check"


def play(about: About, name: str, words: str = "") -> str:
    """Another playbook of the collection for the same environment."""
    return f"ansible-playbook playbooks/{name}.yml {about['inventories']}{' ' if words else ''}{words}"


def put_back(layer: str, what: str) -> str:
    """The remedy where the site restores what somebody changed."""
    return f"{what}; a run of {layer} puts it back: look at the plan, then run it without --check"


def aws(about: About, words: str) -> str:
    """A call with AWS's own client, to the environment's region, or to the emulator."""
    place = f" --endpoint-url {about['endpoint_url']}" if about.get("endpoint_url") else ""
    return f"aws {words} --region {about['region']}{place}"
