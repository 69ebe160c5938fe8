# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who may do what: groups of people, the bastion, and the boundary that holds all that the estate's roles need."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.modules.iam_group import Group
from ansible_collections.uex.payments.plugins.modules.iam_policy import ManagedPolicy
from ansible_collections.uex.payments.plugins.modules.iam_role import Role
from ansible_collections.uex.payments.tests.support import role_vars

ACCOUNT, REGION, NAME = "123456789012", "us-east-1", "uex-payments-test"
PLACE = f"{REGION}:{ACCOUNT}"
Statement = dict[str, Any]


GUARDS = ("trail", "trail_logs", "recorder", "findings", "anomalies")
HOOK = {"hook_target_arn": f"arn:aws:lambda:{PLACE}:function:check"}


def case(name: str = NAME, region: str = REGION, **changed: Any) -> dict[str, Any]:
    service = {"name": "presentation", "full_name": f"{name}-presentation", "role_name": f"{name}-task-presentation"}
    shifting = {**service, "target_group": f"{name}-blue", "alternate_target_group": f"{name}-green"}
    return {
        "stack_project": "uex-payments",
        "stack_environment": "test",
        "stack_name": name,
        "stack_region": region,
        "stack_account": ACCOUNT,
        "stack_partition": "aws",
        "stack_state_bucket": f"uex-payments-state-{ACCOUNT}-{region}",
        "stack_state_prefix": "uex-payments/test",
        "stack_tags": {"Project": "uex-payments", "Environment": "test", "ManagedBy": "uex.payments"},
        "stack_service_list": [{**service, "exec": True, "policy_statements": []}],
        "__stack_shifting": [{**shifting, "deployment": {"lifecycle_hooks": [HOOK, {"target_type": "PAUSE"}]}}],
        "compute_service_connect_authority_arn": "",
        "registry_pull_through_cache": {},
        "data_rotation_enabled": True,
        "data_backup_enabled": True,
        "data_backup_buckets": ["backups"],
        "data_backup_copy_region": "",
        "stack_kms_keys": {"data": "key"},
        "stack_deletion_protection": False,
        "monitoring_log_archive_enabled": False,
        "monitoring_chat_channels": [],
        "__stack_waf_logs": None,
        "__stack_guards": dict.fromkeys(GUARDS, False),
        "data_rotation_schedules": {"database": "", "redis": ""},
        **changed,
    }


