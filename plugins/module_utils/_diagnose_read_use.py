# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reading for a diagnosis: alarms that are on, the bill, and traffic through NAT."""

from __future__ import annotations

import datetime
import ipaddress
from collections.abc import Iterable, Mapping
from typing import Any

from . import _aws, _preflight, _wait
from ._diagnose import Fact, Facts
from ._diagnose_cost import DAYS

#: What counts as processed by a NAT gateway, in both directions.
METRICS = ("BytesOutToDestination", "BytesOutToSource")
DAY = 86400
QUERY_DEADLINE = 60.0
RUNNING = ("Scheduled", "Running", "Unknown")
#: Of destinations, those with most bytes.
MOST = 20


def alarms(facts: Facts) -> dict[str, Any]:
    """The environment's alarms that are on, and how many there are; those that scaling makes itself are others'."""
    kinds = {"AlarmTypes": ["MetricAlarm", "CompositeAlarm"]}
    prefix = {"AlarmNamePrefix": f"{facts.about['name']}-"}
    client = facts.connect("cloudwatch")
    found = [
        alarm
        for key in ("MetricAlarms", "CompositeAlarms")
        for alarm in _aws.pages(client, "describe_alarms", key, **kinds, **prefix)
    ]
    return {"on": [each for each in found if each["StateValue"] == "ALARM"], "total": len(found)}


def spent(facts: Facts) -> dict[str, float]:
    """USD of the last days by Cost Explorer's services, of what carries the environment's tags."""
    today = datetime.datetime.now(datetime.UTC).date()
    client = facts.connect("ce", region=_preflight.global_region(facts.about["region"]))
    tags = [{"Tags": {"Key": key, "Values": [facts.about["tags"][key]]}} for key in ("Project", "Environment")]
    query = {
        "TimePeriod": {"Start": str(today - datetime.timedelta(days=DAYS)), "End": str(today)},
        "Granularity": "MONTHLY",
        "Metrics": ["UnblendedCost"],
        "GroupBy": [{"Type": "DIMENSION", "Key": "SERVICE"}],
        "Filter": {"And": tags},
    }
    sums: dict[str, float] = {}
    for period in client.get_cost_and_usage(**query)["ResultsByTime"]:
        for group in period["Groups"]:
            name = group["Keys"][0]
            sums[name] = sums.get(name, 0.0) + float(group["Metrics"]["UnblendedCost"]["Amount"])
    return sums


def nat_bytes(facts: Facts) -> dict[str, float | None]:
    """Bytes through each NAT gateway in the last days; None where CloudWatch has counted nothing."""
    gateways = [each["NatGatewayId"] for each in facts("nat_gateways")]
    return {name: _sum(facts.connect("cloudwatch"), name) for name in gateways}


def _sum(client: Any, gateway: str) -> float | None:
    now = datetime.datetime.now(datetime.UTC)
    points = [
        point["Sum"]
        for metric in METRICS
        for point in client.get_metric_statistics(
            Namespace="AWS/NATGateway",
            MetricName=metric,
            Dimensions=[{"Name": "NatGatewayId", "Value": gateway}],
            StartTime=now - datetime.timedelta(days=DAYS),
            EndTime=now,
            Period=DAY,
            Statistics=["Sum"],
        )["Datapoints"]
    ]
    return float(sum(points)) if points else None


# The flow log


def flows(facts: Facts) -> dict[str, float] | None:
    """Bytes by destination in the last hours, most first; None where nobody asks, or there is no flow log."""
    hours, group = facts.about["flow_log_hours"], f"{facts.about['name']}-flow-logs"
    addresses = [each for gateway in facts("nat_gateways") for each in gateway.get("NatGatewayAddresses") or []]
    if not hours or group not in facts("log_groups") or not addresses or not facts("vpc"):
        return None
    block = facts("vpc")["cidr_blocks"][0]
    sent = _query(facts, group, hours, question(addresses, block, "srcAddr", "dstAddr"))
    received = _query(facts, group, hours, question(addresses, block, "dstAddr", "srcAddr"))
    return by_destination([*sent, *received], _prefix_lists(facts))


def question(addresses: Iterable[Mapping[str, Any]], block: str, own: str, other: str) -> str:
    """The query of Logs Insights for bytes between the gateways and the world, in one direction; pure."""
    interfaces = ", ".join(f'"{each["NetworkInterfaceId"]}"' for each in addresses)
    return (
        f'filter interfaceId in [{interfaces}] and isIpv4InSubnet({own}, "{block}")'
        f' and not isIpv4InSubnet({other}, "{block}")'
        f" | stats sum(bytes) as total by {other} as peer | sort total desc | limit 200"
    )


def _query(facts: Facts, group: str, hours: int, text: str) -> list[dict[str, str]]:
    client, now = facts.connect("logs"), datetime.datetime.now(datetime.UTC)
    since = now - datetime.timedelta(hours=hours)
    period = {"startTime": int(since.timestamp()), "endTime": int(now.timestamp())}
    query = client.start_query(logGroupName=group, queryString=text, **period)["queryId"]
    answer = _wait.until(
        lambda: client.get_query_results(queryId=query),
        lambda found: found["status"] not in RUNNING,
        f"the query of {group}",
        QUERY_DEADLINE,
        pause=1.0,
    )
    return [{cell["field"]: cell["value"] for cell in row} for row in answer["results"]]


def _prefix_lists(facts: Facts) -> dict[str, list[str]]:
    """The addresses of what has a gateway endpoint, by service."""
    client, region = facts.connect("ec2"), facts.about["region"]
    found = _aws.pages(client, "describe_prefix_lists", "PrefixLists")
    wanted = {f"com.amazonaws.{region}.{word}": word for word in ("s3", "dynamodb")}
    return {
        wanted[each["PrefixListName"]]: each.get("Cidrs") or [] for each in found if each["PrefixListName"] in wanted
    }


def by_destination(rows: Iterable[Mapping[str, str]], known: Mapping[str, Iterable[str]]) -> dict[str, float]:
    """Bytes by service where an address is one's, else by address; most first; pure."""
    ranges = [(ipaddress.ip_network(block), name) for name, blocks in known.items() for block in blocks]
    sums: dict[str, float] = {}
    for row in rows:
        if "peer" in row and "total" in row:
            address = ipaddress.ip_address(row["peer"])
            name = next((name for block, name in ranges if address in block), row["peer"])
            sums[name] = sums.get(name, 0.0) + float(row["total"])
    return dict(sorted(sums.items(), key=lambda pair: -pair[1])[:MOST])


READERS: Mapping[str, Fact] = {
    "alarms": Fact("the alarms", "cloudwatch", alarms),
    "spent": Fact("the bill", "ce", spent),
    "nat_bytes": Fact("the traffic through NAT", "cloudwatch", nat_bytes),
    "flows": Fact("the flow log", "logs", flows),
}
