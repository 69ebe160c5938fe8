# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Deploy services or roll them back, stage by stage, with short calls of the module of the same name."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Sequence
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from ansible_collections.uex.payments.plugins.module_utils import _deploy_news, _deploy_plan, _release, _status, _wait
from ansible_collections.uex.payments.plugins.module_utils._deploy_news import Outcome
from ansible_collections.uex.payments.plugins.plugin_utils import live_line, lock
from ansible_collections.uex.payments.plugins.plugin_utils.in_process import run_module

Step = dict[str, Any]
Outcomes = dict[str, Outcome]

MODULE = "uex.payments.stack_deploy"
PAUSE = 5.0
SHOW_EVERY = 60.0
IDLE = "No changes: what is meant runs already."
GOES_ON = "ECS goes on with what was begun; playbooks/releases.yml says how it ends"
NOT_LOCKED = "stack_deploy: this run holds no lock; take it first (uex.payments.stack_lock)"


class Stopped(Exception):
    """A call failed; the argument is its result."""


class ActionModule(ActionBase):
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        base: dict[str, Any] = super().run(tmp, task_vars)
        self._vars, self._begun = task_vars or {}, time.monotonic()
        self._actions: list[dict[str, Any]] = []
        self._seen: dict[str, _Seen] = {}
        try:
            result = self._carried_out()
        except Stopped as stopped:
            goes_on = f". {GOES_ON}" if self._actions else ""
            result = {"failed": True, "msg": f"{stopped.args[0].get('msg')}{goes_on}"}
        changed = bool(self._actions) or bool(result.get("outcomes"))
        idle = {} if result.get("failed") else {"idle": IDLE}
        about = {"run": {**self._task.args["environment"], **idle}} if self._task.args.get("environment") else {}
        return {**base, "changed": changed, "actions": self._actions, "table": [], **about, **result}

    def _carried_out(self) -> dict[str, Any]:
        found = self._planned()
        for note in found["notes"]:
            self._display.warning(note)
        self._tell(_status.columns(_deploy_plan.table(found["steps"])))
        if found["problems"]:
            raise Stopped({"msg": f"Nothing was done: {'; '.join(found['problems'])}"})
        if self._task.check_mode:
            self._actions = [action for step in found["steps"] for action in _deploy_plan.actions(step)]
            stops = any(step["act"] == _deploy_plan.STOP for step in found["steps"])
            return {"steps": found["steps"], "changed": stops or bool(self._actions)}
        return self._stopped_first(found["steps"]) or self._in_stages(found["steps"])

    def _stopped_first(self, steps: list[Step]) -> dict[str, Any]:
        """Where a release is named, what is in progress is taken back before it is deployed; nothing where none is."""
        stops = [step for step in steps if step["act"] == _deploy_plan.STOP]
        if not (stops and self._task.args.get("release")):
            return {}
        result = self._in_stages(stops)
        return result if result.get("failed") else self._carried_out()

    def _planned(self) -> dict[str, Any]:
        """The plan; with C(wait) as soon as no deployment is in progress any more."""

        def in_progress(found: dict[str, Any]) -> bool:
            going = [problem for problem in found["problems"] if " is in progress: " in problem]
            return bool(going and self._task.args.get("wait") and not self._task.check_mode and self._awaits(going))

        return _wait.until(
            lambda: self._call("plan"), lambda found: not in_progress(found), "its turn", math.inf, PAUSE
        )

    def _awaits(self, going: list[str]) -> bool:
        live_line.announce(self._display, [each.partition(". ")[0] for each in going], self._seconds)
        return True

    # Stages

    def _in_stages(self, steps: list[Step]) -> dict[str, Any]:
        """One stage after the other, until one fails; the result with what became of each service."""
        backwards = self._task.args.get("verb") == _release.ROLLBACK
        groups = _deploy_plan.stages(steps, backwards)
        outcomes: Outcomes = {}
        left = [step["name"] for group in groups for step in group]
        for number, group in enumerate(groups, 1):
            names = [step["name"] for step in group]
            self._tell([f"stage {number} of {len(groups)}: {', '.join(names)}"])
            left = [name for name in left if name not in names]
            outcomes |= self._stage(group)
            if any(outcomes[name].result != _release.SUCCEEDED for name in names):
                break
        else:
            left = []
        return self._concluded(steps, outcomes, left)

    def _stage(self, steps: list[Step]) -> Outcomes:
        """Begin the steps of one stage, follow them to their ends, and note these."""
        since = time.monotonic()
        stops = [step for step in steps if step["act"] == _deploy_plan.STOP]
        begins = [step for step in steps if step["act"] != _deploy_plan.STOP]
        if stops:
            self._call("stop", steps=stops)
        begun = self._call("begin", steps=begins, run=_run())["steps"] if begins else []
        self._actions += [action for step in begun if not step.get("error") for action in _deploy_plan.actions(step)]
        outcomes = self._follow([*stops, *begun], since)
        named = {name: outcome._asdict() for name, outcome in outcomes.items()}
        self._call("end", steps=[*stops, *begun], outcomes=named)
        return outcomes

    def _concluded(self, steps: list[Step], outcomes: Outcomes, left: list[str]) -> dict[str, Any]:
        why = _deploy_news.verdict(outcomes, left)
        if why and self._task.args.get("on_failure") == "rollback":
            outcomes |= self._undone([name for name, each in outcomes.items() if each.result == _release.SUCCEEDED])
        table = _status.columns(_deploy_news.table(steps, outcomes))
        named = {name: outcome._asdict() for name, outcome in outcomes.items()}
        return {"steps": steps, "outcomes": named, "table": table, **({"failed": True, "msg": why} if why else {})}

    def _undone(self, names: list[str]) -> Outcomes:
        """Roll back what went well, as another service failed."""
        if not names:
            return {}
        self._tell([f"rolled back too: {', '.join(names)}"])
        found = self._call("plan", verb=_release.ROLLBACK, service=names, release="")
        self._tell(found["problems"])
        undone: Outcomes = {}
        for group in _deploy_plan.stages(found["steps"], backwards=True):
            undone |= self._stage([{**step, "verb": _release.ROLLBACK} for step in group])
        return {name: _undone(each) for name, each in undone.items()}

    # Following

    def _follow(self, steps: list[Step], begun: float) -> Outcomes:
        """Look until every step has ended; what AWS has refused to begin has ended already."""
        outcomes = {step["name"]: Outcome(_release.FAILED, step["error"], 0.0) for step in steps if step.get("error")}
        pending = [step for step in steps if not step.get("error")]
        self._seen = {step["name"]: _Seen(begun) for step in pending}

        def look() -> list[Step]:
            looks = self._call("look", steps=pending)["looks"] if pending else {}
            for step in list(pending):
                found = self._judged(step, looks[step["name"]], time.monotonic() - begun)
                if found:
                    outcomes[step["name"]] = found
                    pending.remove(step)
            live_line.await_in_line(self._display, [f"{s['name']}: {looks[s['name']]['words']}" for s in pending])
            return pending

        _wait.until(look, lambda rest: not rest, "the end of all deployments", math.inf, PAUSE)
        return outcomes

    def _judged(self, step: Step, now: dict[str, Any], seconds: float) -> Outcome | None:
        """What became of a step, if it has ended; one without hope is taken back."""
        name, seen = step["name"], self._seen[step["name"]]
        self._tell(seen.lines(name, now, self._task.args.get("approve", "")))
        found = _deploy_news.outcome(step, now, seconds)
        if found is None and step["act"] != _deploy_plan.STOP and not seen.taken_back:
            patience = 60.0 * int(self._task.args.get("timeout", 15))
            seen.taken_back = _deploy_news.hopeless(now, seen.unchanged, patience)
            if seen.taken_back:
                self._tell([f"{name}: {seen.taken_back}; ECS is asked to take the deployment back"])
                self._call("stop", steps=[step])
        if found:
            self._tell([f"{name}: {found.result} after {_release.took(seconds)}"])
        taken_back = found and found.result != _release.SUCCEEDED and seen.taken_back
        return found._replace(reason=f"{seen.taken_back}; {found.reason}") if found and taken_back else found

    # Calls

    @property
    def _seconds(self) -> float:
        return time.monotonic() - self._begun

    def _call(self, step: str, steps: Sequence[Step] = (), **more: Any) -> dict[str, Any]:
        verb = {"verb": steps[0]["verb"]} if steps and "verb" in steps[0] else {}
        options = {**self._task.args, "step": step, "steps": [*steps], **verb, **more}
        result = run_module(self, self._vars, MODULE, options)
        if result.get("failed"):
            raise Stopped(result)
        return result

    def _tell(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._display.display(f"       {live_line.clock(self._seconds)}  {line.strip()}")


class _Seen:
    """What was seen of a service last, and since when it is as it is."""

    def __init__(self, begun: float) -> None:
        self.look: dict[str, Any] = {}
        self.taken_back = ""
        self._since = self._stage_since = self._told = begun

    @property
    def unchanged(self) -> float:
        """For how many seconds its words have been the same."""
        return time.monotonic() - self._since

    def lines(self, name: str, now: dict[str, Any], approve: str) -> list[str]:
        """What is new, or once a minute what it still waits for."""
        clock = time.monotonic()
        found = _deploy_news.news(name, self.look, now, clock - self._stage_since, approve)
        if now["words"] != self.look.get("words") or now["tasks"] != self.look.get("tasks"):
            self._since = clock
        if now["stage"] != self.look.get("stage"):
            self._stage_since = clock
        if not found and clock - self._told >= SHOW_EVERY:
            found = [f"{name}: {now['words']}, for {self.unchanged:.0f} s"]
        self._told = clock if found else self._told
        self.look = now
        return found


def _run() -> dict[str, str]:
    """Under which id this run is recorded, and whose it is."""
    keeper = lock.keeper()
    if keeper is None or keeper.fence is None:
        raise AnsibleActionFail(NOT_LOCKED)
    user, _at, host = keeper.owner.user.partition("@")
    return {"id": keeper.run_id, "user": user, "host": host}


def _undone(outcome: Outcome) -> Outcome:
    """A rollback that went well is no success of the deploy that it undid."""
    if outcome.result != _release.SUCCEEDED:
        return outcome
    return outcome._replace(result=_release.ROLLED_BACK, reason="another service failed")
