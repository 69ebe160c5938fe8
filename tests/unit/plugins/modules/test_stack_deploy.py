# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module's own parts; whole runs are in the action's tests."""

from __future__ import annotations

from typing import Any

import boto3

from ansible_collections.uex.payments.plugins.modules import stack_deploy
from ansible_collections.uex.payments.tests.support import plugins, releases
from ansible_collections.uex.payments.tests.support.releases import Estate

OPTIONS: dict[str, Any] = {**releases.OPTIONS, "services": releases.services(), "service": ["api"]}


def call(check_mode: bool = False, **more: Any) -> dict[str, Any]:
    return plugins.run_module(stack_deploy, {**OPTIONS, **more}, check_mode)


def test_by_itself_it_plans(aws: None) -> None:
    estate = Estate()
    found = call(image_tag="1.1")
    (step,) = found["steps"]
    assert (found["changed"], found["problems"], step["act"]) == (False, [], "deploy")
    assert estate.runs("api") == "1.0"


def test_a_check_begins_nothing(aws: None) -> None:
    estate = Estate()
    steps = call(image_tag="1.1")["steps"]
    found = call(check_mode=True, image_tag="1.1", step="begin", steps=steps)
    assert found["steps"] == steps
    assert estate.runs("api") == "1.0"


def test_an_account_without_the_state_bucket_can_be_planned(aws: None) -> None:
    Estate()
    boto3.client("s3").delete_bucket(Bucket=releases.BUCKET)
    assert call(image_tag="1.1")["problems"] == []


def test_what_aws_refuses_to_begin_hides_no_other(aws: None) -> None:
    estate = Estate()
    steps = call(image_tag="1.1", service=["all"])["steps"]
    steps[0]["base"] = f"{steps[0]['base']}9"
    run = {"id": "run-1", "user": "ann", "host": "laptop"}
    begun = call(step="begin", steps=steps, run=run)["steps"]
    assert [bool(step.get("error")) for step in begun] == [True, False]
    assert list(estate.releases()) == ["web"]


def test_a_service_that_is_deleted_meanwhile_has_failed(aws: None) -> None:
    estate = Estate()
    steps = call(image_tag="1.1")["steps"]
    begun = call(step="begin", steps=steps, run={"id": "run-1", "user": "ann", "host": "laptop"})["steps"]
    estate.ecs.delete_service(cluster=releases.CLUSTER, service=steps[0]["full_name"], force=True)
    look = call(step="look", steps=begun)["looks"]["api"]
    assert (look["state"], look["words"]) == ("failed", "the service is there no more")


def test_a_failure_names_the_part_and_the_code(aws: None) -> None:
    boto3.client("s3").create_bucket(Bucket=releases.BUCKET)
    found = call(step="end", steps=[{"name": "x", "act": "deploy"}], outcomes={})
    assert found["failed"]
    assert found["msg"].startswith("uex-payments-test: deploy (end) failed: KeyError")


def test_what_aws_does_not_start_is_noted_as_failed_and_leaves_no_revision(aws: None) -> None:
    estate = Estate()
    latest = estate.latest("api")
    steps = [{**call(image_tag="1.1")["steps"][0], "full_name": "uex-payments-test-lost"}]
    (begun,) = call(step="begin", steps=steps, run={"id": "run-1", "user": "ann", "host": "laptop"})["steps"]
    assert "ServiceNotFoundException" in begun["error"]
    outcomes = {"api": {"result": "failed", "reason": begun["error"], "seconds": 0.0}}
    assert call(step="end", steps=[begun], outcomes=outcomes)["changed"]
    assert estate.results("api") == [("deploy", "1.1", "failed")]
    assert estate.latest("api") == latest


def test_what_cannot_be_noted_is_not_begun(aws: None) -> None:
    estate = Estate()
    latest, steps = estate.latest("api"), call(image_tag="1.1")["steps"]
    boto3.client("s3").delete_bucket(Bucket=releases.BUCKET)
    refused = call(step="begin", steps=steps, run={"id": "run-1", "user": "ann", "host": "laptop"})
    assert "NoStateBucket" in refused["msg"]
    assert (estate.latest("api"), estate.runs("api")) == (latest, "1.0")
