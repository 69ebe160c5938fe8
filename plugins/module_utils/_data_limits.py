# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What RDS and ElastiCache take of single values, for options and variables alike; problems lack the name; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

PORTS = (1150, 65535)
#: GiB of PostgreSQL's storage, by its type.
STORAGE = {"gp2": (20, 65536), "gp3": (20, 65536), "io1": (100, 65536), "io2": (100, 65536)}
LARGEST_STORAGE = 65536
#: From here on gp3 has more, and takes what is declared.
STRIPED = 400
#: Operations a second, and how many of them a GiB may have, by type.
IOPS = {"gp3": (12000, 64000), "io1": (1000, 256000), "io2": (1000, 256000)}
PER_GIB = {"gp3": 500.0, "io1": 50.0, "io2": 1000.0}
#: MiB a second, of which an operation a second may have a quarter.
THROUGHPUT = (500, 4000)
DAY, WEEK = 1440, 10080
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d"
_DAILY = re.compile(rf"({_TIME})-({_TIME})")
_WEEKLY = re.compile(rf"({'|'.join(_DAYS)}):({_TIME})-({'|'.join(_DAYS)}):({_TIME})")

_WORDS = """
all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create
current_catalog current_date current_role current_time current_timestamp current_user default deferrable desc distinct
do else end except false fetch for foreign from grant group having in initially intersect into lateral leading limit
localtime localtimestamp not null offset on only or order placing primary references returning select session_user some
symmetric system_user table then to trailing true union unique user using variadic when where window with
"""
#: PostgreSQL's reserved words; neither a database nor its first user can be called so.
RESERVED = frozenset(_WORDS.split())
#: What RDS has or keeps for itself.
_OWN_DATABASES = ("rdsadmin", "template0", "template1")
_OWN_USERS = ("admin", "none", "postgres_admin", "public", "rdsadmin", "rdsrepladmin")


def range_problem(value: int, limits: tuple[int, int]) -> str:
    """Why a number is not taken; empty if it is."""
    least, most = limits
    return "" if least <= value <= most else f"{value} is not between {least} and {most}"


def database_name_problem(name: str) -> str:
    """Why no database can be called so."""
    if not re.fullmatch(r"[A-Za-z]\w{0,62}", name, re.ASCII):
        return f"{name!r} must be a letter and up to 62 letters, digits and underscores"
    taken = name.lower() in {*RESERVED, *_OWN_DATABASES}
    return f"{name!r} is reserved by PostgreSQL or RDS" if taken else ""


def user_name_problem(name: str) -> str:
    """Why the first user cannot be called so."""
    if not re.fullmatch(r"[A-Za-z]\w{0,15}", name, re.ASCII):
        return f"{name!r} must be a letter and up to 15 letters, digits and underscores"
    taken = name.lower() in {*RESERVED, *_OWN_USERS} or name.lower().startswith(("pg_", "rds_"))
    return f"{name!r} is reserved by PostgreSQL or RDS" if taken else ""


def storage_problems(
    kind: str | None, size: int, largest: int | None, iops: int | None, throughput: int | None
) -> Iterable[tuple[str, str]]:
    """What RDS would refuse of a storage, each with the option it is of; C(size) 0 is not declared."""
    problem = range_problem(size, STORAGE[kind]) if kind in STORAGE and size else ""
    if problem:
        yield "allocated_storage", f"{problem}, the GiB of {kind}"
    if largest and (largest * 10 < size * 11 or largest > LARGEST_STORAGE):
        yield (
            "max_allocated_storage",
            f"{largest} must be a tenth more than {size} GiB or more, up to {LARGEST_STORAGE}",
        )
    yield from (("iops", text) for text in _iops_problems(kind, size, iops))
    yield from (("storage_throughput", text) for text in _throughput_problems(kind, size, iops, throughput))


def _iops_problems(kind: str | None, size: int, iops: int | None) -> Iterable[str]:
    if kind in ("io1", "io2") and not iops:
        yield f"{kind} needs them"
    if not iops or kind is None:
        return
    if kind not in IOPS:
        yield f"{kind} has them by its size; leave them out"
    elif kind == "gp3" and 0 < size < STRIPED:
        yield f"gp3 takes them from {STRIPED} GiB; {size} GiB has 3000"
    elif problem := range_problem(iops, IOPS[kind]):
        yield problem
    elif size and iops > size * PER_GIB[kind]:
        yield f"{iops} are more than {PER_GIB[kind]:g} for each of {size} GiB"


def _throughput_problems(kind: str | None, size: int, iops: int | None, throughput: int | None) -> Iterable[str]:
    if not throughput or kind is None:
        return
    if kind != "gp3":
        yield f"{kind} takes none"
    elif 0 < size < STRIPED:
        yield f"gp3 takes it from {STRIPED} GiB; {size} GiB has 125 MiB/s"
    elif problem := range_problem(throughput, THROUGHPUT):
        yield problem
    elif throughput * 4 > (iops or IOPS[kind][0]):
        yield f"{throughput} MiB/s need {throughput * 4} iops"


def daily(window: str) -> tuple[int, int] | None:
    """Beginning and end in minutes of C(hh:mm-hh:mm), an end after midnight beyond the day; None for another form."""
    match = _DAILY.fullmatch(window)
    return _span(_minutes(match[1]), _minutes(match[2]), DAY) if match else None


def weekly(window: str) -> tuple[int, int] | None:
    """The same of C(ddd:hh:mm-ddd:hh:mm), in minutes of the week."""
    match = _WEEKLY.fullmatch(window.lower())
    if not match:
        return None
    begin, end = (_DAYS.index(match[n]) * DAY + _minutes(match[n + 1]) for n in (1, 3))
    return _span(begin, end, WEEK)


def _minutes(time: str) -> int:
    return int(time[:2]) * 60 + int(time[3:])


def _span(begin: int, end: int, cycle: int) -> tuple[int, int]:
    return begin, end if end > begin else end + cycle


def window_problem(span: tuple[int, int] | None, form: str, least: int) -> str:
    """Why a window is not taken; C(least) is how many minutes it lasts at least."""
    if span is None:
        return f"must be {form}, in UTC"
    minutes = span[1] - span[0]
    return "" if least <= minutes < DAY else f"lasts {minutes} minutes; from {least} to less than a day are taken"


def overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether a window of every day and another window have a minute in common."""
    return any(one[0] + day < other[1] and other[0] < one[1] + day for day in range(-DAY, WEEK + 2 * DAY, DAY))


def is_value(value: Any) -> bool:
    """Whether a parameter can have such a value: one text, number or switch."""
    return isinstance(value, str | int | float)
