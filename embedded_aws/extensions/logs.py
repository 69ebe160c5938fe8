# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""CloudWatch Logs: customer keys, valid retention times, saved queries, and what ends with its group."""

from __future__ import annotations

import fnmatch
import json
from typing import Any

from moto.core.utils import unix_time_millis, utcnow
from moto.kms.models import Key, kms_backends
from moto.logs.exceptions import InvalidParameterException, LimitExceededException, ResourceNotFoundException
from moto.logs.models import LogGroup, LogsBackend
from moto.logs.responses import LogsResponse
from moto.moto_api._internal import mock_random

from . import _policy
from ._operations import add, page
from ._patch import after, around, before

RETENTION_DAYS = frozenset(
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]
)
ENCRYPTION_CONTEXT = "kms:EncryptionContext:aws:logs:arn"
MATCHES = ("StringEquals", "StringLike", "ArnEquals", "ArnLike")
#: Of one group.
MOST_FILTERS = 100
MOST_SUBSCRIPTIONS = 2
DEFINITION_FIELDS = ("name", "queryString", "logGroupNames", "queryLanguage")


def _check_retention(backend: LogsBackend, log_group_name: str, retention_in_days: int) -> None:
    if log_group_name in backend.groups and retention_in_days not in RETENTION_DAYS:
        raise InvalidParameterException(
            constraint=f"Member must satisfy enum value set: {sorted(RETENTION_DAYS)}",
            parameter="retentionInDays",
            value=retention_in_days,
        )


def _covers(statement: _policy.Statement, region: str, group_arn: str) -> bool:
    """Whether a key policy's statement lets CloudWatch Logs encrypt this group's data."""
    service = f"logs.{region}.amazonaws.com" in _policy.principals(statement, "Service")
    conditions = [statement.get("Condition", {}).get(operator, {}).get(ENCRYPTION_CONTEXT) for operator in MATCHES]
    patterns = [pattern for condition in conditions for pattern in _policy.values(condition)]
    fits = not patterns or any(fnmatch.fnmatchcase(group_arn, pattern) for pattern in patterns)
    return service and _policy.allows(statement, "kms:Encrypt") and fits


def _find_key(backend: LogsBackend, key_arn: str) -> Key | None:
    keys = kms_backends[backend.account_id][backend.region_name].keys
    return next((key for key in keys.values() if key.arn == key_arn and key.enabled), None)


def _check_key(backend: LogsBackend, log_group_name: str, key_arn: str | None) -> None:
    """Refuse a key that does not exist, is disabled, or whose policy leaves CloudWatch Logs out."""
    if key_arn is None:
        return
    region, key = backend.region_name, _find_key(backend, key_arn)
    group_arn = f"arn:aws:logs:{region}:{backend.account_id}:log-group:{log_group_name}"
    found = _policy.statements(key.policy) if key else []
    if not any(_covers(statement, region, group_arn) for statement in found):
        message = f"The specified KMS key does not exist or is not allowed to be used with Arn '{group_arn}'"
        raise InvalidParameterException(message)


def _check_new_group(backend: LogsBackend, log_group_name: str, *_args: Any, **options: Any) -> None:
    _check_key(backend, log_group_name, options.get("kmsKeyId"))


def _group(response: LogsResponse) -> LogGroup:
    """The group that a request names, by name or as a resource. Raises ResourceNotFoundException."""
    resource = str(response._get_param("resourceIdentifier"))
    name = response._get_param("logGroupName") or resource.partition("log-group:")[2]
    if name not in response.logs_backend.groups:
        raise ResourceNotFoundException()
    return response.logs_backend.groups[name]


def associate_kms_key(self: LogsResponse) -> str:
    """Encrypt a group's new data with a key of the customer's."""
    group, key = _group(self), self._get_param("kmsKeyId")
    _check_key(self.logs_backend, group.name, key)
    group.kms_key_id = key
    return ""


def disassociate_kms_key(self: LogsResponse) -> str:
    """Encrypt a group's new data with CloudWatch Logs' own key again."""
    _group(self).kms_key_id = None
    return ""


def _keep_class(response: LogsResponse, result: str) -> str:
    _group(response).log_group_class = response._get_param("logGroupClass")  # type: ignore[attr-defined]
    return result


def _with_class(group: LogGroup, described: dict[str, Any]) -> dict[str, Any]:
    return {**described, "logGroupClass": getattr(group, "log_group_class", None) or "STANDARD"}


def _drop_tags(backend: LogsBackend, result: None, log_group_name: str) -> None:
    arn = f"arn:{backend.partition}:logs:{backend.region_name}:{backend.account_id}:log-group:{log_group_name}"
    backend.tagger.delete_all_tags_for_resource(arn)


def _check_filter(
    backend: LogsBackend, filter_name: str, filter_pattern: str, log_group_name: str, metric_transformations: Any
) -> None:
    """A filter is of a group, replaces its namesake there, and has a default value or dimensions, not both."""
    if log_group_name not in backend.groups:
        raise ResourceNotFoundException()
    if any("defaultValue" in each and each.get("dimensions") for each in metric_transformations):
        raise InvalidParameterException("Invalid metric transformation: dimensions and default value are exclusive.")
    if not any(each["filterName"] == filter_name for each in _filters(backend, log_group_name)):
        _check_count(backend, log_group_name)
    backend.filters.delete_filter(filter_name, log_group_name)


