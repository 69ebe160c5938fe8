# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.modules.config_recorder import Recorder
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject

ACCOUNT, NAME, BUCKET = "123456789012", "uex-payments-test-recorder", "uex-payments-test-audit"
STATEMENT = {
    "Effect": "Allow",
    "Principal": {"Service": "config.amazonaws.com"},
    "Action": ["s3:GetBucketAcl", "s3:ListBucket", "s3:PutObject"],
    "Resource": [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"],
}
ROLE = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"


def item(**changed: Any) -> dict[str, Any]:
    return {
        "name": NAME,
        "include_global_resource_types": True,
        "recording_frequency": "CONTINUOUS",
        "s3_bucket_name": BUCKET,
        "s3_key_prefix": None,
        "delivery_frequency": "TwentyFour_Hours",
        "tags": None,
        **changed,
    }


def sample(connect: Connect) -> dict[str, Any]:
    connect("s3").create_bucket(Bucket=BUCKET)
    policy = {"Version": "2012-10-17", "Statement": [STATEMENT]}
    connect("s3").put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(policy))
    return {"account_id": ACCOUNT, "recorders": [item()]}


CONTRACT = Contract(
    Recorder,
    sample,
    change={"recording_frequency": "DAILY", "delivery_frequency": "Six_Hours"},
    unset=("s3_key_prefix", "delivery_frequency"),
    shared=True,
)


@pytest.fixture
def subject(aws: None) -> Subject:
    return Subject(CONTRACT, Account())


def config(subject: Subject) -> Any:
    return subject.account.connect("config")


def recording(subject: Subject) -> list[bool]:
    return [each["recording"] for each in config(subject).describe_configuration_recorder_status()[STATUS]]


STATUS = "ConfigurationRecordersStatus"


def test_it_records_all_with_the_service_s_own_role_and_goes_on_doing_so(subject: Subject) -> None:
    assert subject.run().failed == []
    (recorder,) = config(subject).describe_configuration_recorders()["ConfigurationRecorders"]
    assert (recorder["roleARN"], recorder["recordingGroup"]["allSupported"]) == (ROLE, True)
    assert recording(subject) == [True]
    config(subject).stop_configuration_recorder(ConfigurationRecorderName=NAME)
    (plan,) = subject.run().plans
    assert plan.options == {"recording"}
    assert recording(subject) == [True]


def test_a_run_that_was_interrupted_is_finished(subject: Subject) -> None:
    assert subject.run().failed == []
    config(subject).stop_configuration_recorder(ConfigurationRecorderName=NAME)
    config(subject).delete_delivery_channel(DeliveryChannelName=NAME)
    assert subject.run().failed == []
    assert recording(subject) == [True]
    assert [plan.verb for plan in subject.run().plans] == ["keep"]


def test_somebody_else_s_is_used_even_if_it_is_stopped(subject: Subject) -> None:
    subject.account.connect("iam").create_service_linked_role(AWSServiceName="config.amazonaws.com")
    theirs = {"name": "default", "roleARN": ROLE}
    config(subject).put_configuration_recorder(ConfigurationRecorder=theirs)
    (plan,) = subject.run().plans
    assert plan.verb == "keep"
    assert "default" in plan.note and "stopped" in plan.note
    assert recording(subject) == [False]


def test_a_channel_that_somebody_left_behind_is_theirs_to_delete(subject: Subject) -> None:
    subject.account.connect("iam").create_service_linked_role(AWSServiceName="config.amazonaws.com")
    theirs = {"name": "default", "roleARN": ROLE}
    config(subject).put_configuration_recorder(ConfigurationRecorder=theirs)
    config(subject).put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": BUCKET})
    config(subject).delete_configuration_recorder(ConfigurationRecorderName="default")
    (error,) = subject.run().failed
    assert error.code == "MaxNumberOfDeliveryChannelsExceededException"
    assert "default" in error.message
    assert config(subject).describe_configuration_recorders()["ConfigurationRecorders"] == []


def test_nothing_is_left_but_the_service_s_role(subject: Subject) -> None:
    assert subject.run().failed == []
    assert [plan.verb for plan in subject.run(prune=True, recorders=[]).done] == ["delete"]
    assert config(subject).describe_delivery_channels()["DeliveryChannels"] == []
    assert recording(subject) == []
