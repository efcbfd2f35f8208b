"""The tools of a chart: its rows, its picture, and a link to it."""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.dashboard.browser import await_charts
from tests.dashboard.conftest import Visitor

pytestmark = pytest.mark.browser


def test_a_chart_gives_its_rows_its_picture_and_a_link(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor.open("?page=launches#payload-mass-by-year")
    await_charts(page)
    expect(page.get_by_role("heading", name="Payload mass by year")).to_be_in_viewport()
    assert page.locator(".panel.charted").count() == page.locator(".chart-tools").count()
    tools = page.get_by_role("group", name="Tools of the chart Launches by year and outcome")
    as_table = tools.get_by_role("button", name="As table")
    as_table.focus()
    page.keyboard.press("Enter")
    expect(as_table).to_have_attribute("aria-expanded", "true")
    expect(tools.get_by_role("columnheader", name="outcome").first).to_be_visible()
    with page.expect_download() as saved:
        tools.get_by_role("button", name="Save as CSV").first.click()
    saved.value.save_as(tmp_path / "rows.csv")
    rows = list(csv.DictReader((tmp_path / "rows.csv").read_text().splitlines()))
    assert {"year": "2006", "outcome": "failure", "launches": "1"} in rows
    with page.expect_download() as drawn:
        tools.get_by_role("button", name="As picture").click()
    assert drawn.value.suggested_filename == "launches-by-year-and-outcome.png"
    tools.get_by_role("button", name="Copy link").click()
    expect(tools.get_by_role("status")).to_contain_text("Cop")
    tools.get_by_role("link", name="How we know").click()
    expect(page.get_by_role("heading", name="How we know", level=2).first).to_be_visible()
