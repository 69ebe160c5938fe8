# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a health check tells others, where it is asked to: a metric for an alarm of one's own, a message to a topic."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import _aws, _health
from ._discovery import Connect
from ._preflight import FAILED, UNKNOWN, WARNING

NAMESPACE = "UEX/Health"
#: CloudWatch's name of each number, by what it counts.
METRICS = {"Failed": FAILED, "Warnings": WARNING, "Unknown": UNKNOWN}
SUBJECT_LENGTH = 100  #: characters that SNS takes


def publish(connect: Connect, document: Mapping[str, Any], metric: bool, topic: str) -> list[str]:
    """Tell what was asked for: what was told, for a person. A message goes only where something is not well."""
    told = []
    if metric:
        connect("cloudwatch").put_metric_data(Namespace=NAMESPACE, MetricData=data(document))
        told.append(f"metric {NAMESPACE} Healthy")
    if topic and document["verdict"] != _health.HEALTHY:
        sent = connect("sns").publish(TopicArn=_arn(connect, topic), **message(document))
        told.append(f"message {sent['MessageId']} to {topic}")
    return told


def _arn(connect: Connect, topic: str) -> str:
    """The ARN of a topic by its name. ValueError where there is none."""
    arns = [str(entry["TopicArn"]) for entry in _aws.pages(connect("sns"), "list_topics", "Topics")]
    found = [arn for arn in arns if arn.rpartition(":")[2] == topic]
    if not found:
        raise ValueError(f"topic {topic} is not there: ansible-playbook site.yml --tags monitoring makes it")
    return found[0]


def data(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The metric's points: 1 or 0 for healthy, and the counts; pure."""
    dimensions = [{"Name": "Environment", "Value": document["environment"]}]
    values: dict[str, float] = {"Healthy": int(document["verdict"] == _health.HEALTHY)}
    values |= {name: document["summary"][state] for name, state in METRICS.items()}
    return [
        {"MetricName": name, "Dimensions": dimensions, "Value": value, "Unit": "Count"}
        for name, value in values.items()
    ]


def message(document: Mapping[str, Any]) -> dict[str, str]:
    """Subject and text of a message; pure."""
    subject = f"[{document['name']}] health: {document['verdict']}"
    bad = [f"{row.state}: {row.name}: {row.found}" for row in _health.rows_of(document) if row.state in _BAD]
    return {"Subject": subject[:SUBJECT_LENGTH], "Message": "\n".join([_health.total(document), "", *bad])}


_BAD = (FAILED, UNKNOWN, WARNING)
