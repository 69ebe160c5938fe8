# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The end of an environment beside another one: refused, killed half-way, finished, and nothing left but what is said.

It comes last: what the other tests deployed is taken down.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from ansible_collections.uex.payments.tests.site import account
from ansible_collections.uex.payments.tests.site.conftest import ENVIRONMENTS, SAMPLE, SAMPLED
from ansible_collections.uex.payments.tests.site.playbook import CHECK, SITE, TEARDOWN, Run, Site, side_by_side
from ansible_collections.uex.payments.tests.site.witness import Witness, witness
from ansible_collections.uex.payments.tests.support import emulator
from embedded_aws.extensions import slow_deletions

pytestmark = pytest.mark.everything

FAILED = 2
#: Where the first run is killed.
REDIS_GOES = "elasticache:DeleteReplicationGroup"
#: What is compared as part of its key.
ALIASES = "kms Aliases: "
NEIGHBOUR = SAMPLE[1]
OURS, THEIRS = f"uex-payments-{SAMPLED}", f"uex-payments-{NEIGHBOUR}"
OTHERS = [f"uex-payments-{each}" for each in ENVIRONMENTS if each != SAMPLED]
#: What all environments of an account share, and no teardown takes.
SHARED = ("uex-payments-state-", "uex-payments-locks", "uex-payments-deploy")
#: What AWS makes by itself when something first needs it, and keeps.
AWS_OWN = ("rds OptionGroupsList: default:", "rds DBParameterGroups: default.")
LEAST_DELETIONS = 60
LONGEST_SECOND_RUN = 60.0
#: Seconds that a deletion takes where it is to be watched.
SLOWLY = "40"
REFUSED = {
    "unconfirmed": (SAMPLED, (), {}),
    "protected": (NEIGHBOUR, (), {"confirm": NEIGHBOUR}),
    "in use": (SAMPLED, ("--tags", "network"), {"confirm": SAMPLED}),
}


class Held(NamedTuple):
    """What an account holds, each thing with its kind."""

    things: Counter[str]

    def without(self, *names: str) -> Counter[str]:
        return Counter({thing: n for thing, n in self.things.items() if not any(name in thing for name in names)})

    def of(self, name: str) -> Counter[str]:
        return Counter({thing: n for thing, n in self.things.items() if name in thing})


def held(endpoint: str) -> Held:
    found = account.holdings(account.connect(endpoint))
    things = (f"{kind}: {name}" for kind, names in found.items() for name in names)
    return Held(Counter(thing for thing in things if not thing.startswith((*AWS_OWN, ALIASES))))


class Refusals(NamedTuple):
    """Runs that were refused, the calls of the first, and all that changed."""

    runs: dict[str, Run]
    unconfirmed_calls: int
    mutations: list[str]


class Teardown(NamedTuple):
    """An environment's end: killed half-way, planned, finished and run once more."""

    killed: list[str]
    planned: Run
    finished: Run
    again: Run
    remains: dict[str, Any]
    requests: list[str]
    repeated: list[str]
    before: Held
    after: Held


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Held:
    """What an account holds that nobody has used."""
    with emulator.running(tmp_path_factory.mktemp("empty")) as port:
        return held(f"http://127.0.0.1:{port}")


@pytest.fixture(scope="session")
def refusals(site: Site, after_seventh: Run) -> Refusals:
    begun = len(site.calls())
    first = site.play(TEARDOWN, SAMPLED)
    calls = len(site.calls()) - begun
    rest = [key for key in REFUSED if key != "unconfirmed"]
    runs = side_by_side(lambda key: site.play(TEARDOWN, REFUSED[key][0], *REFUSED[key][1], **REFUSED[key][2]), rest)
    return Refusals({"unconfirmed": first, **runs}, calls, site.mutations(begun))


@pytest.fixture(scope="session")
def teardown(site: Site, refusals: Refusals) -> Teardown:
    begun, before = len(site.calls()), held(site.endpoint)
    killed = site.interrupt(TEARDOWN, SAMPLED, lambda done: REDIS_GOES in done, confirm=SAMPLED)
    planned = site.play(TEARDOWN, SAMPLED, CHECK)
    finished = site.play(TEARDOWN, SAMPLED, confirm=SAMPLED)
    remains = read(site, SAMPLED)
    calls = len(site.calls())
    again = site.play(TEARDOWN, SAMPLED, confirm=SAMPLED)
    requests = [json.dumps(each) for each in site.calls(begun) if each["mutating"]]
    after = held(site.endpoint)
    return Teardown(killed, planned, finished, again, remains, requests, site.mutations(calls), before, after)


