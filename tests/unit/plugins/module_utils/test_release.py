# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import boto3
import pytest

from ansible_collections.uex.payments.plugins.module_utils import _release
from ansible_collections.uex.payments.plugins.module_utils._state import Store

BUCKET = "uex-payments-state-123456789012-us-east-1"
OPTIONS = {"state_bucket": "uex-payments-state-{account_id}-us-east-1", "state_prefix": "uex-payments/dev"}


def ran(tag: str, release: str | None = None) -> dict[str, Any]:
    return {"release": release, "image_tag": tag, "digest": f"sha256:{tag}", "task_definition": f"arn:{tag}"}


def entry(number: int, tag: str, before: Any = None, **more: Any) -> dict[str, Any]:
    return {
        **{"id": f"run-{number}", "kind": "deploy", "result": "succeeded", "previous": before, "restores": None},
        **{"image_tag": tag, "digest": f"sha256:{tag}", "task_definition": f"arn:{tag}", "deployment": f"d-{number}"},
        **{"began": "2026-11-27T10:15:00Z", "seconds": 302.4, "who": {"user": "ann", "host": "laptop", "arn": "arn"}},
        **more,
    }


A = entry(1, "1.0", ran("0.9"))
B = entry(2, "1.1", ran("1.0", "run-1"))
C = entry(3, "1.2", ran("1.1", "run-2"))
AGAIN = entry(4, "1.2", ran("1.2", "run-3"))
BROKEN = entry(5, "1.3", ran("1.2", "run-3"), result="rolled back")
BACK = entry(6, "1.1", ran("1.2", "run-3"), kind="rollback", restores="run-2")
BACK_TWICE = entry(7, "1.0", ran("1.1", "run-6"), kind="rollback", restores="run-1")
TO_UNRECORDED = entry(8, "0.9", ran("1.0", "run-1"), kind="rollback", restores=None)
GOING = entry(9, "2.0", ran("1.2", "run-3"), result="begun")
OVER = entry(10, "", None, kind="teardown")


@pytest.mark.parametrize(
    ("entries", "present", "previous"),
    [
        ([], None, None),
        ([A], "run-1", "0.9"),
        ([B, A], "run-2", "1.0"),
        ([C, B, A], "run-3", "1.1"),
        ([AGAIN, C, B, A], "run-4", "1.1"),
        ([BROKEN, C, B, A], "run-3", "1.1"),
        ([BACK, C, B, A], "run-6", "1.0"),
        ([BACK_TWICE, BACK, C, B, A], "run-7", "0.9"),
        ([TO_UNRECORDED, A], "run-8", None),
        ([GOING, C, B, A], "run-9", "1.2"),
        ([entry(1, "1.0", None)], "run-1", None),
        ([OVER, C, B, A], None, None),
        ([entry(11, "3.0", None), OVER, C], "run-11", None),
    ],
)
def test_what_is_in_force_and_what_was_before_it(entries: Any, present: str | None, previous: str | None) -> None:
    found, before = _release.present(entries), _release.previous(entries)
    assert (found and found["id"], before and before["image_tag"]) == (present, previous)


@pytest.mark.parametrize(
    ("word", "found"),
    [("run-2", "1.1"), ("1.0", "1.0"), ("0.9", "0.9"), ("1.3", None), ("run-5", None), ("", None)],
)
def test_a_release_is_named_by_id_or_tag_if_it_succeeded(word: str, found: str | None) -> None:
    target = _release.named([OVER, BROKEN, C, B, A], word)
    assert (target and target["image_tag"]) == found


def test_the_newest_run_is_that_of_the_services_deployed_last() -> None:
    document = {"api": [C, B], "web": [C], "old": [B], "gone": [OVER, C]}
    assert _release.newest_run(document) == ["api", "web"]
    assert _release.newest_run({}) == []


def test_an_entry_is_begun_and_ended_and_old_ones_go() -> None:
    document = {"api": [A] * _release.KEPT}
    document = _release.begun(document, "api", B)
    assert (document["api"][0]["result"], len(document["api"])) == ("begun", _release.KEPT)
    assert _release.ended(document, "api", {"result": "failed"})["api"][0] == {**B, "result": "failed"}
    over = _release.over(document, "api", {"user": "ann"}, 0)
    assert (_release.in_force(over), over["api"][0]["id"]) == ({}, "19700101T000000Z-teardown")


