# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ansible.errors import AnsibleActionFail

from ansible_collections.uex.payments.plugins.action import saved_plan


def test_a_plan_s_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text(json.dumps({"environment": "dev", "actions": [], "summary": {}}), encoding="utf-8")
    assert saved_plan.read(file)["environment"] == "dev"


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"environment": "dev"}', '{"environment": "dev", "actions": 1}'])
def test_what_is_no_plan_is_refused_with_its_name(tmp_path: Path, content: str) -> None:
    file = tmp_path / "other.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(AnsibleActionFail, match=r"plan_file: .*other\.json"):
        saved_plan.read(file)


def test_a_plan_that_is_not_there_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(AnsibleActionFail, match=r"plan_file: .*none\.json"):
        saved_plan.read(tmp_path / "none.json")


def test_the_fresh_plan_goes_elsewhere_and_is_compared_with_nothing(tmp_path: Path) -> None:
    assert saved_plan.overrides(tmp_path) == {
        "stack_build_directory": str(tmp_path),
        "plan_file": "",
        "stack_plan_file": "",
    }
