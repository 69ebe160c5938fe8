# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Channels of Slack and Microsoft Teams that AWS tells by way of Amazon Q Developer in chat applications; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from . import _aws
from ._errors import code_of
from ._plan import CREATE, REPLACE, Objection, Plan

Item = dict[str, Any]

#: Where its API is; what it manages belongs to no region.
API_REGIONS = ("us-east-2", "us-west-2", "eu-west-1", "ap-southeast-1")
#: How an account's own subscriptions of it end, which it makes and ends by itself.
ENDPOINT = "https://global.sns-api.chatbot.amazonaws.com"
COMMON = {
    "role_arn": "IamRoleArn",
    "topic_arns": "SnsTopicArns",
    "guardrail_policy_arns": "GuardrailPolicyArns",
    "logging_level": "LoggingLevel",
    "user_authorization_required": "UserAuthorizationRequired",
}
_LISTS = ("topic_arns", "guardrail_policy_arns")
_UUID = r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
#: What a channel may do at most, and what it is told of, unless an inventory says otherwise.
GUARDRAILS = ("CloudWatchReadOnlyAccess",)
SEVERITIES = ("critical", "warning")
#: What AWS takes of each option, and how that is said.
FORMS = {
    "name": (r"[A-Za-z0-9_-]{1,128}", "at most 128 letters, digits, hyphens and underscores"),
    "slack.team_id": (r"[0-9A-Z]{1,255}", "the id of a workspace, such as T0123ABCD"),
    "slack.channel_id": (r"[A-Za-z0-9]{1,255}", "the id of a channel, such as C0123ABCD, not its name"),
    "teams.team_id": (_UUID, "a UUID, the groupId of the channel's link"),
    "teams.tenant_id": (_UUID, "a UUID, the tenantId of the channel's link"),
    "teams.channel_id": (
        r"(?i:[\w=+/.,-]*%3a[\w=+/.,-]*%40[\w=+/.,-]*)",
        "as in the channel's link, such as 19%3Aabc%40thread.tacv2",
    ),
}


class Client(NamedTuple):
    """A chat application: what people call it, what it calls a team, and AWS's words for its ids."""

    name: str
    title: str
    team: str
    ids: Mapping[str, str]


SLACK = Client("slack", "Slack", "workspace", {"team_id": "SlackTeamId", "channel_id": "SlackChannelId"})
TEAMS = Client(
    "teams",
    "Microsoft Teams",
    "team",
    {"team_id": "TeamId", "tenant_id": "TenantId", "channel_id": "ChannelId"},
)

CLIENTS = {client.name: client for client in (SLACK, TEAMS)}


def api_region(region: str) -> str:
    """The region of the API that is called from another: the same, or one of its continent."""
    if region in API_REGIONS:
        return region
    near = {"eu": "eu-west-1", "ap": "ap-southeast-1", "us-west": "us-west-2"}
    return next((place for beginning, place in near.items() if region.startswith(f"{beginning}-")), API_REGIONS[0])


def problems(client: Client, item: Mapping[str, Any]) -> Iterable[str]:
    """What AWS would refuse, as sentences that begin with the option's name."""
    for option in ("name", *client.ids):
        form, said = FORMS.get(option) or FORMS[f"{client.name}.{option}"]
        if not re.fullmatch(form, item[option]):
            yield f"{option}: {said}; not {item[option]!r}"
    if not item["topic_arns"]:
        yield "topic_arns: a channel without topics is told nothing"
    if not item["guardrail_policy_arns"]:
        yield "guardrail_policy_arns: without any, AWS lets a channel do whatever an administrator may"


def channels(declared: Iterable[Mapping[str, Any]], client: Client, context: Mapping[str, Any]) -> list[Item]:
    """An inventory's channels of a chat application as the module takes them.

    C(context) has the environment's C(name), C(role_arn), C(partition) and C(topics) by severity.
    """
    return [_channel(each, client, context) for each in declared if each["application"] == client.name]


def _channel(declared: Mapping[str, Any], client: Client, context: Mapping[str, Any]) -> Item:
    managed = f"arn:{context['partition']}:iam::aws:policy/"
    guardrails = declared.get("guardrail_policies") or GUARDRAILS
    return {
        "name": f"{context['name']}-{declared['name']}",
        **{option: str(declared.get(option, "")) for option in client.ids},
        "topic_arns": [context["topics"][each] for each in declared.get("severities", SEVERITIES)],
        "role_arn": context["role_arn"],
        "guardrail_policy_arns": [each if each.startswith("arn:") else f"{managed}{each}" for each in guardrails],
        "logging_level": declared.get("logging_level", "NONE"),
        "user_authorization_required": declared.get("user_authorization_required", False),
    }


def words(client: Client) -> dict[str, str]:
    """Our words for AWS's members of a configuration."""
    return {**client.ids, **COMMON}


def desired(client: Client, item: Mapping[str, Any]) -> Item:
    """The declared properties in the words of C(observed)."""
    return {option: sorted(item[option]) if option in _LISTS else item[option] for option in words(client)}


def observed(client: Client, entry: Mapping[str, Any]) -> Item:
    """An entry of the list in our words."""
    found = {option: entry.get(member) for option, member in words(client).items()}
    return {
        **found,
        **{option: sorted(found[option] or []) for option in _LISTS},
        "chat_configuration_arn": entry["ChatConfigurationArn"],
        "state": entry.get("State"),
    }


def creation(client: Client, name: str, item: Mapping[str, Any]) -> Item:
    """The arguments that make a configuration."""
    found = _aws.declared({member: item[option] for option, member in words(client).items()})
    return {"ConfigurationName": name, **found}


def change(client: Client, item: Mapping[str, Any]) -> Item:
    """The arguments that change one; what it is of cannot change."""
    fixed = set(client.ids) - {"channel_id"}
    return _aws.declared({member: item[option] for option, member in words(client).items() if option not in fixed})


def objection(
    client: Client,
    plan: Plan,
    authorized: Mapping[str, Mapping[str, Any]],
    channels: Mapping[tuple[str, str], str],
) -> Objection | None:
    """Nobody has let AWS into the workspace, by its id; or the channel, by team and id, is another configuration's."""
    after = plan.after or {}
    if plan.verb not in (CREATE, REPLACE) or not after:
        return None
    team, channel = after["team_id"], after["channel_id"]
    if team not in authorized:
        return _unauthorized(client, team)
    if authorized[team].get("State") == "DISABLED":
        reason = authorized[team].get("StateReason") or "a chat policy of the organization"
        return Objection(
            f"{client.title} {client.team} {team} is disabled: {reason}", "ask who manages the organization"
        )
    other = channels.get((team, channel), plan.name)
    if other == plan.name:
        return None
    taken = f"channel {channel} is told by configuration {other} already, and AWS takes a channel once an account"
    return Objection(taken, "use another channel, one an environment, or delete that configuration")


def _unauthorized(client: Client, team: str) -> Objection:
    return Objection(
        f"{client.title} {client.team} {team} has not let this account in",
        f"somebody who may has to do it once by hand: https://console.aws.amazon.com/chatbot/, Configure new client, "
        f"{client.title}, Allow; then run again",
    )


def is_role_not_seen_yet(error: Exception) -> bool:
    """Whether AWS refuses a role that it will take in a moment."""
    return code_of(error) in ("InvalidRequestException", "InvalidParameterException") and "role" in str(error).lower()
