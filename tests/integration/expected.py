# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the specification says of each environment, written down apart from the inventories that are to fulfil it."""

from __future__ import annotations

from typing import NamedTuple

PROJECT = "uex-payments"
LAYERS = ("foundation", "network", "data", "registry", "edge", "compute", "monitoring")
ZONES = ("a", "b", "c")
TIERS = ("public", "app", "data")
VPC_CIDR = "10.0.0.0/16"
#: Ports of the services, by name.
SERVICES = {
    "presentation": 3900,
    "client-tier": 3901,
    "management-tier": 3902,
    "uex-backend": 3903,
    "processing-tier": 8900,
    "management-backend": 9000,
}
ENDPOINT_SERVICES = frozenset({"ecr.api", "ecr.dkr", "logs", "secretsmanager", "kms", "ssmmessages"})


class Environment(NamedTuple):
    """One column of the specification's table of sizes."""

    name: str
    nat_gateways: int
    interface_endpoints: frozenset[str]


ENVIRONMENTS = {
    each.name: each
    for each in (
        Environment("dev", nat_gateways=3, interface_endpoints=frozenset()),
        Environment("staging", nat_gateways=3, interface_endpoints=frozenset()),
        Environment("prod", nat_gateways=3, interface_endpoints=ENDPOINT_SERVICES),
    )
}
