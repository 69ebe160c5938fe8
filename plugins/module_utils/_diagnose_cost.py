# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Diagnosis of the bill: what the environment has cost in 30 days, by service, beside the estimate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ._diagnose import About, Check, Subject, Values, play
from ._findings import Finding, note, ok, warning

DAYS = 30
#: How Cost Explorer calls what the estimate calls otherwise. NAT gateways are a part of another service there.
NAMES = {
    "Amazon Elastic Container Service": "Fargate",
    "Amazon Relational Database Service": "RDS",
    "Amazon ElastiCache": "ElastiCache",
    "EC2 - Other": "NAT gateways",
    "Amazon Virtual Private Cloud": "VPC endpoints",
    "Amazon Elastic Load Balancing": "Load balancing",
    "AmazonCloudWatch": "CloudWatch",
    "AWS Secrets Manager": "Secrets Manager",
    "AWS Key Management Service": "KMS",
    "Amazon Simple Storage Service": "S3",
    "Amazon EC2 Container Registry (ECR)": "ECR",
    "Amazon Route 53": "Route 53",
    "AWS WAF": "WAF",
}
#: A service is told when it costs that many times its estimate, and so many USD more.
TIMES, MORE = 1.5, 20.0


def by_service(spent: Mapping[str, float]) -> dict[str, float]:
    """What was spent in the estimate's words, most first; what is less than a cent is left out."""
    sums: dict[str, float] = {}
    for name, amount in spent.items():
        word = NAMES.get(name, name)
        sums[word] = sums.get(word, 0.0) + amount
    return dict(sorted(((k, v) for k, v in sums.items() if v >= 0.01), key=lambda pair: -pair[1]))


def cost(values: Values, about: About) -> Iterable[Finding]:
    """Both sides by service; a service far above its estimate is a warning."""
    estimate: Mapping[str, float] = about["estimate"] or {}
    spent = by_service(values["spent"])
    command = play(about, "cost")
    if not spent:
        remedy = "activate Project and Environment as cost allocation tags in Billing; costs follow in a day"
        seen = f"what it has cost is unknown: Cost Explorer has nothing of the last {DAYS} days with its tags"
        yield note(
            "cost", f"{seen}; estimated {_usd(sum(estimate.values()))} a month", _listed({}, estimate), remedy, command
        )
        return
    seen = f"{_usd(sum(spent.values()))} in {DAYS} days, estimated {_usd(sum(estimate.values()))} a month"
    yield note("cost", seen, _listed(spent, estimate), "", command)
    high = {name: amount for name, amount in spent.items() if is_high(amount, estimate.get(name, 0.0))}
    for name, amount in high.items() if estimate else ():
        remedy = (
            "look which resource it is (Cost Explorer by usage type); adjust what the estimate assumes, or what runs"
        )
        told = f"{_usd(amount)} in {DAYS} days, estimated {_usd(estimate.get(name, 0.0))}"
        yield warning("cost-above-estimate", f"{name} costs far more than estimated", told, remedy, command)
    if not high:
        yield ok("cost-above-estimate", "no service costs far more than estimated")


def is_high(amount: float, estimate: float) -> bool:
    return amount > TIMES * estimate and amount - estimate > MORE


def _listed(spent: Mapping[str, float], estimate: Mapping[str, float]) -> str:
    names = [*spent, *(name for name in estimate if name not in spent)]
    return "; ".join(f"{name} {_side(spent, name)} (estimate {_side(estimate, name)})" for name in names)


def _side(amounts: Mapping[str, float], name: str) -> str:
    return f"{amounts[name]:,.2f}" if name in amounts else "-" if amounts else "unknown"


def _usd(amount: float) -> str:
    return f"{amount:,.2f} USD" if amount else "nothing"


SUBJECT = Subject("cost", "Cost Explorer's 30 days by service against the estimate", (Check(("spent",), cost),))
