#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: guardduty_detector
short_description: Manage the detector of GuardDuty
description:
  - Creates, changes and prunes the detector, of which an account has one in each region.
  - A detector that is not ours, of the organisation, of somebody else or of another environment, is used as it is, on
    or suspended. It is neither changed nor taken over nor deleted. The result says so in C(notes).
version_added: "0.1.0"
options:
  account_id:
    description: The account, 12 digits.
    type: str
    required: true
  detectors:
    description: The detector, one at most.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the detector, which AWS knows as the tag C(Name) only.
        type: str
        required: true
      finding_publishing_frequency:
        description: How often findings that come again are told. Left as it is when not given.
        type: str
        choices: [FIFTEEN_MINUTES, ONE_HOUR, SIX_HOURS]
      features:
        description: >-
          What it looks at besides, as booleans by AWS's name of the feature, such as V(RDS_LOGIN_EVENTS). Others are
          left as they are; AWS switches most of them on in a new detector.
        type: dict
      tags:
        description: Further tags.
        type: dict
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: Who attacks the account
  uex.payments.guardduty_detector:
    account_id: "123456789012"
    detectors:
      - name: uex-payments-prod-detector
        features: {RDS_LOGIN_EVENTS: true}
    tags: {Project: uex-payments, Environment: prod, Layer: monitoring, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
notes:
  description: Whose detector is used.
  returned: always
  type: list
  elements: str
detectors:
  description: The detector by name, with C(detector_id), C(arn) and its properties.
  returned: success
  type: dict
"""

from collections.abc import Iterable
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _features, _guards
from ansible_collections.uex.payments.plugins.module_utils._errors import code_of
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item

ON = "ENABLED"
OFF = "DISABLED"


def is_gone(error: Exception) -> bool:
    """GuardDuty has one code for everything that it refuses."""
    return code_of(error) == "BadRequestException" and "not owned by the current account" in str(error)


class Detector(_guards.Guard):
    kind = "AWS::GuardDuty::Detector"
    service = "guardduty"
    plural = "detectors"
    name_tag = True
    computed = ("detector_id", "arn")
    noun = "GuardDuty's detector"

    def validate(self, item: Item) -> Iterable[str]:
        return _features.problems(item["features"] or {})

    def desired(self, item: Item) -> Item:
        """What is not named stays, so that no features are none declared."""
        features = {name: ON if on else OFF for name, on in (item["features"] or {}).items()}
        return {
            "status": ON,
            "finding_publishing_frequency": item["finding_publishing_frequency"],
            "features": features or None,
        }

    def observe(self) -> dict[str, Item]:
        ids = _aws.pages(self.client, "list_detectors", "DetectorIds")
        return _guards.only(self.declared, map(self._observed, ids))

    def _observed(self, detector_id: str) -> Item:
        entry = self.client.get_detector(DetectorId=detector_id)
        tags = dict(entry.get("Tags") or {})
        return {
            "name": tags.get("Name", detector_id),
            "called": detector_id,
            "state": "" if entry["Status"] == ON else "it is suspended, so nothing is found until they resume it",
            "detector_id": detector_id,
            "arn": self._arn(detector_id),
            "status": entry["Status"],
            "finding_publishing_frequency": entry["FindingPublishingFrequency"],
            "features": {each["Name"]: each["Status"] for each in entry.get("Features") or ()},
            "tags": tags,
        }

    def _arn(self, detector_id: str) -> str:
        meta = self.client.meta
        return f"arn:{meta.partition}:guardduty:{meta.region_name}:{self.options['account_id']}:detector/{detector_id}"

    def create(self, name: str, desired: Item) -> None:
        self.client.create_detector(Enable=True, Tags=desired["tags"], **request(desired))

    def update(self, name: str, plan: Plan) -> None:
        before, after = dict(plan.before or {}), dict(plan.after or {})
        changed = {option: after[option] for option in plan.options}
        if plan.options - {"tags"}:
            self.client.update_detector(DetectorId=before["detector_id"], Enable=True, **request(changed))
        if "tags" in changed:
            self.client.tag_resource(ResourceArn=before["arn"], Tags=changed["tags"])

    def delete(self, name: str, observed: Item) -> None:
        """With all that it has found."""
        try:
            self.client.delete_detector(DetectorId=observed["detector_id"])
        except Exception as error:
            if not is_gone(error):
                raise


def request(settings: Item) -> dict[str, Any]:
    """The settings that are given, as arguments of CreateDetector and UpdateDetector."""
    features = settings.get("features")
    listed = None if features is None else [{"Name": name, "Status": on} for name, on in sorted(features.items())]
    frequency = settings.get("finding_publishing_frequency")
    return _aws.declared({"FindingPublishingFrequency": frequency, "Features": listed})


def main() -> None:
    run(Detector, DOCUMENTATION)


if __name__ == "__main__":
    main()
