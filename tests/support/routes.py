# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Send real requests through the routing table of an environment, and compare who answers with what is expected.

`python -m tests.support.routes build/prod/outputs.json` reads the load balancer of the environment, starts an nginx
that routes as it does in front of a small server for each target group, and shows a table. Exits with 0 if
each request was answered as expected, else 1. What is expected follows from the environment's outputs.json.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import functools
import http.client
import json
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import boto3

from ansible_collections.uex.payments.plugins.module_utils import _certificates, _wait
from ansible_collections.uex.payments.tests.support import routing
from ansible_collections.uex.payments.tests.support.emulator import free_port

HTTP, HTTPS = 80, 443
NGINX = "/usr/sbin/nginx"
HOST = "pay.example.com"
#: Where clients come from who say nothing else: addresses for documentation.
SOMEWHERE = "198.51.100.7"
CREDENTIALS = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}


class Request(NamedTuple):
    """What a client asks for; C(port) is the listener's on AWS."""

    path: str
    port: int = HTTPS
    method: str = "GET"
    headers: Mapping[str, str] = {}
    host: str = HOST
    source: str = SOMEWHERE

    def __str__(self) -> str:
        said = [f"{name}: {value}" for name, value in self.headers.items()]
        said += [f"from {self.source}"] if self.source != SOMEWHERE else []
        said += [f"for {self.host}"] if self.host != HOST else []
        port = f"{self.port:>4}" if self.port != HTTPS else "    "
        return " ".join([port, f"{self.method:<4}", self.path, *(f"({each})" for each in said)])


class Answer(NamedTuple):
    """Who answered: a service and one of its target groups with its port, or the load balancer itself; and how."""

    status: int
    service: str = ""
    group: str = ""
    port: int = 0
    path: str = ""  #: as the service saw it
    location: str = ""
    body: str = ""
    content_type: str = ""


#: What a target says, in the order of Answer, and what stands for it where none answered.
SAID = (("service", ""), ("name", ""), ("port", 0), ("path", ""))


class Expected(NamedTuple):
    """What an answer must be; what is None may be anything."""

    status: int = 200
    service: str = ""
    group: str | None = None
    port: int | None = None
    path: str | None = None
    location: str | None = None
    body: str | None = None
    content_type: str | None = None

    def met(self, answer: Answer) -> bool:
        return all(value in (None, getattr(answer, field)) for field, value in self._asdict().items())

    def __str__(self) -> str:
        named = self.group or self.service or self.location or "load balancer"
        return f"{self.status} {named}" + (f" as {self.path}" if self.path else "")


# Targets, front and client


class Fault(NamedTuple):
    """What is wrong with a service's servers: their status, and seconds that they take."""

    status: int = 200
    seconds: float = 0.0


def target(
    group: routing.Group, faults: Mapping[str, Fault] = MappingProxyType({}), seen: list[Any] | None = None
) -> ThreadingHTTPServer:
    """A server that says which target group it is in and what it was asked for, or has its service's fault.

    C(seen) gets the headers of each request.
    """
    fault = faults.get(group.service, Fault())

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if seen is not None:
                seen.append(dict(self.headers))
            time.sleep(fault.seconds)
            body = json.dumps({**group._asdict(), "path": self.path}).encode()
            self.send_response(fault.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("X-Target", group.name)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_PUT = do_GET

        def log_message(self, *_: Any) -> None:
            """Nothing is logged."""

    return ThreadingHTTPServer((routing.LISTENING, 0), Handler)


class Front:
    """A running nginx that routes as a load balancer does."""

    def __init__(self, places: routing.Places) -> None:
        self.places = places
        self._trusting = ssl.create_default_context(cafile=f"{places.folder}/certificate.pem")
        self._trusting.check_hostname = False

    def ask(self, request: Request) -> Answer:
        """Send a request, and read who answered."""
        connection = http.client.HTTPConnection(routing.LISTENING, self.places.listeners[request.port], timeout=10)
        connection.sock = self._connected(request)
        with contextlib.closing(connection):
            connection.request(request.method, request.path, headers={"Host": request.host, **request.headers})
            response = connection.getresponse()
            body = response.read().decode()
            said = json.loads(body) if response.headers.get("X-Target") else {}
            return Answer(
                response.status,
                *(said.get(key, default) for key, default in SAID),
                location=self._on_aws(response.headers.get("Location") or ""),
                body=body,
                content_type=response.headers.get("Content-Type") or "",
            )

    def _connected(self, request: Request) -> socket.socket:
        """A connection that says by the PROXY protocol where it comes from, with TLS but for plain HTTP."""
        place = (routing.LISTENING, self.places.listeners[request.port])
        family, own = ("TCP6", "::1") if ":" in request.source else ("TCP4", routing.LISTENING)
        plain = socket.create_connection(place, timeout=10)
        plain.sendall(f"PROXY {family} {request.source} {own} 50000 {request.port}\r\n".encode())
        if request.port == HTTP:
            return plain
        return self._trusting.wrap_socket(plain, server_hostname=request.host)

    def _on_aws(self, location: str) -> str:
        """An address with the port that a listener has on AWS."""
        found = urlsplit(location)
        ports = {here: there for there, here in self.places.listeners.items()}
        if found.port not in ports:
            return location
        return found._replace(netloc=f"{found.hostname}:{ports[found.port]}").geturl()


Server = Callable[[routing.Group], ThreadingHTTPServer]


@contextlib.contextmanager
def standing(deployed: routing.Deployed, server: Server = target, proxied: bool = True) -> Iterator[Front]:
    """The front and all targets, on free ports of loopback, until the end; C(server) makes each target group's."""
    with contextlib.ExitStack() as stack:
        servers = {arn: stack.enter_context(_serving(server(group))) for arn, group in deployed.groups.items()}
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="uex-routes-"))
        listeners = {each["Port"]: free_port() for each in deployed.listeners}
        targets = {arn: each.server_port for arn, each in servers.items()}
        places = routing.Places(listeners, targets, folder, proxied)
        stack.enter_context(_nginx(routing.render(deployed, places), places))
        yield Front(places)


