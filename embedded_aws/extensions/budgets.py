# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""AWS Budgets: changes of a budget, who is told by each notification, and tags."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from moto.budgets.exceptions import DuplicateRecordException, NotFoundException
from moto.budgets.models import Budget, BudgetsBackend, Notification
from moto.budgets.responses import BudgetsResponse
from moto.core.exceptions import JsonRESTError

from ._operations import add, page
from ._patch import around, before

MOST_NOTIFICATIONS = 10
MOST_OF_KIND = {"SNS": 1, "EMAIL": 10}
#: What identifies a notification; its state does not.
IDENTITY = {"NotificationType": "", "ComparisonOperator": "", "Threshold": 0.0, "ThresholdType": "PERCENTAGE"}
Tagged = tuple[str, dict[str, str]]


def _invalid(message: str) -> JsonRESTError:
    return JsonRESTError("InvalidParameterException", message)


def _budget(backend: BudgetsBackend, account_id: str, name: str) -> Budget:
    found = backend.budgets[account_id].get(name)
    if found is None:
        raise NotFoundException(f"Unable to find budget: {name} - the budget doesn't exist.")
    return found


def _of(response: BudgetsResponse) -> Budget:
    return _budget(response.backend, response._get_param("AccountId"), response._get_param("BudgetName"))


def _identity(details: dict[str, Any]) -> tuple[Any, ...]:
    values = (details.get(key) or default for key, default in IDENTITY.items())
    return tuple(float(value) if isinstance(value, int | float) else value for value in values)


def _notification(budget: Budget, details: dict[str, Any]) -> Notification:
    for each in budget.notifications:
        if _identity(each.details) == _identity(details):
            return each
    raise NotFoundException("Unable to find the notification - the notification doesn't exist.")


def _check_subscribers(subscribers: Any) -> None:
    """A notification tells at least one, one topic at most and ten addresses at most."""
    kinds = [each["SubscriptionType"] for each in subscribers or []]
    if not kinds or any(kinds.count(kind) > most for kind, most in MOST_OF_KIND.items()):
        raise _invalid(
            "A notification has 1 to 11 subscribers: up to 1 Amazon SNS subscriber and up to 10 e-mail ones."
        )


def _check_new_budget(backend: BudgetsBackend, account_id: str, budget: Any, notifications: Any) -> None:
    if len(notifications or []) > MOST_NOTIFICATIONS:
        raise _invalid(f"A budget has at most {MOST_NOTIFICATIONS} notifications.")
    for each in notifications or []:
        _check_subscribers(each["Subscribers"])


def _check_new_notification(
    backend: BudgetsBackend, account_id: str, budget_name: str, notification: Any, subscribers: Any
) -> None:
    budget = _budget(backend, account_id, budget_name)
    _check_subscribers(subscribers)
    if _identity(notification) in map(_identity, budget.get_notifications()):
        raise DuplicateRecordException("notification", budget_name)
    if len(budget.notifications) >= MOST_NOTIFICATIONS:
        raise JsonRESTError("CreationLimitExceededException", "You've exceeded the notification limit.")


def _delete_notification(
    _original: Any, backend: BudgetsBackend, account_id: str, budget_name: str, notification: dict[str, Any]
) -> None:
    """By what identifies it. Raises NotFoundException."""
    budget = _budget(backend, account_id, budget_name)
    budget.notifications.remove(_notification(budget, notification))


# Pages


def _paged(response: BudgetsResponse, key: str, entries: list[Any]) -> str:
    """At most a hundred at a time, and an error for a token that is none."""
    try:
        found, token = page(entries, response._get_param("MaxResults"), response._get_param("NextToken"))
    except ValueError as error:
        raise JsonRESTError("InvalidNextTokenException", "The pagination token is invalid.") from error
    return json.dumps({key: found, **({"NextToken": token} if token else {})})


def describe_budgets(self: BudgetsResponse) -> str:
    return _paged(self, "Budgets", list(self.backend.describe_budgets(account_id=self._get_param("AccountId"))))


def describe_notifications_for_budget(self: BudgetsResponse) -> str:
    """With the state of each, which is fine as nothing is spent here."""
    found = [{**each, "NotificationState": "OK"} for each in _of(self).get_notifications()]
    return _paged(self, "Notifications", found)


