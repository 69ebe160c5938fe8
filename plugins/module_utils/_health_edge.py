# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Health of what requests meet first: load balancer, target groups, paths, certificates."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from . import _aws, _certificates, _elbv2, _elbv2_rules, _probe, _status
from ._discovery import Scope
from ._health import SKIPPED, Check, Row, judged, now
from ._preflight import FAILED, OK, WARNING, Connect, Options
from ._probe import Answer, Target

HTTP, HTTPS = 80, 443
#: In these a target takes no requests, and is not expected to: it leaves, or its group has none.
GONE = ("draining", "unused")
#: Targets that a row names, of those that are not healthy.
SHOWN = 3
#: What the load balancer itself says of an answer that no target gave.
OWN_SERVER = "awselb"
DAY = 86400

Entry = Mapping[str, Any]


def balancer_name(options: Options) -> str:
    return f"{options['name']}-alb"


def balancer(connect: Connect, options: Options) -> Entry | None:
    """AWS's entry of the environment's load balancer; None where there is none."""
    client = connect("elbv2")

    def describe() -> list[Entry]:
        return list(client.describe_load_balancers(Names=[balancer_name(options)])["LoadBalancers"])

    found: list[Entry] = _aws.absent_as([], describe, "LoadBalancerNotFound")
    return found[0] if found else None


def apply_command(options: Options, layer: str) -> str:
    """The command that makes a layer."""
    return f"ansible-playbook site.yml {options['inventories']} --tags {layer}"


# Load balancer


def look_balancer(connect: Connect, options: Options) -> tuple[Entry | None, Mapping[int, str]]:
    found = balancer(connect, options)
    return found, _elbv2.listeners_by_port(connect("elbv2"), found["LoadBalancerArn"]) if found else {}


def judge_balancer(found: tuple[Entry | None, Mapping[int, str]], options: Options) -> Iterable[Row]:
    entry, listeners = found
    name = balancer_name(options)
    if not entry:
        yield Row("Load balancer", FAILED, f"{name} is not there", apply_command(options, "edge"))
        return
    code, reason = entry["State"]["Code"], entry["State"].get("Reason") or ""
    state = {"active": OK, "provisioning": WARNING, "active_impaired": WARNING}.get(code, FAILED)
    advice = "" if state == OK else f"aws elbv2 describe-load-balancers --names {name}"
    yield Row("Load balancer", state, f"{name}: {code}{reason and ': '}{reason}", advice)
    missing = [str(port) for port in (HTTP, HTTPS) if port not in listeners]
    ports = ", ".join(map(str, sorted(listeners))) or "none"
    if missing:
        yield Row("Listeners", FAILED, f"{ports}; {', '.join(missing)} is missing", apply_command(options, "edge"))
    else:
        yield Row("Listeners", OK, ports)


# Target groups


class Targets(NamedTuple):
    """What was seen of the targets: groups by name with their ARN, those that production's rules forward to, and the
    health of each that is, by ARN; services by full name, as ECS has them."""

    groups: Mapping[str, str]
    production: frozenset[str]
    health: Mapping[str, Sequence[Entry]]
    services: Mapping[str, Entry]


def look_targets(connect: Connect, options: Options) -> Targets:
    client, entry = connect("elbv2"), balancer(connect, options)
    names = [service["full_name"] for service in options["services"]]
    services = _status.live_services(connect, Scope(options["name"], {}), names)
    if not entry:
        return Targets({}, frozenset(), {}, services)
    arn = entry["LoadBalancerArn"]
    groups = _aws.pages(client, "describe_target_groups", "TargetGroups", LoadBalancerArn=arn)
    listeners = _elbv2.listeners_by_port(client, arn)
    rules = _elbv2.rules(client, listeners[HTTPS]) if HTTPS in listeners else []
    production = weighted(rules)
    health = _aws.concurrently(lambda each: _health_of(client, each), sorted(production))
    by_name = {each["TargetGroupName"]: each["TargetGroupArn"] for each in groups}
    return Targets(by_name, production, dict(zip(sorted(production), health, strict=True)), services)


