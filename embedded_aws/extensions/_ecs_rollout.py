# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ECS: the stages of a service deployment, and which one comes next. Pure: the time and what is true come as facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, NamedTuple

Settings = Mapping[str, Any]

PENDING, RECONCILE, CLEAN_UP, BAKE_TIME = "PENDING", "RECONCILE_SERVICE", "CLEAN_UP", "BAKE_TIME"
PRE_SCALE_UP, SCALE_UP, POST_SCALE_UP = "PRE_SCALE_UP", "SCALE_UP", "POST_SCALE_UP"
TEST_SHIFT, POST_TEST_SHIFT = "TEST_TRAFFIC_SHIFT", "POST_TEST_TRAFFIC_SHIFT"
PRE_SHIFT, SHIFT, POST_SHIFT = (
    *("PRE_PRODUCTION_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"),
    "POST_PRODUCTION_TRAFFIC_SHIFT",
)
SUCCESSFUL, STOP_REQUESTED, STOPPED = "SUCCESSFUL", "STOP_REQUESTED", "STOPPED"
ROLLBACK_REQUESTED, ROLLING_BACK = "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS"
ROLLED_BACK, ROLLBACK_FAILED = "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"

# The stages that pass while a service deployment is IN_PROGRESS, in their order.
STAGES = (
    *(RECONCILE, PRE_SCALE_UP, SCALE_UP, POST_SCALE_UP, TEST_SHIFT, POST_TEST_SHIFT, PRE_SHIFT, SHIFT, POST_SHIFT),
    *(BAKE_TIME, CLEAN_UP),
)
HOOKED = tuple(stage for stage in STAGES if stage not in (SCALE_UP, BAKE_TIME, CLEAN_UP))
PAUSED = tuple(stage for stage in HOOKED if stage not in (TEST_SHIFT, SHIFT))
# Alarms count from the first new task to the end of the bake time.
MONITORED = STAGES[STAGES.index(SCALE_UP) : STAGES.index(CLEAN_UP)]
ENDS = (SUCCESSFUL, STOPPED, ROLLED_BACK, ROLLBACK_FAILED)
# Every place in which a deployment can be held.
PLACES = (PENDING, *STAGES, STOP_REQUESTED, ROLLBACK_REQUESTED, ROLLING_BACK)
NO_CANDIDATE = "No rollback candidate was found to run the rollback."
AWAITING, ASKED, SUCCEEDED, FAILED, TIMED_OUT = "AWAITING_ACTION", "IN_PROGRESS", "SUCCEEDED", "FAILED", "TIMED_OUT"
LINEAR_DEFAULTS = {"stepPercent": 10.0, "stepBakeTimeInMinutes": 6}
CANARY_DEFAULTS = {"canaryPercent": 5.0, "canaryBakeTimeInMinutes": 10}


class Step(NamedTuple):
    """A stage, the percent of production traffic that the new revision has from there on, and minutes it lasts."""

    stage: str
    share: float | None = None
    minutes: float = 0


class Fault(NamedTuple):
    """Why a deployment fails, as in C(because ...); whether it is rolled back; what its event says, if not that."""

    because: str
    rollback: bool
    event: str = ""


@dataclass(frozen=True)
class Hook:
    """A hook met at a step: a Lambda function that was asked, or a pause that somebody has to end."""

    hook_id: str
    position: int
    stage: str
    target_type: str
    target_arn: str | None
    status: str
    expires_at: float
    timeout_action: str = "ROLLBACK"
    detail: str = ""


@dataclass(frozen=True)
class Facts:
    """What is true at a moment: seconds since 1970, how long stages and minutes last, where it is held, what failed."""

    now: float
    stage_seconds: float = 0
    minute_seconds: float = 0
    hold: tuple[str, ...] = ()
    ready: bool = True
    fault: Fault | None = None
    source: bool = True


