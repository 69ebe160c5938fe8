# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _resource
from ansible_collections.uex.payments.plugins.module_utils._plan import UNKNOWN, Objection, Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Outcome, reconcile, together
from ansible_collections.uex.payments.tests.support.fake import TAGS, Refused, Thing, existing, thing


def verbs(outcome: Outcome) -> dict[str, str]:
    return {plan.name: plan.verb for plan in outcome.plans}


def done(outcome: Outcome) -> set[str]:
    return {plan.name for plan in outcome.done}


def codes(outcome: Outcome) -> dict[str, str]:
    return {error.name: error.code for error in outcome.failed}


def test_each_resource_gets_what_it_needs_and_nothing_else() -> None:
    store = {
        "same": existing(size=1),
        "other": existing(size=1),
        "stale": existing(engine=1),
        "gone": existing(size=1),
    }
    items = [thing("new", size=1), thing("same", size=1), thing("other", size=2), thing("stale", engine=2)]
    subject = Thing({"things": items, "prune": True}, store)
    outcome = reconcile(subject)
    expected = {"new": "create", "same": "keep", "other": "update", "stale": "replace", "gone": "delete"}
    assert verbs(outcome) == expected
    assert outcome.failed == []
    assert done(outcome) == {"new", "other", "stale", "gone"}
    assert sorted(subject.written()) == [
        ("create", "new"),
        ("create", "stale"),
        ("delete", "gone"),
        ("delete", "stale"),
        ("settle", "gone,new,other,stale"),
        ("update", "other"),
    ]
    assert set(outcome.resources) == {"new", "same", "other", "stale"}
    assert outcome.resources["new"]["thing_id"] == "id-new"


def test_check_mode_only_reads_and_says_how_things_would_be() -> None:
    subject = Thing({"things": [thing("new", size=1), thing("old", size=2)]}, {"old": existing(size=1, port=9)})
    outcome = reconcile(subject, check_mode=True)
    assert verbs(outcome) == {"new": "create", "old": "update"}
    assert (subject.written(), outcome.done) == ([], [])
    assert outcome.resources["new"]["thing_id"] == UNKNOWN
    assert outcome.resources["old"] == existing(size=2, port=9)


def test_nothing_to_do_calls_nothing_and_looks_once() -> None:
    subject = Thing({"things": [thing("a", size=1)]}, {"a": existing(size=1)})
    outcome = reconcile(subject)
    assert subject.calls == [("observe", "")]
    assert outcome.resources == {"a": existing(size=1)}


def test_deletions_come_before_creations() -> None:
    subject = Thing({"things": [thing("new", size=1)], "prune": True}, {"old": existing()})
    reconcile(subject)
    assert [verb for verb, _name in subject.written()] == ["delete", "create", "settle"]


@pytest.mark.parametrize("broken", ["create bad", "update bad", "delete bad"])
def test_one_failure_keeps_the_others(broken: str) -> None:
    items = [thing("good", size=1)] + ([thing("bad", size=1)] if "delete" not in broken else [])
    store = {} if "create" in broken else {"bad": existing(size=2)}
    subject = Thing({"things": items, "prune": True}, store)
    subject.broken = {broken: Refused("LimitExceeded")}
    outcome = reconcile(subject)
    assert done(outcome) == {"good"}
    (error,) = outcome.failed
    assert (error.name, error.verb, error.code) == ("bad", broken.split()[0], "LimitExceeded")
    assert "quota" in error.hint
    assert "good" in outcome.resources


def test_a_replacement_that_cannot_delete_creates_nothing() -> None:
    subject = Thing({"things": [thing("a", engine=2)]}, {"a": existing(engine=1)})
    subject.broken = {"delete a": Refused("DependencyViolation")}
    outcome = reconcile(subject)
    assert codes(outcome) == {"a": "DependencyViolation"}
    assert subject.written() == [("delete", "a")]


@pytest.mark.parametrize("check_mode", [True, False])
def test_a_frozen_change_is_refused_before_anything_is_done(check_mode: bool) -> None:
    items = [thing("a", zone="a"), thing("b", size=1)]
    subject = Thing({"things": items}, {"a": existing(zone="b")})
    outcome = reconcile(subject, check_mode)
    assert codes(outcome) == {"a": "Frozen"}
    assert "zone from 'b' to 'a'" in str(outcome.failed[0])
    assert subject.written() == []


class Keeper(Thing):
    """Its data come along when it is replaced, if that is confirmed; it objects to what is called so."""

    frozen = ("zone", "owner")
    confirmable = ("zone",)
    confirmed_by = "things_confirmed"

    def replace(self, name: str, plan: Plan) -> None:
        self._call("replace", name)
        self.store[name] = {**self.store[name], **(plan.after or {})}

    def objection(self, plan: Plan) -> Objection | None:
        return Objection("it is dear to somebody", "ask them") if (plan.before or {}).get("dear") else None


