# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest

from ansible_collections.uex.payments.plugins.modules.cloudtrail_trail import Trail
from ansible_collections.uex.payments.tests.support.contract import TAGS, Account, Connect, Contract, Subject

ACCOUNT, NAME, BUCKET = "123456789012", "uex-payments-test-trail", "uex-payments-test-audit"
SERVICE = {"Service": "cloudtrail.amazonaws.com"}
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": SERVICE, "Action": "s3:GetBucketAcl", "Resource": f"arn:aws:s3:::{BUCKET}"},
        {"Effect": "Allow", "Principal": SERVICE, "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{BUCKET}/*"},
    ],
}
WRITES = {"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True}


def item(**changed: Any) -> dict[str, Any]:
    return {
        "name": NAME,
        "s3_bucket_name": BUCKET,
        "s3_key_prefix": None,
        "kms_key_id": None,
        "is_multi_region_trail": True,
        "include_global_service_events": None,
        "enable_log_file_validation": True,
        "cloud_watch_logs_log_group_arn": None,
        "cloud_watch_logs_role_arn": None,
        "tags": None,
        **changed,
    }


def bucket(connect: Connect) -> None:
    connect("s3").create_bucket(Bucket=BUCKET)
    connect("s3").put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(POLICY))


def sample(connect: Connect) -> dict[str, Any]:
    bucket(connect)
    return {"account_id": ACCOUNT, "trails": [item()]}


CONTRACT = Contract(
    Trail,
    sample,
    change={"s3_key_prefix": "trails"},
    unset=("s3_key_prefix", "kms_key_id", "cloud_watch_logs_log_group_arn", "cloud_watch_logs_role_arn"),
    shared=True,
)


@pytest.fixture
def subject(aws: None) -> Subject:
    return Subject(CONTRACT, Account())


def client(subject: Subject) -> Any:
    return subject.account.connect("cloudtrail")


def theirs(subject: Subject, region: str = "us-east-1", logging: bool = True, **changed: Any) -> Any:
    """Somebody else's trail, and a client where it is at home."""
    made = boto3.client("cloudtrail", region_name=region)
    made.create_trail(**{"Name": "theirs", "S3BucketName": BUCKET, "IsMultiRegionTrail": True, **changed})
    if logging:
        made.start_logging(Name=changed.get("Name", "theirs"))
    return made


def verb(subject: Subject) -> str:
    (plan,) = subject.run(check_mode=True).plans
    return plan.verb


def test_a_trail_records_everything_and_goes_on_doing_so(subject: Subject) -> None:
    assert subject.run().failed == []
    (trail,) = client(subject).describe_trails()["trailList"]
    assert trail["IsMultiRegionTrail"] and trail["LogFileValidationEnabled"] and trail["IncludeGlobalServiceEvents"]
    assert client(subject).get_trail_status(Name=NAME)["IsLogging"]
    client(subject).stop_logging(Name=NAME)
    client(subject).put_event_selectors(TrailName=NAME, EventSelectors=[WRITES])
    (plan,) = subject.run().plans
    assert plan.options == {"is_logging", "all_management_events"}
    assert client(subject).get_trail_status(Name=NAME)["IsLogging"]
    assert verb(subject) == "keep"


def test_somebody_else_s_that_records_everything_is_enough(subject: Subject) -> None:
    theirs(subject)
    outcome = subject.run()
    assert [plan.verb for plan in outcome.plans] == ["keep"]
    assert "theirs" in outcome.plans[0].note and "none of our tags" in outcome.plans[0].note
    assert [each["Name"] for each in client(subject).describe_trails()["trailList"]] == ["theirs"]


def test_one_that_is_at_home_elsewhere_is_enough_if_it_is_about_all_regions(subject: Subject) -> None:
    theirs(subject, region="eu-west-1")
    assert verb(subject) == "keep"


@pytest.mark.parametrize("why", ["one region", "stopped", "writes only", "no keys"])
def test_one_that_records_less_is_not_enough(subject: Subject, why: str) -> None:
    region = "eu-west-1" if why == "one region" else "us-east-1"
    other = theirs(subject, region, logging=why != "stopped", IsMultiRegionTrail=why != "one region")
    selectors = {"writes only": WRITES, "no keys": {"ExcludeManagementEventSources": ["kms.amazonaws.com"]}}
    if why in selectors:
        other.put_event_selectors(TrailName="theirs", EventSelectors=[selectors[why]])
    assert verb(subject) == "create"
    assert subject.run().failed == []
    assert verb(subject) == "keep"


def test_ours_stays_when_another_one_comes(subject: Subject) -> None:
    assert subject.run().failed == []
    theirs(subject)
    (plan,) = subject.run().plans
    assert (plan.verb, plan.note) == ("keep", "")


def test_a_namesake_that_records_less_is_refused_and_taken_over_only_when_told(subject: Subject) -> None:
    theirs(subject, logging=False, Name=NAME)
    assert [error.code for error in subject.run().failed] == ["NotOurs"]
    assert subject.run(adopt=True).failed == []
    assert client(subject).list_tags(ResourceIdList=[f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/{NAME}"])[
        "ResourceTagList"
    ][0]["TagsList"] == [{"Key": key, "Value": TAGS[key]} for key in sorted(TAGS)]


def test_a_log_group_can_be_added_and_taken_away(subject: Subject) -> None:
    subject.account.connect("logs").create_log_group(logGroupName="trail")
    trust = {"Statement": [{"Effect": "Allow", "Principal": SERVICE, "Action": "sts:AssumeRole"}]}
    role = subject.account.connect("iam").create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(trust))
    logs = {
        "cloud_watch_logs_log_group_arn": f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:trail:*",
        "cloud_watch_logs_role_arn": role["Role"]["Arn"],
    }
    for wanted in (logs, dict.fromkeys(logs, "")):
        assert subject.run(trails=[item(**wanted)]).failed == []
        assert [plan.verb for plan in subject.run(trails=[item(**wanted)]).plans] == ["keep"]


@pytest.mark.parametrize(
    ("changed", "option"),
    [
        ({}, []),
        ({"name": "a"}, ["name"]),
        ({"name": "two--hyphens"}, ["name"]),
        ({"include_global_service_events": False}, ["include_global_service_events"]),
        ({"cloud_watch_logs_log_group_arn": "arn"}, ["cloud_watch_logs_role_arn"]),
    ],
)
def test_what_aws_refuses(changed: dict[str, Any], option: list[str]) -> None:
    problems = Trail(lambda service: None, {}).validate(item(**changed))
    assert [problem.partition(":")[0] for problem in problems] == option
