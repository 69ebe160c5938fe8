# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Run a playbook as a person does, in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]


class Done(NamedTuple):
    """How a run ended: exit code, what it printed, and the processor's seconds that it and all its processes took."""

    returncode: int
    stdout: str
    stderr: str
    seconds: float


def start(playbook: Path, *arguments: str, streams: Any = subprocess.PIPE, **settings: str) -> subprocess.Popen[str]:
    """Start it from the collection's root; C(settings) are environment variables."""
    output, errors = streams if isinstance(streams, tuple) else (streams, streams)
    return subprocess.Popen(
        [str(Path(sys.executable).with_name("ansible-playbook")), str(playbook), *arguments],
        cwd=ROOT,
        env={**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "NO_COLOR": "1", **settings},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=errors,
        text=True,
    )


def run(playbook: Path, *arguments: str, **settings: str) -> Done:
    """Run it to its end, as C(start) begins it. Its seconds are the same beside other work."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        process = start(playbook, *arguments, streams=(output, errors), **settings)
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        for file in (output, errors):
            file.seek(0)
        return Done(process.returncode, output.read(), errors.read(), usage.ru_utime + usage.ru_stime)


def kill_family(pid: int) -> None:
    """End a process that this one started, and all that it started: it is halted first, so that no child is born."""
    os.kill(pid, signal.SIGSTOP)
    for child in children(pid):
        kill_family(child)
    os.kill(pid, signal.SIGKILL)


def children(pid: int) -> list[int]:
    """The processes that a process has started and that still run."""
    listed = ["ps", "-o", "pid=", "--ppid", str(pid)]
    found = subprocess.run(listed, capture_output=True, text=True, check=False)
    return [int(child) for child in found.stdout.split()]


def run_play(folder: Path, hosts: Mapping[str, Any], play: Mapping[str, Any], *arguments: str) -> str:
    """Run one play on the hosts, both given as data and kept in C(folder); its output. RuntimeError where it fails."""
    files: tuple[tuple[str, Any], ...] = (("hosts.json", {"all": {"hosts": hosts}}), ("play.json", [play]))
    for name, content in files:
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    (folder / "ansible.cfg").touch()
    settings = {"ANSIBLE_CONFIG": str(folder / "ansible.cfg"), "ANSIBLE_HOME": str(folder / "home")}
    result = run(folder / "play.json", "-i", str(folder / "hosts.json"), *arguments, **settings)
    if result.returncode:
        raise RuntimeError(result.stdout + result.stderr)
    return result.stdout


def task(name: str, module: str, options: Mapping[str, Any], **keywords: Any) -> dict[str, Any]:
    """A task as data."""
    return {"name": name, module: dict(options), **keywords}


def saved(folder: Path, hosts: Sequence[str]) -> list[dict[str, Any]]:
    """What the plays of C(save) left of each host."""
    return [json.loads((folder / f"{host}.json").read_text(encoding="utf-8")) for host in hosts]


def save(folder: Path, *variables: str) -> dict[str, Any]:
    """A task that keeps a host's variables for the test."""
    content = ", ".join(f"'{name}': {name}" for name in variables)
    options = {"content": f"{{{{ {{{content}}} | to_json }}}}", "dest": f"{folder}/{{{{ inventory_hostname }}}}.json"}
    return task("Keep what was found", "ansible.builtin.copy", options, delegate_to="localhost")