@contextlib.contextmanager
def _serving(server: ThreadingHTTPServer) -> Iterator[ThreadingHTTPServer]:
    with server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@functools.cache
def _pair() -> _certificates.Pair:
    """One certificate for all fronts, as making a key takes longer than starting one."""
    return _certificates.self_signed([HOST], datetime.datetime.now(datetime.UTC))


@contextlib.contextmanager
def _nginx(configuration: str, places: routing.Places) -> Iterator[None]:
    """An nginx of the caller's own user with this configuration, listening."""
    folder = Path(places.folder)
    pair = _pair()
    (folder / "certificate.pem").write_bytes(pair.certificate)
    (folder / "key.pem").write_bytes(pair.private_key)
    (folder / "nginx.conf").write_text(configuration, encoding="utf-8")
    command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        try:
            _wait.until(lambda: process.poll() or _answers(places), bool, "nginx", 10, pause=0.05)
            if process.poll() is not None:
                errors = process.stderr.read() if process.stderr else ""
                raise RuntimeError(f"nginx ended with {process.returncode}: {errors}")
            yield
        finally:
            process.terminate()


def _answers(places: routing.Places) -> bool:
    def listens(port: int) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex((routing.LISTENING, port)) == 0

    return all(map(listens, places.listeners.values()))


# What is expected of an environment


class Row(NamedTuple):
    """One line of the table."""

    request: Request
    expected: Expected


def rows(services: Mapping[str, tuple[str, int]], maintenance: bool = False) -> list[Row]:
    """Requests to services, by name with path and port, and to what there is not."""
    found = [row for name, (path, port) in services.items() for row in _service_rows(name, path, port)]
    paths = {path for path, _port in services.values()}
    found += [Row(Request(path), Expected(404)) for path in ("/", "/nowhere/x", "/health", "/api") if path not in paths]
    if maintenance:
        found = [Row(each.request, each.expected if each.request.port == HTTP else Expected(503)) for each in found]
    return found


def _service_rows(name: str, path: str, port: int) -> Iterable[Row]:
    for asked in (f"{path}/orders/7?page=2", path, f"{path}/"):
        yield Row(Request(asked), Expected(200, name, port=port, path=asked))
    yield Row(Request(f"{path}/pay", method="POST"), Expected(200, name, port=port))
    for asked in (f"{path.upper()}/x", f"{path}x", f"/x{path}"):  # case counts, and so do both ends
        yield Row(Request(asked), Expected(404))
    asked = f"{path}/a?b=c"
    yield Row(Request(asked, HTTP), Expected(301, location=f"https://{HOST}:{HTTPS}{asked}"))


def services_of(outputs: Mapping[str, Any]) -> dict[str, tuple[str, int]]:
    """The services of an outputs.json, with the paths under which they are reached and their ports."""
    return {
        name: (urlsplit(each["url"]).path.rstrip("/"), int(each["port"])) for name, each in outputs["services"].items()
    }


def table(front: Front, asked: Sequence[Row]) -> tuple[list[str], bool]:
    """The lines of the table, and whether all of it is as expected."""
    cells, wrong = [("request", "expected", "who answered", "status", "")], 0
    for row in asked:
        answer = front.ask(row.request)
        met = row.expected.met(answer)
        wrong += not met
        who = answer.group or answer.location or "load balancer"
        cells.append((str(row.request), str(row.expected), who, str(answer.status), "ok" if met else "WRONG"))
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ["  ".join(text.ljust(width) for text, width in zip(each, widths, strict=True)).rstrip() for each in cells]
    return [*lines, "", f"{len(asked) - wrong} requests answered as expected, {wrong} not"], not wrong


def connect(endpoint: str, region: str) -> Callable[[str], Any]:
    """Clients of the embedded AWS, or of the account of the environment's credentials."""
    own = {"endpoint_url": endpoint, **CREDENTIALS} if endpoint else {}
    return lambda service: boto3.client(service, region_name=region, **own)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="routes", description="Real requests through an environment's routing table")
    parser.add_argument("outputs", type=Path, help="the environment's outputs.json")
    parser.add_argument("--endpoint", default="", help="the embedded AWS; without it AWS itself, read only")
    parser.add_argument("--maintenance", action="store_true", help="expect the environment to be under maintenance")
    options = parser.parse_args(arguments)
    outputs = json.loads(options.outputs.read_text(encoding="utf-8"))
    balancer = f"{outputs['cluster']}-alb"  # the cluster bears the environment's own name
    with standing(routing.read(connect(options.endpoint, outputs["region"]), balancer)) as front:
        lines, well = table(front, rows(services_of(outputs), options.maintenance))
        there = ", ".join(f"{port} is {here}" for port, here in sorted(front.places.listeners.items()))
        print(f"{balancer} as it is deployed, on loopback: {there}", "", *lines, sep="\n")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
