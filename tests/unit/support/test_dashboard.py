# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import xml.dom.minidom
from pathlib import Path

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _dashboard
from ansible_collections.uex.payments.tests.support import dashboard, inventory_estate
from ansible_collections.uex.payments.tests.unit.plugins.module_utils.test_alarm_set import ESTATE


def test_every_widget_is_drawn_where_it_stands() -> None:
    widgets = _dashboard.dashboard(ESTATE)["widgets"]
    page = dashboard.page("one", widgets)
    assert page.count("<section ") == len(widgets)
    last = widgets[-1]
    assert f"grid-column:{last['x'] + 1}/span {last['width']};grid-row:{last['y'] + 1}/span {last['height']}" in page


def test_a_graph_has_a_line_for_what_is_visible_and_one_for_each_threshold() -> None:
    metrics = [["A", "B", {"label": "<b>"}], [{"expression": "x", "id": "y", "visible": False}]]
    drawn = dashboard.graph({"title": "t", "metrics": metrics, "annotations": {"horizontal": [{"value": 5}]}})
    (svg,) = xml.dom.minidom.parseString(f"<p>{drawn}</p>").getElementsByTagName("svg")
    assert [len(svg.getElementsByTagName(name)) for name in ("polyline", "line")] == [1, 1]
    assert "&lt;b&gt;" in drawn


def test_data_are_the_same_each_time_and_below_what_would_alarm() -> None:
    assert dashboard.samples(["A"], 10) == dashboard.samples(["A"], 10)
    assert max(dashboard.samples(["A"], 10)) < 10


def test_text_has_headings_and_links_and_nothing_else() -> None:
    drawn = dashboard.text({"markdown": "## A & B\n\n**bold** [there](https://example.com) <script>"})
    assert drawn == '<h2>A &amp; B</h2><p><b>bold</b> <a href="https://example.com">there</a> &lt;script&gt;</p>'


def test_the_command_writes_a_page_and_fails_for_what_aws_would_refuse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(inventory_estate, "read", lambda _inventory: ESTATE)
    assert dashboard.main(["inventories/dev", str(tmp_path / "a" / "page.html")]) == 0
    assert (tmp_path / "a" / "page.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    body = _dashboard.dashboard(ESTATE)
    body["widgets"][0]["height"] = 0
    monkeypatch.setattr(_dashboard, "dashboard", lambda _estate: body)
    assert dashboard.main(["inventories/dev", str(tmp_path / "page.html")]) == 1
    assert "body.widgets[0].height" in capsys.readouterr().out
