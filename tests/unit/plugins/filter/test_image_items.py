# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.uex.payments.plugins.filter import image_items
from ansible_collections.uex.payments.plugins.module_utils import _services

FILTER = image_items.FilterModule().filters()["image_items"]
BUILTIN = {
    "api": {"port": 1, "path": "/api", "priority": 10},
    "web": {"port": 2, "path": "/web", "priority": 20, "repository": "site", "build": {"context": "../web"}},
}
CONTEXT = {
    "name": "p-dev",
    "project": "p",
    "directory": "code",
    "default_context": "",
    "architectures": [],
    "only": "",
}


def items(further: Any = None, overrides: Any = None, **context: Any) -> dict[str, dict[str, Any]]:
    services = _services.service_list(BUILTIN, overrides, {}, "p-dev")
    return {each["name"]: each for each in FILTER(services, further or {}, {**CONTEXT, **context})}


def test_a_service_s_image_has_a_name_of_no_environment_and_its_own_repository() -> None:
    assert items()["web"] == {
        "name": "web",
        "image": "localhost/p/site",
        "repository_name": "p-dev/site",
        "context": "../web",
        "containerfile": "",
        "arguments": {},
        "target": "",
        "architectures": ["X86_64"],
    }


def test_a_context_is_the_service_s_own_then_the_folder_of_its_name_then_the_usual_one(tmp_path: Path) -> None:
    (tmp_path / "api").mkdir()
    assert items()["api"]["context"] == "code/api"
    assert items(default_context="images/service")["api"]["context"] == "images/service"
    own = items(default_context="images/service", directory=str(tmp_path))
    assert (own["api"]["context"], own["web"]["context"]) == (str(tmp_path / "api"), "../web")


def test_an_image_for_arm_is_for_both_and_what_is_said_goes_first() -> None:
    arm = {"api": {"architecture": "ARM64"}}
    assert items(overrides=arm)["api"]["architectures"] == ["X86_64", "ARM64"]
    assert items(overrides=arm)["web"]["architectures"] == ["X86_64"]
    assert items(overrides=arm, architectures=["ARM64"])["web"]["architectures"] == ["ARM64"]


def test_further_images_are_built_for_what_the_services_are() -> None:
    found = items({"migrations": {"repository": "runner", "target": "x"}})["migrations"]
    assert (found["image"], found["repository_name"]) == ("localhost/p/runner", "p-dev/runner")
    assert (found["context"], found["target"], found["architectures"]) == ("code/migrations", "x", ["X86_64"])
    assert items({"jobs": None})["jobs"]["repository_name"] == "p-dev/jobs"


def test_only_those_asked_for_and_strangers_are_refused() -> None:
    assert list(items({"migrations": {}}, only="web, migrations")) == ["web", "migrations"]
    with pytest.raises(AnsibleFilterError, match="service: there is no wep; there are api, web"):
        items(only="wep")


def test_an_unknown_field_is_named() -> None:
    with pytest.raises(AnsibleFilterError, match=r"operations_build_images_further\.jobs: there is no field kontext"):
        items({"jobs": {"kontext": "x"}})
