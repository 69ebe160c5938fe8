# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the deploy role may do, and which rights recorded calls take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Any

from ansible_collections.uex.payments.tests.site import account
from ansible_collections.uex.payments.tests.site.playbook import Site

ROLE = "uex-payments-deploy"
#: IAM's names where they are not botocore's.
PREFIXES = {"elbv2": "elasticloadbalancing", "resourcegroupstaggingapi": "tag"}
RIGHTS = {"s3:ListBuckets": "s3:ListAllMyBuckets"} | {
    f"budgets:{verb}{noun}": "budgets:ViewBudget" if verb == "Describe" else "budgets:ModifyBudget"
    for verb in ("Create", "Delete", "Describe", "Update")
    for noun in ("Budget", "Budgets", "Notification", "NotificationsForBudget", "SubscribersForNotification")
}
#: Anybody may ask who they are.
FREE = ("sts:",)


def allowed(site: Site) -> Iterator[str]:
    """The actions that the role's policies allow."""
    client = account.connect(site.endpoint)("iam")
    for name in client.list_role_policies(RoleName=ROLE)["PolicyNames"]:
        document = client.get_role_policy(RoleName=ROLE, PolicyName=name)["PolicyDocument"]
        for statement in document["Statement"]:
            actions = statement["Action"]
            if statement["Effect"] == "Allow":
                yield from [actions] if isinstance(actions, str) else actions


def called(calls: list[dict[str, Any]]) -> set[str]:
    """The rights that recorded calls take."""
    operations = {f"{PREFIXES.get(each['service'], each['service'])}:{each['operation']}" for each in calls}
    return {RIGHTS.get(each, each) for each in operations if not each.startswith(FREE)}


def missing(site: Site, operations: Iterable[str]) -> set[str]:
    """The rights among these that the role does not have."""
    patterns = list(allowed(site))
    return {each for each in operations if not any(fnmatchcase(each, pattern) for pattern in patterns)}
