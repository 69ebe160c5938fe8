# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Releases: what was deployed to each service, when, by whom and how it ended; kept in the state bucket.

A document holds the entries of each service, the newest first. What is in force is the newest that did not fail: the
site takes its tag for a service that names none in the inventory.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from . import _record, _rollouts, _services, _status
from ._discovery import Connect
from ._state import ACCOUNT, NoStateBucket, Store

Entry = dict[str, Any]
#: What a service ran at a moment: C(release) (an id, or null where no release brought it), C(image_tag), C(digest) and
#: C(task_definition).
Snapshot = dict[str, Any]
Document = dict[str, list[Entry]]

NAME = "releases.json"
KEPT = 50  #: entries of a service
DEPLOY, ROLLBACK, TEARDOWN = "deploy", "rollback", "teardown"
BEGUN, SUCCEEDED, ROLLED_BACK, FAILED = "begun", "succeeded", "rolled back", "failed"
#: The image tag that names no release, and so contradicts none.
UNNAMED = "latest"
_HEADS = ("service", "release", "what", "began (UTC)", "who", "from", "to", "took", "result")


# What a document says


def parsed(text: str | None, address: str) -> Document:
    """The document in a text; empty where there is none. ValueError with the address for a text that is none."""
    try:
        services = json.loads(text)["services"] if text else {}
        return {str(name): list(entries) for name, entries in services.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{address} holds no releases: {error}") from error


def text(document: Document) -> str:
    return json.dumps({"services": document}, indent=2, sort_keys=True) + "\n"


def begun(document: Document, service: str, entry: Entry) -> Document:
    """With another entry of a service."""
    return {**document, service: [{**entry, "result": BEGUN}, *document.get(service, [])][:KEPT]}


def ended(document: Document, service: str, outcome: Mapping[str, Any]) -> Document:
    """With what became of the service's newest entry: C(result), C(reason), C(ended) and C(seconds)."""
    newest, *others = document[service]
    return {**document, service: [{**newest, **outcome}, *others]}


def over(document: Document, service: str, who: Mapping[str, str], seconds: float) -> Document:
    """With the end of a service: no release of it is in force from C(seconds) since 1970 on."""
    when = datetime.fromtimestamp(seconds, UTC)
    entry = {
        **{"id": _record.identity(when, TEARDOWN), "kind": TEARDOWN, "result": SUCCEEDED, "reason": ""},
        **{"image_tag": "", "digest": "", "task_definition": "", "deployment": None},
        **{"began": moment(seconds), "ended": moment(seconds), "seconds": None, "who": dict(who)},
        **{"previous": None, "restores": None},
    }
    return {**document, service: [entry, *document.get(service, [])][:KEPT]}


def present(entries: Sequence[Entry]) -> Entry | None:
    """The release in force: the newest that did not fail; None before the first, and after a teardown."""
    number = _present(entries)
    return None if number is None else entries[number]


def _present(entries: Sequence[Entry]) -> int | None:
    kept = (number for number, each in enumerate(entries) if each["result"] in (BEGUN, SUCCEEDED))
    newest = next(kept, None)
    return None if newest is None or entries[newest]["kind"] == TEARDOWN else newest


def in_force(document: Document) -> dict[str, Entry]:
    """The release in force of each service that has one."""
    found = {name: present(entries) for name, entries in document.items()}
    return {name: entry for name, entry in found.items() if entry}


def tag_of(service: Mapping[str, Any], entry: Mapping[str, Any] | None) -> str:
    """The tag that counts for a service by its inventory and the release in force."""
    pinned = service["image_tag_from"] == _services.INVENTORY
    return str((service if pinned or not entry else entry)["image_tag"])


def snapshot(entry: Entry) -> Snapshot:
    """What the service runs by this entry."""
    return {
        "release": entry["id"],
        **{name: entry[name] for name in ("image_tag", "digest", "task_definition")},
    }


def previous(entries: Sequence[Entry]) -> Snapshot | None:
    """What the service ran before its present release, so that two rollbacks in a row go two releases back.

    A release that a rollback restored counts as that release; one that was deployed again is passed over. None where
    nothing is recorded.
    """
    number = _present(entries)
    same = None if number is None else _what(entries[number])
    while number is not None:
        origin = _origin(entries, number)
        before: Snapshot | None = None if origin is None else entries[origin]["previous"]
        if origin is None or before is None or _what(before) != same:
            return before
        number = _recorded(entries, before["release"], origin + 1)
    return None


def _what(ran: Mapping[str, Any]) -> str:
    return str(ran["digest"] or ran["image_tag"])


def _origin(entries: Sequence[Entry], number: int | None) -> int | None:
    """The entry that the one of that number restored, or itself; None where what it restored is not recorded."""
    while number is not None and entries[number]["kind"] == ROLLBACK:
        number = _recorded(entries, entries[number]["restores"], number + 1)
    return number


def _recorded(entries: Sequence[Entry], release: str | None, since: int) -> int | None:
    """The newest entry of that id that succeeded, among those that are older."""
    numbers = range(since, len(entries))
    return next((n for n in numbers if entries[n]["id"] == release and entries[n]["result"] == SUCCEEDED), None)


def named(entries: Sequence[Entry], word: str) -> Snapshot | None:
    """What the service ran by the release of that id or image tag, the newest first; None where none is recorded."""
    succeeded = [each for each in entries if each["result"] == SUCCEEDED and each["kind"] != TEARDOWN]
    found = [*map(snapshot, succeeded), *(each["previous"] for each in entries if each.get("previous"))]
    return next((each for each in found if word in (each["release"], each["image_tag"])), None)


def known(entries: Iterable[Entry]) -> str:
    """The releases that can be named, for a message."""
    succeeded = [each for each in entries if each["result"] == SUCCEEDED and each["kind"] != TEARDOWN]
    return ", ".join(f"{each['id']} ({each['image_tag']})" for each in succeeded[:5]) or "none"


def newest_run(document: Document) -> list[str]:
    """The services whose present release is of the newest run that deployed anything."""
    ids = {name: entry["id"] for name, entry in in_force(document).items()}
    newest = max(ids.values(), default=None)
    return sorted(name for name, release in ids.items() if release == newest)


def contradictions(services: Iterable[Mapping[str, Any]], releases: Mapping[str, Entry]) -> list[str]:
    """Where the inventory says another tag than the release in force, each with what counts."""
    differing = [
        (each, releases[each["name"]])
        for each in services
        if each["name"] in releases and str(each["image_tag"]) != releases[each["name"]]["image_tag"]
    ]
    pinned = [
        f"stack_services.{each['name']}.image_tag: the inventory says {each['image_tag']}, release {entry['id']} "
        f"deployed {entry['image_tag']}. The inventory counts: take the tag out of it to keep the release"
        for each, entry in differing
        if each["image_tag_from"] == _services.INVENTORY
    ]
    others = [
        (each, entry)
        for each, entry in differing
        if each["image_tag_from"] != _services.INVENTORY and str(each["image_tag"]) != UNNAMED
    ]
    told = ", ".join(f"{each['name']} {entry['image_tag']}" for each, entry in others)
    tags = sorted({str(each["image_tag"]) for each, _entry in others})
    return [*pinned, *_overruled(tags, told)]


def _overruled(tags: Sequence[str], told: str) -> list[str]:
    if not told:
        return []
    return [
        f"stack_image_tag: the inventory says {', '.join(tags)}, releases deployed {told}. The releases count: deploy "
        f"another one with playbooks/deploy.yml -e image_tag={tags[0]}"
    ]


# A table for people


def brief(digest: str | None) -> str:
    """A digest's first twelve digits."""
    return (digest or "").removeprefix("sha256:")[:12]


def what(ran: Mapping[str, Any] | None) -> str:
    """Tag and digest of what ran, in short."""
    if not ran:
        return "-"
    digest = brief(ran["digest"])
    return f"{ran['image_tag'] or '-'}{f' ({digest})' if digest else ''}"


def table(document: Document, names: Iterable[str], count: int) -> list[str]:
    """The newest entries of each service, line by line; a star marks what is in force."""
    rows = [row for name in names for row in _rows(name, document.get(name, []), count)]
    return (
        _status.columns([_HEADS, *rows]) if rows else ["  No release is recorded yet: playbooks/deploy.yml makes one"]
    )


def _rows(name: str, entries: Sequence[Entry], count: int) -> list[tuple[str, ...]]:
    now = _present(entries)
    return [_row(name, each, number == now) for number, each in enumerate(entries[:count])]


def _row(name: str, entry: Entry, present_one: bool) -> tuple[str, ...]:
    moved = ("-", "-") if entry["kind"] == TEARDOWN else (what(entry["previous"]), what(entry))
    return (
        name,
        f"{entry['id']}{' *' if present_one else ''}",
        entry["kind"],
        str(entry["began"]).replace("T", " ").removesuffix("Z"),
        f"{entry['who']['user']}@{entry['who']['host']}",
        *moved,
        took(entry.get("seconds")),
        entry["result"],
    )


def moment(seconds: float) -> str:
    """Seconds since 1970 as a time in UTC, such as C(2026-11-27T10:15:00Z)."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"


def took(seconds: float | None) -> str:
    """Minutes and seconds, such as C(5:02)."""
    return "-" if seconds is None else f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


# The state bucket


def settled(document: Document, statuses: Mapping[str, Mapping[str, Any]]) -> Document:
    """With what ECS says of deployments that no run saw the end of, by the deployment's ARN; pure."""
    return {name: [_settled(each, statuses) for each in entries] for name, entries in document.items()}


def _settled(entry: Entry, statuses: Mapping[str, Mapping[str, Any]]) -> Entry:
    found = statuses.get(entry.get("deployment") or "") or {}
    if entry["result"] != BEGUN or found.get("status") not in (_rollouts.SUCCESSFUL, *_rollouts.FAILED):
        return entry
    result = {_rollouts.SUCCESSFUL: SUCCEEDED, "STOPPED": FAILED}.get(found["status"], ROLLED_BACK)
    return {**entry, "result": result, "reason": found.get("statusReason") or ""}


def load(connect: Connect, store: Store) -> Document:
    """The document, in one read; where a run was interrupted, ECS is asked what became of its deployments."""
    document = parsed(store.read(NAME), f"s3://{store.bucket}/{store.prefix}/{NAME}")
    opened = [each["deployment"] for name in document for each in document[name] if each["result"] == BEGUN]
    asked = sorted({arn for arn in opened if arn})
    return settled(document, _rollouts.described(connect("ecs"), asked)) if asked else document


def releases(connect: Connect, store: Store) -> dict[str, Entry]:
    """The release in force of each service; none in an account without the state bucket."""
    try:
        return in_force(load(connect, store))
    except NoStateBucket:
        return {}


def current(connect: Connect, store: Store, service: str) -> Entry | None:
    """The release in force of a service, with C(image_tag), C(digest) and C(task_definition); None if there is none."""
    return releases(connect, store).get(service)


def keep(store: Store, document: Document) -> None:
    store.write(NAME, text(document))


def store_of(connect: Connect, options: Mapping[str, Any], account: str) -> Store:
    """The store that a module's options C(state_bucket) and C(state_prefix) name."""
    return Store(connect, options["state_bucket"].replace(ACCOUNT, account), options["state_prefix"], account)


def found(connect: Connect, options: Mapping[str, Any], account: str) -> tuple[dict[str, Entry], list[str]]:
    """For a run's discovery: the releases in force, and what in the inventory contradicts them."""
    if not options["state_bucket"]:
        return {}, []
    there = releases(connect, store_of(connect, options, account))
    return there, contradictions(options["services"], there)
