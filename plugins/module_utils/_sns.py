# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What SNS takes as a subscriber; pure."""

from __future__ import annotations

import re

#: What stands in an ARN's place until the subscriber confirms.
PENDING = ("PendingConfirmation", "pending confirmation")
FORMS = {
    "email": r"[^@\s]+@[^@\s]+\.[^@\s]+",
    "email-json": r"[^@\s]+@[^@\s]+\.[^@\s]+",
    "sms": r"\+[1-9][0-9]{6,14}",
    "http": r"http://\S+",
    "https": r"https://\S+",
}


def endpoint_problem(protocol: str, endpoint: str) -> str:
    """Why nothing can be delivered there by that protocol; empty where it can. Other protocols take an ARN."""
    if re.fullmatch(FORMS.get(protocol, r"arn:\S+"), endpoint):
        return ""
    return f"endpoint: {endpoint!r} is no endpoint of protocol {protocol}"