@pytest.mark.parametrize(
    ("changed", "confirmed", "codes", "hint"),
    [
        ({"zone": "b"}, "", {"a": "Frozen"}, "things_confirmed=a"),
        ({"zone": "b"}, "other", {"a": "Frozen"}, "things_confirmed=a"),
        ({"zone": "b", "owner": "y"}, "a", {"a": "Frozen"}, "delete the resource first"),
        ({"owner": "y"}, "", {"a": "Frozen"}, "delete the resource first"),
    ],
)
def test_a_frozen_change_says_whether_and_how_it_is_confirmed(
    changed: dict[str, Any], confirmed: str, codes: dict[str, str], hint: str
) -> None:
    options = {"things": [thing("a", **changed)], "replacement_confirmed": confirmed}
    subject = Keeper(options, {"a": existing(zone="a", owner="x")})
    outcome = reconcile(subject)
    assert {error.name: error.code for error in outcome.failed} == codes
    assert hint in outcome.failed[0].hint
    assert subject.written() == []


def test_a_confirmed_change_replaces_what_is_named_and_nothing_else() -> None:
    things = [thing("a", zone="b"), thing("new", zone="b")]
    subject = Keeper({"things": things, "replacement_confirmed": "a"}, {"a": existing(zone="a")})
    outcome = reconcile(subject)
    assert verbs(outcome) == {"a": "replace", "new": "create"}
    assert sorted(subject.written()) == [("create", "new"), ("replace", "a"), ("settle", "a,new")]
    assert reconcile(subject).done == []


@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize(
    "options",
    [
        {"things": [thing("a", size=2)]},
        {"things": [thing("a", size=1)]},
        {"things": [thing("a", zone="b")], "replacement_confirmed": "a"},
        {"things": [], "prune": True},
        {"things": [], "prune": True, "only_prune": True},
    ],
    ids=["changed", "kept", "replaced", "pruned", "only pruned"],
)
def test_what_its_kind_objects_to_is_refused_with_the_reason(options: dict[str, Any], check_mode: bool) -> None:
    subject = Keeper(options, {"a": existing(size=1, zone="a", dear=True)})
    (error,) = reconcile(subject, check_mode).failed
    assert (error.code, error.message, error.hint) == ("Refused", "it is dear to somebody", "ask them")
    assert subject.written() == []


@pytest.mark.parametrize("check_mode", [True, False])
def test_a_stranger_with_our_name_is_refused(check_mode: bool) -> None:
    stranger = {"thing_id": "id", "size": 1, "tags": {"Project": "other"}}
    subject = Thing({"things": [thing("a", size=1)]}, {"a": stranger})
    outcome = reconcile(subject, check_mode)
    assert codes(outcome) == {"a": "NotOurs"}
    assert "adopt: true" in str(outcome.failed[0])
    assert subject.written() == []


def test_a_stranger_is_adopted_when_told_so() -> None:
    subject = Thing({"things": [thing("a", size=1)], "adopt": True}, {"a": {"thing_id": "id", "size": 1, "tags": {}}})
    outcome = reconcile(subject)
    assert verbs(outcome) == {"a": "update"}
    assert subject.store["a"]["tags"] == TAGS


@pytest.mark.parametrize(
    ("prune", "tags", "goes"),
    [
        (False, TAGS, False),
        (True, TAGS, True),
        (True, {**TAGS, "Environment": "other"}, False),
        (True, {**TAGS, "Layer": "other"}, False),
        (True, {**TAGS, "ManagedBy": "hand"}, False),
        (True, {}, False),
        (True, None, False),
    ],
)
def test_prune_takes_only_what_is_ours_and_of_this_layer(prune: bool, tags: dict[str, str] | None, goes: bool) -> None:
    subject = Thing({"things": [], "prune": prune}, {"a": {"thing_id": "id", "tags": tags}})
    reconcile(subject)
    assert ("a" not in subject.store) is goes


def test_what_does_not_converge_is_a_failure_with_its_fields() -> None:
    subject = Thing({"things": [thing("a", size=2), thing("new", size=1)]}, {"a": existing(size=1)})
    subject.deaf = True
    outcome = reconcile(subject)
    assert codes(outcome) == {"a": "DidNotConverge", "new": "DidNotConverge"}
    assert "AWS still differs in size" in str(outcome.failed[0])


def test_a_deletion_that_stays_visible_is_a_failure() -> None:
    subject = Thing({"things": [], "prune": True}, {"a": existing()})
    subject.deaf = True
    assert codes(reconcile(subject)) == {"a": "DidNotConverge"}


def test_it_looks_until_aws_shows_the_change(monkeypatch: pytest.MonkeyPatch) -> None:
    subject = Thing({"things": [thing("a", size=2)]}, {"a": existing(size=1)})
    subject.deaf = True
    looks: list[bool] = []

    def until(check: Any, is_done: Any, *_arguments: Any, **_more: Any) -> Any:
        looks.append(is_done(check()))
        subject.store["a"]["size"] = 2
        looks.append(is_done(check()))

    monkeypatch.setattr(_resource._wait, "until", until)
    outcome = reconcile(subject)
    assert looks == [False, True]
    assert outcome.failed == []
    assert outcome.resources["a"]["size"] == 2


