# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The routing table as it is deployed, proven by real requests."""

from __future__ import annotations

import json

from ansible_collections.uex.payments.tests.integration.expected import PATHS, SERVICES
from ansible_collections.uex.payments.tests.site import account
from ansible_collections.uex.payments.tests.site.conftest import SAMPLE, Stage
from ansible_collections.uex.payments.tests.site.playbook import Site
from ansible_collections.uex.payments.tests.support import routes, routing

#: Nothing changes it after its second run.
ENVIRONMENT = SAMPLE[1]


def test_each_request_reaches_the_service_that_the_specification_names(site: Site, repeats: Stage) -> None:
    outputs = json.loads((site.folder / ENVIRONMENT / "outputs.json").read_text(encoding="utf-8"))
    services = {name: (path, SERVICES[name]) for name, path in PATHS.items()}
    assert routes.services_of(outputs) == services
    deployed = routing.read(account.connect(site.endpoint), f"uex-payments-{ENVIRONMENT}-alb")
    with routes.standing(deployed) as front:
        lines, well = routes.table(front, routes.rows(services))
    assert well, "\n".join(lines)
