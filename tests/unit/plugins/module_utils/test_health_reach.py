# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import boto3
import pytest

from ansible_collections.uex.payments.plugins.module_utils import _health_reach as reach
from ansible_collections.uex.payments.plugins.module_utils import _one_off, _reach
from ansible_collections.uex.payments.plugins.module_utils._health import SKIPPED, Row
from ansible_collections.uex.payments.plugins.module_utils._preflight import FAILED, OK, UNKNOWN
from ansible_collections.uex.payments.tests.support.health import NAME, options, service

CANARY = "REACH-CANARY"
DATABASE = {"DBInstanceIdentifier": f"{NAME}-db", "DBName": "uex", "Endpoint": {"Address": "10.0.0.1", "Port": 5432}}
CACHE = {"NodeGroups": [{"PrimaryEndpoint": {"Address": "10.0.0.2", "Port": 6379}}]}
PLACE = reach.Place(DATABASE, CACHE)


def rows(results: Any) -> list[Row]:
    return [row for _subject, row in results]


@pytest.mark.parametrize(
    ("probe", "check_mode", "words"), [("none", False, "nobody asked"), ("task", True, "a check starts no task")]
)
def test_what_is_not_asked_is_skipped(probe: str, check_mode: bool, words: str) -> None:
    found = rows(reach.results(None, options(probe=probe), check_mode))  # type: ignore[arg-type]
    assert [row.name for row in found] == list(reach.TITLES)
    assert all(row.state == SKIPPED and words in row.found for row in found)


def test_a_probe_that_cannot_look_is_unknown(aws: None) -> None:
    found = rows(reach.results(boto3.client, options(probe="task"), False))
    assert {row.state for row in found} == {SKIPPED}  # there is no service uex-backend
    found = rows(reach.results(boto3.client, options(probe="task", task_service="one"), False))
    assert {row.state for row in found} == {UNKNOWN}


def test_a_secret_that_cannot_be_read_is_unknown(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "place", lambda connect, options: PLACE)
    found = rows(reach.results(boto3.client, options(probe="local", ca_file="/etc/ca.pem"), False))
    assert {row.state for row in found} == {UNKNOWN}
    assert found[0].found.startswith("ResourceNotFoundException: ")


def test_without_an_address_there_is_a_failure_and_without_a_url_nothing_is_asked(aws: None) -> None:
    found = rows(reach.results(boto3.client, options(probe="local"), False))
    assert [(row.name, row.state) for row in found] == [
        (reach.DATABASE, FAILED),
        (reach.CACHE, FAILED),
        (reach.API, SKIPPED),
    ]


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        ({"ok": True, "ms": 12, "words": "TLS, AUTH, PING"}, OK, "TLS, AUTH, PING, in 12 ms"),
        ({"ok": True, "ms": None, "words": "TCP alone"}, OK, "TCP alone"),
        ({"ok": False, "ms": 3, "refused": True, "words": "the token is refused"}, FAILED, "the token is refused"),
        ({"ok": False, "ms": 3, "refused": False, "words": "no answer in time"}, FAILED, "no answer in time"),
    ],
)
def test_an_answer_becomes_a_row(answer: dict[str, Any], state: str, words: str) -> None:
    row = reach.judge({"name": reach.CACHE, **answer})
    assert (row.state, row.found, bool(row.advice)) == (state, words, state == FAILED)


def test_a_task_is_told_names_of_variables_and_no_values() -> None:
    given = options(uex_url="https://uex.example.com/", uex_headers={"X-Key": "key", "X-Code": "referral_code"})
    database, cache, api = reach.asked_in_task(service(), PLACE, given)
    assert (database["user"], database["password"], database["unverified"]) == (
        "$DATABASE_USERNAME",
        "$DATABASE_PASSWORD",
        True,
    )
    assert (cache["host"], cache["token"]) == ("10.0.0.2", "$REDIS_AUTH_TOKEN")
    assert api["headers"] == {"X-Key": "$UEX_API_KEY", "X-Code": ""}
    trusting = reach.asked_in_task(service(), PLACE, options(task_ca_file="/etc/rds.pem"))
    assert (trusting[0]["unverified"], trusting[0]["authority"]) == (False, "/etc/rds.pem")


