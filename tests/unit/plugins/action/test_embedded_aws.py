# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleActionFail

from ansible_collections.uex.payments.plugins.action.embedded_aws import ActionModule
from ansible_collections.uex.payments.tests.support import plugins
from embedded_aws import images, launcher

IMAGES = [{"repository_name": "uex-payments-test/alpha", "image_tag": "1"}]
OPTIONS = {"port": 5599, "directory": "/tmp/embedded", "images": IMAGES}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What the emulator is asked for; it is started by the first call."""
    calls: list[tuple[Any, ...]] = []

    def start(port: int, directory: str) -> bool:
        calls.append(("start", port, directory))
        return len([call for call in calls if call[0] == "start"]) == 1

    monkeypatch.setattr(launcher, "start", start)
    monkeypatch.setattr(images, "request", lambda port, samples: calls.append(("images", port, samples)))
    return calls


def test_it_is_started_with_its_samples_and_counts_as_no_change(asked: list[tuple[Any, ...]]) -> None:
    action = plugins.action(ActionModule, OPTIONS)
    result = action.run(task_vars={})
    assert (result["started"], result["changed"]) == (True, False)
    assert asked == [("start", 5599, "/tmp/embedded"), ("images", 5599, IMAGES)]
    assert [("127.0.0.1:5599" in line) for line in action.shown] == [True]


def test_one_that_runs_is_found_without_a_word(asked: list[tuple[Any, ...]]) -> None:
    plugins.action(ActionModule, OPTIONS).run(task_vars={})
    second = plugins.action(ActionModule, OPTIONS)
    assert second.run(task_vars={})["started"] is False
    assert second.shown == []


@pytest.mark.parametrize(
    ("options", "check_mode"), [(OPTIONS, True), ({"port": 5599, "directory": "/tmp/embedded"}, False)]
)
def test_a_check_starts_it_and_leaves_its_images_alone(
    options: dict[str, Any], check_mode: bool, asked: list[tuple[Any, ...]]
) -> None:
    assert plugins.action(ActionModule, options, check_mode).run(task_vars={})["started"] is True
    assert [call[0] for call in asked] == ["start"]


def test_what_the_launcher_advises_is_the_task_s_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(port: int, directory: str) -> bool:
        raise launcher.LauncherError(f"Port {port} is taken")

    monkeypatch.setattr(launcher, "start", refuse)
    with pytest.raises(AnsibleActionFail, match="Port 5599 is taken"):
        plugins.action(ActionModule, OPTIONS).run(task_vars={})


@pytest.mark.parametrize("options", [{"port": 5599}, {**OPTIONS, "prot": 1}, {**OPTIONS, "port": "http"}])
def test_wrong_options_are_refused_before_anything_starts(
    options: dict[str, Any], asked: list[tuple[Any, ...]]
) -> None:
    with pytest.raises(AnsibleActionFail):
        plugins.action(ActionModule, options).run(task_vars={})
    assert asked == []
