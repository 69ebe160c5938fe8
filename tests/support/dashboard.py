# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""`python -m tests.support.dashboard inventories/prod build/prod/dashboard.html` draws an inventory's dashboard.

It is the body that the site would put, laid out as CloudWatch does, with made-up data: a page to look at before
anything is deployed. Exits with 1 if CloudWatch would refuse the body, and says why.
"""

from __future__ import annotations

import argparse
import html
import math
import random
import re
import sys
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _dashboard, _dashboard_rules
from ansible_collections.uex.payments.tests.support import inventory_estate

Widget = Mapping[str, Any]

POINTS, WIDTH, HEIGHT, EDGE = 48, 400, 150, 6
UNIT = 32  #: pixels of a unit of height
COLORS = ("#1f77b4", "#ff7f0e", "#2ca02c", "#9467bd", "#8c564b", "#e377c2", "#7f7f7f", "#17becf")
STYLE = f"""
body {{ font: 13px sans-serif; margin: 16px; background: #f4f6f8; color: #16191f }}
main {{ display: grid; grid-template-columns: repeat(24, 1fr); grid-auto-rows: {UNIT}px; gap: 6px }}
main > * {{ background: #fff; border-radius: 4px; padding: 6px; overflow: hidden }}
main > * {{ display: flex; flex-direction: column }}
h2 {{ margin: 0; font-size: 15px }} h3 {{ margin: 0 0 4px; font-size: 12px }} p {{ margin: 2px 0 }}
svg {{ flex: 1; min-height: 0; width: 100% }} ul {{ margin: 0; padding: 0; list-style: none; font-size: 11px }}
li {{ display: inline-block; margin-right: 8px }}
.ok {{ background: #d5f0d8; border-radius: 4px; padding: 2px 8px; margin: 2px }}
"""


def samples(metric: Sequence[Any], around: float) -> list[float]:
    """Made-up data of a metric, the same each time: a day's rise and fall with some noise."""
    noise = random.Random(zlib.crc32(repr(metric).encode()))
    base = around * noise.uniform(0.35, 0.7)
    day = (math.sin(2 * math.pi * number / POINTS) for number in range(POINTS))
    return [max(0.0, base * (1 + 0.25 * each + noise.uniform(-0.1, 0.1))) for each in day]


def visible(metrics: Iterable[Sequence[Any]]) -> list[tuple[str, Sequence[Any]]]:
    """What a graph draws, with its label."""
    found = [(each, each[-1] if isinstance(each[-1], Mapping) else {}) for each in metrics]
    return [(str(options.get("label") or each[1]), each) for each, options in found if options.get("visible", True)]


def graph(properties: Mapping[str, Any]) -> str:
    """A graph as SVG: a line for each metric, a dashed one for each threshold."""
    wrong = properties.get("annotations", {}).get("horizontal", ())
    limits = [float(line["value"]) for line in wrong]
    around = min(limits, default=100.0) * (4 if any(line.get("fill") == "below" for line in wrong) else 1)
    shown = visible(properties["metrics"])
    lines = [samples(metric, around) for _label, metric in shown]
    top = max([*limits, *(value for line in lines for value in line)]) * 1.1 or 10.0
    drawn = [polyline(line, top, COLORS[number % len(COLORS)]) for number, line in enumerate(lines)]
    drawn += [threshold(limit, top) for limit in limits]
    names = (
        f'<li><span style="color:{COLORS[number % len(COLORS)]}">&#9632;</span> {html.escape(label)}</li>'
        for number, (label, _metric) in enumerate(shown)
    )
    view = f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none">{"".join(drawn)}</svg>'
    return f"<h3>{html.escape(properties['title'])}</h3>{view}<ul>{''.join(names)}</ul>"


def height_of(value: float, top: float) -> float:
    return round(HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * value / top, 1)


def polyline(values: Sequence[float], top: float, color: str) -> str:
    step = WIDTH / (len(values) - 1)
    points = " ".join(f"{number * step:.1f},{height_of(value, top)}" for number, value in enumerate(values))
    return f'<polyline fill="none" stroke="{color}" stroke-width="1.5" points="{points}"/>'


def threshold(value: float, top: float) -> str:
    y = height_of(value, top)
    text = f'<text x="4" y="{y + 11}" font-size="10" fill="#d13212">alarm {value:g}</text>'
    return f'<line x1="0" x2="{WIDTH}" y1="{y}" y2="{y}" stroke="#d13212" stroke-dasharray="4 3"/>{text}'


def text(properties: Mapping[str, Any]) -> str:
    """As much of Markdown as dashboards of ours have: headings, bold words, links."""
    escaped = html.escape(properties["markdown"])
    linked = re.sub(r"\[([^\]]+)\]\(([^)\s]+)\)", r'<a href="\2">\1</a>', escaped)
    bold = re.sub(r"\*\*([^*]+)\*\*", r"<b>\1</b>", linked)
    parts = (part.strip() for part in bold.split("\n\n"))
    return "".join(f"<h2>{part[3:]}</h2>" if part.startswith("## ") else f"<p>{part}</p>" for part in parts)


def alarms(properties: Mapping[str, Any]) -> str:
    names = (html.escape(str(arn).rpartition(":alarm:")[2]) for arn in properties["alarms"])
    listed = "".join(f'<li class="ok">{name}: OK</li>' for name in names)
    return f"<h3>{html.escape(properties['title'])}</h3><ul>{listed}</ul>"


KINDS = {"text": text, "metric": graph, "alarm": alarms}


def page(title: str, widgets: Iterable[Widget]) -> str:
    """The whole page; it needs nothing from anywhere."""
    name, cells = html.escape(title), "".join(map(_cell, widgets))
    head = f'<meta charset="utf-8"><title>{name}</title><style>{STYLE}</style>'
    body = f"<h1>{name}</h1><p>A preview with made-up data.</p><main>{cells}</main>"
    return f'<!doctype html><html lang="en">{head}{body}</html>'


def _cell(widget: Widget) -> str:
    column, row = widget["x"] + 1, widget["y"] + 1
    place = f"grid-column:{column}/span {widget['width']};grid-row:{row}/span {widget['height']}"
    return f'<section style="{place}">{KINDS[widget["type"]](widget["properties"])}</section>'


def main(arguments: Sequence[str]) -> int:
    """The command; the exit code."""
    parser = argparse.ArgumentParser(description="Draw the dashboard of an inventory.")
    parser.add_argument("inventory", help="such as inventories/prod")
    parser.add_argument("file", type=Path, help="the page that is written")
    given = parser.parse_args(arguments)
    estate = inventory_estate.read(given.inventory)
    body = _dashboard.dashboard(estate)
    problems = list(_dashboard_rules.problems(body))
    given.file.parent.mkdir(parents=True, exist_ok=True)
    given.file.write_text(page(estate["name"], body["widgets"]), encoding="utf-8")
    print("\n".join([*problems, f"{len(body['widgets'])} widgets; open {given.file}"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
