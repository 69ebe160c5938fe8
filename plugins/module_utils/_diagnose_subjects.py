# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The subjects of a diagnosis in the order in which a person at night would go, and the whole of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from . import (
    _diagnose,
    _diagnose_alarms,
    _diagnose_balancer,
    _diagnose_cache,
    _diagnose_cost,
    _diagnose_credentials,
    _diagnose_database,
    _diagnose_images,
    _diagnose_nat,
    _diagnose_outside,
    _diagnose_role,
    _diagnose_state,
    _diagnose_tasks,
)
from ._diagnose_readers import READERS
from ._findings import UNKNOWN, Finding

SUBJECTS = (
    _diagnose_credentials.SUBJECT,
    _diagnose_state.SUBJECT,
    _diagnose_alarms.SUBJECT,
    _diagnose_balancer.SUBJECT,
    _diagnose_tasks.SUBJECT,
    _diagnose_images.SUBJECT,
    _diagnose_role.SUBJECT,
    _diagnose_outside.SUBJECT,
    _diagnose_database.SUBJECT,
    _diagnose_cache.SUBJECT,
    _diagnose_nat.SUBJECT,
    _diagnose_cost.SUBJECT,
)
NAMES = tuple(each.name for each in SUBJECTS)


def diagnosed(connect: _diagnose.Connect, about: _diagnose.About, names: Collection[str]) -> list[Finding]:
    """The findings of the subjects of these names, all where none is given; the credentials always come first.

    Where these don't work, or are of another account, nothing else is looked at: it would seem to be gone.
    """
    first, *others = _chosen(names)
    facts = _diagnose.Facts(connect, about, READERS)
    found = _diagnose.examine(facts, [first])
    blind = _diagnose_credentials.blind(found)
    if blind:
        return [*(each for each in found if each.severity != UNKNOWN), blind._replace(subject=first.name)]
    return [*found, *_diagnose.examine(facts, others)]


def _chosen(names: Collection[str]) -> list[_diagnose.Subject]:
    return _diagnose.chosen(SUBJECTS, {_diagnose_credentials.SUBJECT.name, *names} if names else ())


def examined(findings: Iterable[Finding], names: Collection[str]) -> list[str]:
    """The subjects that were examined: those that were asked for, unless the credentials kept them out of sight."""
    listed = _chosen(names)
    lost = _diagnose_credentials.blind(findings)
    return [each.name for each in (listed[:1] if lost else listed)]
