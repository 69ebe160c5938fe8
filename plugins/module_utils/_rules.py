# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rules across the variables of an inventory; each problem begins with the variable's name; pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from . import (
    _alarms_database,
    _cost_rules,
    _data_rules,
    _deployments,
    _ecs,
    _edge_rules,
    _identity_rules,
    _limit_rules,
    _monitoring_rules,
    _place_rules,
    _registry_rules,
    _scaling_rules,
    _task_rules,
    _words,
)

Values = Mapping[str, Any]
Rule = Callable[[Values], Iterable[str]]

#: Names that other layers look up; what comes after them in DERIVED needs discovery, or a stand-in for it.
EXPECTED = "__stack_expected"
#: What the environment's cost is estimated from.
ESTATE = "__stack_cost_estate"
#: Lists that roles and filters derive, in the order in which they build on each other.
DERIVED = (
    *("stack_name", "__data_db", "__data_redis", "__data_replica_names", "__stack_health_check", "stack_service_list"),
    *("__network_subnets", "__network_public_subnets", "__network_app_subnets", "__network_data_subnets"),
    *(EXPECTED, "stack_account", "stack_partition", "stack_kms_keys", "stack_subnets", "stack_security_groups"),
    *("stack_load_balancers", "stack_target_groups", "__network_acl_networks", "__network_acls"),
    *("__data_db_common", "__monitoring_estate", ESTATE),
)
#: The operator's own file of an inventory's group_vars/all, which Ansible reads in the order of the names.
LOCAL = "local.yml"
_FORM = "lower-case letters, digits and single hyphens, a letter first"
_WORD = re.compile(r"[a-z][a-z0-9]*")
#: Names of tasks that operations run.
TAKEN = ("migrate",)
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def unknown_variables(given: Iterable[str], known: Collection[str], roles: Collection[str]) -> list[str]:
    """Variables with a role's prefix that no role documents, with what was probably meant."""
    strange = [name for name in sorted(given) if name.partition("_")[0] in roles and name not in known]
    return [f"{name}: no such variable{_words.meant(name, known)}" for name in strange]


def overruled(mine: Collection[str], group: str, theirs: Collection[str]) -> list[str]:
    """Variables of local.yml that a group read after that of all hosts sets too."""
    where = f"{LOCAL} in group_vars/{group}"
    return [
        f"{variable}: {LOCAL} sets it in vain, as the group {group} sets it too; set it in {where}"
        for variable in sorted(set(mine) & set(theirs))
    ]


def shadowed(files: Mapping[str, Collection[str]]) -> list[str]:
    """Variables of local.yml that a file read after it sets too, by C(files), a folder's variables by file name."""
    mine = set(files.get(LOCAL, ()))
    return [
        f"{variable}: {LOCAL} sets it in vain, as {file} in the same folder is read later; change it there"
        for file in sorted(files)
        if file > LOCAL
        for variable in sorted(mine & set(files[file]))
    ]


def names(values: Values) -> Iterable[str]:
    """Every part of a name is lower-case letters, digits and single hyphens."""
    if not _NAME.fullmatch(values["stack_project"]):
        yield f"stack_project: {values['stack_project']!r} must be {_FORM}"
    if not _WORD.fullmatch(values["stack_environment"]):
        environment = values["stack_environment"]
        yield f"stack_environment: {environment!r} must be lower-case letters and digits, as names begin with it"


def service_names(values: Values) -> Iterable[str]:
    for service in values["stack_service_list"]:
        if not _NAME.fullmatch(service["name"]):
            yield f"stack_services.{service['name']}: must be {_FORM}"
        if service["name"] in TAKEN:
            yield f"stack_services.{service['name']}: an operation's task is called so, take another name"


def service_duplicates(values: Values) -> Iterable[str]:
    """No two services share a port, a path or a priority."""
    for field in ("port", "path", "priority"):
        users: dict[Any, list[str]] = defaultdict(list)
        for service in values["stack_service_list"]:
            users[service[field]].append(service["name"])
        for value, who in users.items():
            if len(who) > 1:
                yield f"stack_services.{who[-1]}.{field}: {value} is used by {', '.join(who[:-1])} already"


