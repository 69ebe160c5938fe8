# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a task may say, and what of it can't be used yet; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from . import _plan

try:
    import yaml
except ImportError:  # said in a sentence by _module.new_module()
    HAS_YAML = False
else:
    HAS_YAML = True

#: Options of every reconciling module; documented in the fragment uex.payments.resources.
COMMON = {
    "tags": {"type": "dict", "default": {}},
    "prune": {"type": "bool", "default": False},
    "only_prune": {"type": "bool", "default": False},
    "adopt": {"type": "bool", "default": False},
    "report_refusals": {"type": "bool", "default": False},
}
_SPEC_KEYS = ("type", "elements", "required", "default", "choices", "aliases")
#: How discovery writes what a layer below has not made yet.
_MISSING = re.compile(r"\(missing: (?P<what>.*), made by --tags (?P<layer>\w+)\)")


def missing(what: str, layer: str) -> str:
    """The placeholder for something that the layer C(layer) has yet to make."""
    return f"(missing: {what}, made by --tags {layer})"


def argument_spec(documentation: str, no_log: Mapping[str, bool]) -> dict[str, Any]:
    """The argument spec that a module's DOCUMENTATION describes, so that neither is written twice."""
    return _options(load(documentation)["options"], no_log)


def load(text: str | bytes) -> Any:
    """What a YAML text of the collection says, by the quick parser where there is one."""
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


def _options(options: Mapping[str, Any], no_log: Mapping[str, bool]) -> dict[str, Any]:
    return {name: _option(name, option, no_log) for name, option in options.items()}


def _option(name: str, option: Mapping[str, Any], no_log: Mapping[str, bool]) -> dict[str, Any]:
    spec = {key: option[key] for key in _SPEC_KEYS if key in option}
    if name in no_log:
        spec["no_log"] = no_log[name]
    if "suboptions" in option:
        spec["options"] = _options(option["suboptions"], no_log)
    return spec


def unknowns(path: str, value: Any) -> Iterable[str]:
    """Placeholders that a run which isn't a check can't use, with the command that makes what they stand for."""
    strange = sorted({text for text in texts(value) if _plan.UNKNOWN in text or "(missing: " in text})
    found = [_MISSING.search(text) for text in strange]
    for what, layer in sorted({(match["what"], match["layer"]) for match in found if match}):
        command = f"ansible-playbook site.yml -i <inventory> --tags {layer}"
        yield f"{path}: {what} does not exist yet; make it with: {command}"
    if any(match is None for match in found):
        yield f"{path}: a value is only {_plan.UNKNOWN}: run the whole site first"


def texts(value: Any) -> Iterable[str]:
    """All texts in a value, but for the keys of mappings."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, str):
        yield value
