# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a load test is to do, whether it may, and what its numbers mean; pure."""

from __future__ import annotations

import datetime
import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from . import _status

PREFIX = "operations_load_test_"
PRODUCTION = "prod"
PASSED, FAILED = "passed", "failed"
#: The row of all paths together.
ALL = "all"
#: Columns below which the table leaves out what is not judged.
NARROW = 100
#: Errors that are named.
SHOWN = 5

Options = Mapping[str, Any]
Numbers = Mapping[str, Any]


# Before it


def refusal(options: Options) -> str:
    """Why nothing is sent; empty where it may be. Production is loaded only by name, unless it is emulated."""
    environment, confirmed = options["environment"], options["confirm"]
    if environment != PRODUCTION or options["emulated"] or confirmed == environment:
        return ""
    return (
        f"This sends {options['users']} users' requests to {options['name']} for {options['duration']} s. "
        f"Nothing was sent. To go on: -e confirm={environment}. --check shows what would be sent"
    )


def problems(options: Options) -> Iterable[str]:
    """What is wrong with the options, each as a sentence that begins with the variable's name."""
    names = [service["name"] for service in options["services"]]
    for name in ("users", "spawn_rate", "duration", "timeout", "p95_ms"):
        if options[name] <= 0:
            yield f"{PREFIX}{name}: must be above 0, not {options[name]:g}"
    if not 0 < options["availability"] <= 100:
        yield f"{PREFIX}availability: percent above 0, at most 100, not {options['availability']:g}"
    if not 0 <= options["think_min"] <= options["think_max"]:
        yield f"{PREFIX}think_min: from 0 to think_max of {options['think_max']:g} s, not {options['think_min']:g}"
    yield from _unknown_problems(options, names)
    yield from _url_problems(options)


def _unknown_problems(options: Options, names: Sequence[str]) -> Iterable[str]:
    for option in ("weights", "paths"):
        for name in options[option].keys() - set(names):
            yield f"{PREFIX}{option}.{name}: there is no such service; there are {', '.join(names)}"
    for name, weight in options["weights"].items():
        if not isinstance(weight, int) or weight < 0:
            yield f"{PREFIX}weights.{name}: a whole number from 0, not {weight!r}"
    for name, path in options["paths"].items():
        if not str(path).startswith("/"):
            yield f"{PREFIX}paths.{name}: must begin with /, not {path!r}"
    if names and not any(each["weight"] for each in requests(options)):
        yield f"{PREFIX}weights: one at least must be above 0"


def _url_problems(options: Options) -> Iterable[str]:
    url = urlsplit(options["url"])
    if options["url"] and not (url.scheme in ("http", "https") and url.hostname):
        yield f"{PREFIX}url: such as https://pay.example.com, not {options['url']!r}"
    credentials = options["headers_variable"] or options["headers_stored_as"]
    if url.scheme == "http" and credentials and not _is_loopback(url.hostname or ""):
        yield f"{PREFIX}url: headers with credentials are sent by https:// alone"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def requests(options: Options) -> list[dict[str, Any]]:
    """What is asked for: a path of each service, with its weight; those with none are left out by locust."""
    return [
        {
            "name": service["name"],
            "path": options["paths"].get(service["name"], f"{service['path']}/"),
            "weight": options["weights"].get(service["name"], 1),
        }
        for service in options["services"]
    ]


def target(options: Options, balancer: str) -> tuple[str, dict[str, str]]:
    """Where requests go, and headers that say for whom they are: the environment's own name unless a URL is given."""
    host = options["domain"] or balancer
    if options["url"]:
        return options["url"].rstrip("/"), {}
    if options["address"]:
        return f"https://{options['address']}", {"Host": host}
    return f"https://{host}", {}


def asked(options: Options, headers: Mapping[str, str]) -> dict[str, Any]:
    """What the locustfile is told."""
    bounds = [each.partition("-") for each in options["statuses"]]
    return {
        "requests": [each for each in requests(options) if each["weight"]],
        "headers": dict(headers),
        "statuses": [[int(low), int(high or low)] for low, _dash, high in bounds],
        "think": [options["think_min"], options["think_max"]],
        "timeout": options["timeout"],
        "insecure": options["self_signed"],
    }


def arguments(options: Options, url: str, report: str) -> list[str]:
    """locust's own; nothing here is secret."""
    return [
        *("--headless", "--only-summary", "--host", url, "--html", report),
        *("--users", str(options["users"]), "--spawn-rate", f"{options['spawn_rate']:g}"),
        *("--run-time", f"{options['duration']}s", "--stop-timeout", f"{options['timeout']:g}"),
        *("--exit-code-on-error", "0", "--loglevel", "WARNING"),
    ]


