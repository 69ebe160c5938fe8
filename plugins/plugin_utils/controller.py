# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Checks of the controller before a deployment: versions, configuration, and what the operator's files hold."""

from __future__ import annotations

import contextlib
import importlib.metadata
import json
import platform
import re
import sys
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml
from ansible import constants
from ansible.release import __version__ as ansible_core_version

with contextlib.suppress(ImportError):  # comes with ansible-core
    from packaging.requirements import Requirement
    from packaging.specifiers import SpecifierSet

from ansible_collections.uex.payments.plugins.module_utils._preflight import FAILED, OK, UNKNOWN, WARNING, Row

ROOT = Path(__file__).resolve().parents[2]
CALLBACK = "uex.payments.lifecycle"
AMAZON = "amazon.aws"
PACKAGES = ("boto3", "botocore")
#: What people leave in a file in place of a secret.
_PLACEHOLDER = re.compile(
    r"\s*(<.*>|\.+|x{3,}|-+|(change|replace|fill)[-_ ]?(me|this|in).*|todo.*|tbd|your[-_ ].*|place-?holder|dummy)?\s*",
    re.IGNORECASE | re.DOTALL,
)


def supported(root: Path) -> dict[str, str]:
    """Which versions the collection supports, by name, as its own files say it."""
    found = {"ansible-core": _yaml(root / "meta/runtime.yml")["requires_ansible"], AMAZON: _dependency(root)}
    for line in (root / "requirements.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            requirement = Requirement(line)
            found[requirement.name] = str(requirement.specifier)
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    return {**found, "Python": project["project"]["requires-python"]}


def _yaml(file: Path) -> Any:
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def _dependency(root: Path) -> str:
    """What galaxy.yml says, which an installed collection has in its manifest."""
    if (root / "galaxy.yml").exists():
        return str(_yaml(root / "galaxy.yml")["dependencies"][AMAZON])
    manifest = json.loads((root / "MANIFEST.json").read_text(encoding="utf-8"))
    return str(manifest["collection_info"]["dependencies"][AMAZON])


def installed() -> dict[str, str]:
    """The versions that are there; a package that isn't has none."""
    from ansible_collections.amazon.aws.plugins.module_utils import common

    found = {"Python": platform.python_version(), "ansible-core": ansible_core_version}
    found[AMAZON] = common.AMAZON_AWS_COLLECTION_VERSION
    present = {each.name for each in importlib.metadata.distributions()}
    return {**found, **{name: importlib.metadata.version(name) if name in present else "" for name in PACKAGES}}


def versions(wanted: Mapping[str, str], present: Mapping[str, str]) -> Iterable[Row]:
    """A row for each tool; pure."""
    for name, version in present.items():
        title, specifier = f"Version of {name}", wanted.get(name, "")
        if not version:
            yield Row(title, FAILED, f"not installed, supported is {specifier}", f"install {name} {specifier}")
        elif not specifier:
            yield Row(title, UNKNOWN, f"{version}; the collection's files don't say what is supported")
        elif SpecifierSet(specifier).contains(version, prereleases=True):
            yield Row(title, OK, f"{version}, supported is {specifier}")
        else:
            yield Row(title, FAILED, f"{version}, supported is {specifier}", f"install {name} {specifier}")


def callback(enabled: Iterable[str]) -> Row:
    """Whether the callback that keeps plans runs; pure."""
    name = f"Callback {CALLBACK}"
    if CALLBACK in enabled:
        return Row(name, OK, "enabled")
    return Row(name, FAILED, "not enabled", f"set callbacks_enabled = {CALLBACK} in ansible.cfg")


def interpreter(path: str, own: str) -> Row:
    """Whether modules run in the controller's own Python, which has what they import; pure."""
    name = "Interpreter of modules"
    if path == own:
        return Row(name, OK, path)
    advice = 'set ansible_python_interpreter: "{{ ansible_playbook_python }}"'
    return Row(name, WARNING, f"{path or 'left to Ansible'}, the controller's is {own}", advice)


def rows(path: str) -> list[Row]:
    """All rows on the controller; C(path) is the interpreter of modules."""
    enabled = constants.config.get_config_value("CALLBACKS_ENABLED") or ()
    return [*versions(supported(ROOT), installed()), callback(enabled), interpreter(path, sys.executable)]


def missing(values: Mapping[str, Any]) -> list[str]:
    """The names whose values are empty or placeholders; pure."""
    return [name for name, value in values.items() if _PLACEHOLDER.fullmatch(str(value or ""))]
