# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The health check of a deployed environment behind a real nginx: well, with faults, and asked from a one-off task."""

from __future__ import annotations

import contextlib
import functools
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _lock
from ansible_collections.uex.payments.tests.site import account
from ansible_collections.uex.payments.tests.site.conftest import SAMPLED, Stage
from ansible_collections.uex.payments.tests.site.playbook import CHECK, HEALTH_CHECK, Run, Site
from ansible_collections.uex.payments.tests.support import routes, routing
from embedded_aws import stores, tasks

NAME = f"uex-payments-{SAMPLED}"
#: The key of the UEX API that the overlay gives.
KEY = "embedded-key"
#: It tells nobody itself, but makes the composite alarm of the database go off.
ALARM = f"{NAME}-db-storage"
BROKEN = "presentation"
TARGETLESS = "client-tier"


class Check(NamedTuple):
    """A health check, and what its file says, by row."""

    run: Run
    verdict: str
    rows: dict[str, dict[str, Any]]
    mutations: list[str]


def check(site: Site, *arguments: str, faults: Any = None, **variables: Any) -> Check:
    """Run the playbook while an nginx answers for the load balancer."""
    begun = len(site.calls())
    deployed = routing.read(account.connect(site.endpoint), f"{NAME}-alb")
    server = functools.partial(routes.target, faults=faults or {})
    with routes.standing(deployed, server, proxied=False) as front:
        here = {port: f"127.0.0.1:{place}" for port, place in front.places.listeners.items()}
        places = {"address": here[routes.HTTPS], "http_address": here[routes.HTTP]}
        run = site.play(HEALTH_CHECK, SAMPLED, *arguments, **places, **variables)
    document = json.loads((site.folder / SAMPLED / "health.json").read_text(encoding="utf-8"))
    rows = {each["name"]: each for each in document["checks"]}
    return Check(run, document["verdict"], rows, site.mutations(begun))


@contextlib.contextmanager
def uex(key: str) -> Iterator[str]:
    """A UEX API that takes this key alone: its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.headers.get("X-API-Key") == key else 401)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nothing is logged."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def well(site: Site, repeats: Stage) -> Check:
    with uex(KEY) as url:
        return check(site, "-vvvv", probe="local", uex_url=url)


def test_an_environment_that_is_well_is_healthy(well: Check) -> None:
    well.run.succeeded()
    states = {name: each["state"] for name, each in well.rows.items()}
    assert well.verdict == "healthy"
    assert [name for name, state in states.items() if state in ("failed", "unknown")] == []
    assert len([name for name in states if name.startswith(("Path of", "Targets of", "Service "))]) == 18
    assert {states[name] for name in states if name.startswith("Path of")} == {"ok"}
    assert states["HTTP redirects"] == states["UEX API answers"] == states["Lock"] == "ok"


def test_it_changes_nothing_and_is_no_plan(well: Check) -> None:
    assert well.mutations == []
    assert well.run.changed == []
    assert list(well.run.actions) == []


def test_no_credential_is_shown_or_kept(site: Site, well: Check) -> None:
    secrets = account.connect(site.endpoint)("secretsmanager")
    values = [
        json.loads(secrets.get_secret_value(SecretId=f"{NAME}/{each}")["SecretString"])
        for each in ("redis", "database")
    ]
    canaries = [KEY, "embedded-secret", values[0]["auth_token"], values[1]["password"]]
    kept = (site.folder / SAMPLED / "health.json").read_text(encoding="utf-8")
    assert [each for each in canaries if each in well.run.output or each in kept] == []


@contextlib.contextmanager
def damaged(site: Site) -> Iterator[None]:
    """Things that go wrong in an environment, and are well again afterwards."""
    clients = account.connect(site.endpoint)
    balancing, watching = clients("elbv2"), clients("cloudwatch")
    (group,) = balancing.describe_target_groups(Names=[f"{NAME}-{TARGETLESS}"])["TargetGroups"]
    place = {"TargetGroupArn": group["TargetGroupArn"]}
    targets = [each["Target"] for each in balancing.describe_target_health(**place)["TargetHealthDescriptions"]]
    lock = _lock.Place(account.LOCK_TABLE, f"uex-payments/{SAMPLED}")
    own = _lock.Owner("4f2b", "somebody@elsewhere", 7, "ansible-playbook site.yml")
    (alarm,) = watching.describe_alarms(AlarmNames=[ALARM])["MetricAlarms"]
    now = _lock.service_time(clients("dynamodb").get_item(**_lock.reading(lock)))
    clients("dynamodb").update_item(**_lock.acquisition(lock, own, now, 600))
    balancing.deregister_targets(**place, Targets=targets)
    watching.set_alarm_state(AlarmName=ALARM, StateValue="ALARM", StateReason="it is full")
    stores.place(site.port, {f"{NAME}-redis": f"127.{site.port % 250}.77.9"})
    yield
    stores.reset(site.port)
    watching.set_alarm_state(AlarmName=ALARM, StateValue=alarm["StateValue"], StateReason="as it was")
    balancing.register_targets(**place, Targets=targets)
    account.unlock(clients, SAMPLED)


@pytest.fixture(scope="module")
def unwell(site: Site, well: Check) -> Check:
    with uex("another key") as url, damaged(site):
        return check(site, faults={BROKEN: routes.Fault(500)}, probe="local", uex_url=url, quiet=True)


def test_each_fault_is_found_and_named(unwell: Check) -> None:
    assert (unwell.run.code, unwell.verdict) == (2, "unhealthy")
    failed = {name: each["found"] for name, each in unwell.rows.items() if each["state"] == "failed"}
    assert set(failed) == {
        f"Path of {BROKEN}",
        f"Targets of {TARGETLESS}",
        "Alarm database-down",
        "Cache answers",
        "UEX API answers",
    }
    assert f"/{BROKEN} 500 in" in failed[f"Path of {BROKEN}"]
    assert "it is full" in unwell.rows["Alarm db-storage"]["found"]
    assert failed["Cache answers"] == "Connection refused"
    assert failed["UEX API answers"] == "refuses the credentials: 401"
    assert (unwell.rows["Lock"]["state"], "somebody@elsewhere" in unwell.rows["Lock"]["found"]) == ("warning", True)
    assert all(unwell.rows[name]["advice"] for name in failed)


def test_quietly_there_is_no_table(unwell: Check) -> None:
    assert f"{NAME} is UNHEALTHY: 5 failed" in unwell.run.output
    assert "warning  " not in unwell.run.output


def test_a_one_off_task_asks_with_the_service_s_own_credentials(site: Site, well: Check) -> None:
    with uex(KEY) as url:
        tasks.steer(site.port, f"{NAME}-uex-backend", entry_point=["/usr/bin/env"])
        found = check(site, probe="task", uex_url=url)
        tasks.reset(site.port)
    assert found.rows["UEX API answers"]["found"].startswith("answers 200, in ")
    assert found.rows["Database answers"]["state"] == "skipped"  # its made-up name leads nowhere
    assert found.mutations == ["ecs:RunTask"]
    assert KEY not in found.run.output


def test_a_check_starts_no_task_and_tells_nobody(site: Site, well: Check) -> None:
    found = check(site, CHECK, probe="task", metric=True, notify="critical")
    assert (found.verdict, found.mutations) == ("healthy", [])
    assert found.rows["Database answers"]["state"] == "skipped"