def read(site: Site, environment: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((site.folder / environment / "remains.json").read_text(encoding="utf-8"))
    return found


# Refusals


@pytest.mark.parametrize("key", REFUSED)
def test_a_refused_teardown_fails_and_changes_nothing(refusals: Refusals, key: str) -> None:
    assert refusals.runs[key].code == FAILED
    assert refusals.mutations == []


def test_without_the_environment_s_name_nothing_is_asked(refusals: Refusals) -> None:
    assert refusals.unconfirmed_calls == 0
    assert f"-e confirm={SAMPLED}" in refusals.runs["unconfirmed"].output


def test_deletion_protection_is_named_with_the_command_that_takes_it_off(refusals: Refusals) -> None:
    said = " ".join(refusals.runs["protected"].output.split())
    for words in (
        f"DB instance {THEIRS}-db",
        f"load balancer {THEIRS}-alb",
        "ansible-playbook site.yml -i ",
        f"inventories/{NEIGHBOUR}",
        "-e deletion_protection=false --tags data,edge",
    ):
        assert words in said


def test_a_layer_in_use_is_refused_with_who_uses_it(refusals: Refusals) -> None:
    said = " ".join(refusals.runs["in use"].output.split())
    for words in (f"ECS service {OURS}-client-tier", f"DB instance {OURS}-db", f"load balancer {OURS}-alb"):
        assert words in said
    assert "--tags monitoring,compute,edge,data,network" in said


# The end


def test_a_killed_run_had_begun_to_delete(teardown: Teardown) -> None:
    assert "ecs:DeleteService" in teardown.killed
    assert "ec2:DeleteVpc" not in teardown.killed


def test_the_next_run_does_what_its_plan_says_and_finishes(teardown: Teardown) -> None:
    assert teardown.planned.succeeded().planned == teardown.finished.succeeded().planned
    assert len(teardown.finished.planned) >= LEAST_DELETIONS
    assert {verb for _kind, _name, verb in teardown.finished.planned} == {"delete"}


def test_what_amazon_aws_made_is_in_the_plan_too(teardown: Teardown) -> None:
    kinds = {kind for kind, _name, _verb in teardown.finished.planned}
    assert {"AWS::EC2::VPC", "AWS::EC2::InternetGateway", "AWS::KMS::Key", "AWS::RDS::DBSubnetGroup"} <= kinds


def test_a_second_run_changes_nothing_and_is_short(teardown: Teardown) -> None:
    assert teardown.again.succeeded().changed == []
    assert teardown.repeated == []
    assert "Nothing to delete." in teardown.again.output
    assert teardown.again.seconds < LONGEST_SECOND_RUN


def test_the_account_holds_what_it_held_before_and_what_the_run_says(teardown: Teardown, empty: Held) -> None:
    left = teardown.after.without(*OTHERS, *SHARED)
    assert empty.things - left == {}, "gone, and not ours"
    more = sorted((left - empty.things).elements())
    said = [each["name"] for each in teardown.remains["remains"]]
    assert [thing for thing in more if not any(name in thing for name in said)] == [], "left, and not said"
    assert len(more) == len(said)
    assert all(name in " ".join(more) for name in said)


def test_what_remains_costs_nothing_and_says_until_when(teardown: Teardown) -> None:
    assert teardown.remains["environment"] == SAMPLED
    assert {each["monthly_cost"] for each in teardown.remains["remains"]} == {0}
    ending = [
        each for each in teardown.remains["remains"] if each["kind"] in ("AWS::KMS::Key", "AWS::SecretsManager::Secret")
    ]
    assert ending
    assert all(each["until"] for each in ending)


@pytest.mark.parametrize("other", OTHERS)
def test_the_neighbours_are_as_they_were(teardown: Teardown, other: str) -> None:
    assert teardown.before.of(other)
    assert teardown.after.of(other) == teardown.before.of(other)
    assert [request for request in teardown.requests if other in request] == []


# Every environment


class Kept(NamedTuple):
    """A whole teardown beside its plan."""

    planned: Run
    finished: Run
    remains: list[dict[str, Any]]


@pytest.fixture(scope="session")
def kept(site: Site, teardown: Teardown) -> dict[str, Kept]:
    """Staging with its data kept, and the neighbour, each once its protection is off."""
    ends = {}
    for environment, keep in (("staging", True), (NEIGHBOUR, False)):
        site.play(SITE, environment, deletion_protection=False).succeeded()
        settings = {"confirm": environment, "keep_data": keep}
        planned = site.play(TEARDOWN, environment, CHECK, **settings)
        finished = site.play(TEARDOWN, environment, **settings)
        ends[environment] = Kept(planned.succeeded(), finished.succeeded(), read(site, environment)["remains"])
    return ends


def test_every_environment_goes_as_planned(kept: dict[str, Kept]) -> None:
    for end in kept.values():
        assert end.planned.planned == end.finished.planned


def test_kept_data_can_be_read(kept: dict[str, Kept]) -> None:
    kinds = Counter(each["kind"] for each in kept["staging"].remains)
    wanted = {"AWS::RDS::DBSnapshot": 1, "AWS::ElastiCache::Snapshot": 1, "AWS::S3::Bucket": 1, "AWS::KMS::Key": 2}
    assert {kind: kinds[kind] for kind in wanted} == wanted
    assert [each["until"] for each in kept["staging"].remains if each["kind"] == "AWS::KMS::Key"] == [None, None]


def test_a_final_snapshot_says_until_when_it_is_readable(kept: dict[str, Kept]) -> None:
    (snapshot,) = [each for each in kept[NEIGHBOUR].remains if each["kind"] == "AWS::RDS::DBSnapshot"]
    assert snapshot["until"]
    assert "aws kms cancel-key-deletion" in snapshot["reason"]
    assert (snapshot["size_gb"], snapshot["monthly_cost"]) == (500, None)


def test_nothing_is_left_of_any(site: Site, kept: dict[str, Kept], teardown: Teardown, empty: Held) -> None:
    left = held(site.endpoint).without(*SHARED) - empty.things
    said = [each["name"] for end in kept.values() for each in end.remains]
    said += [each["name"] for each in teardown.remains["remains"]]
    said.append("alias/uex-payments-staging-")
    assert [thing for thing in left.elements() if not any(name in thing for name in said)] == []


# An environment that comes back


class Return(NamedTuple):
    """An environment whose deletions take seconds, taken down twice, and its return with what it had and has secret."""

    ended: Run
    again: Run
    back: Witness
    secrets: list[str]
    restored: list[str]
    keys: Counter[str]


@pytest.fixture(scope="module")
def returned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Return]:
    folder = tmp_path_factory.mktemp("return")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(slow_deletions.SETTING, SLOWLY)
        with emulator.running(folder / "embedded_aws") as port:
            site = Site(folder, port)
            clients = account.connect(site.endpoint)
            site.play(SITE, SAMPLED).succeeded()
            secrets = account.secret_texts(clients, f"{OURS}/")
            ended, again = [site.play(TEARDOWN, SAMPLED, confirm=SAMPLED).succeeded() for _time in range(2)]
            back = witness(site, SAMPLED)
            restored = account.secret_texts(clients, f"{OURS}/")
            yield Return(ended, again, back, secrets, restored, held(site.endpoint).of(f"alias/{OURS}-"))


def test_what_takes_a_while_is_awaited_and_shown(returned: Return) -> None:
    for words in ("DB instance uex-payments-dev-db: deleting", "replication group uex-payments-dev-redis: deleting"):
        assert words in returned.ended.output
    assert returned.again.changed == []


def test_what_comes_back_does_what_its_plan_says(returned: Return) -> None:
    assert returned.back.mutations == []
    assert returned.back.plan.succeeded().planned == returned.back.deed.run.succeeded().planned


def test_what_comes_back_has_its_keys_and_secrets_again(returned: Return) -> None:
    aliases = {f"alias/{OURS}-{name}" for name in ("data", "logs")}
    keys = {name for kind, name, verb in returned.back.plan.planned if (kind, verb) == ("AWS::KMS::Key", "update")}
    assert keys == aliases
    assert len(returned.keys) == len(aliases)
    assert all(key.endswith("Enabled") for key in returned.keys)
    assert sorted(returned.restored) == sorted(returned.secrets)
    assert returned.secrets
