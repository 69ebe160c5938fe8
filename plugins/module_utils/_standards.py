# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Standards of Security Hub by their names, which end their ARNs; pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

#: The first one, whose ARN has another form than those of all later ones.
_RULESETS = ("cis-aws-foundations-benchmark/v/1.2.0",)
_NAME = re.compile(r"[a-z0-9-]+/v/\d+\.\d+\.\d+")
#: What Security Hub takes at once.
MOST = 25


def arn(partition: str, region: str, standard: str) -> str:
    if standard in _RULESETS:
        return f"arn:{partition}:securityhub:::ruleset/{standard}"
    return f"arn:{partition}:securityhub:{region}::standards/{standard}"


def name(standard_arn: str) -> str:
    """The end of an ARN, behind its type."""
    return standard_arn.rpartition(":")[2].partition("/")[2]


def problems(standards: Collection[str]) -> Iterable[str]:
    """Why these are no standards, as sentences that begin with the option's name."""
    for each in standards:
        if not _NAME.fullmatch(each):
            yield f"standards: {each!r} must be like aws-foundational-security-best-practices/v/1.0.0"
    if len(set(standards)) < len(standards) or len(standards) > MOST:
        yield f"standards: at most {MOST}, each once"
