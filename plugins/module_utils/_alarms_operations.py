# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The alarms of what is done to an environment: secrets that are rotated, backups, and maintenance; pure."""

from __future__ import annotations

from collections.abc import Iterable

from ._alarm_rules import ERRORS, INFO, WARNING, Alarm, Estate, Rule, alarm, subject_alarms

MAINTENANCE = "maintenance"
_ONCE = {**ERRORS, "period": 300, "evaluation_periods": 1, "datapoints_to_alarm": 1}
ROTATION_RULES = (
    Rule("errors", WARNING, "Errors", 0, "a secret was not rotated", _ONCE, family="secret-rotation"),
    Rule("throttles", WARNING, "Throttles", 0, "it is not let run", _ONCE, family="secret-rotation"),
)
#: AWS Backup publishes nothing where nothing happens, and where there is no plan.
_ONCE_AN_HOUR = {**_ONCE, "period": 3600}
BACKUP_RULES = tuple(
    Rule(f"backup-{what}", WARNING, metric, 0, f"AWS Backup: {text}", _ONCE_AN_HOUR, family="backups")
    for what, metric, text in (
        ("failed", "NumberOfBackupJobsFailed", "a backup failed"),
        ("expired", "NumberOfBackupJobsExpired", "a backup did not begin, or not end, in its time"),
    )
)


def rotation_alarms(estate: Estate) -> Iterable[Alarm]:
    """Failures of the function that rotates secrets, where there is one."""
    function = estate["rotation_function"]
    if function:
        yield from subject_alarms(estate, "AWS/Lambda", function, {"FunctionName": function}, ROTATION_RULES)


def backup_alarms(estate: Estate) -> Iterable[Alarm]:
    """Jobs of the environment's vault, which is named as the environment is, whether it is there or not."""
    for rule in BACKUP_RULES:
        yield alarm(estate, "AWS/Backup", rule, {"BackupVaultName": estate["name"]})


def maintenance_alarms(estate: Estate) -> Iterable[Alarm]:
    """In alarm while maintenance is on, which silences every composite alarm.

    Nobody publishes its metric, so that what missing data count as decides: it takes no data and at most a minute.
    """
    treatment = "breaching" if estate["maintenance"] else "notBreaching"
    other = {"period": 60, "evaluation_periods": 1, "datapoints_to_alarm": 1, "treat_missing_data": treatment}
    text = "maintenance is on, and composite alarms tell nobody"
    rule = Rule(MAINTENANCE, INFO, "Maintenance", 0, text, {**other, "statistic": "Maximum"}, family=MAINTENANCE)
    yield alarm(estate, "UexPayments", rule, {"Environment": estate["name"]})
