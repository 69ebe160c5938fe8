# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a role may do, by its own policies, its boundary and the policy of what it asks for; pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from . import _iam_decisions as iam
from ._diagnose import About
from ._iam_decisions import ALLOWED, DENIED, Policy, Request

Role = Mapping[str, Any]

RESOURCE = "the resource's policy"


class Answer(NamedTuple):
    """Whether the role may, and why; allowed under conditions that can't be told is allowed, and said so."""

    allowed: bool
    why: str


def request(role: Role, action: str, resource: str, about: About, **context: Any) -> Request:
    """A request of a role's tasks, with the condition keys that are always known."""
    account = str(role["arn"]).split(":")[4]
    known = {
        "aws:principalarn": role["arn"],
        "aws:principalaccount": account,
        "aws:principalisawsservice": "false",
        "aws:securetransport": "true",
        "aws:requestedregion": about["region"],
    }
    return Request(str(role["arn"]), action, resource, {**known, **context})


def may(role: Role, asked: Request, policy: Policy | None = None, both: bool = False) -> Answer:
    """Whether it may: nobody denies it, the boundary has it, and the role's policies or the resource's allow it.

    With C(both) each of them must, as with a key whose policy leaves the rest to IAM.
    """
    own, theirs = iam.decide(role["policies"], asked), iam.decide(_resource(policy), asked, True)
    boundary = role.get("boundary")
    limit = iam.decide({"the boundary": boundary}, asked) if boundary else iam.Decision(ALLOWED)
    what = f"{asked.action} on {asked.resource}"
    denied = next((each.by for each in (own, theirs, limit) if each.effect == DENIED), "")
    if denied:
        return Answer(False, f"{what} is denied by {denied}")
    if limit.effect != ALLOWED:
        return Answer(False, f"the boundary does not allow {what}")
    given = [each for each in (own, theirs) if each.effect == ALLOWED]
    if len(given) < 1 + both:
        return Answer(False, f"{_silent(own, theirs)} {what}")
    return Answer(True, f"{asked.action} is allowed by {given[0].by}{_doubts(role, asked, policy, given[0])}")


def _silent(own: iam.Decision, theirs: iam.Decision) -> str:
    """Who of both does not allow."""
    if own.effect != ALLOWED:
        return "no policy of the role allows" if theirs.effect == ALLOWED else "no policy allows"
    return f"{RESOURCE} does not allow"


def _resource(policy: Policy | None) -> dict[str, Policy]:
    return {RESOURCE: policy} if policy else {}


def _doubts(role: Role, asked: Request, policy: Policy | None, given: iam.Decision) -> str:
    """What depends on conditions that can't be told from here."""
    denies = [*iam.perhaps_denied(role["policies"], asked), *iam.perhaps_denied(_resource(policy), asked, True)]
    told = " under conditions that can't be told from here" if given.unknown else ""
    return f"{told}; under such conditions {', '.join(denies)} denies it" if denies else told


def trusts(role: Role, service: str, **context: Any) -> Answer:
    """Whether an AWS service may assume the role."""
    asked = Request(service, "sts:AssumeRole", "", context)
    decision = iam.decide({"the trust policy": role["trust"]}, asked, True)
    if decision.effect == ALLOWED:
        return Answer(True, f"{service} is let in by {decision.by}")
    verb = "denies" if decision.effect == DENIED else "doesn't let in"
    return Answer(False, f"the trust policy {verb} {service}")