@dataclass(frozen=True)
class Rollout:
    """How far a service deployment is: its steps, the present one's number, when it began, and all hooks met."""

    steps: tuple[Step, ...]
    entered: float
    position: int = 0
    hooks: tuple[Hook, ...] = ()
    reason: str = ""
    event: str = ""

    @property
    def step(self) -> Step:
        """The present step."""
        return self.steps[self.position]

    @property
    def stage(self) -> str:
        """The present step's stage."""
        return self.step.stage

    @property
    def status(self) -> str:
        """The service deployment's status in AWS's words."""
        return "IN_PROGRESS" if self.stage in STAGES else self.stage

    @property
    def over(self) -> bool:
        """Whether the deployment has ended, one way or the other."""
        return self.stage in ENDS

    @property
    def undone(self) -> bool:
        """Whether the deployment fails or failed."""
        return self.status not in (PENDING, "IN_PROGRESS", SUCCESSFUL)


def shifts(settings: Settings, first: bool) -> list[Step]:
    """The production shifts of a strategy; a first deployment has nothing to share the traffic with."""
    strategy = settings.get("strategy", "ROLLING")
    if strategy == "CANARY" and not first:
        canary = {**CANARY_DEFAULTS, **settings.get("canaryConfiguration", {})}
        return _shifts([canary["canaryPercent"], 100.0], canary["canaryBakeTimeInMinutes"])
    if strategy == "LINEAR" and not first:
        linear = {**LINEAR_DEFAULTS, **settings.get("linearConfiguration", {})}
        size = linear["stepPercent"]
        shares = [round(size * number, 1) for number in range(1, int(100 / size) + 2)]
        return _shifts([*(share for share in shares if share < 100), 100.0], linear["stepBakeTimeInMinutes"])
    return _shifts([100.0], 0)


def _shifts(shares: list[float], minutes: float) -> list[Step]:
    """Each share with the stage before it; the last one does not bake here."""
    distinct = [share for share, following in pairwise([*shares, None]) if share != following]
    pairs = [(Step(PRE_SHIFT), Step(SHIFT, share, 0 if share == 100 else minutes)) for share in distinct]
    return [step for pair in pairs for step in pair]


def steps(settings: Settings, first: bool, reconcile: bool) -> tuple[Step, ...]:
    """The steps of a deployment with this deploymentConfiguration.

    C(first) is without a revision to come from, C(reconcile) one that replaces a deployment in progress.
    """
    bake = Step(BAKE_TIME, minutes=settings.get("bakeTimeInMinutes") or 0)
    begin = (Step(PENDING), *([Step(RECONCILE)] if reconcile else []))
    scale = (Step(PRE_SCALE_UP), Step(SCALE_UP), Step(POST_SCALE_UP))
    if settings.get("strategy", "ROLLING") == "ROLLING":
        return (*begin, *scale, Step(CLEAN_UP, 100.0), bake, Step(SUCCESSFUL))
    traffic = (Step(TEST_SHIFT), Step(POST_TEST_SHIFT), *shifts(settings, first), Step(POST_SHIFT))
    return (*begin, *scale, *traffic, bake, Step(CLEAN_UP), Step(SUCCESSFUL))


def shown_stage(rollout: Rollout) -> str | None:
    """The stage as C(lifecycleStage) shows it: the last one passed, which has no word for the moment before a shift."""
    passed = [step.stage for step in rollout.steps[: rollout.position + 1] if step.stage in STAGES]
    return None if not passed else SHIFT if passed[-1] == PRE_SHIFT else passed[-1]


def shares(rollout: Rollout) -> tuple[float, float]:
    """Percent of the test and of the production traffic that the new revision has."""
    passed = rollout.steps[: rollout.position + 1]
    if any(step.stage == ROLLING_BACK for step in passed):
        return 0.0, 0.0
    test = 100.0 if any(step.stage == TEST_SHIFT for step in passed) else 0.0
    return test, next((step.share for step in reversed(passed) if step.share is not None), 0.0)