@pytest.mark.parametrize("text", ["[]", "{", '{"services": 1}', '{"services": {"api": 1}}'])
def test_what_is_no_document_is_named(text: str) -> None:
    with pytest.raises(ValueError, match=r"s3://b/releases\.json holds no releases"):
        _release.parsed(text, "s3://b/releases.json")


def test_a_document_is_read_as_it_was_written() -> None:
    assert _release.parsed(_release.text({"api": [A]}), "") == {"api": [A]}
    assert _release.parsed(None, "") == {}


@pytest.mark.parametrize(
    ("tag", "source", "told"),
    [
        ("1.2", "inventory", None),
        ("1.1", "inventory", "stack_services.api.image_tag: the inventory says 1.1, release run-3 deployed 1.2. The"),
        ("1.1", "stack", "stack_image_tag: the inventory says 1.1, releases deployed api 1.2. The releases count"),
        ("latest", "stack", None),
        (1.2, "stack", None),
    ],
)
def test_an_inventory_that_says_another_tag_is_told(tag: Any, source: str, told: str | None) -> None:
    services = [{"name": "api", "image_tag": tag, "image_tag_from": source}, {"name": "new", "image_tag": "1"}]
    found = _release.contradictions(services, {"api": C})
    assert [line.startswith(told) for line in found] == [True] if told else found == []


@pytest.mark.parametrize(
    ("status", "result"),
    [
        ("SUCCESSFUL", "succeeded"),
        ("ROLLBACK_SUCCESSFUL", "rolled back"),
        ("ROLLBACK_FAILED", "rolled back"),
        ("STOPPED", "failed"),
        ("IN_PROGRESS", "begun"),
        (None, "begun"),
    ],
)
def test_what_no_run_saw_the_end_of_is_as_ecs_says(status: str | None, result: str) -> None:
    statuses = {"d-9": {"status": status, "statusReason": "why"}} if status else {}
    settled = _release.settled({"api": [GOING, C]}, statuses)
    assert [each["result"] for each in settled["api"]] == [result, "succeeded"]


def test_a_table_has_a_star_at_what_is_in_force() -> None:
    lines = _release.table({"api": [BROKEN, C, B, A], "web": [OVER]}, ["api", "web", "none"], 2)
    assert [line.split()[:2] for line in lines[1:]] == [["api", "run-5"], ["api", "run-3"], ["web", "run-10"]]
    assert [" * " in line for line in lines[1:]] == [False, True, False]
    assert "1.1 (1.1)" in lines[2]
    assert "5:02" in lines[2]
    assert _release.table({}, ["api"], 5) == ["  No release is recorded yet: playbooks/deploy.yml makes one"]


# The state bucket


def test_an_account_without_the_bucket_or_the_document_has_no_releases(aws: None) -> None:
    assert _release.found(boto3.client, {**OPTIONS, "services": []}, "123456789012") == ({}, [])
    boto3.client("s3").create_bucket(Bucket=BUCKET)
    assert _release.found(boto3.client, {**OPTIONS, "services": []}, "123456789012") == ({}, [])
    assert _release.found(boto3.client, {"state_bucket": ""}, "123456789012") == ({}, [])


def test_the_release_in_force_of_a_service_is_read(aws: None) -> None:
    boto3.client("s3").create_bucket(Bucket=BUCKET)
    store = Store(boto3.client, BUCKET, "uex-payments/dev")
    _release.keep(store, {"api": [C, B]})
    assert _release.current(boto3.client, store, "api") == C
    assert _release.current(boto3.client, store, "web") is None
    pinned = [{"name": "api", "image_tag": "1.1", "image_tag_from": "inventory"}]
    releases, told = _release.found(boto3.client, {**OPTIONS, "services": pinned}, "123456789012")
    assert (releases, len(told)) == ({"api": C}, 1)
