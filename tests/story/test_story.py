# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The life of an environment by its playbooks, each step where the last ended: from a commit to a restored database.

Real are buildah and the registry, PostgreSQL and whatever asks it, the migrations' process, the function that rotates,
and the nginx in the load balancer's place.
"""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.uex.payments.tests.images.conftest import MIGRATIONS
from ansible_collections.uex.payments.tests.site.playbook import (
    CHECK,
    DEPLOY,
    HEALTH_CHECK,
    RELEASES,
    ROLLBACK,
    SITE,
    Run,
)
from ansible_collections.uex.payments.tests.story.conftest import DB, NAME, PORT, SERVICES, Estate
from ansible_collections.uex.payments.tests.support import routes, routing
from embedded_aws import deployments

BUILD, PUSH, MIGRATE, BACKUP, RESTORE, ROTATE = (
    f"playbooks/{each}.yml"
    for each in ("build_images", "push_images", "migrate", "backup", "restore", "rotate_secrets")
)
CHANGED = "presentation"
IDLE = "No changes: the account is as the inventory says."
PAYMENTS = "SELECT * FROM payments ORDER BY id"
PAY = (
    "INSERT INTO payments (merchant_reference, amount, currency)"
    " SELECT 'order-' || n, n, 'USD' FROM generate_series({first}, {last}) n"
)


def test_an_environment_is_released_migrated_taken_back_restored_and_rotated(estate: Estate) -> None:
    estate.play(SITE).succeeded()
    estate.secrets.append(estate.client().login()["password"])
    first = release(estate, (*SERVICES, MIGRATIONS))

    migrated = estate.play(MIGRATE, image_tag=first, snapshot=False).succeeded()
    assert "3 applied" in migrated.output

    estate.play(DEPLOY, image_tag=first).succeeded()
    assert {name: estate.runs(name) for name in SERVICES} == {name: estate.pushed(name, first) for name in SERVICES}
    assert healthy(estate).code == 0

    estate.workplace.write(CHANGED, "notes", "a change")
    estate.workplace.commit()
    second = release(estate, (CHANGED,))
    fails(estate, second)
    assert estate.runs(CHANGED) == estate.pushed(CHANGED, first)
    estate.play(DEPLOY, image_tag=second, service=CHANGED).succeeded()
    assert estate.runs(CHANGED) == estate.pushed(CHANGED, second) != estate.pushed(CHANGED, first)
    estate.play(ROLLBACK, service=CHANGED, release=first).succeeded()
    assert estate.runs(CHANGED) == estate.pushed(CHANGED, first)
    assert "rollback" in estate.play(RELEASES, service=CHANGED).succeeded().output

    restored(estate)
    rotated(estate)
    assert healthy(estate).code == 0
    assert IDLE in estate.play(SITE, CHECK).succeeded().output


def release(estate: Estate, names: tuple[str, ...]) -> str:
    """Build and push what was committed: its tag, which the registry has."""
    listed = ",".join(names)
    estate.play(BUILD, service=listed).succeeded()
    estate.play(PUSH, service=listed).succeeded()
    tag = estate.workplace.tag
    assert all(estate.pushed(name, tag).startswith("sha256:") for name in names)
    return tag


def fails(estate: Estate, tag: str) -> None:
    """A release whose tasks end as soon as they begin is taken back by itself."""
    deployments.steer(PORT, f"{NAME}-{CHANGED}", exit_code=1)
    failed = estate.play(DEPLOY, image_tag=tag, service=CHANGED)
    deployments.steer(PORT, f"{NAME}-{CHANGED}", exit_code=None)
    assert failed.code == 2
    assert f"{CHANGED}: rolled back" in failed.output


def healthy(estate: Estate) -> Run:
    """All that tells whether the environment is well, with an nginx in the load balancer's place."""
    deployed = routing.read(estate.connect, f"{NAME}-alb")
    with routes.standing(deployed, proxied=False) as front:
        here = {port: f"127.0.0.1:{place}" for port, place in front.places.listeners.items()}
        return estate.play(HEALTH_CHECK, address=here[routes.HTTPS], http_address=here[routes.HTTP])


def restored(estate: Estate) -> None:
    """What was paid before the snapshot is there again, row by row; what came after it is in what was put aside."""
    servers = estate.servers
    servers.run(DB, PAY.format(first=1, last=100))
    before = servers.run(DB, PAYMENTS)
    taken = estate.play(BACKUP, what="database", label="story").succeeded()
    (snapshot,) = set(re.findall(r"-e from=(\S+)", taken.output))
    servers.run(DB, PAY.format(first=101, last=130))
    done = estate.play(RESTORE, **{"from": snapshot, "cut_over": True}).succeeded()
    assert "(RTO)" in done.output
    assert rows(servers.run(DB, PAYMENTS)) == rows(before)
    (aside,) = set(re.findall(rf"-e instance=({DB}-before-\S+)", done.output))
    assert len(servers.run(aside, PAYMENTS)) == len(before) + 30


def rows(found: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in found]


def rotated(estate: Estate) -> None:
    """The login is another one, and a client that goes on asking has noticed nothing."""
    client = estate.client()
    begun = client.login()["username"]
    client.start()
    estate.play(ROTATE, secret="database").succeeded()
    client.end()
    estate.secrets.append(client.login()["password"])
    assert client.failures == []
    assert client.queries > 20
    assert client.users == [begun, client.login()["username"]]
