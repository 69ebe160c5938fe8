# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Lambda: functions that somebody lets run really do, and log."""

from __future__ import annotations

import json
import os
import time
import uuid
from collections.abc import Callable
from typing import Any

from moto.awslambda.models import LambdaBackend, LambdaFunction
from moto.awslambda_simple.models import LambdaSimpleBackend

from embedded_aws import functions

from ._patch import around

ERROR_HEADER = "x-amz-function-error"


def invoke(
    original: Callable[..., Any],
    backend: LambdaBackend,
    name: str,
    qualifier: str | None,
    body: Any,
    headers: Any,
    response_headers: dict[str, str],
) -> Any:
    """Run the function if it was let run; C(response_headers) say that its code failed, and its log why."""
    function = backend.get_function(name, qualifier)
    if function.function_name not in functions.RUNNING:
        return original(backend, name, qualifier, body, headers, response_headers)
    answer = functions.call(_callable(function), body or "{}", int(os.environ["MOTO_PORT"]))
    _log(function, answer.logged)
    if answer.failed:
        response_headers[ERROR_HEADER] = "Unhandled"
        return json.dumps({"errorMessage": answer.logged[-1] if answer.logged else ""}).encode()
    return answer.returned.encode()


def _callable(function: LambdaFunction) -> functions.Function:
    variables = {**function.environment_vars, **functions.RUNNING[function.function_name]}
    return functions.Function(function.code_bytes, str(function.handler), variables, float(function.timeout))


def _log(function: LambdaFunction, lines: list[str]) -> None:
    """Keep what it said where Lambda keeps it."""
    logs, group = function.logs_backend, function.logs_group_name
    stream, now = f"{time.strftime('%Y/%m/%d')}/[$LATEST]{uuid.uuid4().hex}", int(time.time() * 1000)
    if group not in logs.groups:
        logs.create_log_group(group, {})
    logs.create_log_stream(group, stream)
    logs.put_log_events(group, stream, [{"timestamp": now, "message": line} for line in lines])


def install() -> None:
    """Install into moto's Lambda."""
    around(LambdaBackend, "invoke", invoke)
    around(LambdaSimpleBackend, "invoke", invoke)
