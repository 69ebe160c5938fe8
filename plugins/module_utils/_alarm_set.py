# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The alarms of an environment, worked out from its services and its data layer; pure.

Counts of errors and of unhealthy hosts are absent without traffic, which is no breach; a missing count of running tasks
is one. Dimensions are the ARN suffixes for load balancers, identifiers for databases and nodes for caches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from . import _alarms_cache, _alarms_database, _alarms_edge, _alarms_operations, _alarms_services, _alarms_slo
from ._alarm_rules import CRITICAL, THROUGH, Alarm, Estate, Rule, told
from ._composite_alarms import any_of

#: All metric alarms, by subject.
SOURCES: tuple[Callable[[Estate], Iterable[Alarm]], ...] = (
    _alarms_services.service_alarms,
    _alarms_services.deployment_alarms,
    _alarms_edge.edge_alarms,
    _alarms_edge.name_alarms,
    _alarms_edge.nat_alarms,
    _alarms_edge.anomaly_alarms,
    _alarms_database.database_alarms,
    _alarms_cache.cache_alarms,
    _alarms_operations.rotation_alarms,
    _alarms_operations.backup_alarms,
    _alarms_operations.maintenance_alarms,
    _alarms_slo.slo_alarms,
)
#: What of a cause others suffer from, by the end of the alarm's name: while it lasts, their own alarms add nothing.
OUTAGES = ("-unhealthy-hosts", "-5xx", "-silent")
#: How many of these a rule may name, of the 100 alarms that AWS lets it name.
MOST_CAUSES = 90
WAIT, EXTENSION = 180, 300  #: seconds that actions wait for the start of maintenance, and stay silent after its end


def alarms(estate: Estate) -> list[Alarm]:
    """All metric alarms of the environment, by name."""
    return sorted((alarm for source in SOURCES for alarm in source(estate)), key=lambda alarm: str(alarm["name"]))


def composite_alarms(estate: Estate) -> list[Alarm]:
    """The composite alarms, by name: each cause has one, and what suffers from causes has one that they quieten."""
    parts = _parts(estate)
    causes = [_cause(estate, name, parts[name], text) for name, text in _causes(estate) if name in parts]
    outages = [child for cause in causes for child in parts[_short(estate, cause)] if child.endswith(OUTAGES)]
    edge = parts[_alarms_edge.DOWN]
    errors = [child for child in edge if child.endswith(("-5xx", "-rejected"))]
    suffering = [_edge_down(estate, edge, outages), *_burns(estate, [*errors, *outages])]
    return sorted([*causes, *suffering], key=lambda alarm: str(alarm["name"]))


def _parts(estate: Estate) -> dict[str, list[str]]:
    """The names of the alarms that each composite alarm tells of."""
    parts: dict[str, list[str]] = {}
    for alarm in alarms(estate):
        through = alarm.get("tags", {}).get(THROUGH, "").removeprefix(f"{estate['name']}-")
        parts.setdefault(through, []).append(str(alarm["name"]))
    return parts


def _short(estate: Estate, alarm: Alarm) -> str:
    return str(alarm["name"]).removeprefix(f"{estate['name']}-")


def _causes(estate: Estate) -> Iterable[tuple[str, str]]:
    """What can fail by itself, and how that is said."""
    for service in estate["services"]:
        yield _alarms_services.down(service), f"service {service['name']} is down, or a part of it"
    yield _alarms_database.DOWN, "a database is down, nearly full or behind"
    yield _alarms_cache.DOWN, "a node of the cache is down or nearly full"


def _cause(estate: Estate, name: str, children: Iterable[str], text: str) -> Alarm:
    family = "service-down" if name not in (_alarms_database.DOWN, _alarms_cache.DOWN) else name
    return _composite(estate, Rule(name, CRITICAL, "", 0, text, family=family), any_of(children))


def _edge_down(estate: Estate, children: Iterable[str], outages: list[str]) -> Alarm:
    text = "requests fail or are slow, and no service, database or cache is known to be the cause"
    rule = Rule(_alarms_edge.DOWN, CRITICAL, "", 0, text, family="edge-down")
    return _composite(estate, rule, _unless(f"({any_of(children)})", outages))


def _burns(estate: Estate, causes: list[str]) -> Iterable[Alarm]:
    """Both windows of a burn rate; what wakes somebody does so only where no cause has."""
    for window in estate["slo"]["windows"]:
        rate, budget = window["burn_rate"], f"{100 - float(estate['slo']['availability']):.6g} %"
        text = f"objective: failures spend the budget of {budget} {rate:g} times too fast"
        rule = Rule(_alarms_slo.burn(window), window["severity"], "", 0, text, family=_alarms_slo.FAMILY)
        ends = [f'ALARM("{estate["name"]}-slo-{window["name"]}-{end}")' for end in _alarms_slo.ENDS]
        both = " AND ".join(ends)
        condition = _unless(both, causes) if window["severity"] == CRITICAL else both
        yield _composite(estate, rule, condition, extension=max(EXTENSION, int(window["short_seconds"])))


def _unless(condition: str, outages: list[str]) -> str:
    """The condition while none of these is in alarm; of very many, some: then a page too much is told, none too few."""
    return f"{condition} AND NOT ({any_of(outages[:MOST_CAUSES])})" if outages else condition


def _composite(estate: Estate, rule: Rule, condition: str, extension: int = EXTENSION) -> Alarm:
    """A composite alarm, which maintenance silences."""
    return {
        **told(estate, rule),
        "alarm_rule": condition,
        "actions_suppressor": f"{estate['name']}-{_alarms_operations.MAINTENANCE}",
        "actions_suppressor_wait_period": WAIT,
        "actions_suppressor_extension_period": extension,
    }
