# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Answers GET and HEAD below SERVICE_PATH, and at /health, with JSON; everything else with 404.

PORT is where it listens, SERVICE_NAME what it calls itself. It writes no file, logs one line of JSON a request to
standard output, and ends with SIGTERM once the requests that it has are answered.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

HEALTH = "/health"


def answer(path: str, environment: Mapping[str, str]) -> tuple[HTTPStatus, dict[str, str]]:
    """Status and content for a path. A load balancer may have cut the service's own path off, so / is its own too."""
    name, own = environment.get("SERVICE_NAME", "service"), environment.get("SERVICE_PATH", "").rstrip("/")
    if path == HEALTH:
        return HTTPStatus.OK, {"service": name, "status": "ok"}
    if path == "/" or path == own or path.startswith(f"{own}/"):
        return HTTPStatus.OK, {"service": name, "path": path}
    return HTTPStatus.NOT_FOUND, {"service": name, "problem": f"{path} is not below {own}"}


class Handler(BaseHTTPRequestHandler):
    """One request; its connection ends with it, so that none holds up the end of the server."""

    server_version, sys_version = "uex-service", ""
    timeout = 10

    def do_GET(self) -> None:
        status, content = answer(urlsplit(self.path).path, os.environ)
        body = json.dumps(content).encode() + b"\n"
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_GET

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        """Not what the health checks ask; of paths not the query, which may hold what is secret."""
        path = urlsplit(self.path).path
        if path != HEALTH:
            entry = {"time": round(time.time(), 3), "method": self.command, "path": path, "status": int(code)}
            print(json.dumps(entry), flush=True)


class Server(ThreadingHTTPServer):
    """Waits for its requests when it ends."""

    daemon_threads = False


def main() -> None:
    server = Server(("", int(os.environ.get("PORT", "8080"))), Handler)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_about: threading.Thread(target=server.shutdown).start())
    server.serve_forever()
    server.server_close()


if __name__ == "__main__":
    sys.exit(main())
