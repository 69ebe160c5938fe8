# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What moto lacks and AWS documents, one module per AWS service, each with an idempotent `install()`."""

from __future__ import annotations

import importlib
import pkgutil


def names() -> list[str]:
    """The extension modules of this package; those with a leading underscore are helpers."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))


def install() -> None:
    """Install every extension. Raises AttributeError if moto no longer has a method that one of them wraps."""
    for name in names():
        importlib.import_module(f"{__name__}.{name}").install()
