# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ansible_collections.uex.payments.tests.support import playbooks

INVENTORY = ("-i", "inventories/dev")


@pytest.mark.parametrize(
    ("playbook", "word", "said"),
    [
        ("deploy", "sevice=presentation", "-e sevice: nothing reads it; did you mean service?"),
        ("restore", "fom=latest", "-e fom: nothing reads it; did you mean from?"),
        ("outputs", "format=json", "-e format: nothing reads it; the words are adopt, "),
        ("cost", "profil=lean", "-e profil: nothing reads it; did you mean profile?"),
        ("validate", "service=presentation", "-e service: nothing reads it; the words are adopt, "),
    ],
)
def test_a_word_that_nothing_reads_is_refused_before_the_first_call(playbook: str, word: str, said: str) -> None:
    done = playbooks.run(Path(f"playbooks/{playbook}.yml"), *INVENTORY, "-e", word)
    assert done.returncode != 0
    assert said in done.stdout


@pytest.mark.parametrize(
    "further", [{"stack_further_words": ["ticket"]}, {"note": "for {{ ticket }}"}], ids=["said", "read"]
)
def test_what_the_inventory_reads_or_says_is_taken(tmp_path: Path, further: dict[str, object]) -> None:
    more = tmp_path / "more.yml"
    more.write_text(json.dumps({"uex_payments": {"vars": further}}), encoding="utf-8")
    done = playbooks.run(Path("playbooks/cost.yml"), *INVENTORY, "-i", str(more), "-e", "ticket=UEX-7")
    assert done.returncode == 0, done.stdout
