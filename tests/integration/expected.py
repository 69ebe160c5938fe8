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
#: Under which path each service is reached.
PATHS = {
    "presentation": "/presentation",
    "client-tier": "/client",
    "management-tier": "/management",
    "uex-backend": "/api/uex",
    "processing-tier": "/api/processing",
    "management-backend": "/api/mgmt",
}
ENDPOINT_SERVICES = frozenset({"ecr.api", "ecr.dkr", "logs", "secretsmanager", "kms", "ssmmessages"})


class Database(NamedTuple):
    """PostgreSQL: instance class, whether a standby stands by, and how many read replicas there are."""

    instance_class: str
    multi_az: bool
    replicas: int


class Cache(NamedTuple):
    """Redis: node type and number of nodes."""

    node_type: str
    nodes: int


class Tasks(NamedTuple):
    """Each service's tasks: least and most, CPU in units (1024 to a vCPU) and memory in MiB."""

    least: int
    most: int
    cpu: int
    memory: int


class Environment(NamedTuple):
    """One column of the specification's table of sizes."""

    name: str
    nat_gateways: int
    interface_endpoints: frozenset[str]
    secrets: int
    rotated: frozenset[str]
    database: Database
    cache: Cache
    tasks: Tasks
    shifting: bool = False  #: whether ECS shifts traffic between two target groups of each service


NO_ENDPOINTS: frozenset[str] = frozenset()
UNROTATED: frozenset[str] = frozenset()
ROTATED = frozenset({"database", "redis"})
ENVIRONMENTS = {
    each.name: each
    for each in (
        Environment(
            "dev",
            nat_gateways=3,
            interface_endpoints=NO_ENDPOINTS,
            secrets=5,
            rotated=UNROTATED,
            database=Database("db.t3.medium", multi_az=False, replicas=0),
            cache=Cache("cache.t3.micro", nodes=1),
            tasks=Tasks(least=2, most=4, cpu=512, memory=1024),
        ),
        Environment(
            "staging",
            nat_gateways=3,
            interface_endpoints=NO_ENDPOINTS,
            secrets=10,
            rotated=ROTATED,
            database=Database("db.t3.large", multi_az=False, replicas=1),
            cache=Cache("cache.t3.small", nodes=2),
            tasks=Tasks(least=3, most=6, cpu=1024, memory=2048),
        ),
        Environment(
            "prod",
            nat_gateways=3,
            interface_endpoints=ENDPOINT_SERVICES,
            secrets=10,
            rotated=ROTATED,
            database=Database("db.r5.xlarge", multi_az=True, replicas=2),
            cache=Cache("cache.r5.large", nodes=3),
            tasks=Tasks(least=5, most=10, cpu=2048, memory=4096),
            shifting=True,
        ),
    )
}
