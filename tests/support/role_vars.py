# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A role's variables as Ansible works them out, in a process of their own: Ansible's loader takes over imports."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROLES = Path(__file__).resolve().parents[2] / "roles"


def evaluate(role: str, names: list[str], cases: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The named variables of the role for each case, which says what differs from the role's own files."""
    request = json.dumps({"role": role, "names": names, "cases": cases})
    command = [sys.executable, str(Path(__file__).resolve())]
    result = subprocess.run(command, input=request, capture_output=True, text=True, check=False)
    if result.returncode:
        raise RuntimeError(result.stderr)
    found: dict[str, dict[str, Any]] = json.loads(result.stdout)
    return found


def files(role: str) -> list[Path]:
    """Where a role's variables are; a part is one file, or a folder of them."""
    found = [file for part in ("defaults", "vars") for file in (ROLES / role / part).rglob("*.yml")]
    return sorted(found)


def _answer(request: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    from ansible.parsing.dataloader import DataLoader
    from ansible.plugins.loader import init_plugin_loader
    from ansible.template import Templar, trust_as_template

    init_plugin_loader()
    loader = DataLoader()
    own: dict[str, Any] = {}
    for file in files(request["role"]):
        own |= loader.load_from_file(str(file), trusted_as_template=True)
    return {
        label: {
            name: Templar(loader, own | case).template(trust_as_template(f"{{{{ {name} }}}}"))
            for name in request["names"]
        }
        for label, case in request["cases"].items()
    }


if __name__ == "__main__":
    print(json.dumps(_answer(json.load(sys.stdin))))
