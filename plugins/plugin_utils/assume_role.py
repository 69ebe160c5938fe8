# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Assume a role and keep its temporary credentials in a file that only this user may read.

It is also a program of its own, as boto3 finds the caller's credentials through the environment of a process, and the
controller's must stay as it is: options as JSON on standard input, what came of it as JSON on standard output. No
credentials are among either, nor on a command line.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

#: What the file calls the credentials.
PROFILE = "uex-payments-session"
#: Seconds that AWS gives every role; more only as the role allows.
HOUR = 3600
#: Variables that a profile must not compete with; boto3 and amazon.aws take an empty one for none.
RIVALS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN")
_LOG_IN = " (log in, or name in stack_aws_environment where your credentials are, such as AWS_PROFILE)"
_ADVICE = dict.fromkeys(
    ("NoCredentialsError", "ExpiredToken", "InvalidClientTokenId", "SSOTokenLoadError", "UnauthorizedSSOTokenError"),
    _LOG_IN,
)
_SESSION_OF = re.compile(r"arn:(?P<partition>[^:]+):sts::(?P<account>\d+):assumed-role/(?P<name>[^/]+)/.*")


def environment(file: Path) -> dict[str, str]:
    """The environment variables by which every AWS client finds the credentials in the file and no others."""
    return {"AWS_SHARED_CREDENTIALS_FILE": str(file), "AWS_PROFILE": PROFILE, **dict.fromkeys(RIVALS, "")}


def session_name(project: str, user: str) -> str:
    """By which CloudTrail tells whose session it was: letters, digits and few signs, at most 64 of them."""
    return re.sub(r"[^\w+=,.@-]", "-", f"{project}-{user}", flags=re.ASCII)[:64]


def request(options: Mapping[str, Any], seconds: int) -> dict[str, Any]:
    """The arguments of AssumeRole."""
    secret = {"ExternalId": options["external_id"]} if options["external_id"] else {}
    return {
        "RoleArn": options["role_arn"],
        "RoleSessionName": options["session_name"],
        "DurationSeconds": seconds,
        **secret,
    }


def assume(client: Any, options: Mapping[str, Any]) -> dict[str, Any]:
    """AWS's answer: for the seconds that are asked for, or where the role or its caller has less, for an hour."""
    try:
        answer: dict[str, Any] = client.assume_role(**request(options, options["duration"]))
    except client.exceptions.ClientError as error:
        if code_of(error) != "ValidationError" or options["duration"] <= HOUR:
            raise
        answer = client.assume_role(**request(options, HOUR))
    return answer


def code_of(error: Exception) -> str:
    response: dict[str, Any] = getattr(error, "response", {})
    return str(response.get("Error", {}).get("Code") or type(error).__name__)


def write(file: Path, credentials: Mapping[str, Any]) -> None:
    """Put the credentials into the file; whoever reads it meanwhile finds the old ones or the new ones, whole."""
    lines = (
        f"[{PROFILE}]",
        f"aws_access_key_id = {credentials['AccessKeyId']}",
        f"aws_secret_access_key = {credentials['SecretAccessKey']}",
        f"aws_session_token = {credentials['SessionToken']}",
    )
    fresh = file.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write("\n".join(lines) + "\n")
    fresh.replace(file)


def principal(arn: str) -> str:
    """What a trust policy calls a caller: of a session the role, else the caller's own ARN."""
    match = _SESSION_OF.fullmatch(arn)
    return f"arn:{match['partition']}:iam::{match['account']}:role/{match['name']}" if match else arn


def refusal(options: Mapping[str, Any], code: str, message: str, caller: str) -> str:
    """Why the role can't be assumed and what to do, beginning with the variable."""
    text = f"stack_assume_role_arn: {options['role_arn']} cannot be assumed"
    if "AccessDenied" not in code:
        return f"{text}: {code}: {message}{_ADVICE.get(code, '')}"
    outside = (
        ", on the condition that sts:ExternalId is stack_assume_role_external_id" if options["external_id"] else ""
    )
    return (
        f"{text} by {caller}: {code}: {message}. The role must exist, its trust policy must allow sts:AssumeRole to "
        f"{principal(caller)} or to its account{outside}, and the caller's own policies must allow sts:AssumeRole on it"
    )


def caller_of(client: Any) -> str:
    """Who asks; in words where even that can't be told."""
    try:
        return str(client.get_caller_identity()["Arn"])
    except Exception as error:
        return f"an unknown caller ({code_of(error)})"


def attempt(client: Any, options: Mapping[str, Any]) -> dict[str, Any]:
    """Assume the role and keep the credentials: the session and its seconds, or why not."""
    try:
        answer = assume(client, options)
    except Exception as error:
        response: dict[str, Any] = getattr(error, "response", {})
        message = str(response.get("Error", {}).get("Message") or error)
        return {"failed": refusal(options, code_of(error), message, caller_of(client))}
    write(Path(options["file"]), answer["Credentials"])
    expires = answer["Credentials"]["Expiration"]
    seconds = (expires - type(expires).now(expires.tzinfo)).total_seconds()
    return {"arn": answer["AssumedRoleUser"]["Arn"], "expires": expires.isoformat(), "seconds": round(seconds)}


def run(options: Mapping[str, Any], variables: Mapping[str, str]) -> dict[str, Any]:
    """What the program says in a process with these environment variables."""
    asked = json.dumps(dict(options))
    command = [sys.executable, __file__]
    settings = {**os.environ, **variables}
    done = subprocess.run(command, input=asked, env=settings, capture_output=True, text=True, check=False)  # noqa: S603
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        last = (done.stderr.strip().splitlines() or ["no answer"])[-1]
        return {"failed": refusal(options, "Error", last, "")}
    return answer


def main() -> None:
    options = json.load(sys.stdin)
    boto3 = importlib.import_module("boto3")  # whoever only calls run() need not wait for it
    client = boto3.client("sts", region_name=options["region"], endpoint_url=options["endpoint_url"] or None)
    json.dump(attempt(client, options), sys.stdout)


if __name__ == "__main__":
    main()
