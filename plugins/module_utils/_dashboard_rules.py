# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What CloudWatch takes as the body of a dashboard, as it documents its structure; pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

Value = Any

MOST_WIDGETS, MOST_METRICS, MOST_ALARMS, MOST_DIMENSIONS = 500, 500, 100, 30
COLUMNS, HIGHEST = 24, 1000
_ID = re.compile(r"[a-z][A-Za-z0-9_]*")
_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")
_PLACES = ("x", "y", "width", "height")
VIEWS = ("timeSeries", "singleValue", "gauge", "bar", "pie", "table")
#: Properties by type of widget: those that must be there, and the others.
PROPERTIES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "text": (("markdown",), ("background",)),
    "metric": (
        ("region",),
        (
            *(
                "accountId",
                "annotations",
                "legend",
                "liveData",
                "metrics",
                "period",
                "setPeriodToTimeRange",
                "sparkline",
            ),
            *("stacked", "stat", "table", "timezone", "title", "trend", "view", "yAxis", "singleValueFullPrecision"),
        ),
    ),
    "log": (("query", "region"), ("accountId", "queryLanguage", "stacked", "title", "view")),
    "alarm": (("alarms",), ("sortBy", "states", "title")),
    "explorer": (("metrics", "labels"), ("aggregateBy", "period", "region", "splitBy", "title", "widgetOptions")),
    "custom": (("endpoint",), ("params", "title", "updateOn")),
}
OPTIONS = (
    *("accountId", "color", "expression", "id", "label", "period", "region", "stat", "visible", "yAxis"),
    *("searchAccountAware",),
)
CHOICES: Mapping[str, Collection[str]] = {
    "view": VIEWS,
    "sortBy": ("default", "stateUpdatedTimestamp", "timestamp"),
    "background": ("solid", "transparent"),
}
STATES = ("ALARM", "INSUFFICIENT_DATA", "OK")


def problems(body: Mapping[str, Any]) -> Iterable[str]:
    """What is wrong with a body, each with the path to it."""
    widgets = body.get("widgets")
    if not isinstance(widgets, list):
        yield "body: needs a list of widgets"
        return
    if len(widgets) > MOST_WIDGETS:
        yield f"body.widgets: {len(widgets)} widgets; a dashboard has {MOST_WIDGETS} at most"
    for index, widget in enumerate(widgets):
        place = f"body.widgets[{index}]"
        yield from _widget(place, widget) if isinstance(widget, Mapping) else [f"{place}: must be a dictionary"]


def _widget(place: str, widget: Mapping[str, Any]) -> Iterable[str]:
    kind, properties = str(widget.get("type")), widget.get("properties")
    if kind not in PROPERTIES:
        yield f"{place}.type: {kind!r} is none of {', '.join(PROPERTIES)}"
    elif not isinstance(properties, Mapping):
        yield f"{place}.properties: must be a dictionary"
    else:
        yield from _strange(f"{place}.properties", properties, *PROPERTIES[kind])
        yield from _chosen(f"{place}.properties", properties)
        yield from CHECKS.get(kind, _nothing)(f"{place}.properties", properties)
    yield from _strange(place, widget, (), ("type", "properties", *_PLACES))
    yield from _position(place, widget)


def _nothing(_place: str, _properties: Mapping[str, Any]) -> Iterable[str]:
    return ()


def _strange(
    place: str, given: Mapping[str, Any], required: Collection[str], further: Collection[str]
) -> Iterable[str]:
    """Members that are missing, and members that nobody knows."""
    yield from (f"{place}.{name}: is required" for name in required if name not in given)
    yield from (f"{place}.{name}: no such member" for name in given if name not in (*required, *further))


def _chosen(place: str, properties: Mapping[str, Any]) -> Iterable[str]:
    for name, choices in CHOICES.items():
        if name in properties and properties[name] not in choices:
            yield f"{place}.{name}: {properties[name]!r} is none of {', '.join(choices)}"


def _position(place: str, widget: Mapping[str, Any]) -> Iterable[str]:
    """On a grid of 24 columns; both coordinates or none."""
    ranges = {"x": (0, COLUMNS - 1), "y": (0, None), "width": (1, COLUMNS), "height": (1, HIGHEST)}
    for name, (least, most) in ranges.items():
        if name in widget and not _within(widget[name], least, most):
            yield f"{place}.{name}: {widget[name]!r} is no whole number from {least}{f' to {most}' if most else ''}"
    if ("x" in widget) is not ("y" in widget):
        yield f"{place}: x and y go together"
    if all(isinstance(widget.get(name), int) for name in ("x", "width")) and widget["x"] + widget["width"] > COLUMNS:
        yield f"{place}.width: ends beyond column {COLUMNS}"


