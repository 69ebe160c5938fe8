# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.modules.guardduty_detector import Detector
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject

ACCOUNT, NAME = "123456789012", "uex-payments-test-detector"


def item(**changed: Any) -> dict[str, Any]:
    features = {"RDS_LOGIN_EVENTS": True, "EKS_AUDIT_LOGS": False}
    return {"name": NAME, "finding_publishing_frequency": "ONE_HOUR", "features": features, "tags": None, **changed}


def sample(_connect: Connect) -> dict[str, Any]:
    return {"account_id": ACCOUNT, "detectors": [item()]}


CONTRACT = Contract(
    Detector,
    sample,
    change={"features": {"S3_DATA_EVENTS": False}},
    unset=("finding_publishing_frequency", "features"),
    shared=True,
)


@pytest.fixture
def subject(aws: None) -> Subject:
    return Subject(CONTRACT, Account())


def test_features_that_are_not_declared_stay(subject: Subject) -> None:
    assert subject.run().failed == []
    client = subject.account.connect("guardduty")
    (detector,) = client.list_detectors()["DetectorIds"]
    found = {each["Name"]: each["Status"] for each in client.get_detector(DetectorId=detector)["Features"]}
    assert (found["RDS_LOGIN_EVENTS"], found["EKS_AUDIT_LOGS"]) == ("ENABLED", "DISABLED")
    assert (found["S3_DATA_EVENTS"], found["RUNTIME_MONITORING"]) == ("ENABLED", "DISABLED")
    assert [plan.verb for plan in subject.run(detectors=[item(features={})]).plans] == ["keep"]


def test_ours_is_resumed_and_somebody_else_s_is_not(subject: Subject) -> None:
    client = subject.account.connect("guardduty")
    detector = client.create_detector(Enable=False)["DetectorId"]
    (plan,) = subject.run().plans
    assert plan.verb == "keep"
    assert detector in plan.note and "suspended" in plan.note
    assert client.get_detector(DetectorId=detector)["Status"] == "DISABLED"
    client.delete_detector(DetectorId=detector)
    assert subject.run().failed == []
    (detector,) = client.list_detectors()["DetectorIds"]
    client.update_detector(DetectorId=detector, Enable=False)
    assert subject.run().failed == []
    assert client.get_detector(DetectorId=detector)["Status"] == "ENABLED"


@pytest.mark.parametrize("features", [{"FLOW_LOGS": True}, {"S3_DATA_EVENTS": "ENABLED"}])
def test_what_is_no_feature_or_no_boolean(features: dict[str, Any]) -> None:
    (problem,) = Detector(lambda service: None, {}).validate(item(features=features))
    assert problem.startswith("features: ")
