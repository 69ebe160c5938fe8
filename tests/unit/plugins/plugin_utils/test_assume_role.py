# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import configparser
import json
import stat
from pathlib import Path
from typing import Any

import boto3
import pytest

from ansible_collections.uex.payments.plugins.plugin_utils import assume_role

ACCOUNT = "123456789012"
DENIED = "arn:aws:iam::222222222222:role/uex-payments-deploy"


def options(folder: Path, **changed: Any) -> dict[str, Any]:
    return {
        "role_arn": f"arn:aws:iam::{ACCOUNT}:role/uex-payments-deploy",
        "external_id": "",
        "duration": 3600,
        "session_name": "uex-payments-ops",
        "region": "us-east-1",
        "endpoint_url": "",
        "file": str(folder / "credentials"),
        **changed,
    }


@pytest.fixture
def role(aws: None) -> None:
    """A role that its own account may assume, for two hours."""
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}]}
    boto3.client("iam").create_role(
        RoleName="uex-payments-deploy", AssumeRolePolicyDocument=json.dumps(trust), MaxSessionDuration=7200
    )


@pytest.mark.parametrize(
    ("user", "name"),
    [
        ("ops", "uex-payments-ops"),
        ("jos\u00e9 o'neil", "uex-payments-jos--o-neil"),
        ("x" * 80, "uex-payments-" + "x" * 51),
    ],
)
def test_a_session_s_name_has_only_what_aws_takes(user: str, name: str) -> None:
    assert assume_role.session_name("uex-payments", user) == name


def test_the_request_names_the_external_id_only_where_there_is_one(tmp_path: Path) -> None:
    assert "ExternalId" not in assume_role.request(options(tmp_path), 900)
    asked = assume_role.request(options(tmp_path, external_id="partner"), 900)
    assert (asked["ExternalId"], asked["DurationSeconds"]) == ("partner", 900)


@pytest.mark.usefixtures("role")
def test_the_credentials_are_kept_where_only_the_user_reads_and_are_not_told(tmp_path: Path) -> None:
    asked = options(tmp_path)
    answer = assume_role.attempt(boto3.client("sts"), asked)
    kept = configparser.ConfigParser()
    kept.read(asked["file"])
    found = dict(kept[assume_role.PROFILE])
    assert sorted(found) == ["aws_access_key_id", "aws_secret_access_key", "aws_session_token"]
    assert stat.S_IMODE(Path(asked["file"]).stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["credentials"]
    assert [value for value in found.values() if value in json.dumps(answer)] == []
    assert answer["arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/uex-payments-deploy/uex-payments-ops"
    assert 3590 <= answer["seconds"] <= 3600


@pytest.mark.usefixtures("role")
def test_boto3_finds_the_session_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = options(tmp_path)
    answer = assume_role.attempt(boto3.client("sts"), asked)
    for name, value in assume_role.environment(Path(asked["file"])).items():
        monkeypatch.setenv(name, value)
    assert boto3.Session().client("sts").get_caller_identity()["Arn"] == answer["arn"]


@pytest.mark.usefixtures("role")
@pytest.mark.parametrize(("wanted", "given"), [(7200, 7200), (43200, 3600)])
def test_a_session_is_as_long_as_the_role_allows_or_an_hour(tmp_path: Path, wanted: int, given: int) -> None:
    answer = assume_role.attempt(boto3.client("sts"), options(tmp_path, duration=wanted))
    assert given - 10 <= answer["seconds"] <= given


@pytest.mark.usefixtures("role")
def test_a_refused_role_is_named_with_the_caller_and_what_its_trust_needs(tmp_path: Path) -> None:
    answer = assume_role.attempt(boto3.client("sts"), options(tmp_path, role_arn=DENIED, external_id="partner"))
    said = answer["failed"]
    for words in ("stack_assume_role_arn", DENIED, "user/moto", "AccessDenied", "trust policy", "sts:ExternalId"):
        assert words in said
    assert "partner" not in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("caller", "name"),
    [
        ("arn:aws:iam::1:user/ops", "arn:aws:iam::1:user/ops"),
        ("arn:aws:sts::111111111111:assumed-role/Admin/me", "arn:aws:iam::111111111111:role/Admin"),
    ],
)
def test_a_trust_policy_names_a_session_s_role(caller: str, name: str) -> None:
    assert assume_role.principal(caller) == name


def test_missing_credentials_are_said_as_such(tmp_path: Path) -> None:
    said = assume_role.refusal(options(tmp_path), "NoCredentialsError", "Unable to locate credentials", "")
    assert "Unable to locate credentials" in said
    assert "AWS_PROFILE" in said


def test_the_program_s_own_end_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("raise SystemExit('it broke')", encoding="utf-8")
    monkeypatch.setattr(assume_role, "__file__", str(broken))
    assert "it broke" in assume_role.run(options(tmp_path), {})["failed"]


def test_the_program_has_the_caller_s_variables_and_no_secret_on_its_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = tmp_path / "shown.py"
    shown.write_text(
        "import json, os, sys\nprint(json.dumps({'profile': os.environ['AWS_PROFILE'], 'argv': sys.argv[1:],"
        " 'options': json.load(sys.stdin)}))",
        encoding="utf-8",
    )
    monkeypatch.setattr(assume_role, "__file__", str(shown))
    asked = options(tmp_path, external_id="partner")
    assert assume_role.run(asked, {"AWS_PROFILE": "tools"}) == {"profile": "tools", "argv": [], "options": asked}
