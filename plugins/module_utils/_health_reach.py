# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whether database, cache and UEX API answer to the stored credentials, asked from here or from a one-off task."""

from __future__ import annotations

import base64
import inspect
import ipaddress
import json
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from . import _discovery, _health_data, _one_off, _preflight, _reach
from ._discovery import Scope
from ._health import SKIPPED, Results, Row
from ._preflight import FAILED, OK, UNKNOWN, Connect, Options

SUBJECT = "reachability"
DATABASE, CACHE, API = "Database answers", "Cache answers", "UEX API answers"
TITLES = (DATABASE, CACHE, API)
NONE, LOCAL, TASK = "none", "local", "task"
#: What the program finds its own text in, packed, as RunTask takes 8,192 characters of overrides.
PROGRAM = "REACH_PROGRAM"
UNPACK = f"import base64,os,zlib;exec(zlib.decompress(base64.b64decode(os.environ['{PROGRAM}'])))"
#: Without Python there is still whether a port is open, if there is nc.
SHELL = f"""if command -v python3 >/dev/null; then exec python3 -c "{UNPACK}"; fi
command -v nc >/dev/null || exit 0
asked() {{ if nc -w 5 "$2" "$3" </dev/null >/dev/null 2>&1; then ok=true; else ok=false; fi
printf '{_reach.MARK}{{"name": "%s", "ok": %s, "ms": null, "refused": false, "words": "%s"}}\\n' "$1" $ok \
"TCP alone, as the image has no Python"; }}
asked "{DATABASE}" "$DATABASE_HOST" "$DATABASE_PORT"
asked "{CACHE}" "$REDIS_HOST" "$REDIS_PORT"
"""

Asked = list[dict[str, Any]]


class Place(NamedTuple):
    """What is where: the primary database and the cache as AWS shows them; None where there is none."""

    database: Mapping[str, Any] | None
    cache: Mapping[str, Any] | None


def results(connect: Connect, options: Options, check_mode: bool) -> Results:
    """The three rows. A task is started in the calling thread, so that its end by a signal stops the task too."""
    ask: dict[str, Callable[[], Iterable[Row]]] = {
        NONE: lambda: skipped("nobody asked for it", "-e probe=task asks from a task, -e probe=local from here"),
        LOCAL: lambda: _from_here(connect, options),
        TASK: lambda: _from_task(connect, options),
    }
    if check_mode and options["probe"] == TASK:
        rows: Iterable[Row] = skipped("a check starts no task", "without --check a one-off task asks")
    else:
        try:
            rows = list(ask[options["probe"]]())
        except Exception as error:  # as with every other check, its rows say why
            rows = [Row(*_preflight.unknown(title, "secretsmanager", error)) for title in TITLES]
    return [(SUBJECT, row) for row in rows]


def skipped(reason: str, advice: str) -> list[Row]:
    return [Row(title, SKIPPED, reason, advice) for title in TITLES]


def place(connect: Connect, options: Options) -> Place:
    databases, caches = _health_data.instances(connect, options), _health_data.caches(connect, options)
    return Place(databases.get(options["databases"][0]), caches.get((options["caches"] or [""])[0]))


def endpoints(found: Place) -> dict[str, dict[str, Any]]:
    """Where database and cache answer, by title; what AWS has no address of is not there; pure."""
    database = (found.database or {}).get("Endpoint")
    group = found.cache or {}
    nodes = (group.get("NodeGroups") or [{}])[0]
    cache = group.get("ConfigurationEndpoint") or nodes.get("PrimaryEndpoint")
    there = {DATABASE: database, CACHE: cache}
    return {title: {"host": e["Address"], "port": e["Port"]} for title, e in there.items() if e and e.get("Address")}


# From here


def _from_here(connect: Connect, options: Options) -> Iterable[Row]:
    found = place(connect, options)
    where, made_up = endpoints(found), nowhere(endpoints(found), options)
    secrets = _Secrets(connect, options["name"])
    for title in (DATABASE, CACHE):
        if title in made_up:
            yield _nobody(title)
        elif title not in where:
            yield Row(title, FAILED, "has no address yet")
        else:
            what = {"name": title, **where[title], **_login(title, found, secrets, options)}
            yield judge(_reach.asked({**what, "timeout": options["timeout"], "authority": options["ca_file"]}))
    yield from _api_from_here(secrets, options)


def nowhere(where: Mapping[str, Mapping[str, Any]], options: Options) -> list[str]:
    """Whose addresses the embedded AWS has made up, by title; pure."""
    return [title for title, each in where.items() if options["emulated"] and not _is_address(each["host"])]


def _nobody(title: str) -> Row:
    advice = "embedded_aws.stores places a server"
    return Row(title, SKIPPED, "nothing answers at an address of the embedded AWS", advice)


def _is_address(host: str) -> bool:
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False


class _Secrets:
    """The values of the environment's secrets, which go to who asks with them and nowhere else."""

    def __init__(self, connect: Connect, name: str) -> None:
        self._client, self._name = connect("secretsmanager"), name

    def __call__(self, secret: str) -> dict[str, str]:
        text = self._client.get_secret_value(SecretId=f"{self._name}/{secret}")["SecretString"]
        found: dict[str, str] = json.loads(text)
        return found


def _login(title: str, found: Place, secrets: Callable[[str], Mapping[str, str]], options: Options) -> dict[str, Any]:
    """How a store is asked. No system knows RDS's authorities: without a file of them there is no login."""
    if title == CACHE:
        return {"kind": "cache", "token": secrets("redis")["auth_token"]}
    if not options["ca_file"]:
        return {"kind": "database", "unverified": True}
    value = secrets("database")
    name = value.get("dbname") or (found.database or {}).get("DBName")
    return {"kind": "database", "user": value["username"], "password": value["password"], "database": name}


