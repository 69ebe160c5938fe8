# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _cli
from ansible_collections.uex.payments.plugins.module_utils._cli import Target

WHERE = {"region": "eu-west-1", "endpoint_url": None, "profile": "tools"}


def task(identifier: str, started: int, agent: str | None = "RUNNING") -> dict[str, Any]:
    agents = [{"name": "ExecuteCommandAgent", "lastStatus": agent}] if agent else []
    containers = [{"name": "api", "managedAgents": agents}, {"name": "proxy"}]
    return {"taskArn": f"arn:task/pay/{identifier}", "startedAt": started, "containers": containers}


TASKS = [task("aaa1", 1), task("bbb2", 3, "PENDING"), task("ccc3", 2)]


@pytest.mark.parametrize(("wanted", "found"), [("", "ccc3"), ("aaa", "aaa1"), ("ccc3", "ccc3")])
def test_the_newest_task_whose_agent_runs_is_taken(wanted: str, found: str) -> None:
    assert _cli.target(TASKS, wanted, "api") == Target(found, "api")


@pytest.mark.parametrize(
    ("tasks", "wanted", "container", "said"),
    [
        (TASKS, "ddd", "api", "no running one is called ddd; there are bbb2, ccc3, aaa1"),
        ([], "", "api", "there are none"),
        (TASKS, "", "web", "the tasks have no web; there are api, proxy"),
        (TASKS, "bbb", "api", "the agent that runs commands runs in none: bbb2 PENDING"),
        (TASKS, "", "proxy", "bbb2 without agent, ccc3 without agent"),
    ],
)
def test_a_task_that_is_not_there_is_said(tasks: Any, wanted: str, container: str, said: str) -> None:
    with pytest.raises(_cli.NotFound, match=said):
        _cli.target(tasks, wanted, container)


def test_a_service_is_named() -> None:
    services = [{"name": "api"}, {"name": "web"}]
    assert _cli.service_of(services, "web") == {"name": "web"}
    for name, said in (("x", "there is no x; there are api, web"), ("", "name one with -e service=")):
        with pytest.raises(_cli.NotFound, match=said):
            _cli.service_of(services, name)


def test_commands_are_whole() -> None:
    command = _cli.execute("pay", Target("aaa1", "api"), "ls -l /tmp", WHERE)
    assert _cli.text(command) == (
        "aws ecs execute-command --cluster pay --task aaa1 --container api --interactive --command 'ls -l /tmp' "
        "--region eu-west-1 --profile tools"
    )
    tail = _cli.tail("pay-api", "15m", "ERROR x", True, {**WHERE, "endpoint_url": "http://127.0.0.1:1"})
    assert _cli.text(tail) == (
        "aws logs tail pay-api --since 15m --filter-pattern 'ERROR x' --follow --format short "
        "--region eu-west-1 --endpoint-url http://127.0.0.1:1 --profile tools"
    )


@pytest.mark.parametrize(
    ("text", "lines", "status"),
    [
        ("one\r\ntwo\r\nexit status 0\r\n", ["one", "two"], 0),
        ("\x1b[31mred\x1b[0m\nexit status 3\n", ["red"], 3),
        ("Starting session with SessionId: x\nout\nexit status 0\nExiting session with sessionId: x.\n", ["out"], 0),
        ("Cannot perform start session: EOF\n", ["Cannot perform start session: EOF"], None),
        ("", [], None),
    ],
)
def test_what_a_command_printed_and_how_it_ended(text: str, lines: list[str], status: int | None) -> None:
    assert _cli.printed(text) == (lines, status)


def test_a_reported_command_keeps_its_quotes() -> None:
    assert _cli.reported("echo 'a b'") == "/bin/sh -c 'echo '\"'\"'a b'\"'\"'; echo exit status $?'"


@pytest.mark.parametrize(("text", "seconds"), [("30s", 30), ("15m", 900), ("2h", 7200), ("1d", 86400), ("1w", 604800)])
def test_times(text: str, seconds: int) -> None:
    assert _cli.seconds(text) == seconds


@pytest.mark.parametrize("text", ["", "15", "m", "0m", "1y", "-1h"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="since: a number and one of"):
        _cli.seconds(text)


@pytest.mark.parametrize(
    ("stream", "shown"),
    [
        ("ecs/api/0123456789", "01234567  x"),
        ("ecs/proxy/0123456789", "01234567 proxy  x"),
        ("strange", "strange  x"),
    ],
)
def test_a_line_says_when_and_which_task(stream: str, shown: str) -> None:
    event = {"timestamp": 1_800_000_000_000, "logStreamName": stream, "message": "x\n"}
    assert _cli.line(event, "api") == f"2027-01-15 08:00:00  {shown}"