def service_ranges(values: Values) -> Iterable[str]:
    """Ports, priorities and paths that AWS takes, and counts in order."""
    for service in values["stack_service_list"]:
        place = f"stack_services.{service['name']}"
        if not 1 <= int(service["port"]) <= 65535:
            yield f"{place}.port: {service['port']} is not between 1 and 65535"
        if not 1 <= int(service["priority"]) <= 50000:
            yield f"{place}.priority: {service['priority']} is not between 1 and 50000"
        if not re.fullmatch(r"(/[\w.~-]+)+", str(service["path"])):
            yield f"{place}.path: {service['path']!r} must begin with a slash and not end with one, without wildcards"
        if not 0 <= service["min_count"] <= service["desired_count"] <= service["max_count"]:
            yield f"{place}.desired_count: {service['desired_count']} is not between min_count and max_count"


def service_sizes(values: Values) -> Iterable[str]:
    """Fargate has only some pairs of CPU and memory."""
    for service in values["stack_service_list"]:
        problem = _ecs.size_problem(service["cpu"], service["memory"])
        if problem:
            yield f"stack_services.{service['name']}.cpu: {problem}"


def service_deployments(values: Values) -> Iterable[str]:
    """Each service is deployed in a way that AWS knows, and taken back at thresholds that can be passed."""
    for service in values["stack_service_list"]:
        place, entry = f"stack_services.{service['name']}.deployment", service["deployment"]
        yield from _deployments.problems(place, _deployments.of_service(entry))
        for name, limit in entry["rollback_alarms"].items():
            if limit is not None and float(limit) <= 0:
                yield f"{place}.rollback_alarms.{name}: above 0, or null for no such alarm, not {limit}"


def service_secrets(values: Values) -> Iterable[str]:
    """A service is given only secrets that the environment has."""
    known = {*values["data_secret_names"], *values["data_further_secrets"]}
    for service in values["stack_service_list"]:
        for variable, reference in _task_rules.secrets(service).items():
            secret = str(reference).partition(":")[0]
            if secret not in known:
                place = f"stack_services.{service['name']}.{variable}"
                yield f"{place}: {secret!r} is no secret of the environment; there are {', '.join(sorted(known))}"


def certificate(values: Values) -> Iterable[str]:
    """HTTPS needs a certificate: given, requested for a domain, or self-signed where nobody else looks."""
    sources = ("edge_certificate_arn", "edge_domain_name", "edge_certificate_self_signed")
    if not any(values[name] for name in sources):
        given = ", ".join(sources)
        yield f"edge_domain_name: HTTPS needs a certificate; give one of {given} in group_vars/all/local.yml"


def database_class(values: Values) -> Iterable[str]:
    """The alarms on a database's memory and connections follow from its class."""
    for variable in ("data_db_instance_class", "data_db_replica_instance_class"):
        try:
            _alarms_database.capacity(values[variable], {**_PERCENT, **values["monitoring_thresholds"]})
        except ValueError as error:
            yield str(error).replace("data_db_instance_class", variable)


def ports(values: Values) -> Iterable[str]:
    """The network lets tasks reach the usual ports of database and cache alone."""
    for variable, port in (("data_db_port", 5432), ("data_redis_port", 6379)):
        if values[variable] != port:
            yield f"{variable}: must be {port}, as security groups and network ACLs open no other"


_PERCENT = {"db_free_memory_percent": 10, "db_connections_percent": 80}
RULES: tuple[Rule, ...] = (
    names,
    service_names,
    service_duplicates,
    service_ranges,
    service_sizes,
    service_deployments,
    service_secrets,
    certificate,
    database_class,
    ports,
    *_place_rules.RULES,
    *_identity_rules.RULES,
    *_edge_rules.RULES,
    *_limit_rules.RULES,
    *_monitoring_rules.RULES,
    *_task_rules.RULES,
    *_scaling_rules.RULES,
    *_registry_rules.RULES,
    *_data_rules.RULES,
    *_cost_rules.RULES,
)


#: What only the operator can give; a preflight shows it in its table.
OPERATORS: tuple[Rule, ...] = (certificate, _data_rules.credentials)


def problems(values: Values, complete: bool = True) -> list[str]:
    """All rules' problems, in the rules' order; without those on what only the operator can give unless C(complete)."""
    rules = [rule for rule in RULES if complete or rule not in OPERATORS]
    return [problem for rule in rules for problem in rule(values)]
