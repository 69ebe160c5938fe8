# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Options of a health check, as its module has them, and answers as AWS gives them."""

from __future__ import annotations

import datetime
from typing import Any

import yaml

from ansible_collections.uex.payments.plugins.modules import stack_health
from ansible_collections.uex.payments.tests.support.contract import TAGS

NOW = datetime.datetime.now(datetime.UTC)
NAME = "uex-payments-test"


def ago(**span: float) -> datetime.datetime:
    return NOW - datetime.timedelta(**span)


def service(name: str = "one", path: str = "/one") -> dict[str, Any]:
    full = f"{NAME}-{name}"
    return {
        "name": name,
        "full_name": full,
        "path": path,
        "target_group": full,
        "alternate_target_group": f"{full}-green",
        "repository_name": f"{NAME}/{name}",
        "image_tag": "1.0",
        "log_group": full,
        "secrets": {
            "DATABASE_USERNAME": "database:username",
            "DATABASE_PASSWORD": "database:password",
            "REDIS_AUTH_TOKEN": "redis:auth_token",
            "UEX_API_KEY": "uex-api:key",
        },
    }


REQUIRED: dict[str, Any] = {
    "name": NAME,
    "environment": "test",
    "tags": TAGS,
    "services": [service()],
    "databases": [f"{NAME}-db"],
    "caches": [f"{NAME}-redis"],
    "lock_table": "uex-payments-locks",
    "lock_name": "uex-payments/test",
}


def options(**changed: Any) -> dict[str, Any]:
    """All options of the module, its own defaults where nothing else is said."""
    described = yaml.safe_load(stack_health.DOCUMENTATION)["options"]
    return {**{name: each.get("default") for name, each in described.items()}, **REQUIRED, **changed}
