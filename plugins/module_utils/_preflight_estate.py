# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Checks of what an operator brings and of what is there already: certificate, credentials, people, images, keys."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterable, Mapping
from typing import Any

from . import _aws, _images, _release, _route53, _sns
from ._preflight import FAILED, OK, WARNING, Check, Connect, Options, Row, must_in_production

CERTIFICATE, ZONE = "Certificate", "DNS zone"
WARN_BEFORE = datetime.timedelta(days=30)


def certificate(connect: Connect, options: Options) -> Mapping[str, Any] | None:
    """The certificate that the inventory names, if it names one and it is there."""
    arn = options["certificate"]["arn"]
    if not arn:
        return None
    describe = connect("acm").describe_certificate
    found: Mapping[str, Any] | None = _aws.absent_as(None, lambda: describe(CertificateArn=arn)["Certificate"])
    return found


def judge_certificate(found: Mapping[str, Any] | None, options: Options) -> Iterable[Row]:
    wanted = options["certificate"]
    if wanted["arn"]:
        return [given_certificate(found, wanted, datetime.datetime.now(datetime.UTC))]
    if wanted["self_signed"]:
        advice = "" if options["emulated"] else "no client trusts it: give edge_domain_name or edge_certificate_arn"
        return [Row(CERTIFICATE, WARNING, "self-signed, only for the emulator", advice)]
    if not wanted["domains"]:
        return [Row(CERTIFICATE, FAILED, "none", "give edge_domain_name, or the ARN of one as edge_certificate_arn")]
    requested = f"will be requested for {wanted['domains'][0]}"
    if wanted["zone_name"]:
        return [Row(CERTIFICATE, OK, f"{requested}, validated in {wanted['zone_name']}")]
    advice = "put the validation records that the first apply names into the domain's DNS, or give edge_zone_name"
    return [Row(CERTIFICATE, WARNING, f"{requested}; no zone to validate it in", advice)]


def given_certificate(found: Mapping[str, Any] | None, wanted: Mapping[str, Any], now: datetime.datetime) -> Row:
    """Whether the load balancer can use it, for all names, and how long."""
    if found is None:
        advice = "give the ARN of one in this account and region"
        return Row(CERTIFICATE, FAILED, f"{wanted['arn']} is not there", advice)
    if found["Status"] != "ISSUED":
        return Row(CERTIFICATE, FAILED, f"is {found['Status']}, not ISSUED", "validate it, or give another one")
    names = {found["DomainName"], *(found.get("SubjectAlternativeNames") or ())}
    bare = [domain for domain in wanted["domains"] if not covers(names, domain)]
    if bare:
        return Row(CERTIFICATE, FAILED, f"does not cover {', '.join(bare)}", "give one that does")
    return _lasting(found.get("NotAfter"), found.get("Type") == "IMPORTED", now)


def covers(names: Iterable[str], domain: str) -> bool:
    """Whether a certificate with these names is one for the domain; a star stands for one label."""
    return bool({domain, f"*.{domain.partition('.')[2]}"} & set(names))


def _lasting(end: datetime.datetime | None, imported: bool, now: datetime.datetime) -> Row:
    """AWS renews what it has issued, never what was imported."""
    if end is None:
        return Row(CERTIFICATE, OK, "issued")
    days, found = (end - now).days, f"issued, {(end - now).days} days until it expires"
    if days < 0:
        return Row(CERTIFICATE, FAILED, "has expired", "import a new one, or give another one")
    if end - now < WARN_BEFORE:
        advice = "import a new one under the same ARN" if imported else "see why AWS has not renewed it"
        return Row(CERTIFICATE, WARNING, found, advice)
    return Row(CERTIFICATE, OK, found)


def zone(connect: Connect, options: Options) -> tuple[str | None, str]:
    """The id of the public zone, and why there is no telling which."""
    name = options["certificate"]["zone_name"]
    try:
        return (_route53.zone_id(connect("route53"), name) if name else None), ""
    except RuntimeError as error:
        return None, str(error)


def judge_zone(found: tuple[str | None, str], options: Options) -> Iterable[Row]:
    name, managed = options["certificate"]["zone_name"], options["certificate"]["zone_managed"]
    zone_id, problem = found
    if not name:
        return []
    if problem:
        return [Row(ZONE, FAILED, problem, "keep the one that the parent domain names")]
    if zone_id:
        return [Row(ZONE, OK, f"{name} is {zone_id}")]
    if managed:
        advice = "name its servers in the parent domain after the first apply; before, no certificate is issued"
        return [Row(ZONE, WARNING, f"{name} will be made", advice)]
    return [Row(ZONE, FAILED, f"there is no public zone {name}", "make it, or set edge_zone_managed: true")]


def stored_credentials(connect: Connect, options: Options) -> bool:
    """Whether the secret with the UEX API's credentials is there; what is in it isn't looked at."""
    if not (options["missing_credentials"] and options["credentials_stored_as"]):
        return False
    describe = functools.partial(connect("secretsmanager").describe_secret, SecretId=options["credentials_stored_as"])
    found: Mapping[str, Any] = _aws.absent_as({}, describe, "ResourceNotFoundException")
    return bool(found) and "DeletedDate" not in found