def _check_count(backend: LogsBackend, group: str) -> None:
    if len(_filters(backend, group)) >= MOST_FILTERS:
        raise LimitExceededException()


def _filters(backend: LogsBackend, group: str) -> list[dict[str, Any]]:
    return backend.filters.get_matching_filters(log_group_name=group)


def _check_filter_deletion(
    backend: LogsBackend, filter_name: str | None = None, log_group_name: str | None = None
) -> None:
    if not any(each["filterName"] == filter_name for each in _filters(backend, str(log_group_name))):
        raise ResourceNotFoundException("The specified metric filter does not exist.")


def _drop_filters(backend: LogsBackend, _result: None, log_group_name: str) -> None:
    """Metric filters end with their group."""
    for each in list(_filters(backend, log_group_name)):
        backend.filters.delete_filter(each["filterName"], log_group_name)


def _check_subscription(
    backend: LogsBackend,
    log_group_name: str,
    filter_name: str,
    filter_pattern: str,
    destination_arn: str,
    role_arn: str,
) -> None:
    """A role that CloudWatch Logs can assume sends what a group logs, to anything but a function."""
    if ":lambda:" not in destination_arn and not _policy.serves(
        role_arn or "", f"logs.{backend.region_name}.amazonaws.com"
    ):
        raise InvalidParameterException(
            "Could not deliver test message to specified destination. Check if the role can be assumed."
        )


def _put_subscription(original: Any, group: LogGroup, filter_name: str, *args: Any) -> None:
    """A filter replaces its namesake, also where the group has as many as it may."""
    group.subscription_filters.pop(filter_name, None)
    if len(group.subscription_filters) >= MOST_SUBSCRIPTIONS:
        raise LimitExceededException()
    original(group, filter_name, *args)


def _describe_subscriptions(response: LogsResponse, result: str) -> str:
    """The page of the filters whose names begin with a prefix."""
    prefix = response._get_param("filterNamePrefix") or ""
    every = [each for each in json.loads(result)["subscriptionFilters"] if each["filterName"].startswith(prefix)]
    found, token = page(every, response._get_param("limit"), response._get_param("nextToken"), default=50)
    return json.dumps({"subscriptionFilters": found, **({"nextToken": token} if token else {})})


def definitions(backend: LogsBackend) -> dict[str, dict[str, Any]]:
    """The saved queries by id, kept with the backend so that a reset clears them."""
    found: dict[str, dict[str, Any]] = backend.__dict__.setdefault("query_definitions", {})
    return found


def put_query_definition(self: LogsResponse) -> str:
    """Save a query: a new one without an id, else the one with this id. Raises ResourceNotFoundException."""
    saved, key = definitions(self.logs_backend), self._get_param("queryDefinitionId")
    if key and key not in saved:
        raise ResourceNotFoundException("The specified query definition does not exist.")
    key = key or str(mock_random.uuid4())
    given = {name: self._get_param(name) for name in DEFINITION_FIELDS}
    fields = {name: value for name, value in given.items() if value is not None}
    saved[key] = {"queryDefinitionId": key, "lastModified": int(unix_time_millis(utcnow())), **fields}
    return json.dumps({"queryDefinitionId": key})


def describe_query_definitions(self: LogsResponse) -> str:
    """A page of the saved queries whose name begins with a prefix, in the order of their names."""
    prefix = self._get_param("queryDefinitionNamePrefix") or ""
    found = [item for item in definitions(self.logs_backend).values() if item["name"].startswith(prefix)]
    found.sort(key=lambda item: str(item["name"]))
    part, token = page(found, self._get_param("maxResults"), self._get_param("nextToken"), default=1000)
    return json.dumps({"queryDefinitions": part, **({"nextToken": token} if token else {})})


def delete_query_definition(self: LogsResponse) -> str:
    """Delete a saved query. Raises ResourceNotFoundException."""
    if definitions(self.logs_backend).pop(self._get_param("queryDefinitionId"), None) is None:
        raise ResourceNotFoundException("The specified query definition does not exist.")
    return json.dumps({"success": True})


def install() -> None:
    """Extend moto's CloudWatch Logs; once is enough, twice is harmless."""
    add(LogsResponse, associate_kms_key, disassociate_kms_key)
    add(LogsResponse, put_query_definition, describe_query_definitions, delete_query_definition)
    before(LogsBackend, "put_retention_policy", _check_retention)
    before(LogsBackend, "create_log_group", _check_new_group)
    after(LogsBackend, "delete_log_group", _drop_tags)
    after(LogsBackend, "delete_log_group", _drop_filters)
    before(LogsBackend, "put_metric_filter", _check_filter)
    before(LogsBackend, "delete_metric_filter", _check_filter_deletion)
    before(LogsBackend, "put_subscription_filter", _check_subscription)
    around(LogGroup, "put_subscription_filter", _put_subscription)
    after(LogsResponse, "describe_subscription_filters", _describe_subscriptions)
    after(LogsResponse, "create_log_group", _keep_class)
    after(LogGroup, "to_describe_dict", _with_class)
