# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What RDS for PostgreSQL offers: engine versions, instance classes, parameters. Data, and how to read it. Pure."""

from __future__ import annotations

from typing import Any

ENGINE = "postgres"

# The minor versions on offer of each major one, oldest first; the last is the default.
VERSIONS = {
    "14": ("14.15", "14.17", "14.18", "14.19"),
    "15": ("15.10", "15.12", "15.13", "15.14"),
    "16": ("16.3", "16.4", "16.6", "16.8", "16.9", "16.10"),
    "17": ("17.2", "17.4", "17.5", "17.6"),
}
DEFAULT_MAJOR = "17"
LOG_TYPES = ["postgresql", "upgrade", "iam-db-auth-error"]
CERTIFICATES = ["rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1"]
DEFAULT_CERTIFICATE = CERTIFICATES[0]

CLASSES = (
    "db.t3.medium",
    "db.t3.large",
    "db.t4g.medium",
    "db.t4g.large",
    "db.m5.large",
    "db.m6g.large",
    "db.m7g.large",
    "db.r5.large",
    "db.r5.xlarge",
    "db.r6g.large",
    "db.r6g.xlarge",
)

# Storage type: smallest and largest size in GiB, whether IOPS and whether throughput can be asked for.
STORAGE = {
    "gp2": (20, 65536, False, False),
    "gp3": (20, 65536, True, True),
    "io1": (100, 65536, True, False),
}