def intent(options: Options, url: str) -> list[str]:
    """What it is going to do, for a person."""
    shares = requests(options)
    total = sum(each["weight"] for each in shares)
    rows = [(each["name"], each["path"], f"{100 * each['weight'] / total:.0f} %") for each in shares]
    return [
        f"{options['users']} users, {options['spawn_rate']:g} more each second, for {options['duration']} s, to {url}",
        f"Each thinks {options['think_min']:g} to {options['think_max']:g} s between two requests.",
        *_status.columns([("service", "path", "share"), *rows]),
        f"Passes with p95 below {options['p95_ms']} ms and {options['availability']:g} % answered, each path and all.",
    ]


# After it


def availability(numbers: Numbers) -> float | None:
    """Percent of requests that were answered as they should be; None without one."""
    sent = numbers["requests"]
    return 100 * (sent - numbers["failures"]) / sent if sent else None


def misses(numbers: Numbers, options: Options) -> list[str]:
    """Which criteria a path, or all of them, does not meet."""
    share = availability(numbers)
    if share is None:
        return ["no request was sent"]
    found = []
    if numbers["p95_ms"] >= options["p95_ms"]:
        found.append(f"p95 of {numbers['p95_ms']:.0f} ms is not below {options['p95_ms']} ms")
    if share < options["availability"]:
        counted = f"{numbers['failures']} of {numbers['requests']} failed"
        found.append(f"availability of {share:.2f} % is below {options['availability']:g} % ({counted})")
    return found


def document(options: Options, url: str, result: Mapping[str, Any], now: datetime.datetime) -> dict[str, Any]:
    """The content of C(load_test.json)."""
    nothing = {"requests": 0, "failures": 0, "requests_per_second": 0.0, "p50_ms": None, "p95_ms": None, "p99_ms": None}
    wanted = [each["name"] for each in requests(options) if each["weight"]]
    rows = {name: result["paths"].get(name, nothing) for name in wanted} | {ALL: result["all"]}
    judged = [_row(name, numbers, options) for name, numbers in rows.items()]
    settings = ("users", "spawn_rate", "duration", "p95_ms", "availability")
    return {
        "environment": options["environment"],
        "url": url,
        "time": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "verdict": FAILED if any(each["misses"] for each in judged) else PASSED,
        "settings": {name: options[name] for name in settings},
        "results": judged,
        "errors": sorted(result["errors"], key=lambda each: -each["times"]),
    }


def _row(name: str, numbers: Numbers, options: Options) -> dict[str, Any]:
    share = availability(numbers)
    rounded = None if share is None else round(share, 3)
    return {"name": name, **numbers, "availability": rounded, "misses": misses(numbers, options)}


def table(found: Mapping[str, Any], width: int) -> list[str]:
    """The numbers of each path and of all, which criteria are missed, and the errors."""
    every = [_cells(each) for each in found["results"]]
    names = [name for name in every[0] if width >= NARROW or name in ("path", "requests", "failed", "p95 ms", "")]
    lines = _status.columns([tuple(names), *(tuple(each[name] for name in names) for each in every)])
    lines += [f"  {each['name']}: {miss}" for each in found["results"] for miss in each["misses"]]
    shown = [f"  {each['times']} x {each['name']}: {each['error']}" for each in found["errors"][:SHOWN]]
    return [*lines, *(["", "Errors", *shown] if shown else [])]


def _cells(row: Mapping[str, Any]) -> dict[str, str]:
    share = "-" if row["availability"] is None else f"{row['availability']:.2f} %"
    times = {f"{name} ms": "-" if row[f"{name}_ms"] is None else f"{row[f'{name}_ms']:.0f}" for name in _TIMES}
    counts = {"path": row["name"], "requests": str(row["requests"]), "failed": str(row["failures"]), "answered": share}
    return {**counts, **times, "a second": f"{row['requests_per_second']:g}", "": "FAILED" if row["misses"] else "ok"}


_TIMES = ("p50", "p95", "p99")


def total(found: Mapping[str, Any]) -> str:
    """One line: passed, or which criteria of which paths are missed."""
    missed = [f"{each['name']}: {miss}" for each in found["results"] for miss in each["misses"]]
    if not missed:
        return f"Load test of {found['environment']} passed"
    return f"Load test of {found['environment']} failed: {'; '.join(missed)}"


def progress(numbers: Numbers) -> str:
    """How it goes, for the line at the bottom."""
    p95 = "-" if numbers["p95_ms"] is None else f"{numbers['p95_ms']:.0f} ms"
    sent = f"{numbers['requests']} requests, {numbers['failures']} failed"
    return f"{numbers['users']} users, {sent}, {numbers['requests_per_second']:g} a second, p95 {p95}"
