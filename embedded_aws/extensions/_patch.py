# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Wrap methods of moto's classes exactly once, however often an extension is installed."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

Hook = Callable[..., Any]

_HOOKS = "__embedded_aws_hooks__"


def after(cls: type, name: str, hook: Hook) -> None:
    """Make `cls.name` return `hook(self, result, *args, **kwargs)`. Raises AttributeError without such a method."""
    original = getattr(cls, name)

    @functools.wraps(original)
    def wrapper(self: Any, *args: Any, **kwargs: Any) -> Any:
        return hook(self, original(self, *args, **kwargs), *args, **kwargs)

    _replace(cls, name, hook, wrapper)


def before(cls: type, name: str, hook: Hook) -> None:
    """Run `hook(self, *args, **kwargs)`, which may raise, ahead of `cls.name`. Raises AttributeError like `after`."""
    original = getattr(cls, name)

    @functools.wraps(original)
    def wrapper(self: Any, *args: Any, **kwargs: Any) -> Any:
        hook(self, *args, **kwargs)
        return original(self, *args, **kwargs)

    _replace(cls, name, hook, wrapper)


def around(cls: type, name: str, hook: Hook) -> None:
    """Make `cls.name` return `hook(original, self, *args, **kwargs)`. Raises AttributeError like `after`."""
    original = getattr(cls, name)

    @functools.wraps(original)
    def wrapper(self: Any, *args: Any, **kwargs: Any) -> Any:
        return hook(original, self, *args, **kwargs)

    _replace(cls, name, hook, wrapper)


def _replace(cls: type, name: str, hook: Hook, wrapper: Hook) -> None:
    """Install `wrapper` unless this hook (known by its code, so also one defined anew) already wraps the method."""
    key = getattr(hook, "__code__", hook)
    hooks: frozenset[Any] = getattr(getattr(cls, name), _HOOKS, frozenset())
    if key not in hooks:
        setattr(wrapper, _HOOKS, hooks | {key})
        setattr(cls, name, wrapper)
