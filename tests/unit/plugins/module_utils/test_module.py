# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from ansible.module_utils.testing import patch_module_args

from ansible_collections.uex.payments.plugins.module_utils import _module
from ansible_collections.uex.payments.plugins.module_utils._options import missing
from ansible_collections.uex.payments.plugins.module_utils._plan import SENSITIVE, UNKNOWN
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Outcome, reconcile
from ansible_collections.uex.payments.tests.support.fake import TAGS, Refused, Thing, existing, thing

DOCUMENTATION = """
options:
  things:
    description: The things.
    type: list
    elements: dict
    required: true
    suboptions:
      name: {description: Its name., type: str, required: true}
      size: {description: In GB., type: int, default: 1}
      zone: {description: Where., type: str}
      secret: {description: Never shown., type: str}
  parent: {description: What they belong to., type: str}
"""
OTHERS = """
  others:
    description: What refers to things.
    type: list
    elements: dict
    default: []
    suboptions:
      name: {description: Its name., type: str, required: true}
      size: {description: In GB., type: int, default: 1}
"""
CANARY = "canary-in-a-coal-mine"

Play = Callable[..., dict[str, Any]]


class Local(Thing):
    """A thing as a module has it: made from the connection and the task's options, on one account for all."""

    no_log: ClassVar[dict[str, bool]] = {"secret": True}
    account: ClassVar[dict[str, Item]] = {}
    failing: ClassVar[dict[str, Exception]] = {}
    made: ClassVar[list[Local]] = []

    def __init__(self, connect: Callable[[str], Any], options: dict[str, Any]) -> None:
        super().__init__(options, self.account)
        self.broken = self.failing
        self.made.append(self)


class Other(Local):
    """A second kind of the same module."""

    kind = "AWS::Test::Other"
    plural = "others"
    account: ClassVar[dict[str, Item]] = {}


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Play:
    """Runs the module with a task's arguments as Ansible would, and returns its result."""
    monkeypatch.setattr(Local, "account", {})
    monkeypatch.setattr(Local, "failing", {})
    monkeypatch.setattr(Local, "made", [])

    def run(check_mode: bool = False, **arguments: Any) -> dict[str, Any]:
        arguments = {"tags": TAGS, "_ansible_check_mode": check_mode, **arguments}
        with patch_module_args(arguments), pytest.raises(SystemExit) as ended:
            _module.run(Local, DOCUMENTATION)
        result: dict[str, Any] = json.loads(capsys.readouterr().out)
        assert bool(ended.value.code) is bool(result.get("failed"))
        return result

    return run


def test_a_run_tells_what_it_did_and_a_second_does_nothing(play: Play) -> None:
    result = play(things=[thing("a", size=2)])
    (action,) = result["actions"]
    assert (action["kind"], action["name"], action["verb"]) == ("AWS::Test::Thing", "a", "create")
    assert {"field": "size", "before": None, "after": 2} in action["changes"]
    assert result["changed"] is True
    assert result["diff"]["after"]["a"]["size"] == 2
    assert result["things"]["a"]["thing_id"] == "id-a"
    again = play(things=[thing("a", size=2)])
    assert (again["changed"], again["actions"]) == (False, [])
    assert again["things"] == result["things"]


def test_check_mode_plans_what_a_run_then_does(play: Play) -> None:
    Local.account.update(old=existing(size=1), gone=existing())
    arguments = {"things": [thing("a"), thing("old", size=2)], "prune": True}
    planned = play(check_mode=True, **arguments)
    assert [subject.written() for subject in Local.made] == [[]]
    done = play(**arguments)
    by_name = {action["name"]: action for action in done["actions"]}
    assert by_name == {action["name"]: action for action in planned["actions"]}
    assert {name: action["verb"] for name, action in by_name.items()} == {
        "a": "create",
        "old": "update",
        "gone": "delete",
    }
    assert planned["diff"] == done["diff"]
    assert planned["things"]["a"]["thing_id"] == UNKNOWN


