# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ECS: what a one-off task does between its start and its end, its log and its secrets."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from moto.core.utils import unix_time_millis, utcnow
from moto.logs.models import logs_backends
from moto.secretsmanager.exceptions import SecretsManagerClientError
from moto.secretsmanager.models import secretsmanager_backends

from embedded_aws import tasks as steering

Settings = dict[str, Any]
# moto's Task, with `run` on it: what it does.
Task = Any
End = Callable[[str, str, int | None], None]

NO_SECRET = (
    "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable "
    "to retrieve secret from asm: "
)
NO_GROUP = (
    "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to "
    "create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist. : exit status 1"
)
STOP_SECONDS = 30


class Unready(Exception):
    """Why a task cannot start, in Fargate's words."""


class Run:
    """A task that goes on until somebody who looks sees that its time is over, or its process ends."""

    def __init__(self, task: Task, container: Settings, end: End) -> None:
        """Raises Unready. C(end) takes the reason, the code and the exit code."""
        self.task, self.container, self.end = task, container, end
        self.conduct = steering.conduct(task.task_definition_arn.rpartition("/")[2].partition(":")[0])
        self.process: subprocess.Popen[bytes] | None = None
        self.stopping = ""
        _check_group(task, container)
        environment = variables(task, container)
        self.until = steering.clock() + self.conduct.seconds
        if self.conduct.entry_point:
            self._spawn(environment)
        else:
            log(task, container, self.conduct.lines)

    def _spawn(self, environment: Mapping[str, str]) -> None:
        command = overridden(self.task, self.container["name"]).get("command") or self.container.get("command") or []
        own = {"PATH": os.environ.get("PATH", os.defpath), "AWS_EXECUTION_ENV": "AWS_ECS_FARGATE"}
        self.process = subprocess.Popen(  # noqa: S603 - what runs is said by the owner of the emulator's folder
            [*self.conduct.entry_point, *command],
            cwd=self.conduct.directory,
            env={**own, **environment, **self.conduct.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        threading.Thread(target=self._follow, args=(self.process,), daemon=True).start()

    def _follow(self, process: subprocess.Popen[bytes]) -> None:
        """Its lines into the log as they come, then its end."""
        for line in process.stdout or ():
            log(self.task, self.container, [line.decode(errors="replace").rstrip("\n")])
        code = process.wait()
        exit_code = 128 - code if code < 0 else code
        self._ended(exit_code)

    def _ended(self, exit_code: int | None) -> None:
        if self.stopping:
            self.end(self.stopping, "UserInitiated", exit_code)
        elif exit_code is None:
            self.end(self.conduct.reason, "TaskFailedToStart", None)
        else:
            self.end(self.conduct.reason, "EssentialContainerExited", exit_code)

    def advance(self) -> None:
        """Somebody looks."""
        status, over = self.task.last_status, self.process is None and steering.clock() >= self.until
        if status == "PROVISIONING":
            self.task.last_status = "RUNNING"
        elif status == "RUNNING" and over:
            self._ended(self.conduct.exit_code)

    def stop(self, reason: str) -> None:
        """StopTask: a process is told to end, and killed if it doesn't."""
        self.stopping = reason
        if self.process is None or self.process.poll() is not None:
            self.end(reason, "UserInitiated", 128 + signal.SIGTERM)
            return
        self.task.last_status, self.task.desired_status = "STOPPING", "STOPPED"
        self._signal(signal.SIGTERM)
        patience = threading.Timer(self.container.get("stopTimeout") or STOP_SECONDS, self._signal, [signal.SIGKILL])
        patience.daemon = True
        patience.start()

    def _signal(self, number: int) -> None:
        if self.process is not None and self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


def overridden(task: Task, container: str) -> Settings:
    """What RunTask said of a container."""
    given: Iterable[Settings] = (task.overrides or {}).get("containerOverrides", [])
    return next((each for each in given if each.get("name") == container), {})


def variables(task: Task, container: Settings) -> dict[str, str]:
    """The container's environment: its own, its secrets, and what RunTask overrides. Raises Unready."""
    entries = [*container.get("environment", []), *overridden(task, container["name"]).get("environment", [])]
    secrets = {each["name"]: secret(task, each["valueFrom"]) for each in container.get("secrets", [])}
    return {**secrets, **{each["name"]: each["value"] for each in entries}}


def secret(task: Task, reference: str) -> str:
    """What a secret's ARN stands for, with its JSON key, label and version if they are given. Raises Unready."""
    parts = reference.split(":")
    arn, (key, stage, version) = ":".join(parts[:7]), [*parts[7:], "", "", ""][:3]
    backend = secretsmanager_backends[task._account_id][parts[3]]
    try:
        text = str(backend.get_secret_value(arn, version or None, stage or None)["SecretString"])  # type: ignore[arg-type]
    except (SecretsManagerClientError, KeyError) as error:
        raise Unready(f"{NO_SECRET}ResourceNotFoundException: {getattr(error, 'message', error)}") from None
    if not key:
        return text
    found = json.loads(text)
    if key not in found:
        raise Unready(f"{NO_SECRET}retrieved secret from Secrets Manager did not contain json key {key}")
    return str(found[key])


def _options(container: Settings) -> Settings | None:
    """The options of the driver awslogs; None for another driver, or none."""
    given = container.get("logConfiguration") or {}
    return given.get("options", {}) if given.get("logDriver") == "awslogs" else None


def _check_group(task: Task, container: Settings) -> None:
    options = _options(container)
    if options is None:
        return
    backend = logs_backends[task._account_id][options["awslogs-region"]]
    if options["awslogs-group"] not in backend.groups:
        raise Unready(NO_GROUP)


def log(task: Task, container: Settings, lines: Iterable[str]) -> None:
    """Write lines where the driver awslogs does."""
    options = _options(container)
    if options is None:
        return
    now = int(unix_time_millis(utcnow()))
    backend, group = logs_backends[task._account_id][options["awslogs-region"]], options["awslogs-group"]
    name = f"{options.get('awslogs-stream-prefix', 'ecs')}/{container['name']}/{task.id}"
    for line in lines:
        backend.ensure_log_stream(group, name)
        backend.put_log_events(group, name, [{"timestamp": now, "message": line}])