# name type(string|integer|boolean|float|list) apply(static|dynamic) modifiable(yes|no) value-set-by-RDS(or -)
_PARAMETERS = """
application_name string dynamic yes -
archive_timeout integer dynamic no 300
authentication_timeout integer dynamic yes -
auto_explain.log_analyze boolean dynamic yes -
auto_explain.log_buffers boolean dynamic yes -
auto_explain.log_format string dynamic yes -
auto_explain.log_min_duration integer dynamic yes -
auto_explain.log_nested_statements boolean dynamic yes -
auto_explain.log_timing boolean dynamic yes -
auto_explain.sample_rate float dynamic yes -
autovacuum boolean dynamic yes -
autovacuum_analyze_scale_factor float dynamic yes 0.05
autovacuum_analyze_threshold integer dynamic yes -
autovacuum_freeze_max_age integer static yes -
autovacuum_max_workers integer static yes GREATEST({DBInstanceClassMemory/64371566592},3)
autovacuum_naptime integer dynamic yes 15
autovacuum_vacuum_cost_delay float dynamic yes -
autovacuum_vacuum_cost_limit integer dynamic yes GREATEST({log(DBInstanceClassMemory/21474836480)*600},200)
autovacuum_vacuum_insert_scale_factor float dynamic yes -
autovacuum_vacuum_scale_factor float dynamic yes 0.1
autovacuum_vacuum_threshold integer dynamic yes -
autovacuum_work_mem integer dynamic yes GREATEST({DBInstanceClassMemory/32768},131072)
backend_flush_after integer dynamic yes -
bgwriter_delay integer dynamic yes -
bgwriter_lru_maxpages integer dynamic yes -
bgwriter_lru_multiplier float dynamic yes -
bytea_output string dynamic yes -
checkpoint_completion_target float dynamic yes 0.9
checkpoint_timeout integer dynamic yes -
checkpoint_warning integer dynamic yes -
client_encoding string dynamic yes -
client_min_messages string dynamic yes -
commit_delay integer dynamic yes -
constraint_exclusion string dynamic yes -
cpu_tuple_cost float dynamic yes -
cron.database_name string static yes -
cron.log_run boolean static yes -
data_checksums boolean static no -
datestyle string dynamic yes -
deadlock_timeout integer dynamic yes -
default_statistics_target integer dynamic yes -
default_toast_compression string dynamic yes -
default_transaction_isolation string dynamic yes -
effective_cache_size integer dynamic yes {DBInstanceClassMemory/16384}
effective_io_concurrency integer dynamic yes -
enable_hashjoin boolean dynamic yes -
enable_nestloop boolean dynamic yes -
enable_seqscan boolean dynamic yes -
fsync boolean dynamic no 1
full_page_writes boolean dynamic no 1
gin_fuzzy_search_limit integer dynamic yes -
hash_mem_multiplier float dynamic yes -
hot_standby_feedback boolean dynamic yes -
huge_pages string static yes -
idle_in_transaction_session_timeout integer dynamic yes 86400000
idle_session_timeout integer dynamic yes -
jit boolean dynamic yes -
lc_messages string dynamic yes -
listen_addresses string static no *
lock_timeout integer dynamic yes -
log_autovacuum_min_duration integer dynamic yes 10000
log_checkpoints boolean dynamic yes 1
log_connections boolean dynamic yes -
log_destination string dynamic yes stderr
log_disconnections boolean dynamic yes -
log_duration boolean dynamic yes -
log_error_verbosity string dynamic yes -
log_executor_stats boolean dynamic yes -
log_filename string dynamic yes postgresql.log.%Y-%m-%d-%H
log_hostname boolean dynamic yes 0
log_line_prefix string dynamic yes %t:%r:%u@%d:[%p]:
log_lock_waits boolean dynamic yes -
log_min_duration_sample integer dynamic yes -
log_min_duration_statement integer dynamic yes -
log_min_error_statement string dynamic yes -
log_min_messages string dynamic yes -
log_parameter_max_length integer dynamic yes -
log_parser_stats boolean dynamic yes -
log_planner_stats boolean dynamic yes -
log_replication_commands boolean dynamic yes -
log_rotation_age integer dynamic yes 60
log_rotation_size integer dynamic yes -
log_statement string dynamic yes -
log_statement_sample_rate float dynamic yes -
log_statement_stats boolean dynamic yes -
log_temp_files integer dynamic yes -
log_timezone string dynamic no UTC
logging_collector boolean static no 1
logical_decoding_work_mem integer dynamic yes -
maintenance_work_mem integer dynamic yes GREATEST({DBInstanceClassMemory/63963136*1024},65536)
max_connections integer static yes LEAST({DBInstanceClassMemory/9531392},5000)
max_locks_per_transaction integer static yes -
max_logical_replication_workers integer static yes -
max_parallel_maintenance_workers integer dynamic yes -
max_parallel_workers integer dynamic yes GREATEST({DBInstanceVCPU/2},8)
max_parallel_workers_per_gather integer dynamic yes -
max_prepared_transactions integer static yes 0
max_replication_slots integer static yes 20
max_slot_wal_keep_size integer dynamic yes -
max_stack_depth integer dynamic yes 6144
max_standby_archive_delay integer dynamic yes -
max_standby_streaming_delay integer dynamic yes -
max_wal_senders integer static yes 20
max_wal_size integer dynamic yes {DBInstanceClassMemory/10485760}
max_worker_processes integer static yes GREATEST(${DBInstanceVCPU*2},8)
min_wal_size integer dynamic yes 192
password_encryption string dynamic yes -
pg_stat_statements.max integer static yes -
pg_stat_statements.save boolean dynamic yes -
pg_stat_statements.track string dynamic yes -
pg_stat_statements.track_planning boolean dynamic yes -
pg_stat_statements.track_utility boolean dynamic yes -
pgaudit.log string dynamic yes -
pgaudit.log_catalog boolean dynamic yes -
pgaudit.log_parameter boolean dynamic yes -
pgaudit.log_relation boolean dynamic yes -
pgaudit.role string dynamic yes -
plan_cache_mode string dynamic yes -
port integer static no {EndPointPort}
quote_all_identifiers boolean dynamic yes -
random_page_cost float dynamic yes -
rds.accepted_password_auth_method string dynamic yes md5+scram
rds.adaptive_autovacuum boolean dynamic yes 1
rds.extensions string static no -
rds.force_admin_logging_level string dynamic yes -
rds.force_autovacuum_logging_level string dynamic yes warning
rds.force_ssl boolean static yes 0
rds.log_retention_period integer dynamic yes 4320
rds.logical_replication boolean static yes 0
rds.rds_superuser_reserved_connections integer static yes -
rds.restrict_password_commands boolean static yes -
rds.superuser_variables string static no -
search_path string dynamic yes -
seq_page_cost float dynamic yes -
session_replication_role string dynamic yes -
shared_buffers integer static yes {DBInstanceClassMemory/32768}
shared_preload_libraries list static yes pg_stat_statements
ssl boolean static no 1
ssl_ciphers string dynamic yes -
ssl_max_protocol_version string dynamic yes -
ssl_min_protocol_version string dynamic yes -
standard_conforming_strings boolean dynamic yes -
statement_timeout integer dynamic yes -
superuser_reserved_connections integer static yes -
synchronous_commit string dynamic yes on
tcp_keepalives_count integer dynamic yes -
tcp_keepalives_idle integer dynamic yes -
tcp_keepalives_interval integer dynamic yes -
temp_buffers integer dynamic yes -
temp_file_limit integer dynamic yes -
timezone string dynamic yes UTC
track_activity_query_size integer static yes 4096
track_commit_timestamp boolean static yes -
track_functions string dynamic yes -
track_io_timing boolean dynamic yes 1
track_wal_io_timing boolean dynamic yes -
vacuum_cost_delay float dynamic yes -
vacuum_cost_limit integer dynamic yes -
vacuum_freeze_min_age integer dynamic yes -
vacuum_freeze_table_age integer dynamic yes -
wal_buffers integer static yes -
wal_compression string dynamic yes 1
wal_keep_size integer dynamic yes 2048
wal_level string static no replica
wal_receiver_timeout integer dynamic yes 30000
wal_sender_timeout integer dynamic yes -
work_mem integer dynamic yes -
xmlbinary string dynamic yes -
"""


