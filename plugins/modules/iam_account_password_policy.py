#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: iam_account_password_policy
short_description: Manage the rules for passwords of an account's IAM users
description:
  - Sets what passwords of IAM users must be like. An account has one such policy, so the list has one item.
  - The policy is no environment's, and is never pruned.
version_added: "0.1.0"
options:
  password_policies:
    description: The policy of the account that the credentials are of.
    type: list
    elements: dict
    required: true
    suboptions:
      account_id:
        description: The account's number, by which plans call the policy.
        type: str
        required: true
      minimum_password_length:
        description: Characters of a password, from 6 to 128.
        type: int
      require_symbols:
        description: Whether a password must have one of IAM's symbols, a character beside letters and digits.
        type: bool
      require_numbers:
        description: Whether a password must have a digit.
        type: bool
      require_uppercase_characters:
        description: Whether a password must have an upper-case letter.
        type: bool
      require_lowercase_characters:
        description: Whether a password must have a lower-case letter.
        type: bool
      allow_users_to_change_password:
        description: Whether users may change their own password.
        type: bool
      max_password_age:
        description: Days after which a password has to be changed, at most 1095. V(0) means never.
        type: int
      password_reuse_prevention:
        description: How many earlier passwords cannot be used again, at most 24. V(0) means that all can.
        type: int
      hard_expiry:
        description: Whether only an administrator can set a new password in place of one that has expired.
        type: bool
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: Long passwords that do not come back
  uex.payments.iam_account_password_policy:
    password_policies:
      - account_id: "123456789012"
        minimum_password_length: 14
        password_reuse_prevention: 24
    tags: {Project: uex-payments, Environment: shared, Layer: bootstrap, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
password_policies:
  description: The policy by the account's number, with its properties.
  returned: success
  type: dict
"""

from collections.abc import Iterable
from typing import Any, ClassVar

from ansible_collections.uex.payments.plugins.module_utils import _aws, _iam
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

MEMBERS = {
    "minimum_password_length": "MinimumPasswordLength",
    "require_symbols": "RequireSymbols",
    "require_numbers": "RequireNumbers",
    "require_uppercase_characters": "RequireUppercaseCharacters",
    "require_lowercase_characters": "RequireLowercaseCharacters",
    "allow_users_to_change_password": "AllowUsersToChangePassword",
    "max_password_age": "MaxPasswordAge",
    "password_reuse_prevention": "PasswordReusePrevention",
    "hard_expiry": "HardExpiry",
}


def observed(entry: dict[str, Any]) -> Item:
    """A policy as GetAccountPasswordPolicy shows it; it leaves out a number that nobody has set."""
    return {
        option: entry.get(member) or (0 if option in _iam.PASSWORD_LIMITS else False)
        for option, member in MEMBERS.items()
    }


def request(settings: Item) -> dict[str, Any]:
    """The arguments of UpdateAccountPasswordPolicy, which puts back to nothing what it isn't given."""
    return {member: settings[option] for option, member in MEMBERS.items() if settings.get(option)}


# amazon.aws.iam_password_policy (10.1.2 and 11.4.0) writes in check mode.
class AccountPasswordPolicy(Resource):
    kind = "AWS::IAM::AccountPasswordPolicy"
    service = "iam"
    plural = "password_policies"
    key = "account_id"
    taggable = False
    no_log: ClassVar[dict[str, bool]] = dict.fromkeys((plural, *MEMBERS), False)

    def validate(self, item: Item) -> Iterable[str]:
        problems = {option: _iam.password_problem(option, item[option]) for option in _iam.PASSWORD_LIMITS}
        return [f"{option}: {problem}" for option, problem in problems.items() if problem]

    def desired(self, item: Item) -> Item:
        return {option: item[option] for option in MEMBERS}

    def owned(self, name: str, observed: Item) -> bool:
        """It is the account's, and no environment's."""
        return False

    def observe(self) -> dict[str, Item]:
        found = _aws.absent_as(None, self.client.get_account_password_policy, "NoSuchEntity")
        return {item["account_id"]: observed(found["PasswordPolicy"]) for item in self.options[self.plural] if found}

    def create(self, name: str, desired: Item) -> None:
        self.client.update_account_password_policy(**request(desired))

    def update(self, name: str, plan: Plan) -> None:
        """What is not declared stays as it is."""
        declared = _aws.declared(dict(plan.after or {}))
        self.client.update_account_password_policy(**request({**(plan.before or {}), **declared}))


def main() -> None:
    run(AccountPasswordPolicy, DOCUMENTATION)


if __name__ == "__main__":
    main()