def test_a_settling_that_fails_is_reported_and_what_was_done_too() -> None:
    subject = Thing({"things": [thing("a", size=1)]})
    subject.broken = {"settle a": Refused("Throttling")}
    outcome = reconcile(subject)
    assert codes(outcome) == {"a": "Throttling"}
    assert done(outcome) == {"a"}
    assert outcome.resources["a"]["thing_id"] == UNKNOWN


def test_a_read_that_fails_is_an_error_and_nothing_is_done() -> None:
    subject = Thing({"things": [thing("a", size=1)]})
    subject.broken = {"observe": Refused("AccessDenied")}
    with pytest.raises(Refused):
        reconcile(subject)
    assert subject.written() == []


@pytest.mark.parametrize(
    ("observed", "verb"),
    [
        ({"ready": False}, "keep"),  # shows nothing of it yet
        ({"ready": False, "size": None}, "keep"),
        ({"ready": False, "size": 1}, "keep"),
        ({"ready": False, "size": 2}, "update"),
        ({"ready": False, "zone": "b"}, "refuse"),
        ({"ready": True}, "update"),
        ({}, "update"),
    ],
)
def test_what_aws_is_still_making_is_compared_where_it_shows(observed: dict[str, Any], verb: str) -> None:
    subject = Thing({"things": [thing("a", size=1, zone="a")]}, {"a": existing(**{"zone": "a", **observed})})
    assert verbs(reconcile(subject, check_mode=True)) == {"a": verb}


def test_tags_of_the_set_and_of_the_item_and_the_name() -> None:
    class Named(Thing):
        name_tag = True

    (wanted,) = Named({"things": [thing("a", tags={"Team": "x", "Layer": "own"})]}).wanted().values()
    assert wanted["tags"] == {"Name": "a", **TAGS, "Team": "x", "Layer": "own"}


def test_kinds_without_tags_get_none_and_are_never_strangers() -> None:
    class Bare(Thing):
        taggable = False

    subject = Bare({"things": [thing("a", size=1)]}, {"a": {"size": 1}})
    assert "tags" not in subject.wanted()["a"]
    assert verbs(reconcile(subject)) == {"a": "keep"}


def test_items_run_at_the_same_time() -> None:
    import threading

    together = threading.Barrier(2, timeout=5)

    class Meeting(Thing):
        def create(self, name: str, desired: dict[str, Any]) -> None:
            together.wait()  # breaks unless both creations are under way
            super().create(name, desired)

    assert reconcile(Meeting({"things": [thing("a"), thing("b")]})).failed == []


class Child(Thing):
    """A kind whose resources other kinds refer to; tells in which order all are written."""

    order: list[tuple[str, str, str]]

    def _call(self, verb: str, name: str) -> None:
        super()._call(verb, name)
        if verb in ("create", "update", "delete"):
            self.order.append((self.plural, verb, name))


class Parent(Child):
    plural = "parents"


def family(**options: Any) -> tuple[Child, Parent]:
    lower = Child({"things": [thing("a", size=2), thing("b")], **options}, {"a": existing(size=1), "x": existing()})
    upper = Parent({"parents": [thing("p", size=2), thing("q")], **options}, {"p": existing(size=1), "z": existing()})
    lower.order = upper.order = []
    return lower, upper


def test_what_a_later_kind_refers_to_comes_first_and_goes_last() -> None:
    family_of_two = family(prune=True)
    outcomes = together(family_of_two)
    kinds = [(kind, "delete" if verb == "delete" else "put") for kind, verb, _name in family_of_two[0].order]
    assert list(dict.fromkeys(kinds)) == [
        ("parents", "delete"),
        ("things", "put"),
        ("parents", "put"),
        ("things", "delete"),
    ]
    assert [done(outcome) for outcome in outcomes] == [{"a", "b", "x"}, {"p", "q", "z"}]


def test_of_several_kinds_a_refusal_keeps_all_and_a_failure_hides_nothing() -> None:
    lower, upper = family()
    upper.store["p"] = existing(size=1, tags={"Project": "shop"})
    outcomes = together([lower, upper])
    assert [codes(outcome) for outcome in outcomes] == [{}, {"p": "NotOurs"}]
    assert lower.order == []
    lower, upper = family()
    lower.broken["create b"] = Refused("LimitExceeded")
    outcomes = together([lower, upper])
    assert codes(outcomes[0]) == {"b": "LimitExceeded"}
    assert [done(outcome) for outcome in outcomes] == [{"a"}, {"p", "q"}]


def test_a_plan_of_several_kinds_writes_nothing() -> None:
    lower, upper = family(prune=True)
    outcomes = together([lower, upper], check_mode=True)
    assert [verbs(outcome) for outcome in outcomes] == [
        {"a": "update", "b": "create", "x": "delete"},
        {"p": "update", "q": "create", "z": "delete"},
    ]
    assert lower.order == []
