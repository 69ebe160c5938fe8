# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Deletions that take a while, as on AWS: with C(EMBEDDED_AWS_DELETION_SECONDS) in the environment; at once without.

NAT gateways, DB instances and replication groups are C(deleting) meanwhile, and still hold what they use.
"""

from __future__ import annotations

import functools
import os
import threading
from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models import EC2Backend
from moto.elasticache.responses import ElastiCacheResponse
from moto.rds.exceptions import InvalidParameterCombination
from moto.rds.models import RDSBackend

from . import ec2_gateways, elasticache, rds
from .elasticache import answer, group_of

SETTING = "EMBEDDED_AWS_DELETION_SECONDS"
_MARK = "__embedded_aws_slow__"

Begin = Callable[..., Any]


def seconds() -> float:
    """How long a deletion takes."""
    return float(os.environ.get(SETTING) or 0)


def slowly(cls: type, name: str, begin: Begin) -> None:
    """Let C(cls.name) answer what C(begin) does, and do its own work later."""
    original = getattr(cls, name)
    if hasattr(original, _MARK):
        return

    @functools.wraps(original)
    def wrapper(self: Any, *args: Any, **kwargs: Any) -> Any:
        wait = seconds()
        if not wait:
            return original(self, *args, **kwargs)
        answered = begin(self, *args, **kwargs)
        later = threading.Timer(wait, original, (self, *args), kwargs)
        later.daemon = True
        later.start()
        return answered

    setattr(wrapper, _MARK, True)
    setattr(cls, name, wrapper)


def _begin_gateway(backend: EC2Backend, nat_gateway_id: str) -> Any:
    ec2_gateways.demand_gateways(backend, [nat_gateway_id])
    gateway = backend.nat_gateways[nat_gateway_id]
    gateway.state = "deleting"
    return gateway


def _begin_database(backend: RDSBackend, db_instance_identifier: str, *_args: Any, **_kwargs: Any) -> Any:
    database = backend.describe_db_instances(db_instance_identifier)[0]
    if database.deletion_protection:
        raise InvalidParameterCombination("Cannot delete protected DB Instance, please disable deletion protection.")
    database.status = "deleting"
    return database


def _begin_group(response: ElastiCacheResponse) -> ActionResult:
    group = group_of(response.elasticache_backend, response.params["ReplicationGroupId"])
    group.status = "deleting"
    return answer(group)


def install() -> None:
    """After what it slows down; once is enough, twice is harmless."""
    for extension in (ec2_gateways, elasticache, rds):
        extension.install()
    slowly(EC2Backend, "delete_nat_gateway", _begin_gateway)
    slowly(RDSBackend, "delete_db_instance", _begin_database)
    slowly(ElastiCacheResponse, "delete_replication_group", _begin_group)
