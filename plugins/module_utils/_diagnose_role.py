# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Diagnosis of what ECS needs before a task's own code runs: roles, logs and secrets.

Values of secrets are never read. Whether a secret has a JSON key is judged by the keys that the inventory declares for
it, and by what ECS says of stopped tasks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from . import _diagnose_rights as rights
from ._diagnose import About, Check, Subject, Values, aws, put_back, site
from ._diagnose_images import key_state
from ._findings import Finding, broken, note, ok, warning

TASKS = "ecs-tasks.amazonaws.com"
WRITE = ("logs:CreateLogStream", "logs:PutLogEvents")
READ, DECRYPT = "secretsmanager:GetSecretValue", "kms:Decrypt"


class Reference(NamedTuple):
    """A secret in a task definition: its ARN, the JSON key (empty for the whole), and who uses it as what."""

    arn: str
    key: str
    service: str
    variable: str
    role: str


def references(definitions: Mapping[str, Mapping[str, Any]]) -> list[Reference]:
    """All secrets of Secrets Manager that task definitions name."""
    return [
        Reference(*_parts(entry["valueFrom"]), service, entry["name"], definition.get("executionRoleArn", ""))
        for service, definition in definitions.items()
        for container in definition["containerDefinitions"]
        for entry in container.get("secrets") or []
        if ":secretsmanager:" in entry["valueFrom"]
    ]


def _parts(text: str) -> tuple[str, str]:
    """The secret's ARN and the JSON key of C(arn:...:secret:name-XXXXXX:key:stage:version)."""
    words = text.split(":")
    return ":".join(words[:7]), words[7] if len(words) > 7 else ""


def roles(values: Values, about: About) -> Iterable[Finding]:
    """The roles are there and let ECS in."""
    for kind, found in values["roles"].items():
        for arn, role in found.items():
            yield from _role(f"{kind}-role", arn, role, about)


def _role(check: str, arn: str, role: rights.Role | None, about: About) -> Iterator[Finding]:
    command, name = site(about, "foundation"), arn.rpartition("/")[2]
    if role is None:
        remedy = put_back("foundation", "no task with it starts")
        yield broken(check, f"there is no role {name}", f"{arn}: NoSuchEntity [GetRole]", remedy, command)
        return
    account = arn.split(":")[4]
    source = f"arn:{arn.split(':')[1]}:ecs:{about['region']}:{account}:task/{about['name']}"
    answer = rights.trusts(role, TASKS, **{"aws:sourceaccount": account, "aws:sourcearn": source})
    if answer.allowed:
        yield ok(f"{check}-trust", f"{name} lets ECS in", answer.why)
    else:
        remedy = put_back("foundation", "tasks fail as ECS is unable to assume the role")
        yield broken(f"{check}-trust", f"{name} does not let ECS in", answer.why, remedy, command)


def logs(values: Values, about: About) -> Iterable[Finding]:
    """The log groups are there, and the execution role may write to them."""
    for service, definition in values["definitions"].items():
        groups = {
            options["awslogs-group"]
            for container in definition["containerDefinitions"]
            if (options := (container.get("logConfiguration") or {}).get("options") or {}).get("awslogs-group")
        }
        role = values["roles"]["execution"].get(definition.get("executionRoleArn"))
        for group in sorted(groups):
            yield _log_group(service, group, role, values, about)


def _log_group(service: str, group: str, role: rights.Role | None, values: Values, about: About) -> Finding:
    if group not in values["log_groups"]:
        seen = f"log group {group} of {service} is gone: its tasks end before they start"
        return broken("log-group", seen, "DescribeLogGroups", put_back("compute", "make it"), site(about, "compute"))
    if role is None:
        return ok("log-group", f"log group {group} is there")
    arn = f"{values['log_groups'][group]}:log-stream:ecs/{service}/task"
    answers = [rights.may(role, rights.request(role, action, arn, about)) for action in WRITE]
    wrong = [each.why for each in answers if not each.allowed]
    if wrong:
        seen = f"the execution role may not write to log group {group}"
        return broken(
            "log-rights", seen, wrong[0], put_back("foundation", "tasks of it don't start"), site(about, "foundation")
        )
    return ok("log-group", f"log group {group} is there, and the execution role may write to it", answers[-1].why)


def secrets(values: Values, about: About) -> Iterable[Finding]:
    """Each secret that a task definition names is there and has a value."""
    found = references(values["definitions"])
    for arn in sorted({each.arn for each in found}):
        users = sorted({each.service for each in found if each.arn == arn})
        yield _secret(arn, values["secrets"].get(arn), users, about)
    for each in found:
        yield from _json_key(each, values["secrets"].get(each.arn), about)


