# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Run a playbook against an environment of the embedded AWS while a real nginx answers for its load balancer.

`python -m tests.support.front --endpoint URL build/dev/outputs.json ansible-playbook ...` reads the load balancer,
starts an nginx that routes as it does in front of a small server for each target group, and runs the command with
`-e address=` and, without `--https-only`, `-e http_address=` besides. Exits as the command does. Without nginx the
command runs all the same.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

import botocore.exceptions

from ansible_collections.uex.payments.tests.support import routes, routing

NO_NGINX = "There is no nginx to answer for the load balancer, so no request is sent: apt-get install nginx"
#: The variable by which a playbook is told where each listener is, by its port on AWS.
WORDS = {routes.HTTPS: "address", routes.HTTP: "http_address"}


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="front", description="A real nginx for an environment's load balancer")
    parser.add_argument("outputs", type=Path, help="the environment's outputs.json")
    parser.add_argument("--endpoint", required=True, help="the embedded AWS")
    parser.add_argument("--https-only", action="store_true", help="for a playbook that never asks by plain HTTP")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="what is run meanwhile")
    options = parser.parse_args(arguments)
    try:
        outputs = json.loads(options.outputs.read_text(encoding="utf-8"))
        deployed = routing.read(routes.connect(options.endpoint, outputs["region"]), f"{outputs['cluster']}-alb")
    except (OSError, botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as error:
        print(f"{options.outputs}, {options.endpoint}: {error}; deploy first: make demo", file=sys.stderr)
        return 1
    if not Path(routes.NGINX).exists():
        print(NO_NGINX, file=sys.stderr)
        return subprocess.run(options.command, check=False).returncode
    with routes.standing(deployed, proxied=False) as front:
        asked = WORDS.keys() - ({routes.HTTP} if options.https_only else set())
        return subprocess.run([*options.command, *said(front.places, asked)], check=False).returncode


def said(places: routing.Places, asked: Collection[int]) -> list[str]:
    """Where the listeners of C(asked) ports are, as options of a command line."""
    known = [(WORDS[port], places.listeners[port]) for port in sorted(asked) if port in places.listeners]
    return [word for name, port in known for word in ("-e", f"{name}={routing.LISTENING}:{port}")]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
