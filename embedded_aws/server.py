# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The emulator's WSGI application: moto, extended and wrapped, served on the loopback interface only."""

from __future__ import annotations

import os

SETTINGS = {"MOTO_EC2_LOAD_DEFAULT_AMIS": "false", "MOTO_IAM_LOAD_MANAGED_POLICIES": "true"}
os.environ.update(SETTINGS)  # moto reads them while it is imported

import json  # noqa: E402
import threading  # noqa: E402
from collections.abc import Callable, Iterable, Sequence  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

from moto.core.utils import get_service_model  # noqa: E402
from moto.moto_server.werkzeug_app import (  # noqa: E402
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server  # noqa: E402

from embedded_aws import __version__, extensions, tasks  # noqa: E402
from embedded_aws.databases import RealDatabases  # noqa: E402
from embedded_aws.deployments import Deployments  # noqa: E402
from embedded_aws.images import Samples  # noqa: E402
from embedded_aws.launcher import HEALTH_PATH, HOST  # noqa: E402
from embedded_aws.recorder import Recorder, WSGIApplication  # noqa: E402
from embedded_aws.registries import Registry  # noqa: E402
from embedded_aws.scans import Scans  # noqa: E402
from embedded_aws.stores import Stores  # noqa: E402

Middleware = Callable[[WSGIApplication, Path], WSGIApplication]
DEFAULT_MIDDLEWARE: tuple[Middleware, ...] = (Recorder,)
WARM_SERVICES = ("ec2", "s3", "iam", "sts")


class Health:
    """Answers the path by which the launcher knows this server from any other program on its port."""

    def __init__(self, application: WSGIApplication, directory: Path) -> None:
        self.application = application
        self.directory = str(directory)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != HEALTH_PATH:
            return self.application(environ, start_response)
        port = int(environ["SERVER_PORT"])
        facts = {"pid": os.getpid(), "port": port, "version": __version__, "directory": self.directory}
        body = json.dumps(facts).encode()
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]


class RequestHandler(MotoRequestHandler):
    """Keeps connections open between calls, and does not log each of them: the recorder does."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


def application(directory: Path, middleware: Sequence[Middleware] = DEFAULT_MIDDLEWARE) -> WSGIApplication:
    """The extended moto behind `middleware`, of which the first sees a request first; its files are in `directory`."""
    extensions.install()
    app: WSGIApplication = DomainDispatcherApplication(create_backend_app)
    layers: list[Middleware] = [Health, Samples, Deployments, Stores, RealDatabases, Registry, Scans, *middleware]
    for layer in reversed(layers):
        app = layer(app, directory)
    return app


def warm_up() -> None:
    """Load the service models that every deployment needs first; they take up to two seconds, mostly EC2's."""
    for service in WARM_SERVICES:
        get_service_model(service)


def serve(port: int, directory: Path) -> None:
    """Serve on 127.0.0.1 until the process is ended. `port` 0 takes a free one. Raises OSError if the port is taken."""
    directory.mkdir(parents=True, exist_ok=True)
    tasks.begin(directory)
    os.environ["MOTO_PORT"] = str(port)
    server = make_server(HOST, port, application(directory), threaded=True, request_handler=RequestHandler)
    threading.Thread(target=warm_up, daemon=True).start()
    server.serve_forever()
