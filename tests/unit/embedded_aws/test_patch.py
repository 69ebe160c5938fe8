# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Methods are wrapped once, in any order, and every extension can be installed twice."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from embedded_aws import extensions
from embedded_aws.extensions import _patch


def make_class() -> Any:
    class Counter:
        def __init__(self) -> None:
            self.seen: list[int] = []

        def add(self, number: int, more: int = 0) -> int:
            """Add two numbers."""
            return number + more

    return Counter


def double(counter: Any, result: int, number: int, more: int = 0) -> int:
    return result * 2


def note(counter: Any, number: int, more: int = 0) -> None:
    counter.seen.append(number)


def refuse(counter: Any, number: int, more: int = 0) -> None:
    raise ValueError(number)


def twice(original: Any, counter: Any, number: int, more: int = 0) -> int:
    return int(original(counter, number, more)) + int(original(counter, number, more))


def test_around_has_the_method_in_its_hands_once() -> None:
    counter = make_class()
    for _twice in range(2):
        _patch.around(counter, "add", twice)
    assert counter().add(1, more=2) == 6


def test_after_changes_the_result_once() -> None:
    counter = make_class()
    _patch.after(counter, "add", double)
    _patch.after(counter, "add", double)
    assert counter().add(1, more=2) == 6
    assert counter.add.__doc__ == "Add two numbers."


def test_before_runs_once_and_leaves_the_result() -> None:
    counter = make_class()
    for _time in range(2):
        _patch.before(counter, "add", note)
    one = counter()
    assert (one.add(3), one.seen) == (3, [3])


def test_before_may_refuse() -> None:
    counter = make_class()
    _patch.before(counter, "add", refuse)
    with pytest.raises(ValueError, match="7"):
        counter().add(7)


def test_several_hooks_on_one_method() -> None:
    counter = make_class()
    for _time in range(2):
        _patch.after(counter, "add", double)
        _patch.before(counter, "add", note)
    one = counter()
    assert (one.add(3), one.seen) == (6, [3])


def test_a_hook_defined_anew_counts_as_the_same() -> None:
    counter = make_class()
    for _time in range(2):
        _patch.after(counter, "add", lambda counter, result, *args: result + 1)
    assert counter().add(1) == 2


def test_unknown_method() -> None:
    with pytest.raises(AttributeError, match="absent"):
        _patch.after(make_class(), "absent", double)


def test_helpers_are_no_extensions() -> None:
    assert {"ec2", "iam", "kms", "logs", "s3"} <= set(extensions.names())
    assert not [name for name in extensions.names() if name.startswith("_")]


@pytest.mark.parametrize("name", extensions.names())
def test_second_installation_changes_nothing(name: str) -> None:
    from moto.ec2.models import EC2Backend
    from moto.s3.models import S3Backend

    module = importlib.import_module(f"embedded_aws.extensions.{name}")
    module.install()
    wrapped = (EC2Backend.delete_vpc, EC2Backend.create_vpc, S3Backend.create_bucket)
    module.install()
    assert wrapped == (EC2Backend.delete_vpc, EC2Backend.create_vpc, S3Backend.create_bucket)
