# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What holds for every operation: a playbook with a header, an argument spec and a runbook, by one name."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.uex.payments.plugins.plugin_utils import documented
from ansible_collections.uex.payments.tests.support import playbooks

ROOT = Path(__file__).resolve().parents[2]
ROLE = "roles/operations"
SECTIONS = ["When", "How", "What you see", "What can go wrong"]


def load(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


POINTS: dict[str, Any] = load(f"{ROLE}/meta/argument_specs.yml")["argument_specs"]
OPERATIONS = sorted(POINTS)


def header(operation: str) -> str:
    """The comment at the head of the operation's playbook."""
    lines = (ROOT / f"playbooks/{operation}.yml").read_text(encoding="utf-8").splitlines()[1:]
    return "\n".join(lines[: next(n for n, line in enumerate(lines) if not line.startswith("#"))])


def test_operations_are_in_order() -> None:
    assert list(POINTS) == OPERATIONS


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_has_a_description_and_looks_at_its_words_first(operation: str) -> None:
    assert POINTS[operation]["short_description"]
    assert POINTS[operation]["description"]
    assert load(f"{ROLE}/tasks/{operation}.yml")[0]["uex.payments.stack_words"] == {"operation": operation}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_variable_says_which_word_of_the_command_line_sets_it(operation: str) -> None:
    said = " ".join(
        " ".join(each["description"]) if isinstance(each["description"], list) else each["description"]
        for each in POINTS[operation]["options"].values()
    )
    assert {word for word in documented.words_of(operation) if f"-e {word}=" not in said} == set()


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_playbook_s_header_names_every_word_and_the_runbook(operation: str) -> None:
    shown = header(operation)
    assert {word for word in documented.words_of(operation) if f"-e {word}=" not in shown} == set()
    assert f"docs/runbooks/{operation}.md" in shown
    assert "--check" in shown


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_playbook_s_arguments_are_checked_first(operation: str) -> None:
    (play,) = load(f"playbooks/{operation}.yml")
    role = play["tasks"][0]["ansible.builtin.import_role"]
    assert role == {"name": "uex.payments.operations", "tasks_from": operation}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_runbook_says_when_how_what_is_seen_and_what_can_go_wrong(operation: str) -> None:
    text = (ROOT / f"docs/runbooks/{operation}.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.*)", text, re.MULTILINE) == SECTIONS
    assert f"playbooks/{operation}.yml" in text
    assert {
        word
        for word in documented.words_of(operation)
        if not re.search(f"-e '?{word}=", text) and f"`{word}`" not in text
    } == set()


def test_every_runbook_is_in_the_document_of_operations() -> None:
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    linked = set(re.findall(r"\(runbooks/(\w+)\.md\)", text))
    assert linked == {path.stem for path in (ROOT / "docs/runbooks").glob("*.md")}


def test_a_value_that_ends_at_a_space_is_refused_before_anything_is_asked() -> None:
    done = playbooks.run(Path("playbooks/notify_test.yml"), "-i", "inventories/dev", "-e", "message=A drill")
    assert done.returncode != 0
    assert "-e: what comes after a space stands alone; a value with spaces needs both kinds of quotes" in done.stdout
