# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _variables

VALUES = {"project": "uex", "port": 5432, "open": "{{ given by somebody }}", "zones": ["a", "b"]}


class Stranger:
    """What is neither a text nor a number, as Ansible keeps encrypted values."""


def settled(variables: dict[str, Any]) -> dict[str, Any]:
    return _variables.settled(variables, VALUES, lambda text: "untrusted" not in text)


def test_what_a_template_needs_is_what_it_mentions_and_what_that_mentions() -> None:
    variables = {
        "wanted": [{"name": "{{ first | default(absent) }}"}],
        "first": "{{ second.field ~ third['key'] }}",
        "second": {"field": "{{ first }}"},
        "third": {"key": 3},
        "other": "{{ wanted }}",
        "absent_minded": 1,
    }
    assert set(_variables.mentioned(["wanted", "nowhere"], variables)) == {"wanted", "first", "second", "third"}


@pytest.mark.parametrize(
    ("template", "becomes"),
    [
        ("{{ port }}", 5432),
        ("{{ zones }}", ["a", "b"]),
        ("{{ project }}-db", "uex-db"),
        ("{{ name }}", "uex-payments"),
        ("{{ name }}/{{ project }}", "uex-payments/uex"),
        ([{"of": ["{{ name }}"]}], [{"of": ["uex-payments"]}]),
        ("{{ open }}", "{{ given by somebody }}"),
        ("plain", "plain"),
        (7, 7),
    ],
)
def test_what_only_names_what_is_known_is_that(template: Any, becomes: Any) -> None:
    variables = {"wanted": template, "name": "{{ project }}-payments"}
    assert settled(variables)["wanted"] == becomes


@pytest.mark.parametrize(
    "template",
    [
        "{{ port | int }}",
        "{{ port }}-{{ project }}",  # what numbers look like in a text is Ansible's to say
        "{{ elsewhere }}",
        "{{ omit }}",
        "{{ derived }}",
        "{{ encrypted }}",
        "untrusted {{ project }}",
        "{{ wanted }}",
        "{{ turn }}",
        "{{ project }}\n",
        "{% if port %}{{ project }}{% endif %}",
        "{# of #}{{ project }}",
    ],
)
def test_all_else_stays_a_template(template: str) -> None:
    others = {"derived": "{{ zones | length }}", "turn": "{{ back }}", "back": "{{ turn }}", "encrypted": [Stranger()]}
    variables = {"wanted": template, **others}
    assert settled(variables)["wanted"] == template


def test_what_is_known_stays_what_it_is() -> None:
    assert settled({"project": "{{ other }}"})["project"] == "uex"


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        ("{{ a }}", False),
        ([{"a": "{% b %}"}], False),
        ({"a": [1, "b", None, 0.5, True]}, True),
        ([Stranger()], False),
        ({"a": Stranger()}, False),
    ],
)
def test_a_value_with_nothing_to_work_out_is_plain(value: Any, plain: bool) -> None:
    assert _variables.plain(value) is plain