def describe_subscribers_for_notification(self: BudgetsResponse) -> str:
    subscribers: Any = _notification(_of(self), self._get_param("Notification")).subscribers
    return _paged(self, "Subscribers", list(subscribers))


# Changes


def update_budget(self: BudgetsResponse) -> str:
    """All of a budget but its name, its spending and its notifications."""
    new: dict[str, Any] = self._get_param("NewBudget")
    budget = _budget(self.backend, self._get_param("AccountId"), new["BudgetName"])
    budget.budget = {**Budget({**new}, []).budget, "TimePeriod": new.get("TimePeriod") or budget.budget["TimePeriod"]}
    return json.dumps({})


def update_notification(self: BudgetsResponse) -> str:
    budget, new = _of(self), self._get_param("NewNotification")
    old = _notification(budget, self._get_param("OldNotification"))
    if _identity(new) != _identity(old.details) and _identity(new) in map(_identity, budget.get_notifications()):
        raise DuplicateRecordException("notification", self._get_param("BudgetName"))
    old.details = new
    return json.dumps({})


def create_subscriber(self: BudgetsResponse) -> str:
    notification: Any = _notification(_of(self), self._get_param("Notification"))
    new = self._get_param("Subscriber")
    if new in notification.subscribers:
        raise DuplicateRecordException("subscriber", self._get_param("BudgetName"))
    _check_subscribers([*notification.subscribers, new])
    notification.subscribers.append(new)
    return json.dumps({})


def delete_subscriber(self: BudgetsResponse) -> str:
    notification: Any = _notification(_of(self), self._get_param("Notification"))
    gone = self._get_param("Subscriber")
    if gone not in notification.subscribers:
        raise NotFoundException("Unable to find the subscriber - the subscriber doesn't exist.")
    _check_subscribers([each for each in notification.subscribers if each != gone])
    notification.subscribers.remove(gone)
    return json.dumps({})


# Tags


def _create(original: Any, response: BudgetsResponse) -> str:
    answer: str = original(response)
    name = response._get_param("Budget")["BudgetName"]
    budget: Any = _budget(response.backend, response._get_param("AccountId"), name)
    budget.tags = {tag["Key"]: tag["Value"] for tag in response._get_param("ResourceTags") or []}
    return answer


def _tagged(response: BudgetsResponse) -> dict[str, str]:
    """The tags of the budget whose ARN a request has; they can be written to."""
    account, resource = str(response._get_param("ResourceARN")).split(":")[4:6]
    budget: Any = _budget(response.backend, account, resource.removeprefix("budget/"))
    budget.tags = getattr(budget, "tags", {})
    tags: dict[str, str] = budget.tags
    return tags


def list_tags_for_resource(self: BudgetsResponse) -> str:
    return json.dumps({"ResourceTags": [{"Key": key, "Value": value} for key, value in _tagged(self).items()]})


def tag_resource(self: BudgetsResponse) -> str:
    _tagged(self).update({tag["Key"]: tag["Value"] for tag in self._get_param("ResourceTags")})
    return json.dumps({})


def untag_resource(self: BudgetsResponse) -> str:
    tags = _tagged(self)
    for key in self._get_param("ResourceTagKeys"):
        tags.pop(key, None)
    return json.dumps({})


def tagged(backend: BudgetsBackend) -> Iterator[Tagged]:
    """The ARNs and tags of the account's budgets."""
    for name, budget in backend.budgets[backend.account_id].items():
        yield f"arn:{backend.partition}:budgets::{backend.account_id}:budget/{name}", getattr(budget, "tags", {})


def install() -> None:
    """Install into moto's Budgets."""
    before(BudgetsBackend, "create_budget", _check_new_budget)
    before(BudgetsBackend, "create_notification", _check_new_notification)
    around(BudgetsBackend, "delete_notification", _delete_notification)
    around(BudgetsResponse, "create_budget", _create)
    add(BudgetsResponse, describe_budgets, describe_notifications_for_budget, describe_subscribers_for_notification)
    add(BudgetsResponse, update_budget, update_notification, create_subscriber, delete_subscriber)
    add(BudgetsResponse, list_tags_for_resource, tag_resource, untag_resource)
