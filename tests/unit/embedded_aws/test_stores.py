# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Databases of the embedded AWS that really are somewhere."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import boto3
import pytest

from embedded_aws import stores
from embedded_aws.stores import Stores


@pytest.fixture(autouse=True)
def nothing_placed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "PLACES", stores.PLACES)
    stores.PLACES.clear()


def asked(method: str, body: Any = None) -> Any:
    content = json.dumps(body).encode()
    environ = {"PATH_INFO": stores.PATH, "REQUEST_METHOD": method, "CONTENT_LENGTH": str(len(content))}
    layer = Stores(lambda environ, start: [b'"passed"'], Path("."))
    return json.loads(b"".join(layer({**environ, "wsgi.input": io.BytesIO(content)}, lambda status, headers: None)))


def test_places_are_given_taken_back_and_forgotten() -> None:
    assert asked("POST", {"db": "127.0.0.9", "redis": "127.0.0.8"}) == {"db": "127.0.0.9", "redis": "127.0.0.8"}
    assert asked("POST", {"redis": None}) == asked("GET") == {"db": "127.0.0.9"}
    assert asked("DELETE") == {}


def test_an_instance_shows_where_it_was_placed_and_its_own_port(aws: None) -> None:
    rds = boto3.client("rds")
    rds.create_db_instance(
        DBInstanceIdentifier="db",
        DBInstanceClass="db.t3.medium",
        Engine="postgres",
        EngineVersion="16.4",
        AllocatedStorage=50,
        MasterUsername="uex",
        MasterUserPassword="long-enough",
    )

    def endpoint() -> tuple[str, int]:
        (found,) = rds.describe_db_instances(DBInstanceIdentifier="db")["DBInstances"]
        return found["Endpoint"]["Address"], found["Endpoint"]["Port"]

    assert endpoint() == ("db.aaaaaaaaaa.us-east-1.rds.amazonaws.com", 5432)
    stores.remember({"db": "127.0.0.9"})
    assert endpoint() == ("127.0.0.9", 5432)


def test_a_cache_shows_where_it_was_placed(aws: None) -> None:
    cache = boto3.client("elasticache")
    stores.remember({"redis": "127.0.0.8"})
    options = {"CacheNodeType": "cache.t3.micro", "Engine": "redis", "NumCacheClusters": 1}
    made = cache.create_replication_group(ReplicationGroupId="redis", ReplicationGroupDescription="d", **options)
    found = cache.describe_replication_groups(ReplicationGroupId="redis")["ReplicationGroups"][0]
    assert made["ReplicationGroup"]["ReplicationGroupId"] == "redis"
    assert found["NodeGroups"][0]["PrimaryEndpoint"] == {"Address": "127.0.0.8", "Port": 6379}
