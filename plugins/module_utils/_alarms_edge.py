# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The alarms of the load balancer, of the names that lead to it, and of the NAT gateways; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ._alarm_rules import (
    BELOW,
    CRITICAL,
    ERRORS,
    INFO,
    QUICK,
    WARNING,
    Alarm,
    Estate,
    Rule,
    alarm,
    expression,
    over,
    query,
    subject_alarms,
)

NAMESPACE = "AWS/ApplicationELB"
DOWN = "edge-down"


def edge_alarms(estate: Estate) -> Iterable[Alarm]:
    """Errors and slowness at the load balancer."""
    for rule in _balancer_rules(estate["thresholds"]):
        yield alarm(estate, NAMESPACE, rule, {"LoadBalancer": estate["load_balancer"]})


def _balancer_rules(limits: Mapping[str, Any]) -> Iterable[Rule]:
    rows = (
        ("alb-5xx", CRITICAL, "HTTPCode_ELB_5XX_Count", limits["alb_5xx"], "errors of the load balancer itself"),
        ("alb-target-5xx", CRITICAL, "HTTPCode_Target_5XX_Count", limits["alb_5xx"], "errors of services"),
        ("alb-4xx", WARNING, "HTTPCode_Target_4XX_Count", limits["alb_4xx"], "refused requests"),
        ("alb-rejected", CRITICAL, "RejectedConnectionCount", 0, "connections rejected, the balancer is full"),
    )
    for what, severity, metric, limit, text in rows:
        through, family = (DOWN, "edge-down") if severity == CRITICAL else ("", "refused-requests")
        words = f"{text}, more than {limit} a minute for 5 minutes"
        yield Rule(what, severity, metric, limit, words, ERRORS, through, family)
    slow = limits["response_seconds"]
    text = f"objective: p95 of the response time above {slow:g} s for 5 minutes"
    percentile = {"extended_statistic": "p95", **QUICK}
    yield Rule("alb-p95", CRITICAL, "TargetResponseTime", slow, text, percentile, DOWN, "slow-answers")


NAT_RULES = (
    Rule("ports", WARNING, "ErrorPortAllocation", 0, "no free port for a connection", ERRORS, family="nat-gateways"),
    Rule("drops", WARNING, "PacketsDropCount", 0, "packets dropped", ERRORS, family="nat-gateways"),
)


def nat_alarms(estate: Estate) -> Iterable[Alarm]:
    """Ports that a NAT gateway could not allocate, and packets that it dropped."""
    for name, gateway in sorted(estate["nat_gateways"].items()):
        yield from subject_alarms(estate, "AWS/NATGateway", name, {"NatGatewayId": gateway}, NAT_RULES)


#: AWS says once a day how long a certificate is good.
DAILY = {"statistic": "Minimum", "period": 86400, "evaluation_periods": 1, "datapoints_to_alarm": 1, **BELOW}
OUTSIDE = {
    **BELOW,
    "statistic": "Minimum",
    "period": 60,
    "evaluation_periods": 3,
    "datapoints_to_alarm": 3,
    "treat_missing_data": "breaching",
}


def name_alarms(estate: Estate) -> Iterable[Alarm]:
    """The certificate's end, where one is named yet, and what Route 53 sees from outside."""
    days = estate["thresholds"]["certificate_days"]
    text = f"the certificate ends in less than {days} days: AWS could not renew it, or nobody did"
    expiry = Rule("certificate-expiry", WARNING, "DaysToExpiry", days, text, DAILY, family="certificate")
    if estate["certificate"]:
        yield alarm(estate, "AWS/CertificateManager", expiry, {"CertificateArn": estate["certificate"]})
    check = Rule(
        "health-check", CRITICAL, "HealthCheckStatus", 1, "not reached from outside", OUTSIDE, DOWN, "edge-down"
    )
    for name, identifier in sorted(estate["health_checks"].items()):
        yield from subject_alarms(estate, "AWS/Route53", name, {"HealthCheckId": identifier}, [check])


def anomaly_alarms(estate: Estate) -> Iterable[Alarm]:
    """Requests and response times unlike those of the weeks before, where asked for."""
    band = {"threshold_metric_id": "band", "treat_missing_data": "notBreaching"}
    either = {**band, "comparison_operator": "LessThanLowerOrGreaterThanUpperThreshold"}
    above = {**band, "comparison_operator": "GreaterThanUpperThreshold"}
    for what, metric, stat, other, text in (
        ("anomaly-requests", "RequestCount", "Sum", either, "unusually many or few requests for 15 minutes"),
        ("anomaly-response", "TargetResponseTime", "p95", above, "unusually slow answers for 15 minutes"),
    ):
        if estate["anomaly_detection"]:
            source = query("watched", NAMESPACE, metric, {"LoadBalancer": estate["load_balancer"]}, stat, 300)
            expected = expression("band", "ANOMALY_DETECTION_BAND(watched, 2)", "Expected")
            rule = Rule(what, INFO, "", 0, text, other, family="anomalies")
            yield _without_threshold(over(estate, rule, {"metrics": [{**source, "return_data": True}, expected]}))


def _without_threshold(alarm_on_a_band: Alarm) -> Alarm:
    return {key: value for key, value in alarm_on_a_band.items() if key != "threshold"}
