# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the function is told through its environment."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple


class Settings(NamedTuple):
    """Names of what the function works on."""

    cluster: str
    database_secret: str
    db_instance: str
    redis_secret: str
    replication_group: str
    generated: Mapping[str, list[dict[str, Any]]]  #: secrets that are random alone: their parts, by name
    ca_file: str | None  #: authorities beside the runtime's own

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Settings:
        return cls(
            cluster=environment["CLUSTER"],
            database_secret=environment["DATABASE_SECRET"],
            db_instance=environment["DB_INSTANCE"],
            redis_secret=environment["REDIS_SECRET"],
            replication_group=environment["REPLICATION_GROUP"],
            generated=json.loads(environment.get("GENERATED_SECRETS") or "{}"),
            ca_file=environment.get("CA_FILE") or None,
        )
