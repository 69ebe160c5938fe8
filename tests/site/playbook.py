# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ansible-playbook as a user runs it, on an embedded AWS of the tests' own, and what a run did."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from ansible_collections.uex.payments.tests.site import account
from ansible_collections.uex.payments.tests.site.calls import is_bookkeeping
from ansible_collections.uex.payments.tests.support.playbooks import ROOT, kill_family, run, start
from embedded_aws import launcher

SITE = "site.yml"
VALIDATE = "playbooks/validate.yml"
COST = "playbooks/cost.yml"
PRUNE = "playbooks/prune.yml"
PREFLIGHT = "playbooks/preflight.yml"
OUTPUTS = "playbooks/outputs.yml"
HEALTH_CHECK = "playbooks/health_check.yml"
HISTORY = "playbooks/history.yml"
BOOTSTRAP = "playbooks/bootstrap.yml"
FORCE_UNLOCK = "playbooks/force_unlock.yml"
TEARDOWN = "playbooks/teardown.yml"
DEPLOY = "playbooks/deploy.yml"
ROLLBACK = "playbooks/rollback.yml"
APPROVE = "playbooks/approve.yml"
RELEASES = "playbooks/releases.yml"
CHECK = "--check"
#: Runs side by side: as many as the machines that the tests must do with have cores.
SIDE_BY_SIDE = 2
#: Seconds between two looks at the record of calls.
PAUSE = 0.1
#: A run that is to be killed takes no longer to get there.
LONGEST_SECONDS = 600.0

#: The user's own configuration, and besides the display what each task did.
SETTINGS = {
    "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
    "ANSIBLE_CALLBACK_PLUGINS": str(Path(__file__).with_name("callback")),
    "ANSIBLE_CALLBACKS_ENABLED": "uex.payments.lifecycle,tally",
}

Action = tuple[str, str, str]
Key = TypeVar("Key")
Value = TypeVar("Value")


class Run(NamedTuple):
    """How a run ended: exit code, what it printed, processor seconds, its tasks' results, its plan.json."""

    code: int
    output: str
    seconds: float
    results: list[dict[str, Any]]
    plan: dict[str, Any]

    @property
    def planned(self) -> set[Action]:
        """What its plan.json says, as kind, name and verb."""
        return {(each["kind"], each["name"], each["verb"]) for each in self.plan["actions"]}

    @property
    def actions(self) -> Counter[Action]:
        """What it did, or would do, as kind, name and verb."""
        return Counter(tuple(action) for each in self.results for action in each["actions"])

    @property
    def changed(self) -> list[str]:
        return [each["task"] for each in self.results if each["changed"]]

    def names(self, verb: str) -> list[tuple[str, str]]:
        """Kind and name of what a verb was done to."""
        return sorted((kind, name) for kind, name, done in self.actions if done == verb)

    def succeeded(self) -> Run:
        """The run itself; AssertionError with its output if it failed."""
        assert self.code == 0, f"ansible-playbook exits {self.code}:\n{self.output}"
        return self


class Site:
    """One embedded AWS with its build directory, and runs against it."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.directory = folder / "embedded_aws"
        self.calls_file = self.directory / "calls.jsonl"
        self.endpoint = f"http://127.0.0.1:{port}"

    def play(self, playbook: str, environment: str, *arguments: str, **variables: Any) -> Run:
        """Run a playbook on an environment of the inventories; C(variables) go through a file, as extra variables."""
        tally, inventory = self._prepare(environment, variables)
        done = run(ROOT / playbook, *inventory, *arguments, **SETTINGS, TALLY_FILE=str(tally))
        return Run(done.returncode, done.stdout + done.stderr, done.seconds, _lines(tally), self._plan(environment))

    def _prepare(self, environment: str, variables: dict[str, Any]) -> tuple[Path, list[str]]:
        """A run's file for its tasks' results, and its arguments for the inventories and the variables."""
        self.folder.mkdir(parents=True, exist_ok=True)
        number = f"{time.monotonic_ns()}"
        extra = self.folder / f"variables-{number}.json"
        settings = {"embedded_aws_port": self.port, "stack_build_directory": str(self.folder), **variables}
        extra.write_text(json.dumps(settings), encoding="utf-8")
        inventories = ["-i", f"inventories/{environment}", "-i", "inventories/embedded"]
        return self.folder / f"tally-{number}.jsonl", [*inventories, "-e", f"@{extra}"]

    def interrupt(
        self, playbook: str, environment: str, enough: Callable[[list[str]], bool], **variables: Any
    ) -> list[str]:
        """Start a playbook and kill it, with all its processes, once what it has changed is enough: what that was.

        The lock of the dead run is released, as by force. AssertionError if the run had ended before.
        """
        tally, inventory = self._prepare(environment, variables)
        begun, until = len(self.calls()), time.monotonic() + LONGEST_SECONDS
        with start(ROOT / playbook, *inventory, **SETTINGS, TALLY_FILE=str(tally)) as process:
            while process.poll() is None and time.monotonic() < until and not enough(self.mutations(begun)):
                time.sleep(PAUSE)
            running = process.poll() is None
            if running:
                kill_family(process.pid)
            output, errors = process.communicate()
        assert running, f"it had ended before it was to be killed:\n{output}{errors}"
        account.unlock(account.connect(self.endpoint), environment)
        return self.mutations(begun)

    def _plan(self, environment: str) -> dict[str, Any]:
        file = self.folder / environment / "plan.json"
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        return found

    def calls(self, since: int = 0) -> list[dict[str, Any]]:
        """The AWS calls that were recorded, without the first C(since)."""
        return _lines(self.calls_file)[since:]

    def end(self) -> bool:
        """Stop the embedded AWS: True if it ran. RuntimeError where another checkout's answers on the port."""
        found = launcher.status(self.port)
        if found and Path(found["directory"]).resolve() != self.directory.resolve():
            raise RuntimeError(f"port {self.port} is held by the embedded AWS of {found['directory']}: end that first")
        return launcher.stop(self.port, self.directory)

    def mutations(self, since: int) -> list[str]:
        """What was called since that may have changed something, but for the books that runs keep about themselves."""
        calls = [each for each in self.calls(since) if each["mutating"] and not is_bookkeeping(each["request"])]
        return [f"{each['service']}:{each['operation']}" for each in calls]


def _lines(file: Path) -> list[dict[str, Any]]:
    if not file.exists():
        return []
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def side_by_side(play: Callable[[Key], Value], keys: Iterable[Key]) -> dict[Key, Value]:
    """What C(play) returns for each key, two at a time."""
    wanted = list(keys)
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        return dict(zip(wanted, pool.map(play, wanted), strict=True))
