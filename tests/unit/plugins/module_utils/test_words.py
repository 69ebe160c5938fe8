# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _words

WORDS = {"service", "image_tag", "timeout"}
KNOWN = {"profile", "stack_name", "network_vpc_cidr_block", "release"}


def test_a_default_names_the_word_that_sets_it() -> None:
    defaults = """
operations_deploy_service: "{{ service | default([]) }}"
operations_health_check_fail_on: "{{ (fail_on | default('failed')).split(',') }}"
operations_health_check_paths: {}
operations_migrate_snapshot: "{{ snapshot | default(stack_deletion_protection) }}"
"""
    assert _words.of(defaults) == {
        "operations_deploy_service": "service",
        "operations_health_check_fail_on": "fail_on",
        "operations_migrate_snapshot": "snapshot",
    }


def test_templates_read_what_they_mention() -> None:
    read = _words.read_by(
        {"a": ["{{ release | default('x') }}"], "b": {"c": "{% if wide %}1{% endif %}"}, "d": "plain"}
    )
    assert {"release", "wide"} <= read
    assert "plain" not in read


@pytest.mark.parametrize("name", ["service", "profile", "release", "stack_name", "ansible_python_interpreter"])
def test_what_is_read_is_taken(name: str) -> None:
    assert _words.problems({name: 1}, WORDS, KNOWN) == []


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("sevice", "did you mean service?"),
        ("network_vpc_cidr", "did you mean network_vpc_cidr_block?"),
        ("seconds", "the words are image_tag, service, timeout"),
        ("elsewhere", "the words are image_tag, service, timeout"),
    ],
)
def test_what_nothing_reads_is_refused_with_what_was_meant(name: str, hint: str) -> None:
    assert _words.problems({name: 1}, WORDS, KNOWN) == [f"-e {name}: nothing reads it; {hint}"]


def test_a_word_that_stands_alone_is_refused() -> None:
    (problem,) = _words.problems({"service": "up", "_raw_params": "--to 7"}, WORDS, KNOWN)
    assert problem.startswith("-e: --to 7 stands alone; a value with spaces needs both kinds of quotes")


def test_all_problems_are_said() -> None:
    assert len(_words.problems({"sevice": 1, "tmeout": 2, "_raw_params": "b"}, WORDS, KNOWN)) == 3