def outcome(*lines: str, code: int | None = 0) -> _one_off.Outcome:
    return _one_off.Outcome("arn:task", code, "gone", list(lines))


def test_what_a_task_says_is_judged_and_silence_is_unknown() -> None:
    said = _reach.MARK + json.dumps({"name": reach.DATABASE, "ok": True, "ms": 9, "words": "TLS", "refused": False})
    asked = reach.asked_in_task(service(), PLACE, options())
    database, cache = reach.judged(outcome("noise", f"2026 {said}"), asked)
    assert (database.state, database.found) == (OK, "TLS, in 9 ms")
    assert (cache.state, "exit code 0" in cache.found) == (UNKNOWN, True)
    assert "gone" in reach.judged(outcome(code=None), asked)[0].found


@pytest.mark.parametrize(
    ("emulated", "host", "expected"),
    [(True, "db.aaaa.rds.amazonaws.com", [reach.CACHE]), (True, "127.0.0.9", []), (False, "db.aaaa", [])],
)
def test_at_an_address_that_is_made_up_nobody_is_asked(emulated: bool, host: str, expected: list[str]) -> None:
    assert reach.nowhere({reach.CACHE: {"host": host}}, options(emulated=emulated)) == expected


def environment() -> dict[str, str]:
    asked = [{"name": "a", "kind": "cache", "host": "127.0.0.1", "port": 1, "token": "$TOKEN", "timeout": 1}]
    return {reach.PROGRAM: reach.packed(), "REACH_ASKED": json.dumps(asked), "TOKEN": CANARY}


def test_the_program_fits_into_a_task_s_overrides_and_runs_where_there_is_python() -> None:
    given = environment()
    assert len(json.dumps(given)) + len(reach.SHELL) < 8192
    path = f"{os.path.dirname(sys.executable)}:/usr/bin:/bin"
    done = subprocess.run(
        ["sh", "-c", reach.SHELL], env={**given, "PATH": path}, capture_output=True, text=True, check=False
    )
    (line,) = done.stdout.splitlines()
    answer = json.loads(line.removeprefix(_reach.MARK))
    assert (answer["ok"], answer["words"]) == (False, "Connection refused")
    assert CANARY not in done.stdout + done.stderr


@pytest.mark.parametrize(("nc", "answers"), [("exit 0", [True, True]), ("exit 1", [False, False])])
def test_without_python_ports_are_tried(tmp_path: Any, nc: str, answers: list[bool]) -> None:
    for name, text in (("nc", f"#!/bin/sh\n{nc}\n"),):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    done = subprocess.run(
        ["/bin/sh", "-c", reach.SHELL], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    found = [json.loads(line.removeprefix(_reach.MARK)) for line in done.stdout.splitlines()]
    assert [each["name"] for each in found] == [reach.DATABASE, reach.CACHE]
    assert [each["ok"] for each in found] == answers
    assert all("no Python" in each["words"] for each in found)


def test_without_either_it_says_nothing_and_ends_well(tmp_path: Any) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", reach.SHELL], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_the_task_is_the_service_s_own_with_another_command(aws: None) -> None:
    ec2 = boto3.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    tags = [{"Key": key, "Value": value} for key, value in options()["tags"].items()]
    named = [{"Key": "Name", "Value": f"{NAME}-app-a"}]
    kind = {"ResourceType": "subnet", "Tags": [*tags, *named]}
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24", TagSpecifications=[kind])["Subnet"]["SubnetId"]
    kind = {"ResourceType": "security-group", "Tags": tags}
    group = ec2.create_security_group(GroupName=f"{NAME}-ecs", Description="d", VpcId=vpc, TagSpecifications=[kind])
    request = reach.request(boto3.client, service(), [{"name": "a"}], options())
    assert (request.subnets, request.security_groups) == ([subnet], [group["GroupId"]])
    assert (request.task_definition, request.container) == (f"{NAME}-one", "one")
    assert request.command[:2] == ["sh", "-c"]
    assert json.loads(request.environment["REACH_ASKED"]) == [{"name": "a"}]
