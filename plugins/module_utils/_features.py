# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What GuardDuty looks at besides what it always does; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

#: Those that somebody can switch, by botocore's model of CreateDetector.
NAMES = (
    *("AI_ANALYST", "AI_PROTECTION", "EBS_MALWARE_PROTECTION", "EKS_AUDIT_LOGS", "EKS_RUNTIME_MONITORING"),
    *("LAMBDA_NETWORK_LOGS", "RDS_LOGIN_EVENTS", "RUNTIME_MONITORING", "S3_DATA_EVENTS"),
)


def problems(features: Mapping[str, Any]) -> Iterable[str]:
    """Why these are no features switched on or off, as sentences that begin with the option's name."""
    for name, value in features.items():
        if name not in NAMES or not isinstance(value, bool):
            yield f"features: {name}: {value!r}: true or false for one of {', '.join(NAMES)}"
