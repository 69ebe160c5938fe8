# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An environment in another account, by a role of it, and in another region: nothing is made anywhere else."""

from __future__ import annotations

import contextlib
import json
import shutil
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ansible_collections.uex.payments.tests.site import account
from ansible_collections.uex.payments.tests.site.conftest import SAMPLED
from ansible_collections.uex.payments.tests.site.playbook import CHECK, SITE, Run, Site
from ansible_collections.uex.payments.tests.site.test_secrets import written
from embedded_aws import launcher

pytestmark = pytest.mark.everything

FAILED = 2
ACCOUNT = "222222222222"
REGION = "eu-west-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/deployers"
EXTERNAL_ID = "external-canary-91f3"
PLACE = {"stack_region": REGION, "stack_assume_role_arn": ROLE, "stack_assume_role_external_id": EXTERNAL_ID}
TRUST = {
    "Effect": "Allow",
    "Principal": {"AWS": f"arn:aws:iam::{account.OWN}:root"},
    "Action": "sts:AssumeRole",
    "Condition": {"StringEquals": {"sts:ExternalId": EXTERNAL_ID}},
}
#: What a region shows though it isn't of the region: names that are the account's or the world's.
GLOBAL = {"iam Policies", "iam Roles", "s3 Buckets"}
SAMPLE = ("foundation", "network")
#: Seconds between two looks at the temporary folder.
GLANCE = 0.05


class Witness(NamedTuple):
    """What was seen of the credentials while they were there: the file's lines, its and its folder's access rights."""

    lines: set[str]
    rights: set[tuple[str, int]]


class Elsewhere(NamedTuple):
    """A run refused, one that made the environment, what was left of either, and both accounts before and after."""

    refused: Run
    run: Run
    again: Run | None
    witness: Witness
    left: list[str]
    texts: dict[str, str]
    own: tuple[Any, Any]
    other: dict[str, account.Names]


@contextlib.contextmanager
def witnessing(folder: Path) -> Iterator[Witness]:
    """Look at the credentials that appear below the folder, until the end."""
    seen, over = Witness(set(), set()), threading.Event()

    def look() -> None:
        while not over.wait(GLANCE):
            for file in folder.glob("uex-payments-*/credentials"):
                with contextlib.suppress(FileNotFoundError):
                    seen.lines.update(file.read_text(encoding="utf-8").splitlines()[1:])
                    seen.rights.update(
                        (path.name[:12], stat.S_IMODE(path.stat().st_mode)) for path in (file, file.parent)
                    )

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def both_regions(site: Site) -> list[account.Names]:
    """The embedded AWS's own account, in the usual region and in the other."""
    return [account.names(account.connect(site.endpoint, region)) for region in (account.REGION, REGION)]


def make_role(site: Site) -> None:
    trust = json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
    iam = account.connect(site.endpoint, number=ACCOUNT)("iam")
    iam.create_role(RoleName=ROLE.rpartition("/")[2], AssumeRolePolicyDocument=trust)


@pytest.fixture(scope="module")
def elsewhere(other_site: Site, everything: bool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Elsewhere]:
    site, temporary = other_site, tmp_path_factory.mktemp("temporary")
    launcher.start(site.port, site.directory)
    tags = () if everything else ("--tags", ",".join(SAMPLE))
    before = both_regions(site)
    with pytest.MonkeyPatch.context() as patch, witnessing(temporary) as witness:
        patch.setenv("TMPDIR", str(temporary))
        refused = site.play(SITE, SAMPLED, *tags, **PLACE)
        make_role(site)
        reviewed = reviewed_plan(site) if everything else ""
        run = site.play(SITE, SAMPLED, *tags, "-vvvv", plan_file=reviewed, **PLACE)
        again = site.play(SITE, SAMPLED, CHECK, **PLACE) if everything else None
    left = [path.name for path in temporary.rglob("*") if path.name.startswith(("uex-payments-", "credentials"))]
    texts = {"refused": refused.output, "output": run.output, **written(site.folder)}
    other = {
        region: account.names(account.connect(site.endpoint, region, ACCOUNT)) for region in (account.REGION, REGION)
    }
    yield Elsewhere(refused, run, again, witness, left, texts, (before, both_regions(site)), other)


def reviewed_plan(site: Site) -> str:
    """The plan's file, kept by its reviewer."""
    site.play(SITE, SAMPLED, CHECK, **PLACE).succeeded()
    return str(shutil.copy(site.folder / SAMPLED / "plan.json", site.folder / "reviewed.json"))


def test_a_role_that_cannot_be_assumed_is_refused_with_the_way_out(elsewhere: Elsewhere) -> None:
    assert elsewhere.refused.code == FAILED
    said = " ".join(elsewhere.refused.output.split())
    for words in (
        "stack_assume_role_arn",
        ROLE,
        f"arn:aws:sts::{account.OWN}:user/moto",
        "AccessDenied",
        "trust policy",
    ):
        assert words in said
    assert elsewhere.refused.changed == []


def test_the_environment_is_made_in_the_other_account_and_region(elsewhere: Elsewhere) -> None:
    elsewhere.run.succeeded()
    found = elsewhere.other[REGION]
    assert f"uex-payments-{SAMPLED}-vpc" in found["ec2 Vpcs"]
    assert f"uex-payments-{SAMPLED}-backups-{ACCOUNT}-{REGION}" in found["s3 Buckets"]
    assert f"alias/uex-payments-{SAMPLED}-data" in found["kms Aliases"]


def test_only_what_is_global_shows_in_another_region(elsewhere: Elsewhere) -> None:
    ours = {
        kind: names
        for kind, names in elsewhere.other[account.REGION].items()
        if any("uex-payments" in name for name in names)
    }
    assert set(ours) == GLOBAL


def test_the_caller_s_own_account_stays_as_it_was(elsewhere: Elsewhere) -> None:
    assert elsewhere.own[0] == elsewhere.own[1]


def test_what_was_made_elsewhere_is_what_was_declared(elsewhere: Elsewhere, everything: bool) -> None:
    assert (elsewhere.again is not None) == everything
    assert elsewhere.again is None or elsewhere.again.succeeded().changed == []


def test_only_the_user_may_read_the_credentials(elsewhere: Elsewhere) -> None:
    assert elsewhere.witness.rights == {("credentials", 0o600), ("uex-payments", 0o700)}


def test_no_credentials_are_shown_or_left(elsewhere: Elsewhere) -> None:
    secrets = [line.partition(" = ")[2] for line in elsewhere.witness.lines]
    assert len(secrets) >= len(("key", "secret", "token"))
    assert [(name, secret[:4]) for name, text in elsewhere.texts.items() for secret in secrets if secret in text] == []
    assert elsewhere.left == []


def test_the_external_id_is_only_in_the_trust_policy_that_demands_it(elsewhere: Elsewhere) -> None:
    found = [line for text in elsewhere.texts.values() for line in text.splitlines() if EXTERNAL_ID in line]
    assert [json.loads(line)["operation"] for line in found] == ["CreateRole"]
