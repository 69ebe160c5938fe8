# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""WSGI middleware that appends every AWS call, as one line of JSON with its secrets masked, to `calls.jsonl`."""

from __future__ import annotations

import io
import json
import re
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model

WSGIApplication = Callable[[dict[str, Any], Any], Iterable[bytes]]

FILE_NAME = "calls.jsonl"
MASK = "***"

SERVICES = {
    "access-analyzer": "accessanalyzer",
    "elasticfilesystem": "efs",
    "elasticloadbalancing": "elbv2",
    "monitoring": "cloudwatch",
    "servicequotas": "service-quotas",
    "states": "stepfunctions",
    "tagging": "resourcegroupstaggingapi",
}
"""botocore's service names where they differ from the name in the request's signature."""

READS = re.compile(
    r"(Describe|List|Get|Head|Lookup|Search|Select|BatchGet|BatchCheck|Query|Scan|Filter|Test|Validate|Simulate|Check|"
    r"Estimate|Preview|Discover|Decode|Verify|Download|TransactGet|StartQuery|StopQuery|StartLiveTail|Decrypt)(?![a-z])"
)
READ_SERVICES = frozenset({"sts"})
WRITES = frozenset({"TestFailover"})

SECRET = re.compile(
    r"passw|secret_?(string|binary)|token|private_?key|secret_?(access_?)?key$|secret$|"
    r"plaintext|authorization|credential|api_?key|external_?id$",
    re.IGNORECASE,
)
HARMLESS = re.compile(
    r"(client|request|next|starting|continuation|pagination|idempotency|page|creator|lock)_?token$", re.IGNORECASE
)
NOT_MODELLED = re.compile(r"/(moto-api|embedded-aws|latest|favicon\.ico)(/|$)")


class Call(NamedTuple):
    """One AWS call: botocore's service name, AWS's operation name (None if unknown) and the masked parameters."""

    service: str
    operation: str | None
    request: dict[str, Any]


def is_mutating(service: str, operation: str | None) -> bool:
    """Whether the operation may change something; an unknown one may."""
    if service in READ_SERVICES:
        return False
    return operation is None or operation in WRITES or not READS.match(operation)


def is_secret(name: str) -> bool:
    """Whether a parameter or a variable of this name holds a secret."""
    return bool(SECRET.search(name)) and not HARMLESS.search(name)


def masked(value: Any, secret: bool = False) -> Any:
    """`value` as JSON knows it, with every secret replaced; numbers and flags are never secrets, bytes only counted."""
    if isinstance(value, dict):
        return {str(name): masked(item, secret or _secret_member(value, str(name))) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [masked(item, secret) for item in value]
    if isinstance(value, bool | int | float) or value is None:
        return value
    if secret:
        return MASK
    return f"<{len(value)} bytes>" if isinstance(value, bytes) else str(value)


def _secret_member(structure: dict[Any, Any], name: str) -> bool:
    """Whether a member is secret: by its name, or as the value beside a secret variable's name or a secure type."""
    if name.lower() != "value":
        return is_secret(name)
    beside = (str(structure.get(key, "")) for key in ("name", "Name", "key", "Key", "ParameterName"))
    return structure.get("Type") == "SecureString" or any(is_secret(label) for label in beside)


def service_name(environ: dict[str, Any]) -> str | None:
    """botocore's name of the service that a signed request addresses; None for an unsigned request."""
    scope = re.search(r"Credential=([^,\s]+)", environ.get("HTTP_AUTHORIZATION", ""))
    query = parse_qs(environ.get("QUERY_STRING", ""))
    parts = (scope.group(1) if scope else query.get("X-Amz-Credential", [""])[0]).split("/")
    if len(parts) < 5:
        return None
    if parts[3] == "s3" and environ.get("PATH_INFO", "").startswith("/v20180820/"):
        return "s3control"
    return SERVICES.get(parts[3], parts[3])


def _body(environ: dict[str, Any]) -> bytes:
    """The request's body, left in place for the application to read again."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    chunked = environ.get("wsgi.input_terminated") and not length
    body: bytes = environ["wsgi.input"].read() if chunked else environ["wsgi.input"].read(length)
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def _request(environ: dict[str, Any], body: bytes) -> Request:
    """The request as moto's parsers want it, with `body` for its body."""
    kept = {name: value for name, value in environ.items() if name not in ("CONTENT_LENGTH", "wsgi.input_terminated")}
    length = {"CONTENT_LENGTH": str(len(body))} if body else {}
    return Request({**kept, **length, "wsgi.input": io.BytesIO(body)})


def parsed(service: str, environ: dict[str, Any]) -> Call:
    """The call in a request, by botocore's model of the service; a streamed body (an object's content) is not read.

    Raises whatever the model's router and parser raise for a request that is not the service's.
    """
    model = get_service_model(service)
    request = _request(environ, b"" if service == "s3" else _body(environ))
    operation, uri = get_service_router(service).match(request)
    if service == "s3" and not operation.has_streaming_input:
        request = _request(environ, _body(environ))
    parser = PROTOCOL_PARSERS[determine_request_protocol(model, request.content_type)](operation, map_type=dict)
    found = parser.parse(_parts(request, uri))
    return Call(service, operation.name, masked({**uri, **(found or {})}))


def _parts(request: Request, uri: dict[str, Any]) -> Any:
    """A request as moto's parsers want it; `uri` holds the parameters found in its path."""
    parts = {"method": request.method, "url_path": request.path, "url_params": uri}
    return {**parts, "values": request.values, "headers": request.headers, "body": request.data}


def call(environ: dict[str, Any]) -> Call | None:
    """The AWS call in a request, without parameters where it cannot be parsed; None for what is no AWS call."""
    service = None if NOT_MODELLED.match(environ.get("PATH_INFO", "")) else service_name(environ)
    if service is None:
        return None
    try:
        return parsed(service, environ)
    except Exception:  # a request that AWS's model does not know is still recorded, and still answered by moto
        return Call(service, _named_operation(environ), {})


def _named_operation(environ: dict[str, Any]) -> str | None:
    target: str = environ.get("HTTP_X_AMZ_TARGET", "")
    return target.rpartition(".")[2] or None


class Recorder:
    """Records what passes through to `application`; safe in threads, one flushed line per call, in order of answers."""

    def __init__(self, application: WSGIApplication, directory: Path) -> None:
        self.application = application
        self.path = directory / FILE_NAME
        self.lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        made = call(environ)
        if made is None:
            return self.application(environ, start_response)
        started = time.time()

        def record(status: str, *rest: Any) -> Any:
            self.write(made, started, int(status[:3]))
            return start_response(status, *rest)

        return self.application(environ, record)

    def write(self, made: Call, started: float, status: int) -> None:
        """Append one line: `started` in seconds since 1970, `status` the answer's HTTP status. Raises OSError."""
        mutating = is_mutating(made.service, made.operation)
        facts = {"service": made.service, "operation": made.operation, "mutating": mutating, "status": status}
        line = json.dumps({"time": round(started, 6), **facts, "request": made.request})
        with self.lock, self.path.open("a", encoding="utf-8") as calls:
            calls.write(f"{line}\n")
