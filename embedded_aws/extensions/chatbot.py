# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Amazon Q Developer in chat applications (AWS Chatbot), which moto does not know: channels of Slack and of Teams.

What a person does in the console, letting AWS into a workspace, is done already for `WORKSPACE` and `TEAM`.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

from moto import backend_index
from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.exceptions import ServiceException
from moto.core.resource_tagging import TaggableResourcesMixin, TaggedResource
from moto.core.responses import ActionResult, BaseResponse
from moto.sns.models import sns_backends

from . import _policy
from ._operations import page

Entry = dict[str, Any]

WORKSPACE = {"SlackTeamId": "T0EMBEDDED", "SlackTeamName": "embedded", "State": "ENABLED"}
TEAM = {
    "TenantId": "00000000-0000-4000-8000-000000000001",
    "TeamId": "00000000-0000-4000-8000-000000000002",
    "TeamName": "embedded",
    "State": "ENABLED",
}
#: What a chat application's configurations are called in ARNs, and its team's and channel's ids.
SLACK = ("slack-channel", "SlackTeamId", "SlackChannelId")
TEAMS = ("microsoft-teams-channel", "TeamId", "ChannelId")
ENDPOINT = "https://global.sns-api.chatbot.amazonaws.com"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
SERVICE = "chatbot.amazonaws.com"

url_bases = [r"https?://chatbot\.(.+)\.amazonaws\.com"]


class Refusal(ServiceException):
    """One of the service's errors, by its code; moto looks its own up by their module."""


class ChatbotBackend(BaseBackend, TaggableResourcesMixin):
    """The configurations of an account by ARN; they belong to no region."""

    SERVICE_NAMESPACE = "chatbot"

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.configurations: dict[str, Entry] = {}

    @property
    def _url_module(self) -> Any:
        return sys.modules[__name__]

    def iter_tagged_resources(self) -> Iterator[TaggedResource]:
        for arn, entry in self.configurations.items():
            tags = {each["TagKey"]: each["TagValue"] for each in entry["Tags"]}
            yield TaggedResource(arn=arn, tags=tags, resource_type="chatbot:chat-configuration")

    def of(self, client: tuple[str, str, str]) -> list[Entry]:
        return [entry for arn, entry in self.configurations.items() if f"/{client[0]}/" in arn]

    def find(self, arn: str) -> Entry:
        if arn not in self.configurations:
            raise Refusal("ResourceNotFoundException", f"Configuration {arn} was not found.")
        return self.configurations[arn]

    def subscribe(self) -> None:
        """Subscribe to the topics of all configurations, and to no others any more."""
        wanted = {arn for entry in self.configurations.values() for arn in entry["SnsTopicArns"]}
        for region in {arn.split(":")[3] for arn in wanted} | set(sns_backends[self.account_id]):
            sns = sns_backends[self.account_id][region]
            mine = {each.topic_arn: each for each in sns.subscriptions.values() if each.endpoint == ENDPOINT}
            for arn in (each for each in wanted - mine.keys() if each in sns.topics):
                sns.subscribe(arn, ENDPOINT, "https").attributes["PendingConfirmation"] = False
            for arn in mine.keys() - wanted:
                sns.unsubscribe(mine[arn].arn)


def _invalid(message: str) -> Refusal:
    return Refusal("InvalidRequestException", f"Invalid request provided: {message}")


def _check(backend: ChatbotBackend, client: tuple[str, str, str], given: Entry, arn: str) -> None:
    """What AWS refuses: a name or a channel that is taken, a team that let nobody in, a role that is not for it."""
    _kind, team, channel = client
    if given[team] not in (WORKSPACE["SlackTeamId"], TEAM["TeamId"]):
        raise _invalid(f"AWS Chatbot was not authorized for {given[team]}.")
    if not _policy.serves(given["IamRoleArn"], SERVICE):
        raise _invalid(f"The IAM role {given['IamRoleArn']} cannot be assumed by AWS Chatbot.")
    for entry in backend.of(client):
        place = (entry[team], entry[channel])
        if entry["ChatConfigurationArn"] != arn and place == (given[team], given[channel]):
            raise Refusal(
                "ConflictException",
                f"channel with ID {place[1]} in team {place[0]} has already been configured for AWS account",
            )


