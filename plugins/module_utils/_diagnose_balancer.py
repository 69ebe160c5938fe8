# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Diagnosis of the load balancer: listeners, certificates, a rule for each service, targets, the way to the tasks."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from . import _certificates, _services
from . import _diagnose_paths as paths
from ._diagnose import About, Check, Subject, Values, aws, play, put_back, site
from ._findings import Finding, broken, note, ok, warning

HEALTHY = "healthy"
#: Targets in these states are on their way, or need none.
PASSING = ("initial", "draining", "unhealthy.draining")
#: What a reason of ELB means.
MEANS = {
    "Target.Timeout": "nothing answered in time on its port: a group or ACL is in the way, or the process hangs",
    "Target.FailedHealthChecks": "the connection was refused: the process is down, or listens on another port",
    "Target.ResponseCodeMismatch": "it answers the health check with another code than the matcher wants",
    "Target.NotInUse": "no listener rule leads to its target group, or its zone is not enabled",
    "Target.IpUnusable": "its address is used by the load balancer itself",
    "Target.InvalidState": "the target is stopped",
    "Target.HealthCheckDisabled": "health checks are off for its target group",
    "Elb.InternalError": "the load balancer had an error of its own: wait, else ask AWS",
}


def balancer(values: Values, about: About) -> Iterable[Finding]:
    """It is there and active, with a listener for HTTPS."""
    found, name = values["balancer"]["balancer"], f"{about['name']}-alb"
    if found is None:
        seen, remedy = f"there is no load balancer {name}", "the edge layer makes it, under another DNS name"
        yield broken("balancer", seen, "DescribeLoadBalancers", remedy, site(about, "edge"))
        return
    state = found["State"]["Code"]
    if state == "active":
        yield ok("balancer", f"{name} is active", found["DNSName"])
    else:
        command = aws(about, f"elbv2 describe-load-balancers --names {name}")
        yield broken(
            "balancer", f"{name} is {state}", found["State"].get("Reason") or state, "wait a few minutes", command
        )
    secure = [each["Port"] for each in values["balancer"]["listeners"] if each["Protocol"] == "HTTPS"]
    if secure:
        yield ok("listener", f"{name} listens for HTTPS", f"port {', '.join(map(str, secure))}")
    else:
        remedy = put_back("edge", "clients are refused")
        yield broken("listener", f"{name} has no listener for HTTPS", "DescribeListeners", remedy, site(about, "edge"))


def certificates(values: Values, about: About) -> Iterable[Finding]:
    """Each listener's certificate is issued and lasts."""
    for arn, detail in values["certificates"]["found"].items():
        yield _certificate(arn, detail, values["certificates"]["now"], about)


def _certificate(arn: str, detail: Mapping[str, Any], now: datetime.datetime, about: About) -> Finding:
    name, end, status = detail["DomainName"], detail.get("NotAfter"), detail["Status"]
    command = aws(about, f"acm describe-certificate --certificate-arn {arn}")
    remedy = "an imported one: run edge with the new one; a requested one renews while its DNS records are there"
    evidence = f"{status}, valid until {end}"
    if status == "EXPIRED" or (end and end <= now):
        return broken(
            "certificate", f"the certificate of {name} has expired: clients refuse it", evidence, remedy, command
        )
    if status != "ISSUED":
        return broken("certificate", f"the certificate of {name} is {status}", evidence, remedy, command)
    if _certificates.is_expiring(end, now):
        return warning("certificate", f"the certificate of {name} expires soon", evidence, remedy, command)
    return ok("certificate", f"the certificate of {name} is issued", evidence)


def shares(rule: Mapping[str, Any]) -> dict[str, int]:
    """Where a rule sends requests: target groups' ARNs with their weights."""
    found: dict[str, int] = {}
    for action in rule["Actions"]:
        groups = (action.get("ForwardConfig") or {}).get("TargetGroups") or []
        found |= {each["TargetGroupArn"]: int(each.get("Weight", 1)) for each in groups}
        if action.get("TargetGroupArn") and not groups:
            found[action["TargetGroupArn"]] = 1
    return found


def rules(values: Values, about: About) -> Iterable[Finding]:
    """Each service has a rule, which sends requests to a group with healthy targets."""
    every = [rule for each in values["balancer"]["rules"].values() for rule in each]
    for service in about["services"] if values["balancer"]["balancer"] else ():
        arns = _groups(service, values)
        own = [rule for rule in every if set(shares(rule)) & set(arns) and _path(service) & _patterns(rule)]
        if not own:
            seen = f"no listener rule leads {service['path']} to {service['full_name']}: clients get 404"
            evidence = f"{len(every)} rules, none with {service['path']} to its target groups"
            yield broken("rule", seen, evidence, put_back("edge", "the rule is gone or changed"), site(about, "edge"))
            continue
        yield ok("rule", f"a rule leads {service['path']} to {service['full_name']}", own[0]["RuleArn"])
        yield from _weights(service, own[0], arns, values, about)
    yield from _maintenance(every, about)


def _groups(service: Mapping[str, Any], values: Values) -> dict[str, str]:
    """The service's target groups: names by ARN."""
    known = values["balancer"]["groups"]
    return {known[name]["TargetGroupArn"]: name for name in _services.group_names(service) if name in known}