def _secret(arn: str, secret: Mapping[str, Any] | None, users: Iterable[str], about: About) -> Finding:
    who = f"tasks of {', '.join(users)} don't start"
    if secret is None:
        remedy = "the data layer makes it anew, under another ARN; the compute layer then names that"
        return broken(
            "secret", f"{arn} is gone: {who}", "ResourceNotFoundException", remedy, site(about, "data,compute")
        )
    if secret["deleted"]:
        command = aws(about, f"secretsmanager restore-secret --secret-id {secret['name']}")
        remedy = "restore it; its value comes back with it"
        return broken(
            "secret-deleted",
            f"{secret['name']} is scheduled for deletion: {who}",
            f"DeletedDate: {secret['deleted']}",
            remedy,
            command,
        )
    if not secret["current"]:
        command = aws(about, f"secretsmanager list-secret-version-ids --secret-id {secret['name']}")
        seen = f"{secret['name']} has no current value: {who}"
        return broken(
            "secret-value", seen, "no version is AWSCURRENT", "put a value, or move the label to a version", command
        )
    return ok("secret", f"{secret['name']} is there and has a value")


def _json_key(each: Reference, secret: Mapping[str, Any] | None, about: About) -> Iterator[Finding]:
    declared = about["declared_keys"].get(secret["name"]) if secret and each.key else None
    if not declared or secret is None:
        return
    if each.key in declared:
        yield ok("secret-key", f"{secret['name']} is declared with the key {each.key}")
        return
    seen = f"{each.service}: {each.variable} wants the key {each.key} of {secret['name']}, which is declared without it"
    evidence = f"declared: {', '.join(sorted(declared))}; values are not read"
    remedy = "mend `secrets` of the service, or add the key to the secret, and run compute"
    yield warning("secret-key", seen, evidence, remedy, site(about, "data,compute"))


def reads(values: Values, about: About) -> Iterable[Finding]:
    """Each execution role may read and decrypt its secrets, and nobody's policy denies it; one finding a role."""
    found = references(values["definitions"])
    for arn in sorted({each.role for each in found}):
        role = values["roles"]["execution"].get(arn)
        secrets = {each.arn: values["secrets"].get(each.arn) for each in found if each.role == arn}
        known = {name: secret for name, secret in secrets.items() if role and secret}
        answers = {
            each["name"]: rights.may(role, rights.request(role, READ, name, about), each["policy"])
            for name, each in known.items()
        }
        yield from _rights("secret-rights", "read", arn, answers, about)
        keys_of = {each["name"]: values["keys"].get(each["key"]) for each in known.values()}
        decrypts = {name: _decrypts(role, key, about) for name, key in keys_of.items() if role and key}
        yield from _rights("key-rights", "decrypt", arn, decrypts, about)


def _decrypts(role: rights.Role, key: Mapping[str, Any], about: About) -> rights.Answer:
    context = {
        "kms:viaservice": f"secretsmanager.{about['region']}.amazonaws.com",
        "kms:calleraccount": str(role["arn"]).split(":")[4],
        "kms:resourcealiases": key["aliases"],
    }
    return rights.may(role, rights.request(role, DECRYPT, key["arn"], about, **context), key["policy"], both=True)


def _rights(check: str, verb: str, role: str, answers: Mapping[str, rights.Answer], about: About) -> Iterator[Finding]:
    name = role.rpartition("/")[2]
    wrong = {secret: answer.why for secret, answer in answers.items() if not answer.allowed}
    for secret, answer in answers.items():
        if answer.allowed:
            yield ok(check, f"{name} may {verb} {secret}", answer.why)
    if wrong:
        remedy = put_back("foundation and data", "new tasks fail with ResourceInitializationError")
        seen, evidence = f"{name} may not {verb} {', '.join(wrong)}", "; ".join(dict.fromkeys(wrong.values()))
        yield broken(check, seen, evidence, remedy, site(about, "foundation,data"))


def keys(values: Values, about: About) -> Iterable[Finding]:
    """The keys of the secrets are usable."""
    used: dict[str, list[str]] = {}
    for secret in values["secrets"].values():
        if secret and secret["key"]:
            used.setdefault(secret["key"], []).append(secret["name"])
    for key, names in used.items():
        yield key_state(values["keys"].get(key), key, f"secrets {', '.join(sorted(names))}", about)


def elsewhere(values: Values, about: About) -> Iterable[Finding]:
    """What is taken from elsewhere than Secrets Manager is not looked at."""
    for service, definition in values["definitions"].items():
        for container in definition["containerDefinitions"]:
            others = [e["name"] for e in container.get("secrets") or [] if ":secretsmanager:" not in e["valueFrom"]]
            if others:
                yield note("parameters", f"{service} takes {', '.join(others)} from SSM, which is not looked at")


SUBJECT = Subject(
    "role",
    "execution and task roles, their trust, log groups, secrets, their policies, rights and keys",
    (
        Check(("roles",), roles),
        Check(("definitions", "roles", "log_groups"), logs),
        Check(("definitions", "secrets"), secrets),
        Check(("definitions", "roles", "secrets", "keys"), reads),
        Check(("secrets", "keys"), keys),
        Check(("definitions",), elsewhere),
    ),
)
