# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The estate of an inventory, from which its alarms and its dashboard are made, with stand-ins for what AWS names."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible_collections.uex.payments.tests.support import playbooks

PLAYBOOK = Path(__file__).with_name("estate.yml")
#: What the inventory alone says; the rest is AWS's.
PARTS = (
    "name",
    "region",
    "services",
    "databases",
    "live_databases",
    "cache_nodes",
    "cache_node_type",
    "rotation_function",
    "thresholds",
    "slo",
    "anomaly_detection",
    "maintenance",
    "runbook",
)
ACCOUNT = "123456789012"
ID = "0123456789abcdef"


def read(inventory: str, **variables: Any) -> dict[str, Any]:
    """The estate of an inventory, such as C(inventories/prod), with other values for some variables."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "estate.json"
        given = {"estate_file": str(file), "estate_parts": list(PARTS), **variables}
        done = playbooks.run(PLAYBOOK, "-i", inventory, "-e", json.dumps(given))
        if done.returncode:
            raise RuntimeError(f"{inventory}: {done.stdout}{done.stderr}")
        return complete(json.loads(file.read_text(encoding="utf-8")))


def complete(known: Mapping[str, Any]) -> dict[str, Any]:
    """The estate with an ARN and an id wherever AWS would have given one."""
    name, region = known["name"], known["region"]
    groups = [
        each[key] for each in known["services"] for key in ("target_group", "alternate_target_group") if each[key]
    ]
    return {
        **known,
        "load_balancer": f"app/{name}-alb/{ID}",
        "target_groups": {group: f"targetgroup/{group}/{ID}" for group in groups},
        "certificate": f"arn:aws:acm:{region}:{ACCOUNT}:certificate/{ID}",
        "health_checks": {f"{name}-https": ID},
        "nat_gateways": {f"{name}-nat-{zone}": f"nat-{ID}{zone}" for zone in "abc"},
        "topics": {each: f"arn:aws:sns:{region}:{ACCOUNT}:{name}-{each}" for each in ("critical", "warning", "info")},
    }
