# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Diagnosis of NAT traffic: how much there is, what it costs, and which endpoint would pay."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from ._diagnose import About, Check, Subject, Values, play, put_back
from ._diagnose_outside import short
from ._findings import Finding, note, ok

GB = 1e9
#: The interface endpoints that an environment can have, by what goes through them instead of NAT.
CARRIES = {
    "ecr.api": "questions to the registry",
    "ecr.dkr": "manifests of images",
    "logs": "log lines",
    "secretsmanager": "secrets at the start of tasks",
    "kms": "keys",
    "ssmmessages": "ECS Exec",
}


class Offer(NamedTuple):
    """What one interface endpoint costs over the environment's zones, and from how many GB a month on it saves."""

    zones: int
    monthly: float
    nat: float
    gb: float

    @property
    def break_even(self) -> float:
        return self.monthly / (self.nat - self.gb)

    def saving(self, gigabytes: float) -> float:
        """USD a month if so many GB went through it instead of NAT."""
        return gigabytes * (self.nat - self.gb) - self.monthly


def offer(prices: Mapping[str, float | None], hours: float, zones: int) -> Offer | None:
    """The offer at a region's prices; None where one isn't known, or NAT is cheaper by the GB."""
    nat, hour, gb = prices.get("nat.gb"), prices.get("endpoint.hour"), prices.get("endpoint.gb")
    if nat is None or hour is None or gb is None or nat <= gb:
        return None
    return Offer(zones, hour * hours * zones, nat, gb)


def traffic(values: Values, about: About) -> Iterable[Finding]:
    """What went through each gateway in 30 days, and what AWS takes for it."""
    counted: Mapping[str, float | None] = values["nat_bytes"]
    known = [each for each in counted.values() if each is not None]
    price = about["prices"].get("nat.gb")
    if not counted:
        yield ok("nat-traffic", "there is no NAT gateway")
    elif known:
        gigabytes = sum(known) / GB
        cost = f"{gigabytes * price:,.2f} USD" if price is not None else "at an unknown price"
        listed = "; ".join(f"{name}: {(each or 0) / GB:,.2f} GB" for name, each in counted.items())
        yield note("nat-traffic", f"{gigabytes:,.2f} GB went through NAT in 30 days: {cost}", listed)
    else:
        assumed = about["nat_gb"]
        yield note(
            "nat-traffic",
            f"how much went through NAT is unknown; {assumed:g} GB a month are assumed",
            "no datapoints of AWS/NATGateway",
        )


def amount(values: Values, about: About) -> tuple[float, str]:
    """GB a month through NAT: counted, else assumed."""
    known = [each for each in values["nat_bytes"].values() if each is not None]
    return (sum(known) / GB, "counted") if known else (float(about["nat_gb"]), "assumed")


def advice(values: Values, about: About) -> Iterable[Finding]:
    """Which endpoint would cut it, with numbers."""
    have = {short(each, about) for each in values["endpoints"] if each["State"].lower() == "available"}
    if "s3" in have:
        yield ok("endpoint-free", "the free endpoint of S3 is there")
    else:
        remedy = put_back("network", "it is free, and layers of images are most of what NAT carries")
        yield note("endpoint-free", "the free endpoint of S3 is missing", "DescribeVpcEndpoints", remedy)
    found = offer(about["prices"], about["hours"], len(about["availability_zones"]))
    if found is None:
        seen = "which endpoint would pay is unknown: a price is missing"
        yield note("endpoint-pays", seen, ", ".join(about["prices"]))
        return
    yield from _interfaces(have, found, values, about)


def _interfaces(have: Collection[str], found: Offer, values: Values, about: About) -> Iterator[Finding]:
    """No endpoint can save more than if all of NAT's traffic were its own."""
    gigabytes, how = amount(values, about)
    least, missing = found.break_even, [name for name in CARRIES if name not in have]
    evidence = (
        f"one over {found.zones} zones is {found.monthly:,.2f} USD a month; a GB is {found.nat} through NAT, "
        f"{found.gb} through it: it pays from {least:,.0f} GB a month on; NAT carries {gigabytes:,.1f} ({how})"
    )
    if missing and gigabytes > least:
        listed = ", ".join(f"{name} ({CARRIES[name]})" for name in missing)
        seen = f"an endpoint could save up to {found.saving(gigabytes):,.2f} USD a month: {listed}"
        remedy = f"see which of them has more than {least:,.0f} GB a month; add that to network_interface_endpoints"
        command = play(about, "diagnose", "-e subject=nat -e flow_log_hours=24")
        yield note("endpoint-pays", seen, evidence, remedy, command)
    elif missing:
        yield note("endpoint-pays", f"no further endpoint would pay: {', '.join(missing)}", evidence)
    present = [name for name in CARRIES if name in have]
    if present and gigabytes < least:
        cost = f"{found.monthly * len(present):,.2f} USD a month"
        yield note("endpoint-costs", f"{len(present)} endpoints cost {cost}; they save nothing", ", ".join(present))


def destinations(values: Values, about: About) -> Iterable[Finding]:
    """Whom the gateways talked to, by the flow log."""
    flows = values["flows"]
    if flows is None:
        return
    hours = about["flow_log_hours"]
    if not flows:
        yield note("destinations", f"the flow log has nothing of NAT in the last {hours} h")
        return
    listed = "; ".join(f"{name} {each / GB:,.3f} GB" for name, each in flows.items())
    yield note("destinations", f"destinations of NAT in the last {hours} h", listed)


SUBJECT = Subject(
    "nat",
    "bytes through NAT, their price, break-even of endpoints, destinations by the flow log",
    (
        Check(("nat_bytes",), traffic),
        Check(("endpoints", "nat_bytes"), advice),
        Check(("flows",), destinations),
    ),
)
