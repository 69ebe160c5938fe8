# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import io
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.plugin_utils import live_line
from ansible_collections.uex.payments.plugins.plugin_utils.live_line import ERASE, LiveLine, View, render

VIEW = View(12, 48, "data", "Database instances", 125.9)
AWAITED = "NAT gateway nat-a: pending (usually 1-3 min)"


Begin = Callable[[], tuple[LiveLine, "Terminal"]]


class Terminal(io.StringIO):
    """A stream that is a terminal of 80 columns."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def begin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Begin]:
    """A function that puts a line at the bottom of a terminal to which both streams go; nothing is drawn unasked."""
    begun: list[LiveLine] = []

    def at_the_bottom() -> tuple[LiveLine, Terminal]:
        terminal = Terminal()
        for name in ("stdout", "stderr"):
            monkeypatch.setattr(sys, name, terminal)
        monkeypatch.setattr(live_line, "TICK", 60.0)
        begun.append(LiveLine(terminal, threading.RLock()))
        begun[0].begin(time.monotonic())
        return begun[0], terminal

    yield at_the_bottom
    for line in begun:
        line.end()


def screen(text: str) -> list[str]:
    """The lines that a terminal shows of it."""
    return [each.rpartition(ERASE)[2] for each in text.split("\n")]


def test_the_whole_line() -> None:
    assert render(VIEW, 100) == "[======                  ]   25 %  02:05  data: Database instances"


def test_the_line_of_a_wait() -> None:
    text = render(VIEW._replace(awaited=AWAITED, waited=65.0), 200)
    assert text.endswith(f"data: Database instances  waiting 01:05: {AWAITED}")


@pytest.mark.parametrize(
    ("done", "total", "percent"), [(0, 0, 0), (0, 9, 0), (1, 3, 33), (47, 48, 97), (199, 200, 99), (3, 3, 100)]
)
def test_percents_say_a_hundred_only_at_the_end(done: int, total: int, percent: int) -> None:
    assert live_line.percent(View(done, total)) == percent


@pytest.mark.parametrize("done", range(0, 49, 6))
def test_the_bar_is_always_as_long(done: int) -> None:
    assert len(live_line.gauge(View(done, 48))) == live_line.BAR + 2


@pytest.mark.parametrize("width", [0, 1, 3, 20, 59, 60, 61, 80, 300])
def test_it_never_reaches_the_last_column(width: int) -> None:
    text = render(VIEW._replace(awaited=AWAITED * 3), width)
    assert len(text) <= max(width - 1, 0)
    assert text.endswith("...") == (3 < width < 300)
    assert text.startswith("[") == (width >= live_line.NARROW)


@pytest.mark.parametrize(
    ("stream", "terminal", "verbosity", "wanted"),
    [
        (Terminal(), "xterm", 0, True),
        (Terminal(), "dumb", 0, False),
        (Terminal(), "", 0, False),
        (Terminal(), "xterm", 1, False),
        (io.StringIO(), "xterm", 0, False),
    ],
)
def test_where_there_is_a_line(stream: Any, terminal: str, verbosity: int, wanted: bool) -> None:
    assert live_line.is_wanted(stream, terminal, verbosity) is wanted


def test_what_others_write_appears_above_it(begin: Begin) -> None:
    line, terminal = begin()
    line.task(1, 4, "network", "Subnets")
    print("one")
    print("two", file=sys.stderr)
    *above, bottom = screen(terminal.getvalue())
    assert above == ["one", "two"]
    assert bottom.endswith("25 %  00:00  network: Subnets")


def test_a_text_without_its_end_is_left_to_itself(begin: Begin) -> None:
    line, terminal = begin()
    line.task(1, 4, "network", "Subnets")
    sys.stdout.write("Continue? ")
    assert screen(terminal.getvalue()) == ["Continue? "]
    sys.stdout.write("yes\n")
    assert screen(terminal.getvalue())[:1] == ["Continue? yes"]


def test_nothing_is_drawn_while_somebody_is_asked(begin: Begin) -> None:
    line, terminal = begin()
    line.task(1, 4, "stack", "Pause")
    line.hide()
    line.draw()
    assert screen(terminal.getvalue()) == [""]
    line.task(2, 4, "stack", "Next")
    assert screen(terminal.getvalue())[0].endswith("stack: Next")


def test_the_end_leaves_the_terminal_as_it_was(begin: Begin) -> None:
    line, terminal = begin()
    line.task(4, 4, "stack", "")
    assert "100 %" in screen(terminal.getvalue())[0]
    line.end()
    assert screen(terminal.getvalue()) == [""]
    assert sys.stdout is terminal
    assert sys.stderr is terminal
    assert live_line.LINES == []


def test_a_worker_s_end_is_not_the_line_s(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    line, _terminal = begin()
    with monkeypatch.context() as worker:
        worker.setattr(os, "getpid", lambda: -1)
        line.end()
    assert [line] == live_line.LINES


class Display:
    """What is shown and what is logged; shown things go to standard output, as Ansible's do."""

    def __init__(self) -> None:
        self.logged: list[str] = []

    def display(self, text: str, log_only: bool = False, screen_only: bool = False) -> None:
        if not log_only:
            sys.stdout.write(f"{text}\n")
        if not screen_only:
            self.logged.append(text)


def test_what_is_awaited_goes_to_the_line_and_to_the_log(begin: Begin) -> None:
    line, terminal = begin()
    display = Display()
    line.task(3, 4, "stack", "Wait")
    live_line.announce(display, [AWAITED], 12.0)
    (bottom,) = screen(terminal.getvalue())
    assert "waiting 00:00: NAT" in bottom
    assert display.logged == [f"       waiting   12 s  {AWAITED}"]


def test_without_a_line_what_is_awaited_are_plain_lines(capsys: Any) -> None:
    live_line.announce(Display(), [AWAITED, "other"], 12.0)
    assert capsys.readouterr().out.splitlines() == [
        f"       waiting   12 s  {AWAITED}",
        "       waiting   12 s  other",
    ]


def test_what_a_worker_writes_brings_no_line_back(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may write when the run is over already, and nobody would take the line away."""
    line, terminal = begin()
    line.task(1, 4, "data", "Secrets")
    with monkeypatch.context() as worker:
        worker.setattr(os, "getpid", lambda: -1)
        line.write(terminal, "a worker's last words\n")
    assert screen(terminal.getvalue()) == ["a worker's last words", ""]
    line.draw()
    assert "Secrets" in screen(terminal.getvalue())[-1]
