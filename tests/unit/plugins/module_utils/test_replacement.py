# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _plan, _replacement

READY = {"port": 1, "ready": True, "status": "available"}
LEFT = _replacement.names("db")


@pytest.mark.parametrize(
    ("live", "left", "words"),
    [
        (READY, (), None),
        (READY, LEFT[:1], "db-replacement-copy of an earlier replacement"),
        (READY, LEFT, "db-replacement, db-replacement-copy of an earlier"),
        ({**READY, "ready": False, "status": "snapshotting"}, (), "it is snapshotting"),
        # of a replacement that AWS is still at, the snapshot is not left over
        ({**READY, "ready": False, "status": "snapshotting"}, LEFT[1:], "it is snapshotting"),
    ],
)
def test_what_stands_in_the_way(live: dict[str, Any], left: tuple[str, ...], words: str | None) -> None:
    objection = _replacement.objection(_plan.plan("db", {"port": 2}, live, replaceable=("port",)), left)
    assert (objection is None) if words is None else (objection and words in objection.message)


@pytest.mark.parametrize("observed", [None, READY])
def test_only_a_replacement_is_hindered(observed: dict[str, Any] | None) -> None:
    assert _replacement.objection(_plan.plan("db", {"port": 2}, observed), LEFT) is None


def test_the_snapshot_that_everything_can_be_made_of_is_discarded_last() -> None:
    assert LEFT == ("db-replacement-copy", "db-replacement")
