# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rules on what AWS takes: lengths of names, times that things are kept, forms of endpoints; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from . import _budgets, _place_rules, _s3, _secrets, _sns

Values = Mapping[str, Any]

SEVERITIES = ("critical", "warning", "info")
#: Days that CloudWatch Logs can keep a log.
LOG_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
_LOGS = (
    "network_flow_logs_retention_in_days",
    "data_log_retention_in_days",
    "compute_log_retention_in_days",
    "compute_audit_retention_in_days",
    "compute_insights_retention_in_days",
    "monitoring_cloudtrail_log_retention_in_days",
)
#: Where 0 means no log.
_NO_LOG = ("monitoring_cloudtrail_log_retention_in_days",)
#: From and to how many days.
_DAYS = {
    "data_secret_recovery_window_in_days": (7, 30),
    "data_db_backup_retention_period": (0, 35),
    "data_redis_snapshot_retention_limit": (0, 35),
}
#: Where 0 keeps nothing.
_AT_ONCE = ("data_secret_recovery_window_in_days",)
#: A bucket's objects move after these days, and go after those.
_MOVES = {
    "foundation_backups_infrequent_access_days": "foundation_backups_expire_days",
    "foundation_app_logs_intelligent_tiering_days": "foundation_app_logs_expire_days",
}


def name_lengths(values: Values) -> Iterable[str]:
    """The longest name of each kind with a limit of AWS's; target groups are shortened to theirs."""
    name, region = values["stack_name"], values["stack_region"]
    longest_service = max((len(each["name"]) for each in values["stack_service_list"]), default=0)
    place = f"{'0' * 12}-{region}"
    buckets = [f"{name}-alb-logs-{place}", f"{values['stack_project']}-state-{place}"]
    buckets += [f"aws-waf-logs-{name}-{place}"] if values["edge_waf_enabled"] else []
    lengths = (
        ("S3 bucket", max(map(len, buckets)), 63),
        ("load balancer", len(f"{name}-alb"), 32),
        ("replication group", len(f"{name}-redis"), 40),
        ("database", len(f"{name}-db-replica-{values['data_db_replica_count']}"), 63),
        ("IAM role", max(len(f"{name}-task-") + longest_service, len(f"{name}-rds-monitoring")), 64),
    )
    for kind, length, limit in lengths:
        if length > limit:
            yield f"stack_environment: the name of the {kind} would have {length} characters, AWS allows {limit}"


def retention(values: Values) -> Iterable[str]:
    """Days that logs, backups and secrets can be kept."""
    for variable in _LOGS:
        if values[variable] not in LOG_DAYS and (values[variable] or variable not in _NO_LOG):
            yield f"{variable}: {values[variable]} is none of {', '.join(map(str, LOG_DAYS))}"
    for variable, (least, most) in _DAYS.items():
        if not least <= values[variable] <= most and (variable not in _AT_ONCE or values[variable]):
            yield f"{variable}: {values[variable]} is not between {least} and {most}"
    insights = values["data_db_performance_insights_retention_period"]
    if insights not in (7, 731) and (insights % 31 or not 31 <= insights <= 713):
        yield f"data_db_performance_insights_retention_period: {insights} must be 7, 731 or a multiple of 31 below that"


def tiering(values: Values) -> Iterable[str]:
    """What moves to another storage class must be old enough for it, and moves before it goes."""
    for move, end in _MOVES.items():
        if values[move] < _s3.INFREQUENT_DAYS and "infrequent" in move:
            yield f"{move}: AWS moves nothing younger than {_s3.INFREQUENT_DAYS} days, not {values[move]}"
        if values[end] <= values[move]:
            yield f"{end}: {values[end]} must be more than {move}, {values[move]}"


def secret_names(values: Values) -> Iterable[str]:
    """Names that Secrets Manager takes."""
    for variable in ("data_secret_names", "data_further_secrets"):
        for name in values[variable]:
            yield from (f"{variable}: {name!r} {problem}" for problem in _secrets.name_problems(name))
    defined = values["data_secret_definitions"]
    for name in values["data_secret_names"]:
        if name not in defined:
            yield f"data_secret_names: there is no definition of {name!r}; there are {', '.join(sorted(defined))}"


def readers(values: Values) -> Iterable[str]:
    """Who alone may read a secret is named by ARN."""
    for variable in ("data_secret_definitions", "data_further_secrets"):
        for name, definition in values[variable].items():
            for arn in (definition or {}).get("readers") or ():
                if not re.fullmatch(r"arn:aws[a-z-]*:iam::(\d{12}|\*):(role|user)/.+", str(arn)):
                    yield f"{variable}.{name}.readers: {arn!r} must be a role's or user's ARN"


def replica_regions(values: Values) -> Iterable[str]:
    """Copies of secrets are in other regions, with keys of theirs."""
    variable, own = "data_secret_replica_regions", values["stack_region"]
    for region, key in values[variable].items():
        if not _place_rules.REGION.fullmatch(region):
            yield f"{variable}: {region!r} is no region's name, such as eu-west-1"
        elif region == own:
            yield f"{variable}: {region} is stack_region, which holds the secrets themselves"
        elif key and not re.fullmatch(rf"arn:aws[a-z-]*:kms:{region}:\d{{12}}:key/[\w-]+", key):
            form = f"arn:aws:kms:{region}:<account>:key/<id>"
            yield f"{variable}: {region}: must be the ARN of a key there, {form}, or empty"


def subscriptions(values: Values) -> Iterable[str]:
    """Who is told can be told: an address, a number or a URL as the protocol wants it."""
    for severity in SEVERITIES:
        variable = f"monitoring_subscriptions_{severity}"
        for index, each in enumerate(values[variable]):
            problem = _sns.endpoint_problem(each["protocol"], each["endpoint"])
            if problem:
                yield f"{variable}[{index}].{problem}"


def budget(values: Values) -> Iterable[str]:
    """A budget is no debt, and tells of each threshold above zero once, of as many as AWS takes."""
    limit, count = float(values["stack_budget_monthly"] or 0), 0
    if limit < 0:
        yield f"stack_budget_monthly: 0 for no budget, or more, not {limit:g}"
    for variable in ("monitoring_budget_actual_thresholds", "monitoring_budget_forecast_thresholds"):
        given = [float(each) for each in values[variable]]
        count += len(given)
        if len(set(given)) < len(given) or any(each <= 0 for each in given):
            yield f"{variable}: above 0 and each once, not {given}"
    if count > _budgets.MOST_NOTIFICATIONS:
        most = _budgets.MOST_NOTIFICATIONS
        yield f"monitoring_budget_actual_thresholds: AWS takes {most} with those of forecasts, not {count}"


RULES: tuple[Callable[[Values], Iterable[str]], ...] = (
    name_lengths,
    retention,
    tiering,
    secret_names,
    readers,
    replica_regions,
    subscriptions,
    budget,
)