def seconds(step: Step, facts: Facts) -> float:
    """How long a step lasts at least."""
    return facts.stage_seconds + step.minutes * facts.minute_seconds


def is_held(step: Step, hold: tuple[str, ...]) -> bool:
    """Whether a step is held: by its stage, or by stage and share, such as C(PRODUCTION_TRAFFIC_SHIFT@10)."""
    return step.stage in hold or (step.share is not None and f"{step.stage}@{step.share:g}" in hold)


def open_hooks(rollout: Rollout) -> tuple[Hook, ...]:
    """The hooks of the present step that are not answered."""
    return tuple(h for h in rollout.hooks if h.position == rollout.position and h.status in (AWAITING, ASKED))


def answered(rollout: Rollout, hook: Hook) -> Rollout:
    """The same with another state of one of its hooks."""
    return replace(rollout, hooks=tuple(hook if h.hook_id == hook.hook_id else h for h in rollout.hooks))


def expired(rollout: Rollout, now: float) -> Rollout:
    """The same with open hooks timed out whose time is over."""
    for hook in open_hooks(rollout):
        if now >= hook.expires_at:
            rollout = answered(rollout, replace(hook, status=TIMED_OUT))
    return rollout


def hook_fault(rollout: Rollout) -> Fault | None:
    """The fault that the present step's hooks are, or None."""
    for hook in (h for h in rollout.hooks if h.position == rollout.position):
        if hook.status == FAILED:
            kind = "pause hook" if hook.target_type == "PAUSE" else "lifecycle hook(s)"
            return Fault(f"{hook.stage} {kind} {hook.detail}", rollback=True)
        if hook.status == TIMED_OUT and hook.timeout_action == "ROLLBACK":
            kind = "pause" if hook.target_type == "PAUSE" else "lifecycle"
            return Fault(f"{hook.stage} {kind} hook timed out.", rollback=True)
    return None


def failed(rollout: Rollout, fault: Fault, facts: Facts) -> Rollout:
    """The deployment on its way back, or to a stop where nothing asks for a rollback."""
    back = (ROLLBACK_REQUESTED, ROLLING_BACK, ROLLED_BACK if facts.source else ROLLBACK_FAILED)
    rest = back if fault.rollback else (STOP_REQUESTED, STOPPED)
    reason = f"Service deployment {'rolled back' if fault.rollback else 'stopped'} because {fault.because}"
    return replace(
        rollout,
        steps=(*rollout.steps[: rollout.position + 1], *map(Step, rest)),
        position=rollout.position + 1,
        entered=facts.now,
        reason=reason,
        event=fault.event or reason,
    )


def superseded(rollout: Rollout, now: float) -> Rollout:
    """The deployment ended by a newer one."""
    passed = (*rollout.steps[: rollout.position + 1], Step(STOPPED))
    reason = "Superseded by a newer deployment."
    return replace(rollout, steps=passed, position=len(passed) - 1, entered=now, reason=reason)


def blocked(rollout: Rollout, facts: Facts) -> bool:
    """Whether the present step waits for something else than its time."""
    unready = rollout.stage == SCALE_UP and not facts.ready
    return unready or is_held(rollout.step, facts.hold) or bool(open_hooks(rollout))


def advance(rollout: Rollout, facts: Facts) -> Rollout:
    """The same rollout, the next step, or the first one on its way back. At most one step is taken."""
    if rollout.over:
        return rollout
    rollout = expired(rollout, facts.now)
    fault = None if rollout.undone else hook_fault(rollout) or facts.fault
    if fault:
        return failed(rollout, fault, facts)
    due = rollout.entered + seconds(rollout.step, facts)
    if blocked(rollout, facts):  # its time does not run on while it waits
        return replace(rollout, entered=rollout.entered + max(0, facts.now - due))
    if facts.now < due:
        return rollout
    return replace(rollout, position=rollout.position + 1, entered=due)
