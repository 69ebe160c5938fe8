# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the scans of the embedded AWS find: nothing, unless somebody says so.

`POST /embedded-aws/scans` takes settings by a repository's full name, null takes them back; DELETE forgets all; GET
shows them. A setting has `findings`, each with `name`, `severity`, `package`, `version` and `fixed_in`; `looks`, after
how many of which a scan is over; and `status` and `description`, where it doesn't end well.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from .recorder import WSGIApplication

PATH = "/embedded-aws/scans"
#: Settings by repository.
SETTINGS: dict[str, dict[str, Any]] = {}


def steer(port: int, settings: Mapping[str, Mapping[str, Any] | None]) -> None:
    """Ask the emulator on C(port) to find this in the images of these repositories."""
    _ask(port, "POST", settings)


def reset(port: int) -> None:
    """Let the emulator on C(port) find nothing again."""
    _ask(port, "DELETE", {})


def _ask(port: int, method: str, body: Mapping[str, Any]) -> None:
    url = f"http://127.0.0.1:{port}{PATH}"
    request = urllib.request.Request(url, json.dumps(body).encode(), method=method)
    with urllib.request.urlopen(request, timeout=10):  # noqa: S310
        pass


def remember(settings: Mapping[str, dict[str, Any] | None]) -> None:
    """Take settings; null takes them back."""
    for repository, setting in settings.items():
        if setting is None:
            SETTINGS.pop(repository, None)
        else:
            SETTINGS[repository] = setting


class Scans:
    """The path at which findings are set."""

    def __init__(self, application: WSGIApplication, directory: Path) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != PATH:
            return self.application(environ, start_response)
        if environ["REQUEST_METHOD"] == "DELETE":
            SETTINGS.clear()
        if environ["REQUEST_METHOD"] == "POST":
            remember(json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))))
        body = json.dumps(SETTINGS).encode()
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]
