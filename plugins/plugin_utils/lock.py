# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The run's lock: taken by a task, kept and released by the controller's own process, which outlives every task.

The callback C(uex.payments.lifecycle) prepares the keeper before the lock's task is forked, so that the task finds it
in its own process and the controller knows what to release whatever happens to the task.
"""

from __future__ import annotations

import atexit
import getpass
import multiprocessing
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from ansible import context
from ansible.utils.display import Display

from ansible_collections.uex.payments.plugins.module_utils import _lock
from ansible_collections.uex.payments.plugins.module_utils._errors import code_of, failure
from ansible_collections.uex.payments.plugins.plugin_utils.session import Session

ACTION = "uex.payments.stack_lock"
#: The part of a lock's life without a renewal after which a run is stopped, so that it has ended when the lock expires.
PATIENCE = 0.75
#: Seconds that a run may take to end when it is stopped or interrupted.
GRACE = 10.0


class Locked(Exception):
    """Somebody else holds the lock."""

    def __init__(self, holder: _lock.Holder, now: int) -> None:
        super().__init__(holder.owner)
        self.holder, self.now = holder, now


def myself() -> _lock.Owner:
    """This run."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        user = str(os.getuid())
    inventory = [near(each) for each in context.CLIARGS.get("inventory") or ()]
    what = _lock.command({**context.CLIARGS, "inventory": inventory})
    return _lock.Owner(secrets.token_hex(6), f"{user}@{socket.gethostname()}", os.getpid(), what)


def near(path: str) -> str:
    """A path as a person would write it here."""
    relative = os.path.relpath(path)
    return path if relative.startswith("..") else relative


def seconds() -> float:
    """A clock that goes on while the machine sleeps, where the system has one."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def refused(error: Exception) -> bool:
    """Whether the lock is not, or no longer, what the request demands."""
    return code_of(error) == _lock.REFUSED


def acquire(
    client: Any, place: _lock.Place, owner: _lock.Owner, expiry: int
) -> tuple[_lock.Holder, _lock.Holder | None]:
    """Take the lock: what is held now, and whose expired lock it was. Locked where somebody else holds it.

    The answer to a request that was sent twice says that the lock is held, by this run itself.
    """
    seen = client.get_item(**_lock.reading(place))
    now = _lock.service_time(seen)
    try:
        item = client.update_item(**_lock.acquisition(place, owner, now, expiry))["Attributes"]
    except Exception as error:
        if not refused(error):
            raise
        item = getattr(error, "response", {}).get("Item")
    taken = _lock.holder(item)
    if taken is None:
        raise RuntimeError("the lock changed hands meanwhile: run again")
    if taken.owner != owner.id:
        raise Locked(taken, now)
    return taken, _lock.holder(seen.get("Item"))


class Keeper:
    """Keeps one lock: renews it from a thread, and releases it when the run ends."""

    def __init__(
        self,
        session: Session,
        place: _lock.Place,
        expiry: int,
        stop: Callable[[str], None] | None = None,
        clock: Callable[[], float] = seconds,
        farewell: Callable[[Keeper], None] | None = None,
        named: Callable[[int | None], str] = str,
    ) -> None:
        self.session, self.place, self.expiry = session, place, expiry
        self.owner = myself()
        self.fence: int | None = None
        self.account, self.bucket = "", ""  #: whose the lock is, and where its runs are recorded
        self._farewell, self._named = farewell, named
        self.released = False
        self._stop, self._clock = stop or stop_run, clock
        self._ended = threading.Event()
        self._client: Any = None
        self._renewed, self._service = 0.0, (0, 0.0)

    @property
    def run_id(self) -> str:
        """The id under which this run is recorded."""
        return self._named(self.fence)

    def took(self, outcome: Mapping[str, Any]) -> None:
        """The task has the lock since C(begun), when DynamoDB's time was C(now): from here on it is renewed."""
        self.fence, self.account, self.bucket = outcome["fence"], outcome["account_id"], outcome["state_bucket"]
        self._renewed, self._service = outcome["begun"], (outcome["now"], outcome["begun"])
        for work in (self._beat_on, self._watch):
            threading.Thread(target=work, daemon=True).start()

    def _beat_on(self) -> None:
        while not self._ended.wait(self.expiry / _lock.BEATS):
            self.beat()

    def _watch(self) -> None:
        """Beside the beats, as one of them may hang."""
        while not self._ended.wait(self.expiry / _lock.BEATS / 4):
            self.watch()

    def beat(self) -> None:
        """Renew the lock once. What fails is tried again with the next beat, with a client that is new."""
        begun = self._clock()
        now = self._service[0] + int(begun - self._service[1])
        try:
            self._client = self._client or self._patient(1)
            request = _lock.renewal(self.place, self.owner.id, self.fence or 0, now, self.expiry)
            answer = self._client.update_item(**request)
        except Exception as error:
            self._client = None
            if refused(error):
                self._lose(_lock.lost(self.place, _lock.holder(getattr(error, "response", {}).get("Item"))))
            return
        self._renewed, self._service = begun, (_lock.service_time(answer), self._clock())

    def watch(self) -> None:
        """Stop the run before its lock expires."""
        waited = self._clock() - self._renewed
        if waited >= self.expiry * PATIENCE:
            self._lose(_lock.unrenewed(self.place, waited))

    def _patient(self, attempts: int) -> Any:
        """A client that gives up before the next beat but one."""
        limit = self.expiry / _lock.BEATS
        retries = {"mode": "standard", "total_max_attempts": attempts}
        return self.session.client("dynamodb", connect_timeout=limit, read_timeout=limit, retries=retries)

    def _lose(self, reason: str) -> None:
        if not self._ended.is_set():
            self._ended.set()
            self.released = True
            self._stop(reason)

    def release(self) -> None:
        """Give the lock back, once, and only by the process that keeps it; what its task took without telling, too."""
        if self.released or os.getpid() != self.owner.pid:
            return
        self.released = True
        end_workers()
        if self._farewell and self.fence is not None:
            self._farewell(self)
        self._ended.set()
        try:
            self._patient(3).update_item(**_lock.release(self.place, self.owner.id, self.fence))
        except Exception as error:
            if self.fence is not None and not refused(error):
                said = failure(self.place.name, "release of the lock", error)
                Display().warning(f"{said}; it expires by itself within {self.expiry} s")


