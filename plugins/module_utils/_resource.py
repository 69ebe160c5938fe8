# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The contract of a resource kind, and the one loop that brings a set of resources to what is declared."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from . import _plan, _report, _tags, _wait
from ._errors import Failure, failure
from ._plan import Objection, Plan

Item = dict[str, Any]
WORKERS = 8


class Resource:
    """One kind of AWS resource: what is particular to it, as class attributes, and its calls."""

    kind: ClassVar[str]  #: CloudFormation type
    service: ClassVar[str]  #: botocore's service name
    plural: ClassVar[str]  #: option and return key with the whole set
    key: ClassVar[str] = "name"  #: item option that identifies a resource
    frozen: ClassVar[tuple[str, ...]] = ()  #: a change is refused
    replaceable: ClassVar[tuple[str, ...]] = ()  #: a change replaces the resource
    confirmable: ClassVar[tuple[str, ...]] = ()  #: of C(frozen), what replaces the resource that is confirmed by name
    confirmed_by: ClassVar[str] = ""  #: the variable that confirms, for advice; the module's option is below
    initial: ClassVar[tuple[str, ...]] = ()  #: used at creation, never compared
    sensitive: ClassVar[tuple[str, ...]] = ()  #: never shown
    computed: ClassVar[tuple[str, ...]] = ()  #: known after apply
    no_log: ClassVar[Mapping[str, bool]] = {}  #: option name to no_log
    constraints: ClassVar[Mapping[str, Any]] = {}  #: mutually_exclusive and the like
    taggable: ClassVar[bool] = True
    name_tag: ClassVar[bool] = False  #: AWS knows the name only as the tag Name
    deadline: ClassVar[float] = 60  #: seconds until a change must be visible

    def __init__(self, connect: Callable[..., Any], options: Mapping[str, Any]) -> None:
        self.connect = connect
        self.options = options

    @property
    def client(self) -> Any:
        return self.connect(self.service)

    @classmethod
    def identify(cls, item: Item) -> str:
        """The name of an item, by which C(observe) knows it too; pure."""
        return str(item[cls.key])

    def validate(self, item: Item) -> Iterable[str]:
        """Rules of one item that its types don't say, as sentences that begin with the option's name; pure."""
        return ()

    def desired(self, item: Item) -> Item:
        """The declared properties in the words of C(observe); pure. Tags are added by the loop."""
        return dict(item)

    def observe(self) -> dict[str, Item]:
        """What exists, by name: everything declared by name and everything ours by tag; reads only, in bulk.

        C(ready) false marks what AWS is still making: it is compared only where AWS already shows a value.
        """
        raise NotImplementedError

    def create(self, name: str, desired: Item) -> None:
        raise NotImplementedError

    def update(self, name: str, plan: Plan) -> None:
        raise NotImplementedError

    def delete(self, name: str, observed: Item) -> None:
        """Delete; already gone is success."""
        raise NotImplementedError

    def replace(self, name: str, plan: Plan) -> None:
        """Make it anew; a kind whose data have to come along does more."""
        self.delete(name, dict(plan.before or {}))
        self.create(name, dict(plan.after or {}))

    def confirmed(self, name: str) -> Collection[str]:
        """The frozen properties whose change may replace this resource; pure."""
        return self.confirmable if name == self.options.get("replacement_confirmed") else ()

    def objection(self, plan: Plan) -> Objection | None:
        """Why a plan is not carried out although no property is frozen, or a better reason than that one is; pure."""
        return None

    def let_be(self, name: str, observed: Item) -> str:
        """Why what exists stays as it is whatever is declared, for a person; empty where it does not; pure."""
        return ""

    def advice(self, plan: Plan) -> str:
        """What to do about a change of frozen properties; pure."""
        confirmable = self.confirmed_by and plan.options & set(self.frozen) <= set(self.confirmable)
        return _report.confirm(self.confirmed_by, plan.name) if confirmable else _report.PUT_BACK

    def released(self, observed: Item) -> Item:
        """What of a declared resource has to be written before what only pruning takes can go; pure."""
        return {}

    def effects(self, plan: Plan) -> Iterable[str]:
        """What a change brings about besides, such as C(needs reboot), in words of the plan; pure."""
        return ()

    def foreknown(self, plan: Plan) -> Item:
        """What of C(computed) is known before the resource is made; pure."""
        return {}

    def settle(self, plans: list[Plan]) -> None:
        """What can be done or waited for only when all of the set exist."""

    def owned(self, name: str, observed: Item) -> bool:
        """Whether pruning may take it: ours, and of this layer."""
        return _tags.owns(self.options["tags"], observed.get("tags") or {}, (*_tags.OWNER_TAGS, "Layer"))

    def prunes(self, name: str, observed: Item) -> bool:
        """Whether this run deletes what is declared no more."""
        asked = self.options.get("prune") or name in (self.options.get("retired") or ())
        return bool(asked) and self.owned(name, observed)

    def foreign(self, observed: Item) -> bool:
        """Whether what bears a declared name is not ours; it is refused unless it may be taken over."""
        return self.taggable and not _tags.owns(self.options["tags"], observed.get("tags") or {})

    def wanted(self) -> dict[str, Item]:
        """All declared items with their tags, by name; bare names where nothing but pruning is asked for."""
        bare = bool(self.options.get("only_prune"))
        return {self.identify(item): {} if bare else self._tagged(item) for item in self.options[self.plural]}

    def _tagged(self, item: Item) -> Item:
        desired = self.desired(item)
        if self.taggable:
            name = {"Name": self.identify(item)} if self.name_tag else {}
            desired["tags"] = {**name, **self.options["tags"], **(item.get("tags") or {})}
        return desired


