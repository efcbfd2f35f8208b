"""The pages of runs at `/reports/`."""

import base64
import gzip
import hashlib
import shutil
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from spacex.notebook import live_charts
from spacex.notebook.reports.making import make, order
from spacex.notebook.reports.report_notebooks import find_report
from spacex.notebook.run_comparison import compare_runs, write_comparison
from spacex.notebook.run_index import PAGE, write_index
from spacex.settings import Settings
from tests import stages
from tests.dashboard.browser import PHONE, assert_accessible
from tests.dashboard.conftest import Site, Visitor, status

HOSTILE = """<!doctype html><title>Report</title><h1 style="color:red">A report</h1>
<script>document.title = 'hostile'; fetch('/dashboard/tables/launches.csv')</script>
<img src="/dashboard/static/style.css" onerror="document.title = 'hostile'">
<img id="own" alt="a chart" src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>">
"""


@pytest.fixture(scope="module")
def run(site: Site) -> Path:
    """Write a run and a report into the folder of the shared site, also a second time."""
    folder = site.settings.runs_dir / "2026-11-28T12-54-05-378129Z"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "40_report.html").write_text(HOSTILE)
    for name in ("run.json", "40_report.ipynb", "staging.db"):
        (folder / name).write_text("{}")
    made = site.settings.reports_dir / "launch_2022-010"
    (made / "failed").mkdir(parents=True, exist_ok=True)
    for page in (made / "launch.html", made / "failed" / "launch.html"):
        page.write_text(HOSTILE)
    for name in ("report.json", "told.json"):
        (made / name).write_text("{}")
    write_index(site.settings)
    return folder


@pytest.mark.attack("read other files of a run, or of other folders, as a report", "404")
@pytest.mark.parametrize(
    "path",
    [
        "{run}/run.json",
        "{run}/40_report.ipynb",
        "{run}/staging.db",
        "{run}/../../starlink.db",
        "{run}/..%2f..%2fstarlink.db",
        "%2e%2e/starlink.db",
        "../starlink.db",
        "{run}/missing.html",
        "{run}",
        "launch_2022-010/report.json",
        "launch_2022-010/told.json",
        "launch_2022-010/../../starlink.html",
        "launch_2022-010/other/launch.html",
    ],
)
def test_only_pages_are_served(site, run, path):
    assert status(f"{site.url}reports/{path.format(run=run.name)}") == 404


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize("path", ["launch.html", "failed/launch.html"])
def test_reports_made_to_order_are_served_in_the_same_sandbox(site, path):
    with urlopen(f"{site.url}reports/launch_2022-010/{path}", timeout=20) as response:  # noqa: S310
        assert response.status == 200
        policy = response.headers["Content-Security-Policy"]
        assert policy.startswith("sandbox allow-scripts; default-src 'none'; script-src 'sha256-")
        assert "allow-same-origin" not in policy


@pytest.mark.browser
@pytest.mark.usefixtures("run")
@pytest.mark.attack("run scripts or read the dashboard from a report", "refused by its sandbox")
def test_a_report_is_read_in_a_sandbox(visitor: Visitor, site: Site) -> None:
    page = visitor.page
    page.goto(f"{site.url}reports/")
    page.get_by_role("link", name="report").first.click()
    expect(page.get_by_role("heading", name="A report")).to_have_css("color", "rgb(255, 0, 0)")
    expect(page).to_have_title("Report")
    assert any("Content Security Policy" in each for each in visitor.errors)
    assert page.evaluate("origin") == "null"
    visitor.errors.clear()


@pytest.mark.browser
@pytest.mark.usefixtures("run")
def test_the_page_how_we_know_links_to_the_reports(guest: Visitor) -> None:
    link = guest.go_to("?page=evidence").get_by_role("link", name="reports of all runs")
    expect(link).to_have_attribute("href", "reports/")


