# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _options
from ansible_collections.uex.payments.plugins.module_utils._plan import UNKNOWN

DOCUMENTATION = """
options:
  things:
    description: The things.
    type: list
    elements: dict
    required: true
    suboptions:
      name: {description: Its name., type: str, required: true}
      auth_token: {description: A secret., type: str}
      size: {description: In GB., type: int, default: 5, choices: [5, 10]}
      limits:
        description: Limits.
        type: dict
        suboptions:
          key: {description: Which., type: str, aliases: [id]}
  token_name: {description: No secret., type: str}
"""


def test_the_spec_is_what_the_documentation_says() -> None:
    assert _options.argument_spec(DOCUMENTATION, {"auth_token": True, "token_name": False, "key": False}) == {
        "things": {
            "type": "list",
            "elements": "dict",
            "required": True,
            "options": {
                "name": {"type": "str", "required": True},
                "auth_token": {"type": "str", "no_log": True},
                "size": {"type": "int", "default": 5, "choices": [5, 10]},
                "limits": {
                    "type": "dict",
                    "options": {"key": {"type": "str", "aliases": ["id"], "no_log": False}},
                },
            },
        },
        "token_name": {"type": "str", "no_log": False},
    }


SITE = "ansible-playbook site.yml -i <inventory> --tags"
VPC = _options.missing("VPC x", "network")
KEY = _options.missing("key y", "foundation")


@pytest.mark.parametrize(
    ("value", "sentences"),
    [
        ({"a": "b", "c": [1, None, {"d": "e"}], "f": True}, []),
        (VPC, [f"p: VPC x does not exist yet; make it with: {SITE} network"]),
        ([{"a": {"b": VPC}}, VPC], [f"p: VPC x does not exist yet; make it with: {SITE} network"]),
        (
            {"a": f"arn:{VPC}/x", "b": KEY},
            [
                f"p: VPC x does not exist yet; make it with: {SITE} network",
                f"p: key y does not exist yet; make it with: {SITE} foundation",
            ],
        ),
        ([UNKNOWN], [f"p: a value is only {UNKNOWN}: run the whole site first"]),
        (f"arn:{UNKNOWN}/x", [f"p: a value is only {UNKNOWN}: run the whole site first"]),
    ],
)
def test_placeholders_name_the_command_that_makes_what_they_stand_for(value: Any, sentences: list[str]) -> None:
    assert list(_options.unknowns("p", value)) == sentences