def _within(value: Value, least: int, most: int | None) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value and (most is None or value <= most)


def _text(place: str, properties: Mapping[str, Any]) -> Iterable[str]:
    if "markdown" in properties and not isinstance(properties["markdown"], str):
        yield f"{place}.markdown: must be a text"


def _alarm(place: str, properties: Mapping[str, Any]) -> Iterable[str]:
    alarms = properties.get("alarms", [""])
    if not isinstance(alarms, list) or not 1 <= len(alarms) <= MOST_ALARMS:
        yield f"{place}.alarms: must be a list of 1 to {MOST_ALARMS} ARNs"
    if strange := set(properties.get("states", ())) - set(STATES):
        yield f"{place}.states: {', '.join(sorted(strange))} is none of {', '.join(STATES)}"


def _metric(place: str, properties: Mapping[str, Any]) -> Iterable[str]:
    metrics, annotations = properties.get("metrics", []), properties.get("annotations", {})
    if not isinstance(metrics, list) or len(metrics) > MOST_METRICS:
        yield f"{place}.metrics: must be a list of at most {MOST_METRICS}"
        return
    if not metrics and not annotations.get("alarms"):
        yield f"{place}.metrics: nothing is shown without metrics and without an alarm"
    for index, metric in enumerate(metrics):
        yield from _entry(f"{place}.metrics[{index}]", metric, first=index == 0)
    ids = Counter(each[-1]["id"] for each in metrics if each and isinstance(each[-1], dict) and "id" in each[-1])
    yield from (f"{place}.metrics: the id {name} is there twice" for name, times in ids.items() if times > 1)
    yield from _period(place, properties)
    yield from _annotations(f"{place}.annotations", annotations)
    if properties.get("view") == "gauge" and not {"min", "max"} <= properties.get("yAxis", {}).get("left", {}).keys():
        yield f"{place}.yAxis.left: a gauge needs min and max"


def _entry(place: str, metric: Value, first: bool) -> Iterable[str]:
    """Namespace, name, names and values of dimensions, options; or an expression alone."""
    if not isinstance(metric, list) or not metric:
        yield f"{place}: must be a list with a metric"
        return
    options = metric[-1] if isinstance(metric[-1], Mapping) else {}
    words = metric[:-1] if isinstance(metric[-1], Mapping) else metric
    yield from _options(place, options)
    if "expression" in options:
        if words:
            yield f"{place}: an expression stands alone"
    elif not all(isinstance(each, str) for each in words):
        yield f"{place}: namespace, name and dimensions must be texts"
    elif words == ["..."] or words[:1] == ["..."]:
        if first:
            yield f"{place}: '...' repeats the metric before, and there is none"
    elif len(words) < 2 or len(words) % 2 or len(words) > 2 + 2 * MOST_DIMENSIONS:
        yield f"{place}: namespace and name, then pairs of names and values of at most {MOST_DIMENSIONS} dimensions"


def _options(place: str, options: Mapping[str, Any]) -> Iterable[str]:
    yield from _strange(place, options, (), OPTIONS)
    if not _ID.fullmatch(str(options.get("id", "a"))):
        yield f"{place}.id: {options['id']!r} must be letters, digits and underscores, a lower-case letter first"
    if not _COLOR.fullmatch(str(options.get("color", "#000000"))):
        yield f"{place}.color: {options['color']!r} is no color such as #1f77b4"
    if options.get("yAxis", "left") not in ("left", "right"):
        yield f"{place}.yAxis: left or right, not {options['yAxis']!r}"
    yield from _period(place, options)


def _period(place: str, given: Mapping[str, Any]) -> Iterable[str]:
    period = given.get("period", 60)
    if period not in (1, 5, 10, 20, 30) and (not _within(period, 60, None) or period % 60):
        yield f"{place}.period: {period!r} is neither 1, 5, 10, 20, 30 nor a multiple of 60"


def _annotations(place: str, annotations: Mapping[str, Any]) -> Iterable[str]:
    yield from _strange(place, annotations, (), ("alarms", "horizontal", "vertical"))
    if len(annotations.get("alarms", ())) > 1:
        yield f"{place}.alarms: a graph shows one alarm"
    for index, line in enumerate(annotations.get("horizontal", ())):
        for each in line if isinstance(line, list) else [line]:
            if isinstance(each.get("value"), bool) or not isinstance(each.get("value"), (int, float)):
                yield f"{place}.horizontal[{index}].value: must be a number"


Check = Callable[[str, Mapping[str, Any]], Iterable[str]]
CHECKS: Mapping[str, Check] = {"text": _text, "alarm": _alarm, "metric": _metric}
