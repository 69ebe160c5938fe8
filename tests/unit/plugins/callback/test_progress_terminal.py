# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The display on a terminal: ansible-playbook in a pseudo-terminal, and what is on the screen in the end."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ansible_collections.uex.payments.plugins.plugin_utils.live_line import ERASE
from ansible_collections.uex.payments.tests.support.playbooks import ROOT, run

COLUMNS = 100
FAILED = 2
INVENTORY = ("-i", "localhost,", "-c", "local")
COLOUR = re.compile(r"\x1b\[[\d;]*m")
PERCENT = re.compile(r"(\d+) %  \d\d:\d\d")
AWAITED = "NAT gateway nat-a: pending (usually 1-3 min)"
#: An action that waits as stack_wait does: in a worker.
WAITING = f"""
from ansible.plugins.action import ActionBase
from ansible_collections.uex.payments.plugins.plugin_utils import live_line


class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        live_line.announce(self._display, [{AWAITED!r}], 20.0)
        return {{"changed": False, **super().run(tmp, task_vars)}}
"""
TASKS: list[dict[str, Any]] = [
    {"name": "Speak", "ansible.builtin.debug": {"msg": "spoken aloud"}, "tags": ["some"]},
    {"name": "Left out", "ansible.builtin.assert": {"that": [True]}, "when": False},
    {"name": "Wait", "waiting": None, "tags": ["some"]},
    {
        "name": "Hold",
        "ansible.builtin.wait_for": {"timeout": 60},
        "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
        "when": "hold | default(false) | bool",
    },
    {"name": "Stop", "ansible.builtin.assert": {"that": ["not fail | default(false)"], "quiet": True}},
]


class Shown(NamedTuple):
    """What a run wrote to the terminal: its exit code, everything, and the lines that stay."""

    code: int
    everything: str
    lines: list[str]

    @property
    def percents(self) -> list[int]:
        return [int(each) for each in PERCENT.findall(self.everything)]


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A playbook of a few tasks that need no AWS."""
    folder = tmp_path_factory.mktemp("terminal")
    (folder / "action_plugins").mkdir()
    (folder / "action_plugins" / "waiting.py").write_text(WAITING, encoding="utf-8")
    file = folder / "play.yml"
    file.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": TASKS}]), encoding="utf-8")
    return file


def on_terminal(play: Path, *arguments: str, interrupt_at: str = "", **settings: str) -> Shown:
    """Run it in a pseudo-terminal; Ctrl-C is typed once the text was drawn again and again, as while a task takes long.

    Not when its worker has just said that it begins: ansible-core waits for ever for one that ends while it speaks.
    """
    above, below = pty.openpty()
    fcntl.ioctl(below, termios.TIOCSWINSZ, struct.pack("HHHH", 40, COLUMNS, 0, 0))
    command = [str(Path(sys.executable).with_name("ansible-playbook")), str(play), *INVENTORY, *arguments]
    configuration = {"ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "TERM": "xterm-256color", **settings}
    environment = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "ANSIBLE_FORCE_COLOR")}
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**environment, **configuration},
        stdin=subprocess.DEVNULL,
        stdout=below,
        stderr=below,
        start_new_session=True,
    )
    os.close(below)
    found = b""
    with contextlib.suppress(OSError):  # the end of a pseudo-terminal is an error to its reader
        while more := os.read(above, 65536):
            found += more
            if interrupt_at and found.count(interrupt_at.encode()) > 3:
                os.kill(process.pid, signal.SIGINT)
                interrupt_at = ""
    os.close(above)
    text = COLOUR.sub("", found.decode().replace("\r\n", "\n"))
    return Shown(process.wait(), found.decode(), [line.rpartition(ERASE)[2] for line in text.split("\n")])


@pytest.fixture(scope="module")
def whole(play: Path) -> Shown:
    return on_terminal(play)


@pytest.fixture(scope="module")
def partial(play: Path) -> Shown:
    """A run of some tasks, without colours."""
    return on_terminal(play, "--tags", "some", ANSIBLE_NOCOLOR="1")


def test_all_that_is_said_stays_and_the_line_goes(whole: Shown) -> None:
    assert whole.code == 0
    assert [line for line in whole.lines if PERCENT.search(line)] == []
    assert [line for line in whole.lines if "spoken aloud" in line]
    assert [line.split()[0] for line in whole.lines if line.endswith(" s")] == ["Wait", "Stop"]
    assert whole.lines[-1] == ""


@pytest.mark.parametrize("which", ["whole", "partial"])
def test_the_line_reaches_a_hundred_whatever_is_run(which: str, request: pytest.FixtureRequest) -> None:
    percents = request.getfixturevalue(which).percents
    assert percents == sorted(percents)
    assert (percents[0], percents[-1]) == (0, 100)


def test_what_is_awaited_is_in_the_line_and_does_not_scroll(partial: Shown) -> None:
    assert f"Wait  waiting 00:00: {AWAITED}"[:50] in partial.everything
    assert [line for line in partial.lines if "waiting" in line] == []


def test_the_line_keeps_to_the_terminal_s_width(whole: Shown) -> None:
    drawn = [line for line in COLOUR.sub("", whole.everything).split(ERASE) if PERCENT.search(line)]
    assert drawn
    assert max(len(line.split("\r")[0]) for line in drawn) < COLUMNS


def test_colours_are_ansible_s_choice(whole: Shown, partial: Shown) -> None:
    assert COLOUR.search(whole.everything)
    assert not COLOUR.search(partial.everything)


def test_a_failure_is_said_as_ansible_says_it_and_the_line_goes(play: Path) -> None:
    shown = on_terminal(play, "-e", "fail=true")
    assert shown.code == FAILED
    assert [line for line in shown.lines if line.startswith("fatal: [localhost]: FAILED!")]
    assert [line for line in shown.lines if line.startswith("TASK [Stop]")]
    assert [line for line in shown.lines if PERCENT.search(line)] == []
    assert max(shown.percents) < 100


def test_an_interruption_leaves_no_line(play: Path) -> None:
    shown = on_terminal(play, "-e", "hold=true", interrupt_at="Hold")
    assert "User interrupted execution" in shown.everything
    assert shown.code not in (0, FAILED), "the run had ended before it was interrupted"
    assert [line for line in shown.lines if PERCENT.search(line)] == []


def test_with_ansible_s_own_output_there_is_no_line(play: Path) -> None:
    shown = on_terminal(play, "-v")
    assert (shown.code, shown.percents) == (0, [])
    assert [line for line in shown.lines if f"waiting   20 s  {AWAITED}" in line]


def test_in_a_pipe_there_are_plain_lines(play: Path) -> None:
    said = run(play, *INVENTORY).stdout
    assert "\x1b" not in said
    assert f"       waiting   20 s  {AWAITED}\n" in said
    assert "spoken aloud" in said