def _path(service: Mapping[str, Any]) -> set[str]:
    return {service["path"], f"{service['path']}/*"}


def _patterns(rule: Mapping[str, Any]) -> set[str]:
    conditions = [each for each in rule["Conditions"] if each["Field"] == "path-pattern"]
    return {
        value
        for each in conditions
        for value in (each.get("PathPatternConfig") or {}).get("Values", each.get("Values", []))
    }


def _healthy(arn: str, values: Values) -> int:
    return sum(1 for each in values["balancer"]["health"].get(arn, []) if each["TargetHealth"]["State"] == HEALTHY)


def _weights(
    service: Mapping[str, Any], rule: Mapping[str, Any], arns: Mapping[str, str], values: Values, about: About
) -> Iterator[Finding]:
    """Of two groups, the one with the requests must have the tasks."""
    weights = shares(rule)
    empty = [arn for arn, weight in weights.items() if weight and arn in arns and not _healthy(arn, values)]
    full = [arn for arn in arns if _healthy(arn, values)]
    if not (empty and full):
        return
    names = ", ".join(arns[arn] for arn in empty)
    evidence = ", ".join(
        f"{arns.get(arn, arn)}: weight {weight}, {_healthy(arn, values)} healthy" for arn, weight in weights.items()
    )
    where = ", ".join(arns[arn] for arn in full)
    remedy = f"send requests to {where}, where the tasks are; a deployment under way does so itself"
    actions = f"Type=forward,TargetGroupArn={full[0]}"
    command = aws(about, f"elbv2 modify-rule --rule-arn {rule['RuleArn']} --actions {actions}")
    yield broken(
        "rule-weight",
        f"the rule of {service['full_name']} sends requests to {names}, which has no healthy target",
        evidence,
        remedy,
        command,
    )


def _maintenance(every: Iterable[Mapping[str, Any]], about: About) -> Iterator[Finding]:
    for rule in every:
        codes = [(action.get("FixedResponseConfig") or {}).get("StatusCode") for action in rule["Actions"]]
        if "503" in codes:
            command = f"ansible-playbook site.yml {about['inventories']} --tags maintenance"
            yield note(
                "maintenance", "maintenance is on: requests are answered with 503", rule["RuleArn"], "end it", command
            )


def targets(values: Values, about: About) -> Iterable[Finding]:
    """Each service has healthy targets; an unhealthy one is told with what its reason means."""
    for service in about["services"]:
        live, arns = values["services"].get(service["full_name"]), _groups(service, values)
        entries = [each for arn in arns for each in values["balancer"]["health"].get(arn, [])]
        wrong = [e for e in entries if e["TargetHealth"]["State"] not in (HEALTHY, *PASSING, "unused")]
        yield from _unhealthy(service, arns, wrong, about)
        if not entries and live and live["runningCount"]:
            seen = f"{service['full_name']} runs {live['runningCount']} tasks, and none is a target"
            command = play(about, "diagnose", "-e subject=tasks")
            yield broken(
                "targets", seen, ", ".join(arns.values()) or "no target group", "deploy the service anew", command
            )
        elif entries and not wrong:
            healthy = sum(1 for each in entries if each["TargetHealth"]["State"] == HEALTHY)
            yield ok("targets", f"{service['full_name']} has {healthy} healthy targets", ", ".join(arns.values()))


def _unhealthy(
    service: Mapping[str, Any], arns: Mapping[str, str], wrong: Iterable[Mapping[str, Any]], about: About
) -> Iterator[Finding]:
    """One finding a reason."""
    by_reason: dict[str, list[Mapping[str, Any]]] = {}
    for each in wrong:
        by_reason.setdefault(each["TargetHealth"].get("Reason", ""), []).append(each)
    for reason, entries in by_reason.items():
        where = ", ".join(f"{each['Target']['Id']}:{each['Target']['Port']}" for each in entries)
        told = entries[0]["TargetHealth"].get("Description") or entries[0]["TargetHealth"]["State"]
        means = MEANS.get(reason, "its health check fails")
        seen = f"{len(entries)} targets of {service['full_name']} are unhealthy: {means}"
        look = "see the other findings of this subject" if reason == "Target.Timeout" else "see its log"
        remedy = f"{look}; the check asks for {service['health_check']['path']}"
        command = aws(about, f"logs tail {service['log_group']} --since 1h")
        yield broken("targets", seen, f"{where}: {reason} ({told})", remedy, command)


def ways(values: Values, about: About) -> Iterator[paths.Way]:
    """From the load balancer to the tasks, on each service's port."""
    found = values["balancer"]["balancer"]
    if found:
        subnets = tuple(each["SubnetId"] for each in found["AvailabilityZones"])
        side = paths.Side("the load balancer", subnets, tuple(found.get("SecurityGroups") or ()))
        yield from (paths.Way(side, paths.tasks(values), int(each["port"])) for each in about["services"])


SUBJECT = Subject(
    "balancer",
    "listeners, certificates, a rule a service, weights, targets and their reasons, the way to the tasks",
    (
        Check(("balancer",), balancer),
        Check(("certificates",), certificates),
        Check(("balancer",), rules),
        Check(("balancer", "services"), targets),
        *paths.checks(ways, "balancer", "task_network"),
    ),
)
