# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest

from ansible_collections.uex.payments.plugins.plugin_utils import documented


def test_every_role_s_variables_are_documented() -> None:
    specs = documented.specs()
    assert set(specs) == {path.parents[1].name for path in documented.ROLES.glob("*/defaults/main.yml")}
    assert specs["network"]["network_vpc_cidr_block"]["type"] == "str"


def test_runs_take_the_words_of_all_roles_but_the_operations() -> None:
    assert {"adopt", "confirm", "plan_file", "profile"} <= documented.words()
    assert "image_tag" not in documented.words()


def test_an_operation_takes_its_own_words() -> None:
    assert documented.words_of("logs") == {"service", "since", "filter", "follow", "show"}


def test_an_unknown_operation_is_refused() -> None:
    with pytest.raises(ValueError, match="operation: there is no deply; there are approve, backup"):
        documented.words_of("deply")
