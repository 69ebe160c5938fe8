# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The deploy role, as bootstrap has made it, may do whatever the runs of these tests have called."""

from __future__ import annotations

from ansible_collections.uex.payments.tests.site import rights
from ansible_collections.uex.payments.tests.site.conftest import Seventh
from ansible_collections.uex.payments.tests.site.playbook import Site

#: An administrator bootstraps; the role itself doesn't.
BOOTSTRAP_ONLY = {
    "dynamodb:CreateTable",
    "dynamodb:DescribeContinuousBackups",
    "dynamodb:ListTagsOfResource",
    "dynamodb:UpdateContinuousBackups",
}
#: The tests themselves take a lock away so.
TESTS_ALONE = {"dynamodb:DeleteItem"}
LEAST_OPERATIONS = 150


def test_the_deploy_role_may_do_what_runs_call(site: Site, seventh: Seventh) -> None:
    seventh.pruned.succeeded()
    operations = rights.called(site.calls()[: seventh.calls])
    assert len(operations) >= LEAST_OPERATIONS
    assert rights.missing(site, operations) - BOOTSTRAP_ONLY - TESTS_ALONE == set()
