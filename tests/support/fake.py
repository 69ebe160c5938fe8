# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A resource kind that lives in memory, to see what the core does with any kind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

TAGS = {"Project": "uex-payments", "Environment": "test", "Layer": "layer", "ManagedBy": "uex.payments"}


class Refused(Exception):
    """An AWS error: the code is where botocore's ClientError has it."""

    def __init__(self, code: str, message: str = "refused") -> None:
        super().__init__(message)
        self.response = {"Error": {"Code": code, "Message": message}}


class Thing(Resource):
    """Keeps its resources in C(store), notes its calls, and refuses what C(broken) names."""

    kind = "AWS::Test::Thing"
    service = "test"
    plural = "things"
    frozen = ("zone",)
    replaceable = ("engine",)
    initial = ("seed",)
    sensitive = ("secret",)
    computed = ("thing_id",)
    deadline = 0

    def __init__(self, options: dict[str, Any], store: dict[str, Item] | None = None) -> None:
        super().__init__(lambda service: None, {"tags": dict(TAGS), "prune": False, "adopt": False, **options})
        self.store: dict[str, Item] = {} if store is None else store
        self.calls: list[tuple[str, str]] = []
        self.broken: dict[str, Exception] = {}
        self.deaf = False  #: takes changes without making them

    def validate(self, item: Item) -> Iterable[str]:
        if item.get("size", 0) < 0:
            yield "size: must not be negative"

    def desired(self, item: Item) -> Item:
        return {key: value for key, value in item.items() if key not in ("name", "tags")}

    def observe(self) -> dict[str, Item]:
        self._call("observe", "")
        return {name: dict(item) for name, item in self.store.items()}

    def create(self, name: str, desired: Item) -> None:
        self._call("create", name)
        if not self.deaf:
            self.store[name] = {"thing_id": f"id-{name}", **desired}

    def update(self, name: str, plan: Plan) -> None:
        self._call("update", name)
        if not self.deaf:
            changed = {key: value for key, value in (plan.after or {}).items() if key in plan.options}
            self.store[name] = {**self.store[name], **changed}

    def delete(self, name: str, observed: Item) -> None:
        self._call("delete", name)
        if not self.deaf:
            self.store.pop(name, None)

    def settle(self, plans: list[Plan]) -> None:
        self._call("settle", ",".join(sorted(plan.name for plan in plans)))

    def written(self) -> list[tuple[str, str]]:
        """The calls that were no reads."""
        return [call for call in self.calls if call[0] != "observe"]

    def _call(self, verb: str, name: str) -> None:
        self.calls.append((verb, name))
        if (error := self.broken.get(f"{verb} {name}".strip())) is not None:
            raise error


def thing(name: str, **properties: Any) -> Item:
    """An item of the option C(things)."""
    return {"name": name, **properties}


def existing(**properties: Any) -> Item:
    """What is observed of a thing that is ours."""
    return {"thing_id": "id", "tags": dict(TAGS), **properties}