@dataclass
class Outcome:
    """What a run found, did and could not do."""

    plans: list[Plan] = field(default_factory=list)
    done: list[Plan] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    resources: dict[str, Item] = field(default_factory=dict)


def decide(resource: Resource, wanted: Mapping[str, Item], observed: Mapping[str, Item]) -> list[Plan]:
    """A plan for each declared resource, then, when pruning, for each of ours that is declared no more."""
    if resource.options.get("only_prune"):
        wanted = {name: resource.released(observed[name]) if name in observed else {} for name in wanted}
    plans = [_decide(resource, name, desired, observed.get(name)) for name, desired in wanted.items()]
    gone = [name for name, found in observed.items() if name not in wanted and resource.prunes(name, found)]
    return plans + [_objected(resource, _plan.plan(name, None, observed[name])) for name in gone]


def _decide(resource: Resource, name: str, desired: Item, observed: Item | None) -> Plan:
    if observed is not None and (note := resource.let_be(name, observed)):
        return Plan(name, _plan.KEEP, observed, observed, note=note)
    if observed is not None and observed.get("ready") is False:
        desired = {key: value for key, value in desired.items() if observed.get(key) is not None}
    if observed is not None and not resource.options.get("adopt") and resource.foreign(observed):
        return Plan(name, _plan.REFUSE, observed, None)
    confirmed = set(resource.confirmed(name))
    frozen, replaceable = set(resource.frozen) - confirmed, confirmed.union(resource.replaceable)
    return _objected(resource, _plan.plan(name, desired, observed, frozen, replaceable, resource.initial))


def _objected(resource: Resource, plan: Plan) -> Plan:
    """The plan, or its refusal where its kind objects to it, or to keeping what is there."""
    objection = resource.objection(plan)
    return replace(plan, verb=_plan.REFUSE, objection=objection) if objection else plan


def reconcile(resource: Resource, check_mode: bool = False) -> Outcome:
    """Observe, decide, act concurrently, settle, observe again."""
    return together([resource], check_mode)[0]