ALL = {
    "foundation_iam_groups_enabled": True,
    "foundation_bastion_enabled": True,
    "foundation_permissions_boundary_enabled": True,
    "monitoring_log_archive_enabled": True,
    "monitoring_chat_channels": [{"name": "oncall"}],
}
QUEUE = {"Action": "sqs:SendMessage", "Resource": f"arn:aws:sqs:{PLACE}:queue"}
#: The longest names that an environment can have in a region whose name is long.
LONGEST = {"name": "uex-payments-abcdefghijklmno", "region": "ap-southeast-1"}
CASES = {
    "off": case(),
    "on": case(**ALL, __stack_waf_logs=f"aws-waf-logs-{NAME}"),
    "long": case(**LONGEST, **ALL, __stack_guards=dict.fromkeys(GUARDS, True)),
    "guarded": case(**ALL, __stack_guards=dict.fromkeys(GUARDS, True)),
    "given": case(foundation_permissions_boundary="arn:aws:iam::123456789012:policy/theirs"),
    "rolling": case(__stack_shifting=[]),
    "encrypted": case(__stack_shifting=[], compute_service_connect_authority_arn="arn:aws:acm-pca:::authority"),
    "cached": case(**ALL, registry_pull_through_cache={"public": {"upstream_registry_url": "public.ecr.aws"}}),
    "queue": case(**ALL, foundation_permissions_boundary_statements=[QUEUE]),
}
NAMES = [f"__foundation_{each}" for each in ("roles", "groups", "policies", "buckets", "kms_keys")]
#: The bucket that runs share, and this environment's part of it.
BUCKET = f"arn:aws:s3:::uex-payments-state-{ACCOUNT}-us-east-1"
STATE = (BUCKET, f"{BUCKET}/uex-payments/test/*")
#: What is right in front of a name of the environment.
OURS = re.compile(rf"arn:aws:[a-z0-9-]+:({REGION})?:({ACCOUNT})?:([a-z-]+[:/]|\*[:/]|/aws/)*(\*/)?{NAME}([-/]|\*|$)")
#: Actions on no resource in particular: AWS's service authorization reference names none for them.
RESOURCELESS = {
    *(f"acm:{each}" for each in ("ListCertificates",)),
    "application-autoscaling:Describe*",
    *(f"chatbot:{each}" for each in ("DescribeSlackChannelConfigurations", "ListMicrosoftTeamsChannelConfigurations")),
    *(f"cloudwatch:{each}" for each in ("DescribeAlarmsForMetric", "GetMetricData", "GetMetricStatistics")),
    *(f"cloudwatch:{each}" for each in ("GetMetricWidgetImage", "ListDashboards", "ListMetrics", "PutMetricData")),
    *(f"ec2:Describe{each}" for each in ("Addresses", "FlowLogs", "InternetGateways", "NatGateways", "NetworkAcls")),
    *(f"ec2:Describe{each}" for each in ("NetworkInterfaces", "RouteTables", "SecurityGroupRules", "SecurityGroups")),
    *(f"ec2:Describe{each}" for each in ("Subnets", "VpcEndpoints", "Vpcs")),
    *(f"ecs:{each}" for each in ("DescribeTaskDefinition", "ListClusters", "ListServices", "ListTaskDefinition*")),
    "events:ListRules",
    "elasticloadbalancing:Describe*",
    "kms:ListAliases",
    *(f"logs:{each}" for each in ("DescribeLogGroups", "DescribeQueries", "DescribeQueryDefinitions", "StopQuery")),
    *(f"route53:{each}" for each in ("ListHealthChecks", "ListHostedZones")),
    "s3:ListAllMyBuckets",
    "secretsmanager:ListSecrets",
    "sns:ListTopics",
    "tag:GetResources",
}
#: It would show no composite alarm to a right on alarms by name; tasks without machines have no resource to list.
EXCEPTIONS = {"cloudwatch:DescribeAlarms", "ecs:ListTasks"}


@pytest.fixture(scope="module")
def variables() -> dict[str, dict[str, Any]]:
    return role_vars.evaluate("foundation", NAMES, CASES)


@pytest.fixture(scope="module")
def groups(variables: dict[str, dict[str, Any]]) -> dict[str, list[Statement]]:
    """The statements of each group, by what its name ends in."""
    attachable = {f"arn:aws:iam::{ACCOUNT}:policy/{name}": each for name, each in policies(variables["on"]).items()}
    return {
        each["name"].removeprefix(f"{NAME}-"): [
            *statements(each["policies"].values()),
            *statements(attachable[arn] for arn in each["managed_policies"]),
        ]
        for each in variables["on"]["__foundation_groups"]
    }


@pytest.fixture(scope="module")
def boundary(variables: dict[str, dict[str, Any]]) -> list[Statement]:
    return list(statements([policies(variables["on"])[f"{NAME}-boundary"]]))


def policies(values: dict[str, Any]) -> dict[str, Any]:
    """The managed policies' documents by name."""
    return {each["name"]: each["policy"] for each in values["__foundation_policies"]}


def statements(documents: Any) -> Iterator[Statement]:
    for document in documents:
        yield from document["Statement"]


def listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def found(given: list[Statement], effect: str) -> Iterator[tuple[str, str, Statement]]:
    """Each action with each of its resources."""
    for statement in given:
        for action in listed(statement.get("Action", ())):
            for resource in listed(statement.get("Resource", ())):
                if statement["Effect"] == effect:
                    yield action, resource, statement


