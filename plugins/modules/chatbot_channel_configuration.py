#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: chatbot_channel_configuration
short_description: Manage channels of Slack and Microsoft Teams that are told by SNS topics, as one set
description:
  - Creates, changes and prunes the channel configurations of Amazon Q Developer in chat applications, which was AWS
    Chatbot.
  - Somebody has to let AWS into a workspace or team once, by hand in the console. Until then its channels are refused,
    with what to do.
  - AWS tells a channel for one configuration of an account only.
  - Configurations belong to no region. The API that is called is that of the region itself, or one of its continent.
  - AWS subscribes to the topics by itself, and ends that with the configuration.
version_added: "0.1.0"
options:
  slack_channels:
    description: The channels of Slack. Into a private one, somebody has to C(/invite @Amazon Q).
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the configuration, at most 128 letters, digits, hyphens and underscores.
        type: str
        required: true
      team_id:
        description: Id of the workspace. A change replaces the configuration.
        type: str
        required: true
      channel_id:
        description: Id of the channel.
        type: str
        required: true
      topic_arns:
        description: ARNs of the topics that tell it, of any region.
        type: list
        elements: str
        required: true
      role_arn:
        description: ARN of the role in which AWS acts for the channel.
        type: str
        required: true
      guardrail_policy_arns:
        description: ARNs of the policies that limit what the channel may do, whatever the role may.
        type: list
        elements: str
        required: true
      logging_level:
        description: What is logged of commands, to a log group in us-east-1 that nobody here manages.
        type: str
        choices: [ERROR, INFO, NONE]
        default: NONE
      user_authorization_required:
        description: Whether members act in roles of their own, not in the channel's.
        type: bool
        default: false
      tags:
        description: Further tags.
        type: dict
  teams_channels:
    description: The channels of Microsoft Teams.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Name of the configuration, at most 128 letters, digits, hyphens and underscores.
        type: str
        required: true
      team_id:
        description: Id of the team. A change replaces the configuration.
        type: str
        required: true
      tenant_id:
        description: Id of the tenant. A change replaces the configuration.
        type: str
        required: true
      channel_id:
        description: Id of the channel, encoded as in its link.
        type: str
        required: true
      topic_arns:
        description: ARNs of the topics that tell it, of any region.
        type: list
        elements: str
        required: true
      role_arn:
        description: ARN of the role in which AWS acts for the channel.
        type: str
        required: true
      guardrail_policy_arns:
        description: ARNs of the policies that limit what the channel may do, whatever the role may.
        type: list
        elements: str
        required: true
      logging_level:
        description: What is logged of commands, to a log group in us-east-1 that nobody here manages.
        type: str
        choices: [ERROR, INFO, NONE]
        default: NONE
      user_authorization_required:
        description: Whether members act in roles of their own, not in the channel's.
        type: bool
        default: false
      tags:
        description: Further tags.
        type: dict
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: What is critical is told in a channel
  uex.payments.chatbot_channel_configuration:
    slack_channels:
      - name: uex-payments-dev-oncall
        team_id: T0123ABCD
        channel_id: C0123ABCD
        topic_arns: [arn:aws:sns:us-east-1:123456789012:uex-payments-dev-critical]
        role_arn: arn:aws:iam::123456789012:role/uex-payments-dev-chat
        guardrail_policy_arns: [arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess]
    tags: {Project: uex-payments, Environment: dev, Layer: monitoring, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
slack_channels:
  description: The configurations of Slack by name, with C(chat_configuration_arn) and their properties.
  returned: success
  type: dict
teams_channels:
  description: Those of Microsoft Teams by name, likewise.
  returned: success
  type: dict
"""

from collections.abc import Iterable
from typing import Any, ClassVar

from ansible_collections.uex.payments.plugins.module_utils import _aws, _calls, _chat, _tags
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Objection, Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

GONE = "ResourceNotFoundException"
ROLE_SECONDS = 120.0  #: until a new role is seen


class SlackChannel(Resource):
    kind = "AWS::Chatbot::SlackChannelConfiguration"
    service = "chatbot"
    plural = "slack_channels"
    computed = ("chat_configuration_arn",)
    replaceable = ("team_id", "tenant_id")
    chat: ClassVar[_chat.Client] = _chat.SLACK
    noun: ClassVar[str] = "slack_channel_configuration"
    listed: ClassVar[tuple[str, str]] = ("describe_slack_channel_configurations", "SlackChannelConfigurations")
    authorizing: ClassVar[tuple[str, str]] = ("describe_slack_workspaces", "SlackWorkspaces")

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._authorized: dict[str, Item] = {}
        self._channels: dict[tuple[str, str], str] = {}

    @property
    def client(self) -> Any:
        return self.connect(self.service, _chat.api_region(self.connect("sns").meta.region_name))

    def validate(self, item: Item) -> Iterable[str]:
        return _chat.problems(self.chat, item)

    def desired(self, item: Item) -> Item:
        return _chat.desired(self.chat, item)

    def objection(self, plan: Plan) -> Objection | None:
        return _chat.objection(self.chat, plan, self._authorized, self._channels)

    def observe(self) -> dict[str, Item]:
        """All of the account, as two of them cannot have a channel."""
        if not (self.options[self.plural] or self.options.get("prune")) or not self._is_there():
            return {}
        team, channel = (self.chat.ids[option] for option in ("team_id", "channel_id"))
        entries = _aws.pages(self.client, *self.listed)
        if self.options[self.plural]:
            self._authorized = {each[team]: each for each in _aws.pages(self.client, *self.authorizing)}
        self._channels = {(each[team], each[channel]): each["ConfigurationName"] for each in entries}
        return dict(_aws.concurrently(self._observed, filter(self._concerns, entries)))

    def _is_there(self) -> bool:
        """Whether AWS has it in the partition at all. ValueError where it is asked for in another."""
        partition = self.connect("sns").meta.partition
        if partition != "aws" and self.options[self.plural]:
            raise ValueError(f"{self.plural}: the partition {partition} has no chat applications; leave it empty there")
        return bool(partition == "aws")

    def _concerns(self, entry: Item) -> bool:
        name = entry["ConfigurationName"]
        return _tags.names(self.options["tags"], name) or name in {item["name"] for item in self.options[self.plural]}

    def _observed(self, entry: Item) -> tuple[str, Item]:
        tags = self.client.list_tags_for_resource(ResourceARN=entry["ChatConfigurationArn"])["Tags"]
        own = {"tags": _tags.to_dict(tags, "TagKey", "TagValue")}
        return entry["ConfigurationName"], {**_chat.observed(self.chat, entry), **own}

    def _call(self, verb: str, **arguments: Any) -> Any:
        return getattr(self.client, f"{verb}_{self.noun}")(**arguments)

    def create(self, name: str, desired: Item) -> None:
        request = {**_chat.creation(self.chat, name, desired), "Tags": self._list(desired["tags"])}
        _calls.patiently(lambda: self._call("create", **request), _chat.is_role_not_seen_yet, ROLE_SECONDS)

    def update(self, name: str, plan: Plan) -> None:
        after, arn = dict(plan.after or {}), (plan.before or {})["chat_configuration_arn"]
        if plan.options - {"tags"}:
            self._call("update", ChatConfigurationArn=arn, **_chat.change(self.chat, after))
        if "tags" in plan.options:
            self.client.tag_resource(ResourceARN=arn, Tags=self._list(after["tags"]))

    @staticmethod
    def _list(tags: Item) -> list[dict[str, str]]:
        return _tags.to_list(tags, "TagKey", "TagValue")

    def delete(self, name: str, observed: Item) -> None:
        arn = observed["chat_configuration_arn"]
        _aws.absent_as(None, lambda: self._call("delete", ChatConfigurationArn=arn), GONE)


class TeamsChannel(SlackChannel):
    kind = "AWS::Chatbot::MicrosoftTeamsChannelConfiguration"
    plural = "teams_channels"
    chat = _chat.TEAMS
    noun = "microsoft_teams_channel_configuration"
    listed = ("list_microsoft_teams_channel_configurations", "TeamChannelConfigurations")
    authorizing = ("list_microsoft_teams_configured_teams", "ConfiguredTeams")


def main() -> None:
    run(SlackChannel, DOCUMENTATION, TeamsChannel)


if __name__ == "__main__":
    main()
