# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One line at the bottom of a terminal that says how far a run is; whatever else is written appears above it."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

ERASE = "\r\x1b[K"
#: Begins a text for the line rather than for the screen; terminals ignore such a string, if ever one gets there.
MARK = "\x1b]uex;"
BAR = 24
#: Below so many columns there is no bar, only words.
NARROW = 60
#: Columns of a terminal that doesn't say how many it has.
USUAL = 80
#: Seconds between two looks at the clock.
TICK = 1.0


class View(NamedTuple):
    """What the line says: tasks done and all, layer, task, seconds of the run, and what is awaited for how long."""

    done: int = 0
    total: int = 0
    layer: str = ""
    task: str = ""
    seconds: float = 0.0
    awaited: str = ""
    waited: float = 0.0


def clock(seconds: float) -> str:
    """Minutes and seconds, such as C(02:05)."""
    return f"{int(seconds) // 60:02d}:{int(seconds) % 60:02d}"


def percent(view: View) -> int:
    """Whole percents that are done; 100 only where all is."""
    return 100 * view.done // view.total if view.total else 0


def gauge(view: View) -> str:
    full = BAR * percent(view) // 100
    return f"[{'=' * full}{' ' * (BAR - full)}]"


def render(view: View, width: int) -> str:
    """The line for a terminal of so many columns; it leaves the last of them free, as terminals wrap there."""
    where = ": ".join(part for part in (view.layer, view.task) if part)
    parts = [] if width < NARROW else [gauge(view)]
    parts += [f"{percent(view):3d} %", clock(view.seconds), where]
    if view.awaited:
        parts.append(f"waiting {clock(view.waited)}: {view.awaited}")
    text = "  ".join(part for part in parts if part)
    room = max(width - 1, 0)
    return text if len(text) <= room else text[: max(room - 3, 0)] + "..."[:room]


def is_wanted(stream: Any, terminal: str, verbosity: int) -> bool:
    """Whether there is a terminal that can erase a line, and nobody asks for Ansible's own output."""
    return bool(stream.isatty() and terminal not in ("", "dumb") and verbosity == 0)


class LiveLine:
    """The line on a terminal: C(stream) is where it is, C(lock) the one that every writer to the terminal holds."""

    def __init__(self, stream: Any, lock: Any, paint: Callable[[str], str] = str) -> None:
        self._stream, self._lock, self._paint = stream, lock, paint
        self._begun = self._task_begun = time.monotonic()
        self._view = View()
        self._shown = self._hidden = False
        self._over = threading.Event()
        self._ticker = threading.Thread(target=self._tick, daemon=True)
        self._process = os.getpid()
        self.width = USUAL  #: of the terminal, as last seen

    def begin(self, begun: float) -> None:
        """Stay at the bottom from now on; the run has begun at this point of the monotonic clock."""
        self._begun = begun
        sys.stdout, sys.stderr = Above(sys.stdout, self), Above(sys.stderr, self)
        LINES.append(self)
        self._ticker.start()

    def _tick(self) -> None:
        while not self._over.wait(TICK):
            self.draw()

    def task(self, done: int, total: int, layer: str, name: str) -> None:
        """Another task begins."""
        self._task_begun = time.monotonic()
        self._view = View(done, total, layer, name)
        self._hidden = False
        self.draw()

    def wait_for(self, awaited: str) -> None:
        """What the task waits for."""
        self._view = self._view._replace(awaited=awaited)
        self.draw()

    def hide(self) -> None:
        """Leave the terminal to somebody who is asked something, until the next task."""
        self._hidden = True
        self.write(self._stream, "")

    def draw(self) -> None:
        """Show how far it is by now."""
        with self._lock:
            self._put(self._stream, "")

    def write(self, stream: Any, text: str) -> int:
        """Write above the line; a text without an end of line is left to itself until the next one."""
        with self._lock:
            if text.startswith(MARK):
                self.wait_for(text.removeprefix(MARK).rstrip("\n"))
            else:
                self._put(stream, text)
        return len(text)

    def _put(self, stream: Any, text: str) -> None:
        """Old line away, text, new line: in one write where they go to the same place, so that nothing flickers.

        A worker that writes leaves the new line to the run, which may be over by then.
        """
        away = ERASE if self._shown else ""
        absent = self._hidden or self._over.is_set() or os.getpid() != self._process
        self._shown = not (absent or (text and not text.endswith("\n")))
        line = self._line() if self._shown else ""
        if stream is self._stream:
            chunks: Iterable[tuple[Any, str]] = ((stream, away + text + line),)
        else:
            chunks = ((self._stream, away), (stream, text), (self._stream, line))
        for target, chunk in chunks:
            target.write(chunk)
            target.flush()

    def _line(self) -> str:
        now = time.monotonic()
        view = self._view._replace(seconds=now - self._begun, waited=now - self._task_begun)
        try:
            self.width = os.get_terminal_size(self._stream.fileno()).columns or USUAL
        except (OSError, ValueError):
            self.width = USUAL
        return self._paint(render(view, self.width))

    def end(self) -> None:
        """Go, and leave the terminal as it was."""
        if self._over.is_set() or os.getpid() != self._process:
            return
        self._over.set()
        if self._ticker.is_alive():
            self._ticker.join(TICK)  # one that writes while Python ends would keep the lock, and Python waits for that
        self.draw()
        LINES.remove(self)
        sys.stdout, sys.stderr = (getattr(stream, "below", stream) for stream in (sys.stdout, sys.stderr))


class Above:
    """A stream whose writers know nothing of the line."""

    def __init__(self, stream: Any, line: LiveLine) -> None:
        self.below, self._line = stream, line

    def write(self, text: str) -> int:
        return self._line.write(self.below, text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.below, name)


#: The line of this process; workers inherit it, and so know where to say what they wait for.
LINES: list[LiveLine] = []


def announce(display: Any, awaited: list[str], waited: float) -> None:
    """Say what a task waits for: in the line if there is one, else in lines of their own. For workers too."""
    for each in awaited:
        text = f"       waiting {waited:4.0f} s  {each}"
        if LINES:
            display.display(text, log_only=True)
        else:
            display.display(text)
    await_in_line(display, awaited)


def await_in_line(display: Any, awaited: list[str]) -> None:
    """Say it in the line alone, if there is one."""
    if LINES:
        display.display(f"{MARK}{'; '.join(awaited)}", screen_only=True)


def columns(otherwise: int) -> int:
    """How wide the terminal is, for workers too, which have none of their own; C(otherwise) where there is no line."""
    return LINES[0].width if LINES else otherwise