def together(resources: Sequence[Resource], check_mode: bool = False) -> list[Outcome]:
    """The same for kinds of which each refers to those before it; what is refused of one keeps all as they are."""
    outcomes = [_decided(resource, check_mode) for resource in resources]
    if not check_mode and not any(outcome.failed for outcome in outcomes):
        act(resources, outcomes)
        for resource, outcome in zip(resources, outcomes, strict=True):
            outcome.resources.update(_settled(resource, outcome) if outcome.done else {})
    return outcomes


def _decided(resource: Resource, check_mode: bool) -> Outcome:
    """What a resource kind needs, with the refusals; nothing is done yet."""
    outcome = Outcome(plans=decide(resource, resource.wanted(), resource.observe()))
    outcome.resources = _report.planned(resource.computed, outcome.plans, resource.foreknown)
    if resource.options.get("only_prune"):
        verbs = (_plan.DELETE, _plan.UPDATE)
        outcome.plans = [plan for plan in outcome.plans if plan.verb in verbs or plan.objection]
    if not (check_mode and resource.options.get("report_refusals")):
        outcome.failed = _report.refusals(resource.frozen, resource.sensitive, outcome.plans, resource.advice)
    return outcome


def act(resources: Sequence[Resource], outcomes: Sequence[Outcome]) -> None:
    """Deletions first, so that names, ranges and priorities are free; what a later kind refers to goes at the end."""
    pairs = list(zip(resources, outcomes, strict=True))
    for resource, outcome in pairs[-1:]:
        _wave(resource, outcome, deleting=True)
    for resource, outcome in pairs:
        _wave(resource, outcome, deleting=False)
    for resource, outcome in reversed(pairs[:-1]):
        _wave(resource, outcome, deleting=True)


def _wave(resource: Resource, outcome: Outcome, deleting: bool) -> None:
    """The deletions of a kind, or all the rest; one failure hides no other outcome."""
    changing = [plan for plan in outcome.plans if plan.verb != _plan.KEEP]
    wave = [plan for plan in changing if (plan.verb == _plan.DELETE) is deleting]
    with ThreadPoolExecutor(WORKERS) as pool:
        results = list(pool.map(lambda plan: _carry_out(resource, plan), wave))
    outcome.failed += [error for error in results if error]
    outcome.done += [plan for plan, error in zip(wave, results, strict=True) if not error]


def _carry_out(resource: Resource, plan: Plan) -> Failure | None:
    try:
        if plan.verb == _plan.DELETE:
            resource.delete(plan.name, dict(plan.before or {}))
        if plan.verb == _plan.REPLACE:
            resource.replace(plan.name, plan)
        if plan.verb == _plan.CREATE:
            resource.create(plan.name, dict(plan.after or {}))
        if plan.verb == _plan.UPDATE:
            resource.update(plan.name, plan)
    except Exception as error:  # every outcome is collected; the module reports them all
        return failure(plan.name, plan.verb, error)
    return None


def _settled(resource: Resource, outcome: Outcome) -> dict[str, Item]:
    """Settle, then look until AWS shows what was done; what still differs then is a failure."""
    wanted = resource.wanted()
    left: list[Plan] = []
    observed: dict[str, Item] = {}

    def look() -> list[Plan]:
        observed.clear()
        observed.update(resource.observe())
        done = {plan.name for plan in outcome.done}
        left[:] = [plan for plan in decide(resource, wanted, observed) if plan.name in done and plan.verb != _plan.KEEP]
        return left

    try:
        resource.settle(outcome.done)
        _wait.until(look, lambda plans: not plans, "the declared state", resource.deadline, pause=2)
    except _wait.TimedOut:
        outcome.failed += [_report.unconverged(plan) for plan in left]
    except Exception as error:
        outcome.failed.append(failure(", ".join(plan.name for plan in outcome.done), "settle", error))
        return {}
    return {name: observed[name] for name in wanted if name in observed}