def _api_from_here(secrets: Callable[[str], Mapping[str, str]], options: Options) -> Iterable[Row]:
    if not options["uex_url"]:
        yield _no_url()
        return
    value = secrets("uex-api")
    headers = {header: value[part] for header, part in options["uex_headers"].items()}
    what = {"name": API, "kind": "api", "url": options["uex_url"], "headers": headers}
    yield judge(_reach.asked({**what, "timeout": options["timeout"], "authority": options["ca_file"]}))


def _no_url() -> Row:
    return Row(API, SKIPPED, "no URL is given", "set operations_health_check_uex_url")


def judge(answer: Mapping[str, Any]) -> Row:
    """The row of an answer; pure."""
    title, words, ms = answer["name"], answer["words"], answer.get("ms")
    if answer["ok"]:
        return Row(title, OK, f"{words}, in {ms} ms" if ms is not None else words, "", ms, "ms")
    return Row(title, FAILED, words, _ADVICE[bool(answer.get("refused")), title], ms, "ms")


#: What to do, by whether the credentials were refused.
_ADVICE = {
    (True, DATABASE): "ansible-playbook playbooks/rotate_secrets.yml, or look who changed the password",
    (True, CACHE): "ansible-playbook playbooks/rotate_secrets.yml, or look who changed the token",
    (True, API): "give data_uex_api_* anew: UEX knows the stored ones no more",
    (False, DATABASE): "see its security group and state: ansible-playbook playbooks/diagnose.yml",
    (False, CACHE): "see its security group and state: ansible-playbook playbooks/diagnose.yml",
    (False, API): "see the NAT gateways and UEX's own status",
}


# From a task


def _from_task(connect: Connect, options: Options) -> Iterable[Row]:
    """One task of a service that has the credentials asks for all; what it says of none is unknown."""
    service = next((each for each in options["services"] if each["name"] == options["task_service"]), None)
    if service is None:
        return skipped(f"there is no service {options['task_service']}", "set operations_health_check_task_service")
    found = place(connect, options)
    made_up = nowhere(endpoints(found), options)
    asked = [each for each in asked_in_task(service, found, options) if each["name"] not in made_up]
    outcome = _one_off.run(connect, request(connect, service, asked, options), lambda line: None)
    return [*map(_nobody, made_up), *judged(outcome, asked), *([] if options["uex_url"] else [_no_url()])]


def asked_in_task(service: Mapping[str, Any], found: Place, options: Options) -> Asked:
    """What a task asks, with the names of the variables that ECS fills in place of values; pure."""
    variables = {reference: f"${name}" for name, reference in service["secrets"].items()}
    authority = options["task_ca_file"]
    common = {"timeout": options["timeout"], "authority": authority}
    login = {"user": variables.get("database:username", ""), "password": variables.get("database:password", "")}
    name = (found.database or {}).get("DBName")
    where = endpoints(found)
    known: dict[str, Asked] = {
        DATABASE: [{"kind": "database", **login, "database": name, "unverified": not authority}],
        CACHE: [{"kind": "cache", "token": variables.get("redis:auth_token", "")}],
    }
    asked = [{"name": title, **each, **where[title], **common} for title in where for each in known[title]]
    if options["uex_url"]:
        headers = {header: variables.get(f"uex-api:{part}", "") for header, part in options["uex_headers"].items()}
        asked.append({"name": API, "kind": "api", "url": options["uex_url"], "headers": headers, **common})
    return asked


def request(connect: Connect, service: Mapping[str, Any], asked: Asked, options: Options) -> _one_off.OneOff:
    """The task: the service's own definition and network, another command."""
    name = options["name"]
    found = _discovery.find(connect, Scope(name, options["tags"]), ("subnets", "security_groups"))
    app = f"{name}-app-"
    return _one_off.OneOff(
        cluster=name,
        task_definition=service["full_name"],
        subnets=sorted(each["subnet_id"] for each_name, each in found["subnets"].items() if each_name.startswith(app)),
        security_groups=[found["security_groups"][f"{name}-ecs"]["group_id"]],
        container=service["name"],
        command=["sh", "-c", SHELL],
        environment={PROGRAM: packed(), "REACH_ASKED": json.dumps(asked)},
        tags={**options["tags"], "Layer": "compute"},
        log_group=service["log_group"],
        deadline=options["task_deadline"],
        started_by="health_check",
    )


def packed() -> str:
    """The program's own text, packed."""
    return base64.b64encode(zlib.compress(inspect.getsource(_reach).encode(), 9)).decode()


def judged(outcome: _one_off.Outcome, asked: Sequence[Mapping[str, Any]]) -> list[Row]:
    """The rows of what a task has said; pure."""
    lines = [line.partition(_reach.MARK)[2] for line in outcome.lines if _reach.MARK in line]
    answers = {each["name"]: each for each in map(json.loads, lines)}
    return [
        judge(answers[each["name"]]) if each["name"] in answers else _silent(each["name"], outcome) for each in asked
    ]


def _silent(title: str, outcome: _one_off.Outcome) -> Row:
    ended = f"exit code {outcome.exit_code}" if outcome.exit_code is not None else outcome.stopped_reason
    words = f"the task said nothing of it ({ended}): its image has neither python3 nor nc, or runs no command"
    return Row(title, UNKNOWN, words, f"aws ecs describe-tasks --tasks {outcome.task_arn}")
