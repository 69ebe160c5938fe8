# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _rules, _services
from ansible_collections.uex.payments.tests.support import costs
from ansible_collections.uex.payments.tests.unit.plugins.module_utils.test_data_rules import SINGLE
from ansible_collections.uex.payments.tests.unit.plugins.module_utils.test_data_rules import SOUND as DATA
from ansible_collections.uex.payments.tests.unit.plugins.module_utils.test_edge_rules import SOUND as EDGE
from ansible_collections.uex.payments.tests.unit.plugins.module_utils.test_identity_rules import SOUND as IDENTITIES
from ansible_collections.uex.payments.tests.unit.plugins.module_utils.test_limit_rules import SOUND as LIMITS
from ansible_collections.uex.payments.tests.unit.plugins.module_utils.test_place_rules import SOUND as PLACE
from ansible_collections.uex.payments.tests.unit.plugins.module_utils.test_registry_rules import SOUND as REGISTRY

SERVICE = {
    **_services.service_list({"alpha": {"port": 1, "path": "/x", "priority": 1}}, {}, {}, "uex-payments-dev")[0],
    "name": "alpha",
    "port": 3900,
    "path": "/alpha",
    "priority": 10,
    "min_count": 1,
    "desired_count": 2,
    "max_count": 4,
    "cpu": 512,
    "memory": 1024,
    "secrets": {"DATABASE_PASSWORD": "database:password"},
    "deployment": _services.DEFAULTS["deployment"],
}
BETA = {**SERVICE, "name": "beta", "port": 3901, "path": "/beta", "priority": 20, "secrets": {}}


def deployed(deployment: dict[str, Any]) -> dict[str, Any]:
    return {**SERVICE, "deployment": {**_services.DEFAULTS["deployment"], **deployment}}


def values(**changed: Any) -> dict[str, Any]:
    sound = {
        **EDGE,
        **PLACE,
        **LIMITS,
        **DATA,
        **SINGLE,
        **IDENTITIES,
        **REGISTRY,
        "stack_project": "uex-payments",
        "stack_environment": "dev",
        "stack_name": "uex-payments-dev",
        "stack_region": "us-east-1",
        "stack_endpoint_url": "",
        **costs.values(),
        "stack_budget_monthly": 190,
        "stack_budget_stated": 150,
        "stack_account_id": "",
        "network_availability_zones": ["us-east-1a"],
        "stack_service_list": [SERVICE, BETA],
        "edge_certificate_arn": "",
        "edge_domain_name": "dev.payments.example.com",
        "edge_certificate_self_signed": False,
        "monitoring_thresholds": {},
        "monitoring_slo_availability": 99.9,
        "monitoring_slo_least_requests": 100,
        "monitoring_slo_windows": [],
        "monitoring_chat_channels": [],
        "monitoring_security_hub_standards": [],
        "monitoring_guardduty_features": {},
        "monitoring_cost_anomaly_threshold": 100.0,
        "data_secret_names": ["database", "redis"],
        "data_further_secrets": {},
        "data_uex_api_key": "",
        "data_uex_api_secret": "",
        "data_uex_api_referral_code": "",
        "data_db_instance_class": "db.t3.medium",
        "data_db_replica_instance_class": "db.t3.medium",
        "data_db_port": 5432,
        "data_redis_port": 6379,
    }
    return {**sound, **changed}


def test_a_sound_inventory_has_no_problems() -> None:
    assert _rules.problems(values()) == []


