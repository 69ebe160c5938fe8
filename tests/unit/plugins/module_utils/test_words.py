# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _words

OWN = {"service", "image_tag", "timeout"}
GENERAL = {"confirm", "profile"}
KNOWN = {"stack_name", "network_vpc_cidr_block", "release"}


def problems(**given: object) -> list[str]:
    return _words.problems(given, OWN, GENERAL, KNOWN)


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


@pytest.mark.parametrize("name", ["service", "profile", "release", "stack_name", "ansible_port", "awx_job_id"])
def test_what_is_read_is_taken(name: str) -> None:
    assert problems(**{name: 1}) == []


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("sevice", "did you mean service?"),
        ("confrim", "did you mean confirm?"),
        ("network_vpc_cidr", "did you mean network_vpc_cidr_block?"),
        ("seconds", "the words are image_tag, service, timeout"),
        ("elsewhere", "the words are image_tag, service, timeout"),
    ],
)
def test_what_nothing_reads_is_refused_with_what_was_meant(name: str, hint: str) -> None:
    assert problems(**{name: 1}) == [f"-e {name}: nothing reads it; {hint}"]


def test_what_is_no_operation_has_the_words_of_every_run() -> None:
    assert _words.problems({"service": 1}, (), GENERAL, KNOWN) == [
        "-e service: nothing reads it; the words are confirm, profile"
    ]


def test_a_word_that_stands_alone_is_refused_and_not_shown_as_it_may_be_of_a_secret() -> None:
    (problem,) = problems(service="up", _raw_params="canary")
    assert problem.startswith("-e: what comes after a space stands alone; a value with spaces needs both kinds")
    assert "canary" not in problem


def test_all_problems_are_said() -> None:
    assert len(problems(sevice=1, tmeout=2, _raw_params="b")) == 3