def _health_of(client: Any, group: str) -> list[Entry]:
    return list(client.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"])


def weighted(rules: Iterable[Entry]) -> frozenset[str]:
    """The target groups that rules send requests to; pure."""
    shares = [_elbv2_rules.observed(rule)["weights"] for rule in rules]
    return frozenset(group for each in shares for group, weight in each.items() if weight > 0)


def judge_targets(found: Targets, options: Options) -> Iterable[Row]:
    """A row for each service, of the groups that production's requests go to."""
    for service in options["services"]:
        yield _targets_row(service, found, options)


def _targets_row(service: Entry, found: Targets, options: Options) -> Row:
    title = f"Targets of {service['name']}"
    names = [name for name in (service["target_group"], service["alternate_target_group"]) if name in found.groups]
    groups = {name: found.groups[name] for name in names if found.groups[name] in found.production}
    if not groups:
        command = apply_command(options, "edge")
        return Row(title, FAILED, "no rule of port 443 sends requests to a target group of it", command)
    targets = [each for arn in groups.values() for each in found.health[arn]]
    live = found.services.get(service["full_name"])
    if not targets and live and not live["desiredCount"]:
        return Row(title, SKIPPED, "none, as the service has no tasks", value=0, unit="healthy")
    return _counted(title, targets, groups)


def _counted(title: str, targets: Sequence[Entry], groups: Mapping[str, str]) -> Row:
    counts = Counter(each["TargetHealth"]["State"] for each in targets)
    expected = sum(number for state, number in counts.items() if state not in GONE)
    words = [f"{counts['healthy']} of {expected} healthy in {', '.join(groups)}"]
    sick = [each for each in targets if each["TargetHealth"]["State"] not in ("healthy", "initial", *GONE)]
    words += [_sick(each) for each in sick[:SHOWN]]
    words += [f"{counts['initial']} begin"] if counts["initial"] else []
    if sick or not counts["healthy"]:
        advice = f"aws elbv2 describe-target-health --target-group-arn {next(iter(groups.values()))}"
        return Row(title, FAILED, "; ".join(words), advice, counts["healthy"], "healthy")
    return Row(title, WARNING if counts["initial"] else OK, "; ".join(words), "", counts["healthy"], "healthy")


def _sick(each: Entry) -> str:
    health = each["TargetHealth"]
    reason = ": ".join(str(health[key]) for key in ("Reason", "Description") if health.get(key))
    return f"{each['Target']['Id']}:{each['Target'].get('Port', '')} {health['State']}{reason and ', '}{reason}"


# Paths


class Asked(NamedTuple):
    """The answers to one service's requests, by path; none where nothing can answer."""

    service: str
    log_group: str
    answers: Mapping[str, Answer]


class Seen(NamedTuple):
    """What all requests showed: those to the services, and the one over HTTP."""

    asked: Sequence[Asked]
    plain: Answer | None
    missing: str = ""


#: Why nothing is asked of a load balancer that only exists in the emulator.
NOBODY = "nothing answers behind the embedded load balancer"
START = "make health asks a real nginx that routes as it does; -e address=127.0.0.1:<port> names a server"


def look_paths(connect: Connect, options: Options) -> Seen:
    entry = balancer(connect, options)
    host = options["domain"] or (entry or {}).get("DNSName")
    if not host or (options["emulated"] and not options["address"]):
        return Seen((), None, NOBODY if options["emulated"] and host else "there is no load balancer")
    wanted = [(each, paths_of(each, options["paths"])) for each in options["services"]]
    _probe.context(verification(options))
    flat = [target(host, path, options) for _service, paths in wanted for path in paths]
    plain = target(host, flat[0].path if flat else "/", options, secure=False)
    flat += [plain] if options["http_address"] or not options["address"] else []
    answers = _aws.concurrently(lambda each: _probe.ask(each, options["timeout"]), flat)
    rest = iter(answers)
    asked = [Asked(each["name"], each["log_group"], {path: next(rest) for path in paths}) for each, paths in wanted]
    return Seen(asked, next(rest, None))


def paths_of(service: Entry, given: Mapping[str, str]) -> list[str]:
    """What is asked of a service: the path that is given for it, else its own without and with a slash; pure."""
    own = given.get(service["name"])
    return [own] if own else [service["path"], f"{service['path']}/"]


def target(host: str, path: str, options: Options, secure: bool = True) -> Target:
    """A request to the load balancer, or to where it really is; pure."""
    place = options["address"] if secure else options["http_address"]
    return Target(host, HTTPS if secure else HTTP, path, address(place), secure, verification(options))


def verification(options: Options) -> str:
    """How far a certificate is verified: not if it is self-signed, not its name where there is no domain; pure."""
    return "none" if options["self_signed"] else "full" if options["domain"] else "chain"


def address(text: str) -> tuple[str, int] | None:
    """C(host:port) as a socket takes it; None for an empty text; pure."""
    host, _colon, port = text.rpartition(":")
    return (host.strip("[]"), int(port)) if text else None


def judge_paths(found: Seen, options: Options) -> Iterable[Row]:
    """A row for each service, whose state is that of its worst answer."""
    if found.missing:
        skipped = options["emulated"]
        yield Row("Paths", SKIPPED if skipped else FAILED, found.missing, START if skipped else "")
        return
    for each in found.asked:
        yield _path_row(each, options)
    if found.plain:
        yield _plain_row(found.plain)
    yield from _served_rows(found, options)


def _path_row(asked: Asked, options: Options) -> Row:
    states = {path: path_state(answer, options) for path, answer in asked.answers.items()}
    worst = next(state for state in (FAILED, WARNING, OK) if state in states.values())
    words = [f"{path} {_answered(answer, options)}" for path, answer in asked.answers.items()]
    advice = _path_advice(asked, options) if worst != OK else ""
    slowest = max(answer.ms for answer in asked.answers.values())
    return Row(f"Path of {asked.service}", worst, ", ".join(words), advice, slowest, "ms")


def path_state(answer: Answer, options: Options) -> str:
    """What an answer is worth: a status that is not accepted fails, a slow one or one under maintenance warns; pure."""
    if is_maintenance(answer, options):
        return WARNING
    if not is_accepted(answer.status, options["statuses"]):
        return FAILED
    return WARNING if answer.ms > options["slow_ms"] else OK


def is_accepted(status: int, statuses: Iterable[str]) -> bool:
    """Whether a status is one of C(200) or within one of C(200-399); pure."""
    bounds = [each.partition("-") for each in statuses]
    return any(int(low) <= status <= int(high or low) for low, _dash, high in bounds)


def is_maintenance(answer: Answer, options: Options) -> bool:
    """Whether the load balancer says that it is closed; pure."""
    message = str(options["maintenance_message"]).strip()
    return answer.status == 503 and bool(message) and answer.body.strip() == message


def _answered(answer: Answer, options: Options) -> str:
    slow = " (slow)" if answer.ms > options["slow_ms"] else ""
    closed = " (maintenance)" if is_maintenance(answer, options) else ""
    return f"{answer.status or answer.problem}{closed} in {answer.ms} ms{slow}"


def _path_advice(asked: Asked, options: Options) -> str:
    if any(is_maintenance(answer, options) for answer in asked.answers.values()):
        return f"maintenance is on; off: {apply_command(options, 'maintenance')}"
    if any(OWN_SERVER in answer.server for answer in asked.answers.values()):
        return "the load balancer answered itself: see the targets of the service"
    return f"aws logs tail {asked.log_group} --since 10m"


def _plain_row(answer: Answer) -> Row:
    title = "HTTP redirects"
    if answer.status in (301, 302, 307, 308) and answer.location.startswith("https://"):
        return Row(title, OK, f"{answer.status} to {answer.location} in {answer.ms} ms", "", answer.ms, "ms")
    said = f"{answer.status or answer.problem} in {answer.ms} ms, and not to HTTPS"
    return Row(title, FAILED, said, "see the listener of port 80: --tags edge makes it", answer.ms, "ms")


def _served_rows(found: Seen, options: Options) -> Iterable[Row]:
    """The certificate that TLS showed, if it showed one."""
    ends = {answer.not_after for each in found.asked for answer in each.answers.values() if answer.not_after}
    if ends:
        yield certificate_row("Certificate that is served", min(ends), options, "")


# Certificates


def look_certificates(connect: Connect, options: Options) -> list[Entry]:
    """The certificates of the HTTPS listener, as ACM has them."""
    client, entry = connect("elbv2"), balancer(connect, options)
    listener = _elbv2.listeners_by_port(client, entry["LoadBalancerArn"]).get(HTTPS) if entry else None
    if not listener:
        return []
    listed = _aws.pages(client, "describe_listener_certificates", "Certificates", ListenerArn=listener)
    arns = sorted({each["CertificateArn"] for each in listed})
    acm = connect("acm")
    return _aws.concurrently(lambda arn: acm.describe_certificate(CertificateArn=arn)["Certificate"], arns)


def judge_certificates(found: Sequence[Entry], options: Options) -> Iterable[Row]:
    if not found:
        yield Row("Certificate", FAILED, "the HTTPS listener has none", apply_command(options, "edge"))
    for each in found:
        title, status = f"Certificate {each['DomainName']}", each["Status"]
        if status != "ISSUED" or "NotAfter" not in each:
            yield Row(title, FAILED, f"is {status}", f"aws acm describe-certificate --certificate-arn {_arn(each)}")
            continue
        yield certificate_row(title, each["NotAfter"], options, _renewal(each))


def _arn(detail: Entry) -> str:
    return str(detail["CertificateArn"])


def _renewal(detail: Entry) -> str:
    """What is to be done before the end comes; ACM renews what it issued while its records are there."""
    if detail.get("Type") == "IMPORTED":
        return "import a new one: ACM does not renew what was imported"
    records = _certificates.awaited_records(detail)
    return f"ACM renews it by itself while it finds {records}" if records else "ACM renews it by itself; see its events"


def certificate_row(title: str, end: datetime.datetime, options: Options, advice: str) -> Row:
    """The days that are left of a certificate; pure but for the clock."""
    days = int((end - now()).total_seconds() // DAY)
    state = judged(-days, -options["certificate_warning_days"], -options["certificate_failed_days"])
    words = f"{days} days left, until {end:%Y-%m-%d}" if days >= 0 else f"ended on {end:%Y-%m-%d}"
    return Row(title, state, words, advice if state != OK else "", days, "days")


CHECKS = (
    Check("load balancer", "Load balancer", "elbv2", look_balancer, judge_balancer),
    Check("targets", "Targets", "elbv2", look_targets, judge_targets),
    Check("certificates", "Certificate", "acm", look_certificates, judge_certificates),
)
#: After all reads, as the controller's own work would count in the times of the answers.
REQUESTS = (Check("paths", "Paths", "elbv2", look_paths, judge_paths),)
