# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A run that changes something, as three see it: the plan ahead of it, its own report, and the calls that it made."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple

from ansible_collections.uex.payments.tests.site import account, marks, resources
from ansible_collections.uex.payments.tests.site.calls import Action, Resource, changes
from ansible_collections.uex.payments.tests.site.playbook import CHECK, SITE, Run, Site


class Deed(NamedTuple):
    """A run, what its calls did, what it brought about besides, and what the account holds twice after it."""

    run: Run
    called: set[Action]
    marks: set[marks.Mark]
    doubled: list[Resource]


class Witness(NamedTuple):
    """A plan with the mutating calls it made, and the deed that followed it."""

    plan: Run
    mutations: list[str]
    deed: Deed


def deed(site: Site, playbook: str, environment: str, *arguments: str, **variables: Any) -> Deed:
    """Run a playbook between two looks at the account."""
    clients = account.connect(site.endpoint)
    before, marked, begun = resources.read(clients), marks.read(clients), len(site.calls())
    run = site.play(playbook, environment, *arguments, **variables)
    after, called = resources.read(clients), site.calls(begun)
    brought = marks.brought_about(marked, marks.read(clients))
    return Deed(run, changes(called, before, after), brought, resources.doubled(after))


def witness(site: Site, environment: str, *arguments: str, playbook: str = SITE, **variables: Any) -> Witness:
    """Plan, then do."""
    begun = len(site.calls())
    plan = site.play(playbook, environment, CHECK, *arguments, **variables)
    mutations = site.mutations(begun)
    return Witness(plan, mutations, deed(site, playbook, environment, *arguments, **variables))


def disagreements(**sets: AbstractSet[Action]) -> list[str]:
    """What one of three sets has and the next hasn't, around the circle, each with both names; pure."""
    names = list(sets)
    pairs = zip(names, [*names[1:], names[0]], strict=True)
    return [
        f"{one}, not {other}: {' '.join(action)}" for one, other in pairs for action in sorted(sets[one] - sets[other])
    ]