def matches(given: list[Statement], effect: str, action: str, resource: str) -> list[Statement]:
    return [
        statement
        for pattern, arn, statement in found(given, effect)
        if fnmatchcase(action, pattern) and fnmatchcase(resource, arn)
    ]


# Off


def test_off_nothing_is_declared(variables: dict[str, dict[str, Any]]) -> None:
    off, on = variables["off"], variables["on"]
    assert (off["__foundation_groups"], off["__foundation_policies"]) == ([], [])
    assert {each["permissions_boundary"] for each in off["__foundation_roles"]} == {""}
    names = [{each["name"] for each in values["__foundation_roles"]} for values in (on, off)]
    assert names[0] - names[1] == {f"{NAME}-{each}" for each in ("bastion", "chat", "log-archive", "log-subscription")}


# ECS itself


def ecs_role(values: dict[str, Any]) -> dict[str, Any]:
    found = [each for each in values["__foundation_roles"] if each["name"].endswith("-ecs-infrastructure")]
    return found[0] if found else {}


def test_ecs_has_a_role_only_where_it_has_work(variables: dict[str, dict[str, Any]]) -> None:
    assert ecs_role(variables["rolling"]) == {}
    (policy,) = ecs_role(variables["off"])["managed_policies"]
    assert policy.endswith(":policy/AmazonECSInfrastructureRolePolicyForLoadBalancers")
    (policy,) = ecs_role(variables["encrypted"])["managed_policies"]
    assert policy.endswith("ForServiceConnectTransportLayerSecurity")


@pytest.mark.parametrize(
    ("action", "resource", "denied"),
    [
        ("elasticloadbalancing:ModifyRule", f"listener-rule/app/{NAME}-alb/1/2/3", False),
        ("elasticloadbalancing:ModifyListener", f"listener/app/{NAME}-alb/1/2", False),
        ("elasticloadbalancing:RegisterTargets", f"targetgroup/{NAME}-green/1", False),
        ("elasticloadbalancing:DeregisterTargets", f"targetgroup/{NAME}-blue/1", False),
        ("elasticloadbalancing:ModifyRule", "listener-rule/app/uex-payments-prod-alb/1/2/3", True),
        ("elasticloadbalancing:RegisterTargets", "targetgroup/uex-payments-prod-blue/1", True),
    ],
)
def test_ecs_moves_traffic_of_this_environment_alone(
    action: str, resource: str, denied: bool, variables: dict[str, dict[str, Any]]
) -> None:
    (limits,) = ecs_role(variables["on"])["policies"]["environment"]["Statement"]
    arn = f"arn:aws:elasticloadbalancing:{PLACE}:{resource}"
    spared = any(fnmatchcase(arn, pattern) for pattern in limits["NotResource"])
    assert limits["Effect"] == "Deny"
    assert (action in limits["Action"] and not spared) is denied


def test_ecs_asks_the_functions_of_hooks_alone(variables: dict[str, dict[str, Any]]) -> None:
    (ask,) = ecs_role(variables["on"])["policies"]["hooks"]["Statement"]
    assert (ask["Action"], ask["Resource"]) == (
        "lambda:InvokeFunction",
        [HOOK["hook_target_arn"], f"{HOOK['hook_target_arn']}:*"],
    )
    assert "hooks" not in ecs_role(variables["encrypted"])["policies"]


# All


def test_aws_takes_what_is_declared(variables: dict[str, dict[str, Any]]) -> None:
    """With the longest names too, which make the longest policies."""
    kinds = ((Role, "roles"), (Group, "groups"), (ManagedPolicy, "policies"))
    options = dict.fromkeys(("path", "managed_policies", "description"))
    problems = [
        problem
        for values in variables.values()
        for kind, plural in kinds
        for item in values[f"__foundation_{plural}"]
        for problem in kind(lambda _service: None, {"tags": {}}).validate({**options, **item})
    ]
    assert problems == []