@pytest.mark.parametrize(
    ("changed", "variable"),
    [
        ({"stack_environment": "Dev"}, "stack_environment"),
        ({"stack_environment": "prod-eu"}, "stack_environment"),
        ({"stack_project": "9lives"}, "stack_project"),
        ({"data_db_port": 5433}, "data_db_port"),
        ({"data_redis_port": 6380}, "data_redis_port"),
        ({"stack_name": "uex-payments-a-very-long-name"}, "stack_environment"),
        ({"stack_service_list": [SERVICE, {**BETA, "port": 3900}]}, "stack_services.beta.port"),
        ({"stack_service_list": [SERVICE, {**BETA, "path": "/alpha"}]}, "stack_services.beta.path"),
        ({"stack_service_list": [SERVICE, {**BETA, "priority": 10}]}, "stack_services.beta.priority"),
        ({"stack_service_list": [{**SERVICE, "port": 70000}]}, "stack_services.alpha.port"),
        ({"stack_service_list": [{**SERVICE, "priority": 0}]}, "stack_services.alpha.priority"),
        ({"stack_service_list": [{**SERVICE, "path": "alpha/*"}]}, "stack_services.alpha.path"),
        ({"stack_service_list": [{**SERVICE, "desired_count": 9}]}, "stack_services.alpha.desired_count"),
        ({"stack_service_list": [{**SERVICE, "name": "Alpha_1"}]}, "stack_services.Alpha_1"),
        ({"stack_service_list": [{**SERVICE, "name": "migrate"}]}, "stack_services.migrate"),
        ({"stack_service_list": [{**SERVICE, "memory": 8192}]}, "stack_services.alpha.cpu"),
        ({"stack_service_list": [deployed({"strategy": "BLUE"})]}, "stack_services.alpha.deployment.strategy"),
        (
            {"stack_service_list": [deployed({"rollback_alarms": {"target_5xx": 0, "response_seconds": None}})]},
            "stack_services.alpha.deployment.rollback_alarms.target_5xx",
        ),
        ({"data_secret_names": ["redis"]}, "stack_services.alpha.secrets.DATABASE_PASSWORD"),
        (
            {
                "foundation_permissions_boundary": "arn:aws:iam::123456789012:policy/theirs",
                "foundation_permissions_boundary_enabled": True,
            },
            "foundation_permissions_boundary",
        ),
        ({"edge_domain_name": ""}, "edge_domain_name"),
        ({"data_db_instance_class": "db.x9.huge"}, "data_db_instance_class"),
        ({"data_redis_automatic_failover": True}, "data_redis_automatic_failover"),
    ],
)
def test_a_broken_rule_is_said_with_the_variables_name(changed: dict[str, Any], variable: str) -> None:
    assert {problem.partition(":")[0] for problem in _rules.problems(values(**changed))} == {variable}


def test_real_payments_need_the_operators_credentials() -> None:
    found = _rules.problems(values(stack_environment="prod"))
    assert [problem.partition(":")[0] for problem in found] == list(_rules._data_rules.CREDENTIALS)
    assert _rules.problems(values(stack_environment="prod", stack_endpoint_url="http://127.0.0.1:5566")) == []


def test_a_preflight_shows_itself_what_the_operator_has_to_give() -> None:
    lacking = values(stack_environment="prod", edge_domain_name="")
    assert len(_rules.problems(lacking)) == 4
    assert _rules.problems(lacking, complete=False) == []


def test_an_unknown_variable_of_a_role_is_refused_with_what_was_meant() -> None:
    given = {"network_vpc_cidr", "ansible_connection", "other_thing"}
    known = {"network_vpc_cidr_block"}
    found = _rules.unknown_variables(given, known, {"network"})
    assert found == ["network_vpc_cidr: no such variable; did you mean network_vpc_cidr_block?"]


@pytest.mark.parametrize(
    ("files", "problems"),
    [
        ({"data.yml": {"a"}, "local.yml": {"a"}}, []),
        ({"local.yml": {"a", "b"}, "network.yml": {"b", "c"}}, ["b"]),
        ({"network.yml": {"a"}, "services.yml": {"a"}}, []),
    ],
)
def test_what_local_yml_sets_in_vain_is_said(files: dict[str, set[str]], problems: list[str]) -> None:
    assert [problem.partition(":")[0] for problem in _rules.shadowed(files)] == problems
