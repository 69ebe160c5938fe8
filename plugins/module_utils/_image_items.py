# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The images of an environment, as items of the modules that build and push them; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from . import _engines

FIELDS: dict[str, Any] = {"context": "", "containerfile": "", "arguments": {}, "target": ""}
#: What is built for a service of each architecture: where it is ARM, for both, so that it can move either way.
BOTH = list(_engines.PLATFORMS)
LOCAL = "localhost"  #: registry of the names in the engine's store, so that they are nobody's

Item = dict[str, Any]
Context = Mapping[str, Any]


def image_items(services: Iterable[Mapping[str, Any]], further: Mapping[str, Any], context: Context) -> list[Item]:
    """The images of the services and what else is built, those that were asked for. ValueError names what isn't there.

    C(context) has C(name) and C(project), the C(directory) with a folder for each service, the C(default_context) of
    those without one, C(architectures) if they are not each service's own, and C(only), the names asked for.
    """
    listed = list(services)
    found = [_service(each, context) for each in listed]
    found += [_further(name, each or {}, listed, context) for name, each in further.items()]
    only = [each.strip() for each in str(context["only"]).split(",") if each.strip()]
    strangers = sorted(set(only) - {each["name"] for each in found})
    if strangers:
        known = ", ".join(each["name"] for each in found)
        raise ValueError(f"service: there is no {', '.join(strangers)}; there are {known}")
    return [each for each in found if not only or each["name"] in only]


def _service(service: Mapping[str, Any], context: Context) -> Item:
    own = str(Path(context["directory"]) / service["name"])
    usual = own if Path(own).is_dir() or not context["default_context"] else context["default_context"]
    architectures = context["architectures"] or _architectures(service["architecture"])
    return _item(service["name"], service["repository"], service["build"], usual, architectures, context)


def _further(name: str, given: Mapping[str, Any], services: list[Mapping[str, Any]], context: Context) -> Item:
    """What runs beside the services is built for what they are."""
    unknown = sorted(set(given) - {*FIELDS, "repository"})
    if unknown:
        known = ", ".join(sorted({*FIELDS, "repository"}))
        place = f"operations_build_images_further.{name}"
        raise ValueError(f"{place}: there is no field {', '.join(unknown)}; there are {known}")
    kinds = {each for service in services for each in _architectures(service["architecture"])}
    architectures = context["architectures"] or [each for each in BOTH if each in kinds]
    own = str(Path(context["directory"]) / name)
    return _item(name, given.get("repository") or name, {**FIELDS, **given}, own, architectures, context)


def _architectures(architecture: str) -> list[str]:
    return BOTH if architecture == "ARM64" else [architecture]


def _item(
    name: str, repository: str, build: Mapping[str, Any], usual: str, architectures: list[str], context: Context
) -> Item:
    return {
        **{field: build[field] for field in FIELDS},
        "name": name,
        "image": f"{LOCAL}/{context['project']}/{repository}",
        "repository_name": f"{context['name']}/{repository}",
        "context": build["context"] or usual,
        "architectures": list(architectures),
    }