def test_statements_have_names_of_their_own(groups: dict[str, list[Statement]], boundary: list[Statement]) -> None:
    for given in (*groups.values(), boundary):
        assert len({each["Sid"] for each in given}) == len(given)


# People


def test_there_are_two_groups(groups: dict[str, list[Statement]]) -> None:
    assert groups.keys() == {"operators", "read-only"}


@pytest.mark.parametrize("group", ["operators", "read-only"])
def test_everything_is_allowed_only_where_aws_knows_no_resource(group: str, groups: dict[str, list[Statement]]) -> None:
    everywhere = {action for action, resource, _statement in found(groups[group], "Allow") if resource == "*"}
    assert everywhere - RESOURCELESS - EXCEPTIONS == set()


@pytest.mark.parametrize("group", ["operators", "read-only"])
def test_what_is_named_is_this_environment_s(group: str, groups: dict[str, list[Statement]]) -> None:
    tags = {"aws:ResourceTag/Project": "uex-payments", "aws:ResourceTag/Environment": "test"}
    dns = ("arn:aws:route53:::", f"arn:aws:ssm:{PLACE}:")
    others = {
        resource
        for _action, resource, statement in found(groups[group], "Allow")
        if not OURS.match(resource)
        and resource != "*"
        and resource not in STATE
        and not resource.startswith(dns)
        and statement.get("Condition", {}).get("StringEquals") != tags
    }
    assert others == set()


@pytest.mark.parametrize("group", ["operators", "read-only"])
@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{PLACE}:secret:{NAME}/database-aBcDeF"),
        ("secretsmanager:BatchGetSecretValue", f"arn:aws:secretsmanager:{PLACE}:secret:{NAME}/database-aBcDeF"),
        ("s3:GetObject", f"arn:aws:s3:::{NAME}-backups-{ACCOUNT}-{REGION}/dump"),
        ("s3:GetObjectVersion", f"arn:aws:s3:::{NAME}-backups-{ACCOUNT}-{REGION}/dump"),
        ("kms:Decrypt", f"arn:aws:kms:{PLACE}:key/1"),
    ],
)
def test_nobody_reads_secrets_or_backups(
    group: str, action: str, resource: str, groups: dict[str, list[Statement]]
) -> None:
    assert matches(groups[group], "Allow", action, resource) == []
    assert matches(groups[group], "Deny", action, resource)


def test_who_only_looks_changes_nothing(groups: dict[str, list[Statement]]) -> None:
    looks = re.compile(r"[a-z0-9-]+:(Describe|Filter|Get|List|StartQuery$|StopQuery$|View)")
    assert [action for action, *_rest in found(groups["read-only"], "Allow") if not looks.match(action)] == []


def test_both_see_the_same(groups: dict[str, list[Statement]]) -> None:
    seen = [each for each in groups["read-only"] if each["Effect"] == "Allow"]
    assert [each for each in groups["operators"] if each in seen] == seen


@pytest.mark.parametrize(
    ("action", "own", "other"),
    [
        ("ecs:UpdateService", f"arn:aws:ecs:{PLACE}:service/{NAME}/api", f"arn:aws:ecs:{PLACE}:service/{NAME}2/api"),
        (
            "ecs:ContinueServiceDeployment",
            f"arn:aws:ecs:{PLACE}:service-deployment/{NAME}/api/1",
            f"arn:aws:ecs:{PLACE}:service-deployment/{NAME}2/api/1",
        ),
        ("ecs:ExecuteCommand", f"arn:aws:ecs:{PLACE}:task/{NAME}/1", f"arn:aws:ecs:{PLACE}:task/other/1"),
        ("ecs:ExecuteCommand", f"arn:aws:ecs:{PLACE}:cluster/{NAME}", f"arn:aws:ecs:{PLACE}:cluster/{NAME}2"),
        (
            "cloudwatch:DisableAlarmActions",
            f"arn:aws:cloudwatch:{PLACE}:alarm:{NAME}-db-cpu",
            f"arn:aws:cloudwatch:{PLACE}:alarm:{NAME}2-db-cpu",
        ),
    ],
)
def test_operators_operate_on_this_environment_alone(
    action: str, own: str, other: str, groups: dict[str, list[Statement]]
) -> None:
    assert matches(groups["operators"], "Allow", action, own)
    assert matches(groups["operators"], "Allow", action, other) == []
    assert matches(groups["read-only"], "Allow", action, own) == []


