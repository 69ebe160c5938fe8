# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A set of images pushed and scanned: looked at, judged as a whole, pushed, awaited."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from . import _aws, _commands, _engines, _image_builds, _image_pushes, _image_scans, _registry_login, _wait
from ._errors import failure
from ._image_builds import Builder, Built, Wish
from ._image_pushes import KEEP, MOVE, PUSH, SAME, Place, Remote
from ._image_scans import NONE, Gate, Scan
from ._status import columns

SCAN_PAUSE = 5.0
SHOW_EVERY = 60.0
_SAID = {
    KEEP: "unchanged",
    SAME: "unchanged, another build of this commit",
    PUSH: "pushed",
    MOVE: "pushed, the tag was moved",
}
_WOULD = {
    KEEP: "unchanged",
    SAME: "unchanged, another build of this commit",
    PUSH: "would be pushed",
    MOVE: "would be pushed, and the tag moved",
}


class Pusher:
    """Pushes with one engine. What it found and did is in its attributes, by name of the image."""

    def __init__(
        self,
        connect: Callable[[str], Any],
        builder: Builder,
        options: Mapping[str, Any],
        rules: Gate,
        say: Callable[[str], None],
    ) -> None:
        self.connect, self.builder, self.options, self.rules, self.say = connect, builder, options, rules, say
        self.check_mode = False
        self.wishes: dict[str, Wish] = {}
        self.built: dict[str, Built] = {}
        self.places: dict[str, Place] = {}
        self.verbs: dict[str, str] = {}
        self.remotes: dict[str, Remote] = {}
        self.failed: dict[str, str] = {}
        self.scans: dict[str, Scan] = {}

    @property
    def changed(self) -> bool:
        """Whether anything was pushed, or would be."""
        return any(verb in (PUSH, MOVE) and name not in self.failed for name, verb in self.verbs.items())

    def run(self, check_mode: bool) -> list[str]:
        """Do all of it; what is wrong, each with the image's name. ValueError for what is refused before a push."""
        self.check_mode = check_mode
        self._look()
        refused = self._refused()
        if refused:
            raise ValueError("\n".join(refused))
        if not check_mode:
            self._push()
        self._scan()
        judged = {name: scan for name, scan in self.scans.items() if scan.is_over or not check_mode}
        found = [_image_scans.problem(name, scan, self.rules) for name, scan in judged.items()]
        return [*self.failed.values(), *filter(None, found)]

    def _look(self) -> None:
        """Git, the engine's store, ECR."""
        self.wishes = self.builder.wishes(self.options["images"], self.options["tag"])
        self.built = {name: self.builder.built(wish) for name, wish in self.wishes.items()}
        found = _aws.concurrently(
            lambda wish: _image_pushes.place(self.connect, wish.item["repository_name"], wish.tag),
            self.wishes.values(),
        )
        self.places = dict(zip(self.wishes, found, strict=True))
        self.verbs = {
            name: _image_pushes.decide(wish, self.built[name], self.places[name]) for name, wish in self.wishes.items()
        }
        self.remotes = {name: each.remote for name, each in self.places.items() if each.remote}

    def _refused(self) -> list[str]:
        commands = {"build": self.options["build_command"], "registry": self.options["registry_command"]}
        found = [
            _image_pushes.problem(wish, self.built[name], self.places[name], self.options["dirty"], commands)
            for name, wish in self.wishes.items()
        ]
        return list(filter(None, found))

    # Pushes

    def _push(self) -> None:
        """All that have to be, several at a time; one failure does not hide the others."""
        names = [name for name, verb in self.verbs.items() if verb in (PUSH, MOVE)]
        if not names:
            return
        with _registry_login.login(self.connect, self.builder.execute, self.builder.engine) as login:
            done = _image_builds.each_in_turn(
                names, lambda name: self._one(login, name), self.options["workers"], self.say, "still pushing"
            )
        self.failed = {name: problem for name, problem in done.items() if problem}

    def _one(self, login: _registry_login.Login, name: str) -> str:
        """Push one and see that it is there; what is wrong, if anything is."""
        wish, built, begun = self.wishes[name], self.built[name], time.monotonic()
        try:
            _image_pushes.push(self.builder.engine, login, wish, built, self.options["options"])
            self.remotes[name] = _image_pushes.arrived(self.connect, wish, built)
        except (_commands.CommandFailed, _wait.TimedOut) as error:
            return str(error)
        except Exception as error:
            return str(failure(name, "push", error))
        self.say(f"{name}:{wish.tag} pushed after {time.monotonic() - begun:.1f} s")
        return ""

    # Scans

    def _scan(self) -> None:
        """Look at the scans until all are over, once under check mode; at none where none stops anything."""
        names = [name for name in self.remotes if name not in self.failed and self._is_final(name)]
        if self.rules.threshold == NONE or not names:
            return
        if not self.check_mode:
            self._ask(names)
        deadline = 0.0 if self.check_mode else float(self.options["scan"]["deadline"])
        self._begun, self._shown = time.monotonic(), ""
        try:
            _wait.until(lambda: self._look_at(names), self._is_over, "the scans", deadline, SCAN_PAUSE)
        except _wait.TimedOut as error:
            self.say(str(error))

    def _is_final(self, name: str) -> bool:
        """Under check mode, what would be pushed is not there to be scanned."""
        return not self.check_mode or self.verbs[name] in (KEEP, SAME)

    def _ask(self, names: list[str]) -> None:
        """Where pushing scans nothing, somebody has to ask."""
        for name in names:
            settings = (self.places[name].repository or {}).get("imageScanningConfiguration") or {}
            for digest in () if settings.get("scanOnPush") else self.remotes[name].parts:
                _image_scans.start(self.connect, self.wishes[name].item["repository_name"], digest)

    def _look_at(self, names: list[str]) -> dict[str, Scan]:
        for name in names:
            if name not in self.scans or not self.scans[name].is_over:
                repository, parts = self.wishes[name].item["repository_name"], self.remotes[name].parts
                found = [_image_scans.look(self.connect, repository, digest) for digest in parts]
                self.scans[name] = _image_scans.together(found)
        return self.scans

    def _is_over(self, scans: Mapping[str, Scan]) -> bool:
        """Say what is awaited when that changes, and once a minute."""
        pending = [f"{name} {scan.status.lower()}" for name, scan in scans.items() if not scan.is_over]
        minute = int((time.monotonic() - self._begun) / SHOW_EVERY)
        shown = f"{minute} {pending}"
        if pending and not self.check_mode and shown != self._shown:
            self._shown = shown
            self.say(f"scanning for {time.monotonic() - self._begun:.0f} s: {', '.join(pending)}")
        return not pending

    # Results

    def result(self) -> dict[str, Any]:
        """What the module returns of each image."""
        return {name: self._result(name) for name in self.wishes}

    def _result(self, name: str) -> dict[str, Any]:
        wish, scan, remote = self.wishes[name], self.scans.get(name), self.remotes.get(name)
        return {
            "repository_name": wish.item["repository_name"],
            "tag": wish.tag,
            "digest": remote.digest if remote else "",
            "pushed": self.verbs[name] in (PUSH, MOVE) and not self.check_mode,
            "findings": dict(Counter(each.severity for each in scan.findings)) if scan else {},
        }


def table(pusher: Pusher, deploy_command: str) -> list[str]:
    """What became of each image, its scan, what is allowed no more, and how to go on."""
    said = _WOULD if pusher.check_mode else _SAID
    rows = [
        (
            name,
            wish.tag,
            " ".join(_engines.PLATFORMS[each] for each in wish.item["architectures"]),
            "failed" if name in pusher.failed else said[pusher.verbs[name]],
            _image_scans.counts(pusher.scans[name]) if name in pusher.scans else "",
        )
        for name, wish in pusher.wishes.items()
    ]
    shown = columns([("image", "tag", "for", "in ECR", "scan"), *rows])
    past = [f"  {line}" for line in _image_scans.expired(pusher.scans.values(), pusher.rules)]
    tags = {name: wish.tag for name, wish in pusher.wishes.items()}
    services = pusher.options["services"]
    steps = _image_pushes.deployment(deploy_command, tags, services) if deploy_command else []
    return ["Images", *shown, *past, *(f"  deploy: {step}" for step in steps)]