def major(version: str) -> str:
    """The major version: `16` of `16.4`."""
    return version.split(".", maxsplit=1)[0]


def number(version: str) -> tuple[int, ...]:
    """A version to compare by: (16, 10) of `16.10`."""
    return tuple(int(part) for part in version.split("."))


def every_version() -> list[str]:
    """All minor versions, oldest first."""
    return [version for minors in VERSIONS.values() for version in minors]


def resolve(version: str | None) -> str | None:
    """The minor version that is meant by none, by a major or by a minor version; None if there is no such one."""
    if version is None:
        return VERSIONS[DEFAULT_MAJOR][-1]
    if version in VERSIONS:
        return VERSIONS[version][-1]
    return version if version in every_version() else None


def upgrades(version: str) -> list[dict[str, Any]]:
    """The versions that an instance of this one can move to, as DescribeDBEngineVersions lists them."""
    return [
        {
            "Engine": ENGINE,
            "EngineVersion": target,
            "Description": f"PostgreSQL {target}-R1",
            "AutoUpgrade": target == VERSIONS[major(version)][-1],
            "IsMajorVersionUpgrade": major(target) != major(version),
        }
        for target in every_version()
        if number(target) > number(version)
    ]


def is_family(family: str) -> bool:
    """Whether this is a parameter group family of the PostgreSQL versions on offer."""
    return family.removeprefix(ENGINE) in VERSIONS and family.startswith(ENGINE)


def parameters(family: str) -> dict[str, dict[str, Any]]:
    """The parameters of a family by name, as DescribeDBParameters has them in a fresh group; none of other engines'."""
    if not is_family(family):
        return {}
    rows = (line.split(maxsplit=4) for line in _PARAMETERS.strip().splitlines())
    found = {row[0]: _parameter(*row) for row in rows}
    if number(family.removeprefix(ENGINE)) >= (15,):
        found["rds.force_ssl"]["ParameterValue"] = "1"
    return found


def _parameter(name: str, data_type: str, apply_type: str, modifiable: str, value: str) -> dict[str, Any]:
    known = {} if value == "-" else {"ParameterValue": value}
    return {
        "ParameterName": name,
        **known,
        "Source": "system" if known else "engine-default",
        "ApplyType": apply_type,
        "DataType": data_type,
        "IsModifiable": modifiable == "yes",
        "ApplyMethod": "pending-reboot",
    }