def test_sessions_are_on_machines_with_our_tags(groups: dict[str, list[Statement]]) -> None:
    machine = f"arn:aws:ec2:{PLACE}:instance/i-1"
    (statement,) = matches(groups["operators"], "Allow", "ssm:StartSession", machine)
    assert statement["Condition"]["StringEquals"]["aws:ResourceTag/Environment"] == "test"


def test_operators_can_do_nothing_without_a_second_factor(groups: dict[str, list[Statement]]) -> None:
    (statement,) = [each for each in groups["operators"] if "NotAction" in each]
    assert (statement["Effect"], statement["Resource"]) == ("Deny", "*")
    assert statement["Condition"] == {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
    allowed = {action for action, *_rest in found(groups["operators"], "Allow")}
    spared = [pattern for pattern in statement["NotAction"] for each in allowed if fnmatchcase(each, pattern)]
    assert spared == []


# The execution role


def test_pulling_through_a_cache_takes_rights_beneath_it_alone(variables: dict[str, dict[str, Any]]) -> None:
    repositories = f"arn:aws:ecr:{PLACE}:repository/{NAME}"
    for label, expected in (("on", set()), ("cached", {f"{repositories}/public/*"})):
        (role,) = [each for each in variables[label]["__foundation_roles"] if each["name"] == f"{NAME}-execution"]
        own = list(statements(role["policies"].values()))
        for wanted in ("ecr:BatchImportUpstreamImage", "ecr:CreateRepository"):
            assert {resource for action, resource, _statement in found(own, "Allow") if action == wanted} == expected
            limit = list(statements([policies(variables[label])[f"{NAME}-boundary"]]))
            assert bool(matches(limit, "Allow", wanted, f"{repositories}/public/x")) is bool(expected)


def test_the_execution_role_reaches_this_environment_alone(variables: dict[str, dict[str, Any]]) -> None:
    (role,) = [each for each in variables["cached"]["__foundation_roles"] if each["name"] == f"{NAME}-execution"]
    given = list(found(list(statements(role["policies"].values())), "Allow"))
    assert {action for action, resource, _statement in given if resource == "*"} == {"ecr:GetAuthorizationToken"}
    others = [resource for _action, resource, _statement in given if resource != "*" and not OURS.match(resource)]
    assert others == [f"arn:aws:kms:{PLACE}:key/*"]


# The bastion


def test_the_bastion_has_a_profile_and_reads_no_parameters(variables: dict[str, dict[str, Any]]) -> None:
    (role,) = [each for each in variables["on"]["__foundation_roles"] if each["name"] == f"{NAME}-bastion"]
    assert role["instance_profile"] is True
    assert role["managed_policies"] == ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"]
    (trust,) = role["assume_role_policy"]["Statement"]
    assert trust["Principal"] == {"Service": "ec2.amazonaws.com"}
    own = list(statements(role["policies"].values()))
    assert matches(own, "Deny", "ssm:GetParameters", "*")
    written = {resource for action, resource, _statement in found(own, "Allow") if action == "logs:PutLogEvents"}
    assert written == {f"arn:aws:logs:{PLACE}:log-group:{NAME}-exec{end}" for end in ("", ":*")}


def test_what_tells_and_keeps_has_roles_only_where_asked_for(variables: dict[str, dict[str, Any]]) -> None:
    roles = {
        label: {each["name"].removeprefix(f"{NAME}-"): each for each in variables[label]["__foundation_roles"]}
        for label in ("off", "on")
    }
    ends = {"chat", "log-archive", "log-subscription"}
    assert roles["off"].keys() & ends == set()
    assert ends <= roles["on"].keys()
    trusts = {name: roles["on"][name]["assume_role_policy"]["Statement"][0] for name in ends}
    assert {name: each["Principal"]["Service"] for name, each in trusts.items()} == {
        "chat": "chatbot.amazonaws.com",
        "log-archive": "firehose.amazonaws.com",
        "log-subscription": f"logs.{REGION}.amazonaws.com",
    }
    assert trusts["log-archive"]["Condition"] == {"StringEquals": {"sts:ExternalId": ACCOUNT}}
    assert trusts["log-subscription"]["Condition"] == {"StringLike": {"aws:SourceArn": f"arn:aws:logs:{PLACE}:*"}}


def test_firehose_makes_grants_on_the_key_only_where_logs_are_kept(variables: dict[str, dict[str, Any]]) -> None:
    for label, granted in (("off", False), ("on", True)):
        (data,) = (each for each in variables[label]["__foundation_kms_keys"] if each["alias"].endswith("-data"))
        (grants,) = (each for each in data["policy"]["Statement"] if each["Sid"] == "GrantToServices")
        via = grants["Condition"]["StringEquals"]["kms:ViaService"]
        assert (f"firehose.{REGION}.amazonaws.com" in via) is granted


# The boundary


def test_every_role_has_the_boundary_that_is_asked_for(variables: dict[str, dict[str, Any]]) -> None:
    expected = {
        "on": f"arn:aws:iam::{ACCOUNT}:policy/{NAME}-boundary",
        "given": f"arn:aws:iam::{ACCOUNT}:policy/theirs",
    }
    for label, arn in expected.items():
        assert {each["permissions_boundary"] for each in variables[label]["__foundation_roles"]} == {arn}
    assert f"{NAME}-boundary" in policies(variables["on"])
    assert variables["given"]["__foundation_policies"] == []


def test_the_boundary_holds_all_that_roles_are_allowed(
    variables: dict[str, dict[str, Any]], boundary: list[Statement]
) -> None:
    """By action and resource; the resource of a role's right may be wider, as the boundary narrows it."""
    missing = [
        (role["name"], action, resource)
        for role in variables["on"]["__foundation_roles"]
        for action, resource, _statement in found(list(statements(role["policies"].values())), "Allow")
        if not any(
            fnmatchcase(action, pattern) and (fnmatchcase(resource, arn) or fnmatchcase(arn, resource))
            for pattern, arn, _allowed in found(boundary, "Allow")
        )
    ]
    assert missing == []


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        # AWS's managed policies: enhanced monitoring, and what Session Manager takes of a managed instance.
        ("logs:CreateLogGroup", f"arn:aws:logs:{PLACE}:log-group:RDSOSMetrics"),
        ("logs:PutLogEvents", f"arn:aws:logs:{PLACE}:log-group:RDSOSMetrics:log-stream:db-1"),
        ("ssm:UpdateInstanceInformation", "*"),
        ("ssmmessages:OpenDataChannel", "*"),
        ("ec2messages:GetMessages", "*"),
        # What AWS Backup takes of the database and of buckets.
        ("rds:CreateDBSnapshot", f"arn:aws:rds:{PLACE}:snapshot:awsbackup:job-1"),
        ("backup:CopyIntoBackupVault", f"arn:aws:backup:{PLACE}:backup-vault:{NAME}"),
        ("s3:GetObjectVersion", f"arn:aws:s3:::{NAME}-backups-{ACCOUNT}-us-east-1/any"),
    ],
)
def test_the_boundary_holds_what_managed_policies_are_for(
    action: str, resource: str, boundary: list[Statement]
) -> None:
    assert matches(boundary, "Allow", action, resource)


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{PLACE}:secret:uex-payments-prod/database-aBcDeF"),
        ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:{NAME}/database-aBcDeF"),
        ("s3:GetObject", "arn:aws:s3:::uex-payments-prod-backups/dump"),
        ("s3:DeleteBucket", f"arn:aws:s3:::{NAME}-backups"),
        ("ssm:GetParameter", f"arn:aws:ssm:{PLACE}:parameter/any"),
        ("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/{NAME}-execution"),
        ("ec2:RunInstances", "*"),
        ("sqs:SendMessage", f"arn:aws:sqs:{PLACE}:queue"),
    ],
)
def test_the_boundary_holds_nothing_else(action: str, resource: str, boundary: list[Statement]) -> None:
    assert matches(boundary, "Allow", action, resource) == []