class ChatbotResponse(BaseResponse):
    """Dispatches the service's operations, which botocore's model knows by their paths."""

    def __init__(self) -> None:
        super().__init__(service_name="chatbot")

    @property
    def backend(self) -> ChatbotBackend:
        found: ChatbotBackend = chatbot_backends[self.current_account]["aws"]
        return found

    @property
    def given(self) -> Entry:
        found: Entry = json.loads(self.body or "{}")
        return found

    def _create(self, client: tuple[str, str, str], defaults: Entry) -> Entry:
        given, arn = self.given, self._arn(client[0], self.given["ConfigurationName"])
        if arn in self.backend.configurations:
            raise Refusal("ConflictException", f"Configuration {arn} exists already.")
        _check(self.backend, client, given, arn)
        usual = {"LoggingLevel": "NONE", "GuardrailPolicyArns": [ADMINISTRATOR], "UserAuthorizationRequired": False}
        made = {**defaults, **usual, "SnsTopicArns": [], "Tags": [], **given, "State": "ENABLED"}
        self.backend.configurations[arn] = {**made, "ChatConfigurationArn": arn}
        self.backend.subscribe()
        return self.backend.configurations[arn]

    def _arn(self, kind: str, name: str) -> str:
        return f"arn:aws:chatbot::{self.current_account}:chat-configuration/{kind}/{name}"

    def _update(self, client: tuple[str, str, str]) -> Entry:
        entry = self.backend.find(self.given["ChatConfigurationArn"])
        _check(self.backend, client, {**entry, **self.given}, entry["ChatConfigurationArn"])
        entry.update(self.given)
        self.backend.subscribe()
        return entry

    def _delete(self) -> ActionResult:
        self.backend.find(self.given["ChatConfigurationArn"])
        del self.backend.configurations[self.given["ChatConfigurationArn"]]
        self.backend.subscribe()
        return ActionResult({})

    def _page(self, key: str, entries: list[Entry]) -> ActionResult:
        found, token = page(entries, self.given.get("MaxResults"), self.given.get("NextToken"))
        return ActionResult({key: found, "NextToken": token})

    def create_slack_channel_configuration(self) -> ActionResult:
        names = {"SlackTeamName": WORKSPACE["SlackTeamName"], "SlackChannelName": "embedded"}
        return ActionResult({"ChannelConfiguration": self._create(SLACK, names)})

    def update_slack_channel_configuration(self) -> ActionResult:
        return ActionResult({"ChannelConfiguration": self._update(SLACK)})

    def delete_slack_channel_configuration(self) -> ActionResult:
        return self._delete()

    def describe_slack_channel_configurations(self) -> ActionResult:
        return self._page("SlackChannelConfigurations", self.backend.of(SLACK))

    def describe_slack_workspaces(self) -> ActionResult:
        return self._page("SlackWorkspaces", [WORKSPACE])

    def create_microsoft_teams_channel_configuration(self) -> ActionResult:
        return ActionResult({"ChannelConfiguration": self._create(TEAMS, {})})

    def update_microsoft_teams_channel_configuration(self) -> ActionResult:
        return ActionResult({"ChannelConfiguration": self._update(TEAMS)})

    def delete_microsoft_teams_channel_configuration(self) -> ActionResult:
        return self._delete()

    def list_microsoft_teams_channel_configurations(self) -> ActionResult:
        return self._page("TeamChannelConfigurations", self.backend.of(TEAMS))

    def list_microsoft_teams_configured_teams(self) -> ActionResult:
        return self._page("ConfiguredTeams", [TEAM])

    def list_tags_for_resource(self) -> ActionResult:
        return ActionResult({"Tags": self.backend.find(self.given["ResourceARN"])["Tags"]})

    def tag_resource(self) -> ActionResult:
        entry, new = self.backend.find(self.given["ResourceARN"]), self.given["Tags"]
        keys = {each["TagKey"] for each in new}
        entry["Tags"] = [*(each for each in entry["Tags"] if each["TagKey"] not in keys), *new]
        return ActionResult({})

    def untag_resource(self) -> ActionResult:
        entry = self.backend.find(self.given["ResourceARN"])
        entry["Tags"] = [each for each in entry["Tags"] if each["TagKey"] not in self.given["TagKeys"]]
        return ActionResult({})


chatbot_backends = BackendDict(ChatbotBackend, "chatbot", use_boto3_regions=False, additional_regions=["aws"])
url_paths: dict[str, Callable[..., Any]] = {"{0}/.*$": ChatbotResponse.dispatch}


def install() -> None:
    """Make moto know the service, under the name by which it looks for its modules."""
    sys.modules["moto.chatbot"] = sys.modules[__name__]
    known = [name for name, _pattern in backend_index.backend_url_patterns]
    if "chatbot" not in known:
        backend_index.backend_url_patterns.append(("chatbot", re.compile(url_bases[0])))
