# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.uex.payments.plugins.filter import merge_services

FILTER = merge_services.FilterModule().filters()["merge_services"]
BUILTIN = {"api": {"port": 8080, "path": "/api", "priority": 10}}


def test_it_completes_the_services() -> None:
    (api,) = FILTER(BUILTIN, {"api": {"cpu": 1024}}, {"memory": 2048}, "uex-payments-dev", "1.0")
    assert (api["cpu"], api["memory"], api["image_tag"]) == (1024, 2048, "1.0")


def test_what_is_wrong_is_said_by_the_filter() -> None:
    with pytest.raises(AnsibleFilterError, match=r"stack_services\.api\.cpus"):
        FILTER(BUILTIN, {"api": {"cpus": 1}}, {}, "uex-payments-dev")