def test_the_boundary_denies_identities_other_regions_and_other_environments(boundary: list[Statement]) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/{NAME}-execution"
    assert [each for each in matches(boundary, "Deny", "iam:PutRolePolicy", role) if "Condition" not in each]
    conditions = [each["Condition"] for each in boundary if each["Effect"] == "Deny" and each["Action"] == "*"]
    assert conditions == [
        {"StringNotEquals": {"aws:RequestedRegion": REGION}},
        {
            "StringEquals": {"aws:ResourceTag/Project": "uex-payments"},
            "StringNotEquals": {"aws:ResourceTag/Environment": "test"},
        },
    ]


def test_the_boundary_can_be_widened(variables: dict[str, dict[str, Any]]) -> None:
    assert {"Effect": "Allow", **QUEUE} in policies(variables["queue"])[f"{NAME}-boundary"]["Statement"]


def buckets(variables: dict[str, Any], label: str) -> dict[str, Any]:
    return {
        each["name"].removesuffix(f"-{ACCOUNT}-{REGION}"): each for each in variables[label]["__foundation_buckets"]
    }


def test_a_firewall_s_log_has_a_bucket_with_the_statements_that_aws_writes_itself(variables: dict[str, Any]) -> None:
    usual = {f"{NAME}-{short}" for short in ("alb-logs", "app-logs", "backups")}
    assert set(buckets(variables, "off")) == usual
    assert set(buckets(variables, "on")) == {*usual, f"aws-waf-logs-{NAME}"}
    bucket = buckets(variables, "on")[f"aws-waf-logs-{NAME}"]
    arn = f"arn:aws:s3:::aws-waf-logs-{NAME}-{ACCOUNT}-{REGION}"
    source = {"aws:SourceAccount": [ACCOUNT]}
    delivery = {"ArnLike": {"aws:SourceArn": [f"arn:aws:logs:{PLACE}:*"]}}
    by = {"Effect": "Allow", "Principal": {"Service": "delivery.logs.amazonaws.com"}}
    assert bucket["policy"]["Statement"][1:] == [
        {
            **by,
            "Sid": "AWSLogDeliveryWrite",
            "Action": "s3:PutObject",
            "Resource": [f"{arn}/AWSLogs/{ACCOUNT}/*"],
            "Condition": {**delivery, "StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", **source}},
        },
        {
            **by,
            "Sid": "AWSLogDeliveryAclCheck",
            "Action": "s3:GetBucketAcl",
            "Resource": [arn],
            "Condition": {**delivery, "StringEquals": source},
        },
    ]
    assert bucket["encryption"]["sse_algorithm"] == "AES256"