@pytest.fixture(scope="module")
def made(sampled: Settings, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Pages made from the sample: two reports, the list of runs, a comparison."""
    folder = tmp_path_factory.mktemp("made")
    settings = stages.at(sampled, data_dir=folder / "data")
    shutil.copytree(sampled.data_dir, settings.data_dir)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPACEX_DATA_DIR", str(settings.data_dir))
        week, booster = (
            make(settings, order(find_report(settings, name), {}, settings.database))
            for name in ("week", "booster")
        )
    (run,) = (path.name for path in settings.runs_dir.iterdir() if path.is_dir())
    compared = write_comparison(settings, compare_runs(settings, run, run))
    assert week.page
    assert booster.page
    return {
        "week": week.page,
        "booster": booster.page,
        "runs": settings.runs_dir / PAGE,
        "comparison": compared,
    }


@pytest.mark.browser
@pytest.mark.parametrize("name", ["week", "booster", "runs", "comparison"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible(made, context, name, scheme):
    with context.new_page() as page:
        page.set_viewport_size(PHONE)
        page.emulate_media(color_scheme=scheme)
        page.goto(made[name].as_uri())
        assert_accessible(page)


@pytest.mark.browser
def test_the_list_of_runs_fits_on_a_phone(made, context):
    with context.new_page() as page:
        page.set_viewport_size(PHONE)
        page.goto(made["runs"].as_uri())
        parts = page.locator("[tabindex]")
        assert parts.count() == 2  # runs, and reports made to order
        widths = parts.evaluate_all(
            "parts => parts.map(each => each.scrollWidth - each.clientWidth)"
        )
        assert widths == [0, 0]


@pytest.mark.browser
def test_wide_tables_scroll_inside_themselves_and_show_that_they_go_on(made, context):
    with context.new_page() as page:
        page.set_viewport_size(PHONE)
        page.goto(made["booster"].as_uri() + "#Its-flights-open")
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        flights = page.locator("details .wide")
        assert flights.evaluate("each => each.scrollWidth > each.clientWidth")
        shadow = flights.evaluate("each => getComputedStyle(each).backgroundAttachment")
        assert shadow == "local, local, scroll, scroll"


@pytest.mark.browser
def test_the_list_of_contents_opens_what_is_folded(made, context):
    with context.new_page() as page:
        page.goto(made["booster"].as_uri())
        cell = page.locator("details td").first
        expect(cell).to_be_hidden()
        page.get_by_role("navigation").get_by_role("link", name="Its flights").click()
        expect(cell).to_be_visible()


@pytest.mark.browser
@pytest.mark.parametrize("has_scripts", [True, False])
def test_paper_shows_what_is_folded(made, context, has_scripts):
    with context.new_page() as page:
        session = context.new_cdp_session(page)
        session.send("Emulation.setScriptExecutionDisabled", {"value": not has_scripts})
        page.goto(made["booster"].as_uri())
        expect(page.locator("details td").first).to_be_hidden()
        page.emulate_media(media="print")
        expect(page.locator("details td").first).to_be_visible()
        expect(page.locator("summary")).to_be_hidden()


@pytest.mark.browser
def test_charts_of_a_report_are_live_in_its_sandbox(visitor, site, made):
    """A bar has a tooltip, an entry of the legend switches its series, the pictures are hidden."""
    folder = site.settings.runs_dir / "live"
    folder.mkdir(exist_ok=True)
    shutil.copy(made["week"], folder / "40_report.html")
    page = visitor.page
    page.goto(f"{site.url}reports/live/40_report.html")
    assert page.evaluate("origin") == "null"
    page.get_by_role("heading", name="What sources said differently").scroll_into_view_if_needed()
    chart = page.locator(".live-chart").first
    expect(chart.locator("svg")).to_be_visible(timeout=60_000)
    expect(page.locator("img[data-chart='0']")).to_be_hidden()
    chart.locator("path[aria-label*='decayed']:not([aria-label$=': 0'])").first.hover(force=True)
    expect(page.locator("#vg-tooltip-element")).to_contain_text("change")
    chart.locator(".role-legend-symbol path").nth(1).click(force=True)
    expect(chart.locator(".mark-rect.role-mark path[opacity='0.12']").first).to_be_attached()
    assert visitor.errors == []


@pytest.mark.browser
@pytest.mark.attack(
    "name another script in place of Vega in a report, or of another host", "neither runs"
)
def test_only_vega_is_drawn_with_in_the_sandbox(visitor, site):
    source = "document.title='hostile';document.head.append(Object.assign(document.createElement("
    source += "'script'),{src:'http://127.0.0.1:9/foreign.js'}))"
    vega, charts = (
        base64.b64encode(gzip.compress(text.encode())).decode() for text in (source, "[{}]")
    )
    digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
    folder = site.settings.runs_dir / "hostile"
    folder.mkdir(exist_ok=True)
    (folder / "40_report.html").write_text(
        f"""<!doctype html><title>Report</title>
        <script type="text/plain" id="vega" data-integrity="sha256-{digest}">{vega}</script>
        <script type="text/plain" id="charts">{charts}</script>
        <img data-chart="0" alt="" src="data:,">
        <script>{live_charts.SCRIPT.read_text()}</script>"""
    )
    page = visitor.page
    page.goto(f"{site.url}reports/hostile/40_report.html")
    expect(page.locator("head script[type=module]")).to_have_count(1)
    expect(page).to_have_title("Report")
    assert any("Content Security Policy" in each for each in visitor.errors)
    assert not any("foreign.js" in each for each in visitor.errors)
    visitor.errors.clear()


@pytest.mark.browser
def test_charts_of_a_report_are_pictures_without_scripts(made, context):
    with context.new_page() as page:
        session = context.new_cdp_session(page)
        session.send("Emulation.setScriptExecutionDisabled", {"value": True})
        page.goto(made["week"].as_uri())
        expect(page.locator("img[data-chart='0']")).to_be_visible()
        expect(page.locator(".live-chart")).to_have_count(0)


def test_a_report_of_today_is_not_kept_by_the_browser(site, run):
    with urlopen(f"{site.url}reports/index.html", timeout=20) as response:  # noqa: S310
        assert response.headers["Cache-Control"] == "no-cache"
        assert response.headers["Content-Security-Policy"].startswith("sandbox allow-scripts; ")
        assert run.name in response.read().decode()
