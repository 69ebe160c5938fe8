# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The record of a run, as a sample."""

from __future__ import annotations

from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _summary

ACTION = {
    "layer": "network",
    "kind": "AWS::EC2::Subnet",
    "name": "a",
    "verb": "create",
    "changes": [{"field": "cidr_block", "before": None, "after": "10.0.0.0/24"}],
}
RECORD: dict[str, Any] = {
    "id": "20261126T180500Z-7",
    "environment": "dev",
    "who": {"arn": "arn:aws:iam::123456789012:user/a", "user": "a", "host": "h"},
    "what": {"playbook": "site.yml", "tags": ["network"], "skip_tags": [], "limit": None, "extra_vars": ["confirm"]},
    "commit": {"id": "0123456789abcdef", "dirty": True},
    "versions": {"collection": "0.1.0", "ansible_core": "2.19.0"},
    "started": "2026-11-26T18:05:00Z",
    "ended": "2026-11-26T18:06:01Z",
    "seconds": 61.2,
    "layers": {"stack": 4.0, "network": 12.3},
    "fence": 7,
    "result": "ok",
    "failure": None,
    "plan": _summary.document("dev", [ACTION]),
}