# The account's guards


def of_services(given: list[Statement]) -> dict[str, list[Statement]]:
    """The statements that let a service in, by the service's name."""
    named: dict[str, list[Statement]] = {}
    for statement in given:
        principal = statement["Principal"]
        for service in listed(principal.get("Service", [])) if isinstance(principal, dict) else []:
            named.setdefault(service.partition(".")[0], []).append(statement)
    return named


TRAIL = f"arn:aws:cloudtrail:{PLACE}:trail/{NAME}-trail"


def test_the_audit_bucket_lets_the_trail_and_config_write_and_nobody_else(variables: dict[str, dict[str, Any]]) -> None:
    assert f"{NAME}-audit" not in buckets(variables, "on")
    audit = buckets(variables, "guarded")[f"{NAME}-audit"]
    assert audit["logging"]["target_bucket"].startswith(f"{NAME}-alb-logs")
    named = of_services(audit["policy"]["Statement"])
    assert named.keys() == {"cloudtrail", "config"}
    for statement in named["cloudtrail"]:
        assert statement["Condition"]["StringEquals"]["aws:SourceArn"] == TRAIL
    for statement in named["config"]:
        assert statement["Condition"]["StringEquals"]["aws:SourceAccount"] == ACCOUNT
    written = {key: [arn for each in found if "s3:PutObject" in each["Action"] for arn in each["Resource"]]
               for key, found in named.items()}  # fmt: skip
    folder = f"arn:aws:s3:::{audit['name']}/AWSLogs/{ACCOUNT}"
    assert written == {"cloudtrail": [f"{folder}/*"], "config": [f"{folder}/Config/*"]}