_keepers: list[Keeper] = []


def keeper() -> Keeper | None:
    """The keeper of this run, in its controller as in its tasks; None in a run without the callback."""
    return _keepers[-1] if _keepers else None


def prepare(
    session: Session,
    arguments: Mapping[str, Any],
    farewell: Callable[[Keeper], None] | None = None,
    named: Callable[[int | None], str] = str,
) -> None:
    """Before the lock's task begins: what it may take is released at the end, whatever ends the run.

    C(farewell) is called when all tasks have ended and the lock is still held; C(named) gives the run's id for a fence.
    """
    place = _lock.Place(str(arguments["table"]), str(arguments["name"]))
    current = keeper()
    if current and not current.released and current.place == place:
        return
    release()
    if not _keepers:
        atexit.register(release)
    expiry = int(arguments.get("expiry", _lock.EXPIRY))
    _keepers[:] = [Keeper(session, place, expiry, farewell=farewell, named=named)]


def took(outcome: Mapping[str, Any]) -> None:
    """The lock's task has ended well."""
    current = keeper()
    if current and current.fence is None:
        current.took(outcome)


def forget() -> None:
    """The lock's task was left out: there is nothing to release, and nothing is asked of DynamoDB."""
    current = keeper()
    if current and current.fence is None:
        current.released = True


def release() -> None:
    """The run ends."""
    current = keeper()
    if current:
        current.release()


def end_workers() -> None:
    """See that no task is writing any more; interrupted ones are about to end."""
    for worker in multiprocessing.active_children():
        worker.join(GRACE)
        if worker.is_alive() and worker.pid:
            os.killpg(worker.pid, signal.SIGKILL)  # each leads a group of its own, with what it has started


def stop_run(reason: str) -> None:
    """End this process from a thread, as Ctrl-C does, with a status of its own; by force if that takes too long."""
    Display().error(reason)
    os.kill(os.getpid(), signal.SIGINT)
    threading.Event().wait(2 * GRACE)  # the process ends meanwhile; its main thread counts as ended before its exit
    end_workers()
    os._exit(1)
