# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Requests to the paths of an environment, by locust; playbooks/load_test.yml runs it and judges what it says.

What to do comes as JSON on standard input, so that headers with credentials are in no file, argument or environment:
C(requests) (C(name), C(path), C(weight)), C(headers), C(statuses) (pairs of bounds), C(think) (seconds from, to),
C(timeout) and C(insecure). It prints a line C(LOAD progress {...}) every few seconds, C(LOAD result {...}) at its end.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from typing import Any

import gevent
from locust import FastHttpUser, between, events

ASKED: dict[str, Any] = json.load(sys.stdin)
EVERY = 5.0  #: seconds between two lines of progress
PERCENTILES = {"p50_ms": 0.5, "p95_ms": 0.95, "p99_ms": 0.99}
BEGUN = time.monotonic()


def say(kind: str, content: Mapping[str, Any]) -> None:
    print(f"LOAD {kind} {json.dumps(content)}", flush=True)


def asking(request: Mapping[str, Any]) -> Any:
    """The task that sends this request."""

    def ask(user: Client) -> None:
        options = {"headers": ASKED["headers"], "name": request["name"], "allow_redirects": False}
        with user.client.get(request["path"], catch_response=True, **options) as response:
            status = response.status_code
            if not any(low <= status <= high for low, high in ASKED["statuses"]):
                response.failure(f"status {status}" if status else type(response.error).__name__)
            else:
                response.success()

    return ask


class Client(FastHttpUser):
    """One client that asks for one path after the other, as often as its weight says, and thinks in between."""

    wait_time = between(*ASKED["think"])
    insecure = ASKED["insecure"]
    connection_timeout = network_timeout = ASKED["timeout"]
    tasks = {asking(each): each["weight"] for each in ASKED["requests"]}


def measured(entry: Any) -> dict[str, Any]:
    """What locust has counted of one path, or of all."""
    times = {name: entry.get_response_time_percentile(share) for name, share in PERCENTILES.items()}
    return {
        "requests": entry.num_requests,
        "failures": entry.num_failures,
        "requests_per_second": round(entry.total_rps, 1),
        **times,
    }


@events.init.add_listener
def watch(environment: Any, **_about: Any) -> None:
    def tell() -> None:
        while True:
            gevent.sleep(EVERY)
            now = {"users": environment.runner.user_count, "seconds": round(time.monotonic() - BEGUN)}
            say("progress", {**now, **measured(environment.stats.total)})

    gevent.spawn(tell)


@events.quitting.add_listener
def tell_result(environment: Any, **_about: Any) -> None:
    stats = environment.stats
    paths = {name: measured(entry) for (name, _method), entry in stats.entries.items()}
    errors = [
        {"name": each.name, "error": str(each.error), "times": each.occurrences} for each in stats.errors.values()
    ]
    say("result", {"all": measured(stats.total), "paths": paths, "errors": errors})