def test_the_key_of_logs_is_the_trail_s_too_where_there_is_one(variables: dict[str, dict[str, Any]]) -> None:
    def services(label: str) -> dict[str, list[Statement]]:
        (key,) = [each for each in variables[label]["__foundation_kms_keys"] if each["alias"].endswith("-logs")]
        return of_services(key["policy"]["Statement"])

    assert not {"cloudtrail", "costalerts"} & services("on").keys()
    allowed = services("guarded")
    assert {each["Condition"]["StringEquals"]["aws:SourceArn"] for each in allowed["cloudtrail"]} == {TRAIL}
    assert "costalerts" in allowed


def test_the_trail_s_role_writes_to_its_log_group_alone(variables: dict[str, dict[str, Any]]) -> None:
    (role,) = [each for each in variables["guarded"]["__foundation_roles"] if each["name"] == f"{NAME}-cloudtrail"]
    own = list(found(list(statements(role["policies"].values())), "Allow"))
    assert all(resource.startswith(f"arn:aws:logs:{PLACE}:log-group:{NAME}-cloudtrail:") for _a, resource, _s in own)
    assert not [each for each in variables["on"]["__foundation_roles"] if each["name"].endswith("-cloudtrail")]


def test_people_see_what_the_guards_found_where_there_are_guards(variables: dict[str, dict[str, Any]]) -> None:
    def seen(label: str) -> list[Statement]:
        return list(statements([policies(variables[label])[f"{NAME}-read"]]))

    for action in ("cloudtrail:LookupEvents", "guardduty:GetFindings", "securityhub:GetFindings", "ce:GetAnomalies"):
        assert matches(seen("guarded"), "Allow", action, "*")
        assert matches(seen("on"), "Allow", action, "*") == []


@pytest.mark.parametrize(
    ("action", "own", "other"),
    [
        ("events:DescribeRule", f"arn:aws:events:{PLACE}:rule/{NAME}-x", f"arn:aws:events:{PLACE}:rule/other-x"),
        (
            "logs:DescribeMetricFilters",
            f"arn:aws:logs:{PLACE}:log-group:{NAME}-api",
            f"arn:aws:logs:{PLACE}:log-group:x",
        ),
    ],
)
def test_people_see_event_rules_and_metric_filters(
    action: str, own: str, other: str, groups: dict[str, list[Statement]]
) -> None:
    assert matches(groups["read-only"], "Allow", action, own)
    assert matches(groups["read-only"], "Allow", action, other) == []