def test_a_failure_says_what_was_done_all_the_same(play: Play) -> None:
    Local.failing["create bad"] = Refused("VpcLimitExceeded", "too many")
    result = play(things=[thing("bad"), thing("good")])
    assert result["failed"] is True
    assert "bad: create failed: VpcLimitExceeded: too many" in result["msg"]
    assert [action["name"] for action in result["actions"]] == ["good"]
    assert result["changed"] is True


def test_every_failure_is_told(play: Play) -> None:
    Local.failing.update({"create a": Refused("LimitExceeded"), "create b": Refused("AccessDenied")})
    message = play(things=[thing("a"), thing("b")])["msg"]
    assert "a: create failed: LimitExceeded" in message
    assert "b: create failed: AccessDenied" in message


def test_a_denied_read_fails_with_no_actions(play: Play) -> None:
    Local.failing["observe"] = Refused("AccessDenied", "not you")
    result = play(things=[thing("a")])
    assert result["failed"] is True
    assert result["actions"] == []
    assert "AccessDenied: not you (let the calling role do this" in result["msg"]


@pytest.mark.parametrize("check_mode", [True, False])
def test_a_refused_change_fails_alike_in_check_mode(play: Play, check_mode: bool) -> None:
    Local.account["a"] = existing(zone="b", size=1)
    result = play(check_mode, things=[thing("a", zone="a")])
    assert result["failed"] is True
    assert "AWS cannot change zone from 'b' to 'a'" in result["msg"]
    assert (result["changed"], result["actions"]) == (False, [])


def test_what_is_refused_may_be_reported_and_the_rest_planned(play: Play) -> None:
    Local.account.update(a=existing(zone="b", size=1), b=existing(tags={"Project": "shop"}), c=existing(size=1))
    things = [thing("a", zone="a"), thing("b"), thing("c", size=2)]
    result = play(True, things=things, report_refusals=True)
    found = {action["name"]: (action["verb"], action["effects"]) for action in result["actions"]}
    assert found == {
        "a": ("refuse", ["AWS cannot change zone from 'b' to 'a' on an existing resource"]),
        "b": ("adopt", ["it exists and is not ours: tags Project=shop"]),
        "c": ("update", []),
    }
    assert play(False, things=things, report_refusals=True)["failed"] is True


def test_only_pruning_deletes_and_does_nothing_else(play: Play) -> None:
    Local.account.update(a=existing(size=1), b=existing(tags={"Project": "shop"}), gone=existing())
    arguments = {"things": [thing("a", size=-1), thing("b"), thing("new")], "prune": True, "only_prune": True}
    result = play(**arguments)
    assert [(action["name"], action["verb"]) for action in result["actions"]] == [("gone", "delete")]
    assert result["things"]["a"]["thing_id"] == "id"
    assert result["things"]["new"] == {"thing_id": UNKNOWN}
    assert result["identities"]["gone"] == ["id"]


@pytest.mark.parametrize(
    ("things", "message"),
    [
        ([thing("a"), thing("b"), thing("a")], "things[2].name: a is declared twice"),
        ([thing("a", size=-1)], "things[0] (a).size: must not be negative"),
    ],
)
@pytest.mark.parametrize("check_mode", [True, False])
def test_input_is_refused_before_the_first_call(play: Play, check_mode: bool, things: Any, message: str) -> None:
    result = play(check_mode, things=things)
    assert result["failed"] is True
    assert message in result["msg"]
    assert [subject.calls for subject in Local.made] == [[]]


