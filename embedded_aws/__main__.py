# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""`python -m embedded_aws start|stop|status|serve [--port N] [--directory D]`: exits 0 if done or running, else 1."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from embedded_aws import launcher


def _start(port: int, directory: Path) -> int:
    started = launcher.start(port, directory)
    print(f"The embedded AWS {'answers' if started else 'was already running'} on http://{launcher.HOST}:{port}")
    return 0


def _stop(port: int, directory: Path) -> int:
    stopped = launcher.stop(port, directory)
    print(f"The embedded AWS on port {port} {'has ended' if stopped else 'was not running'}")
    return 0


def _status(port: int, directory: Path) -> int:
    found = launcher.status(port)
    print(json.dumps(found) if found else f"The embedded AWS is not running on port {port}")
    return 0 if found else 1


def _serve(port: int, directory: Path) -> int:
    from embedded_aws.server import serve

    serve(port, directory)
    return 0


VERBS = {"start": _start, "stop": _stop, "status": _status, "serve": _serve}


def main(arguments: list[str]) -> int:
    """Do what the command line says and return the exit code."""
    parser = argparse.ArgumentParser(prog="embedded_aws", description="An AWS on the loopback interface")
    parser.add_argument("verb", choices=sorted(VERBS))
    parser.add_argument("--port", type=int, default=launcher.PORT)
    parser.add_argument("--directory", type=Path, default=Path(launcher.DIRECTORY))
    options = parser.parse_args(arguments)
    try:
        return VERBS[options.verb](options.port, options.directory)
    except launcher.LauncherError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
