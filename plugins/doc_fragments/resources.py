# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What every module that reconciles a set of resources has in common."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  tags:
    description:
      - Tags of every resource of the set, beside those of the item itself.
      - The tags C(Project), C(Environment) and C(ManagedBy) say whose a resource is; C(Layer) limits O(prune).
      - Other tags that somebody put on a resource stay.
    type: dict
    default: {}
  prune:
    description:
      - Delete what carries all four of those tags and is declared no more.
      - Kinds that AWS cannot tag are owned through the beginning of their name or their tagged parent.
    type: bool
    default: false
  only_prune:
    description:
      - Do nothing but what O(prune) asks for. Nothing is created or changed, and what is declared is only spared; its
        names suffice.
      - The result holds the resources that are there; the ids of others are V((known after apply)).
    type: bool
    default: false
  adopt:
    description:
      - Take over existing resources that bear a declared name without the ownership tags. They are refused otherwise.
    type: bool
    default: false
  report_refusals:
    description:
      - In check mode, what would be refused is no error but one of the C(actions). Its C(verb) is V(adopt) for what
        bears a declared name and is not ours, and V(refuse) where AWS can't change a property. C(effects) says why.
      - Out of check mode it is refused all the same.
    type: bool
    default: false
requirements:
  - python >= 3.11
  - boto3
  - botocore
  - PyYAML
attributes:
  check_mode:
    description: Predicts every change, on an empty account too, and makes no call that writes.
    support: full
  diff_mode:
    description: Returns the fields that change, before and after, by resource; secrets never.
    support: full
author:
  - UEX Payments (@uex)
"""