def test_all_of_the_input_s_problems_are_told_at_once(play: Play) -> None:
    message = play(things=[thing("a", size=-1), thing("a"), thing("b", size=-1)])["msg"]
    assert message.count("; ") == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"things": [thing("a")], "parent": missing("VPC x", "network")},
            "VPC x does not exist yet; make it with: ansible-playbook site.yml -i <inventory> --tags network",
        ),
        ({"things": [thing("a", zone=UNKNOWN)]}, "run the whole site first"),
    ],
)
def test_placeholders_are_for_checks_only(play: Play, arguments: dict[str, Any], message: str) -> None:
    refused = play(**arguments)
    assert refused["failed"] is True
    assert message in refused["msg"]
    assert Local.account == {}
    assert [action["verb"] for action in play(check_mode=True, **arguments)["actions"]] == ["create"]


def test_no_secret_leaves_the_module(play: Play, capsys: pytest.CaptureFixture[str]) -> None:
    Local.account["old"] = existing(size=1, secret=f"{CANARY}-before")
    arguments = {"things": [thing("a", secret=CANARY), thing("old", secret=CANARY)], "_ansible_verbosity": 4}
    results = [play(check_mode=True, **arguments), play(**arguments)]
    assert {result["changed"] for result in results} == {True}
    assert CANARY not in json.dumps(results)


def test_the_report_alone_hides_secrets_too() -> None:
    """Without Ansible's no_log, which knows only what a task was given and not what AWS returned."""
    subject = Thing({"things": [thing("a", secret=CANARY)]}, {"a": existing(secret=f"{CANARY}-before")})
    result = _module.report(subject, reconcile(subject), check_mode=False)
    assert result["things"]["a"]["secret"] == SENSITIVE
    assert result["actions"][0]["changes"] == [{"field": "secret", "before": SENSITIVE, "after": SENSITIVE}]
    assert CANARY not in json.dumps(result)


def test_nothing_found_and_nothing_done_is_no_change() -> None:
    assert _module.report(Thing({"things": []}), Outcome(), check_mode=False) == {
        "changed": False,
        "actions": [],
        "notes": [],
        "diff": {"before": {}, "after": {}},
        "identities": {},
        "things": {},
    }


@pytest.fixture
def play_two(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Play:
    """The same for a module of two kinds."""
    for kind in (Local, Other):
        monkeypatch.setattr(kind, "account", {})
    monkeypatch.setattr(Local, "failing", {})

    def run(check_mode: bool = False, **arguments: Any) -> dict[str, Any]:
        arguments = {"tags": TAGS, "_ansible_check_mode": check_mode, **arguments}
        with patch_module_args(arguments), pytest.raises(SystemExit):
            _module.run(Local, f"{DOCUMENTATION}{OTHERS}", Other)
        result: dict[str, Any] = json.loads(capsys.readouterr().out)
        return result

    return run


def test_a_module_of_two_kinds_has_one_result(play_two: Play) -> None:
    given = {"things": [thing("a")], "others": [thing("b")]}
    planned, done = play_two(check_mode=True, **given), play_two(**given)
    for result in (planned, done):
        assert [(each["kind"], each["name"]) for each in result["actions"]] == [
            ("AWS::Test::Thing", "a"),
            ("AWS::Test::Other", "b"),
        ]
        assert result["diff"]["after"].keys() == {"a", "b"}
        assert (result["things"].keys(), result["others"].keys()) == ({"a"}, {"b"})
        assert result["changed"] is True
    assert done["identities"] == {"a": ["id-a"], "b": ["id-b"]}
    assert play_two(**given)["changed"] is False


def test_the_input_of_both_kinds_is_refused_at_once(play_two: Play) -> None:
    result = play_two(things=[thing("a", size=-1)], others=[thing("b", size=-1)], parent=UNKNOWN)
    assert [each.partition(" ")[0] for each in result["msg"].split("; ")] == ["things[0]", "others[0]", "things:"]


def test_a_failure_of_either_kind_is_told_with_what_was_done(play_two: Play) -> None:
    Local.failing["create bad"] = Refused("LimitExceeded")
    result = play_two(things=[thing("bad")], others=[thing("b")])
    assert "bad: create failed: LimitExceeded" in result["msg"]
    assert [each["name"] for each in result["actions"]] == ["b"]
    assert "things" not in result