def judge_credentials(stored: bool, options: Options) -> Iterable[Row]:
    name, missing = "UEX credentials", options["missing_credentials"]
    if not options["credentials_stored_as"]:
        return []
    if not missing:
        return [Row(name, OK, "key, secret and referral code are given")]
    if stored:
        return [Row(name, OK, f"stored as {options['credentials_stored_as']}")]
    advice = f"give {', '.join(missing)} in group_vars/all/local.yml or with ansible-vault"
    return [Row(name, must_in_production(options), f"{len(missing)} of 3 are empty or placeholders", advice)]


def nothing(connect: Connect, options: Options) -> None:
    """Of a check that the inventory alone decides."""


def judge_alerts(_found: None, options: Options) -> Iterable[Row]:
    for severity, number in options["subscriptions"].items():
        state = must_in_production(options) if severity == "critical" else WARNING
        advice = f"give monitoring_subscriptions_{severity} in group_vars/all/local.yml"
        told = f"{number} {'is' if number == 1 else 'are'} told"
        name = f"Alerts: {severity}"
        yield Row(name, OK, told) if number else Row(name, state, "nobody is told", advice)


def pending(connect: Connect, options: Options) -> list[str]:
    """Who has not confirmed yet, of the environment's topics."""
    entries = _aws.pages(connect("sns"), "list_subscriptions", "Subscriptions")
    topics = {each["TopicArn"]: each["TopicArn"].rpartition(":")[2] for each in entries}
    return [
        f"{each['Endpoint']} ({topics[each['TopicArn']].rpartition('-')[2]})"
        for each in entries
        if topics[each["TopicArn"]].startswith(f"{options['name']}-") and each["SubscriptionArn"] in _sns.PENDING
    ]


def judge_pending(found: list[str], options: Options) -> Iterable[Row]:
    name, advice = "Alerts: confirmation", "open the link in the mail that AWS sent, else nothing is delivered"
    if found:
        return [Row(name, WARNING, f"not confirmed: {', '.join(found)}", advice)]
    return [Row(name, OK, "none is pending")]


def images(connect: Connect, options: Options) -> list[str]:
    """The images that are not in ECR."""
    account = connect("sts").get_caller_identity()["Account"]
    released = _release.releases(connect, _release.store_of(connect, options, account))
    services = options["estate"]["services"]
    tags = [_release.tag_of(each, released.get(each["name"])) for each in services]
    wanted = [_images.Image(each["repository_name"], tag) for each, tag in zip(services, tags, strict=True)]
    digests = _images.digests(connect, wanted)
    return [":".join(image) for image in wanted if not digests[image]]


def judge_images(missing: list[str], options: Options) -> Iterable[Row]:
    number = len(options["estate"]["services"])
    if not missing:
        return [Row("Images", OK, f"all {number} services have theirs")]
    advice = "push them; a service starts with the next run after its image is there"
    return [Row("Images", WARNING, f"{len(missing)} of {number} services wait: {', '.join(missing)}", advice)]


def keys(connect: Connect, options: Options) -> dict[str, str]:
    """The states of the keys behind the environment's aliases."""
    client = connect("kms")
    aliases = [each for each in _aws.pages(client, "list_aliases", "Aliases") if "TargetKeyId" in each]
    ours = {each["AliasName"]: each["TargetKeyId"] for each in aliases}
    return {
        name: client.describe_key(KeyId=key)["KeyMetadata"]["KeyState"]
        for name, key in ours.items()
        if name.startswith(f"alias/{options['name']}-")
    }


def judge_keys(states: Mapping[str, str], options: Options) -> Iterable[Row]:
    broken = [f"{alias} is {state}" for alias, state in states.items() if state != "Enabled"]
    advice = "the next apply cancels a deletion; an alias of somebody else's key: delete the alias"
    found = ", ".join(broken) or (f"{len(states)} are enabled" if states else "none yet")
    return [Row("Keys", WARNING if broken else OK, found, advice if broken else "")]


def deleted_secrets(connect: Connect, options: Options) -> list[str]:
    """The environment's secrets that are scheduled for deletion."""
    own = [{"Key": "name", "Values": [f"{options['name']}/"]}]
    arguments = {"Filters": own, "IncludePlannedDeletion": True}
    entries = _aws.pages(connect("secretsmanager"), "list_secrets", "SecretList", **arguments)
    return [each["Name"] for each in entries if each.get("DeletedDate")]


def judge_deleted_secrets(found: list[str], options: Options) -> Iterable[Row]:
    if not found:
        return [Row("Deleted secrets", OK, "none")]
    advice = "the next apply restores those that the inventory declares, with the value they have"
    return [Row("Deleted secrets", WARNING, f"scheduled for deletion: {', '.join(found)}", advice)]


CHECKS = (
    Check(CERTIFICATE, "acm", certificate, judge_certificate),
    Check(ZONE, "route53", zone, judge_zone),
    Check("UEX credentials", "secretsmanager", stored_credentials, judge_credentials),
    Check("Alerts", "sns", nothing, judge_alerts),
    Check("Alerts: confirmation", "sns", pending, judge_pending),
    Check("Images", "ecr", images, judge_images),
    Check("Keys", "kms", keys, judge_keys),
    Check("Deleted secrets", "secretsmanager", deleted_secrets, judge_deleted_secrets),
)
