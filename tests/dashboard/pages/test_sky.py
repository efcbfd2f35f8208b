"""The page My sky: its events are those of `spacex.passes`; a wrong place gives a message."""

import re
from datetime import UTC, datetime
from pathlib import Path

import icalendar
import numpy as np
import pandas as pd
import pytest
import vl_convert
from playwright.sync_api import expect

from spacex.analysis import error_laws
from spacex.analysis.api.door import open_database
from spacex.analysis.sightings import events
from spacex.dashboard.app.database import PublishedDatabase
from spacex.dashboard.pages.fleet_filters import INSTANT, SATELLITE, SHELL, STATUS
from spacex.dashboard.pages.fleet_model import read_fleet
from spacex.dashboard.pages.search import find
from spacex.dashboard.pages.sky import sky_charts, sky_data, sky_page
from spacex.dashboard.pages.sky.sky_calendar import calendar
from spacex.dashboard.pages.sky.sky_data import find_events, paths
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.view import View
from spacex.orbits.cities import CITIES
from spacex.orbits.sun import sun_elevation_deg
from spacex.settings import Settings
from spacex.sources import SPACEXDATA
from tests.dashboard.browser import PHONE, await_charts
from tests.dashboard.conftest import Site, Visitor

AT = "2026-08-22T10:00"
BERLIN = CITIES["Berlin"]


def view(settings: Settings, **values: str) -> View:
    """Return the page's view with these values."""
    filters = (SHELL, STATUS, SATELLITE, INSTANT)
    return View(PublishedDatabase(settings.database), filters, {"at": AT, **values})


@pytest.mark.filterwarnings("ignore::spacex.errors.DataWarning")
@pytest.mark.parametrize("place", ["Berlin", "Nairobi"])
def test_the_events_of_a_night_are_those_of_the_python_interface(
    sampled: Settings, place: str
) -> None:
    """In Nairobi no satellite is in sunlight for hours around midnight, which are left out."""
    found = find_events(view(sampled, place=place, only="visible"))
    hours = (found.end - found.start) / np.timedelta64(1, "h")
    passes = open_database(sampled.database).passes(place, hours, start=found.start)
    expected = events(passes[passes["is_visible"].to_numpy(bool)])
    assert len(expected) > 100
    assert found.shown["norad_cat_id"].tolist() == expected["norad_cat_id"].tolist()
    assert found.shown["magnitude"].to_numpy() == pytest.approx(
        expected["magnitude"].to_numpy(float), nan_ok=True, abs=1e-3
    )
    assert found.shown["train"].notna().sum() == expected["train"].notna().sum()


def test_the_coming_night_lasts_while_the_sun_is_6_deg_below_the_horizon(
    sampled: Settings,
) -> None:
    found = find_events(view(sampled))
    assert str(found.start)[:10] == "2026-08-22"
    edges = sun_elevation_deg(BERLIN, np.array([found.start, found.end]))
    assert edges == pytest.approx([-6, -6], abs=0.2)
    assert found.shown["is_visible"].all()


@pytest.mark.parametrize(("only", "faintest"), [("", 4.0), ("dark", 6.5)])
def test_what_is_shown_is_bright_enough(sampled: Settings, only: str, faintest: float) -> None:
    everything = find_events(view(sampled, only="visible")).shown["magnitude"]
    shown = find_events(view(sampled, only=only)).shown["magnitude"]
    assert len(shown) == (everything <= faintest).sum() > 0
    assert shown.max() <= faintest


def test_a_day_has_passes_that_cannot_be_seen(sampled: Settings) -> None:
    found = find_events(view(sampled, when="day", only="all", satellite=""))
    assert (found.end - found.start) == np.timedelta64(24, "h")
    assert 0 < found.shown["is_visible"].sum() < len(found.shown)


@pytest.mark.parametrize(("hours", "limits"), [(24, []), (23, ["limited to 23 hours"])])
def test_the_more_satellites_the_fewer_hours_are_searched(
    sampled: Settings, monkeypatch: pytest.MonkeyPatch, hours: int, limits: list[str]
) -> None:
    (shell, *_) = SHELL.options(PublishedDatabase(sampled.database))
    seen = view(sampled, when="day", only="all", above="60", shell=shell)
    count = len(sky_data._rows(seen, read_fleet(sampled.database)))
    assert count > 1
    monkeypatch.setattr(sky_data, "SATELLITE_HOURS", hours * count)
    found = find_events(seen)
    assert (found.end - found.start) / np.timedelta64(1, "h") == hours
    assert re.findall(r"limited to \d+ hours", " ".join(found.notes)) == limits


@pytest.mark.parametrize(
    ("values", "name", "zone"),
    [
        ({}, "Berlin", "Europe/Berlin"),
        ({"place": "sao paulo"}, "São Paulo", "America/Sao_Paulo"),
        ({"place": "35.68, 139.69"}, "Tokyo", "Asia/Tokyo"),
        ({"place": "48.14, 11.58"}, "", "UTC"),
        ({"place": "48.14, 11.58", "zone": "Europe/Berlin"}, "48.14, 11.58", "Europe/Berlin"),
        ({"place": "48.14, 11.58", "zone": "Mars/Base"}, "", "UTC"),
    ],
)
def test_a_place_has_the_time_zone_that_is_known_of_it(
    sampled: Settings, values: dict[str, str], name: str, zone: str
) -> None:
    place = find_events(view(sampled, **values)).place
    assert (place.name, place.time_zone) == (name, zone)


@pytest.mark.parametrize(
    ("place", "message"),
    [("Berln", "did you mean Berlin?"), ("95, 13", "latitude_deg of a place is 95.0")],
)
def test_an_unknown_place_gives_a_message(sampled: Settings, place: str, message: str) -> None:
    found = find_events(view(sampled, place=place))
    assert found.shown.empty
    assert message in found.notes[0]
    assert "data-figure" not in str(sky_page.controls(view(sampled, place=place)))
    for sentence in (sky_page.brightest, sky_page.busiest):
        assert sentence(view(sampled, place=place)) == sky_page.NOT_SEARCHED


def test_a_night_of_the_past_is_not_passed_off_as_the_coming_one(sampled: Settings) -> None:
    said = "2026-08-22, too old for the present: this is as of 2026-08-22 "
    assert said in find_events(view(sampled, place="Berlin", at="")).notes[0]
    assert not any(said in each for each in find_events(view(sampled, place="Berlin")).notes)


@pytest.mark.parametrize(("when", "only"), [("", ""), ("", "all"), ("day", "visible")])
def test_where_it_does_not_get_dark_the_page_says_until_when(
    sampled: Settings, when: str, only: str
) -> None:
    """One sentence, and no night or span of time that was not searched."""
    seen = view(sampled, place="Reykjavik", at="2026-06-21T12:00", when=when, only=only)
    found = find_events(seen)
    said = "The sky over this place does not get dark before 25 July 2026, 01:07"
    assert found.notes[0].replace("\xa0", " ").startswith(said)
    assert found.shown.empty
    assert np.isnat(found.start)
    assert "data-figure" not in str(sky_page.controls(seen))


@pytest.mark.parametrize(
    ("place", "at", "when", "said"),
    [
        ("Berlin", "2026-08-22T10:00", "", "in the night of 22 to 23 August 2026, 20:5"),
        ("Berlin", "2026-08-22T22:30", "", "in the night of 22 to 23 August 2026, 00:30 to 05:2"),
        ("48, 11", "2026-08-22T22:30", "", "from 22 August 2026, 22:30 to 23 August 2026, 03:"),
        (
            "Longyearbyen",
            "2026-12-21T10:50",
            "",
            "from 21 December 2026, 11:50 to 22 December 2026, 11:50: it is dark all day.",
        ),
        ("Berlin", "2026-08-22T10:00", "day", "from 22 August 2026, 12:00 to 23 August 2026, "),
    ],
)
def test_the_times_searched_are_told_as_they_are(
    sampled: Settings, place: str, at: str, when: str, said: str
) -> None:
    """A night after midnight is still that of the evening before."""
    (shell, *_) = SHELL.options(PublishedDatabase(sampled.database))
    seen = view(sampled, place=place, at=at, when=when, only="visible", shell=shell)
    told = str(sky_page.controls(seen)).replace("\\xa0", " ").replace("\xa0", " ")
    assert said in told


def test_each_chart_has_a_finding_of_its_data(sampled: Settings) -> None:
    seen = view(sampled, only="dark")
    found = find_events(seen)
    first = found.shown.head(sky_page.LISTED)
    best = first.loc[first["magnitude"].idxmin()]
    assert f"{best['name']}: at {best['when']:%H:%M} it is " in sky_page.brightest(seen)
    assert f"of magnitude {best['magnitude']:.1f} ± 1." in sky_page.brightest(seen)
    hour = found.shown["when"].dt.hour.value_counts()
    assert f"with {hour.iloc[0]} passes" in sky_page.busiest(seen)


def test_an_event_has_the_expected_error_of_its_passes(
    sampled: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That of simulated orbits is unknown; taken for true ones, they have that of their group."""
    (column,) = (each for each in sky_page.COLUMNS if each.label == "Expected error")
    rows = find_events(view(sampled)).shown.to_dict("records")
    assert {column.cell(row) for row in rows} == {"unknown"}
    monkeypatch.setattr(error_laws, "SAMPLE", SPACEXDATA)
    found = find_events(view(sampled, above="11")).shown  # of another search: the last one is kept
    assert found["error_km"].notna().any()
    shown = {str(column.cell(row)).replace("\xa0", " ") for row in found.to_dict("records")}
    assert any(re.fullmatch(r"± [\d.]+ km, ± [\d.]+ s", each) for each in shown)


def test_events_beyond_use_are_grey_and_neither_drawn_nor_saved(sampled: Settings) -> None:
    columns = [each for each in sky_page.COLUMNS if each.label in {"Expected error", "Highest"}]
    row = find_events(view(sampled, above="11")).shown.iloc[0].to_dict()
    row |= {"culmination_clock": "22:00:00", "error_s": 200.0}
    far, near = row | {"error_km": 1500.0}, row | {"error_km": 3.0}
    assert ["'note'" in str(each.cell(far)).split("UTC")[0] for each in columns] == [True, True]
    assert "beyond use" in str(columns[1].cell(far))
    assert "beyond use" not in str(columns[1].cell(near))
    both = pd.DataFrame([far, near, row | {"error_km": np.nan}])
    assert sky_page.useful(both)["error_km"].fillna(-1).tolist() == [3.0, -1.0]


def test_the_fleet_over_the_place_is_told_and_drawn(sampled: Settings) -> None:
    shown = str(sky_page.service(view(sampled)))
    assert "are above 25°, where they serve users" in shown
    assert "Light takes" in shown
    assert "naked eye sees most satellites" in shown
    words = [each(view(sampled)).to_dict()["description"] for each in LATITUDE_AND_YEAR]
    assert words[0].startswith("Line: mean number of satellites above 25° by latitude")
    assert words[1].startswith("Squares: satellites seen at once in a dark place")
    nowhere = view(sampled, place="Nowhereville")
    assert sky_page.service(nowhere) == []
    assert sky_page.no_service(nowhere) == ""
    for each in LATITUDE_AND_YEAR:
        vl_convert.vegalite_to_svg({**each(nowhere).to_dict(), "width": 400})


LATITUDE_AND_YEAR = (sky_page.latitudes, sky_page.year)


def test_the_strip_counts_every_pass_once(sampled: Settings) -> None:
    seen = view(sampled, only="visible")
    found = find_events(seen)
    words = sky_page.strip(seen).to_dict()["description"]
    singles = found.shown["train"].isna().sum()
    assert words.startswith(f"Bars: {singles:,} passes by time and brightness;")


@pytest.mark.parametrize(
    ("is_visible", "magnitude", "sight"),
    [
        (True, 4.0, "seen in a town"),
        (True, 4.01, "seen in a dark place"),
        (True, 6.5, "seen in a dark place"),
        (True, 6.51, "too faint"),
        (True, np.nan, "brightness unknown"),
        (False, 4.0, "not in sunlight, or by day"),
        (False, np.nan, "not in sunlight, or by day"),
    ],
)
def test_a_pass_is_of_the_brightest_class_that_it_reaches(
    *, is_visible: bool, magnitude: float, sight: str
) -> None:
    one = pd.DataFrame({"is_visible": [is_visible], "magnitude": [magnitude]})
    assert sky_page._sights(one) == [sight]


def test_a_night_without_single_satellites_is_drawn() -> None:
    """An empty legend has an infinite height."""
    none = pd.DataFrame({"from": pd.to_datetime([]), "to": pd.to_datetime([]), "sight": []})
    counts = none.assign(passes=0, below=0, upto=0)
    train = pd.DataFrame({"when": [pd.Timestamp("2026-08-22")], "label": ["x"], "height": [1.1]})
    chart = sky_charts.strip(counts, train, none[["from", "to"]], "UTC").to_dict()
    assert "Infinity" not in vl_convert.vegalite_to_svg({**chart, "width": 400})


def test_a_path_goes_through_the_culmination(sampled: Settings) -> None:
    seen = view(sampled, only="visible")
    first = find_events(seen).shown.head(3)
    found = paths(seen, first)
    highest = found.groupby("event")["elevation_deg"].max()
    top = first["culmination_elevation_deg"].to_numpy()
    assert highest.to_numpy() == pytest.approx(top, abs=1.5)


def test_pages_of_ten_are_numbered_through(sampled: Settings) -> None:
    panel = sky_page.EventsPanel(State())
    panel.show(view(sampled, only="visible", sky_row="17"))
    assert panel._listed["number"].tolist() == list(range(11, 21))
    place = view(sampled, place="Berlin")
    first = panel._listed.iloc[[0]]
    of_train = first.assign(train=1, launch_designator="2026-001")
    number = first["norad_cat_id"].item()
    assert sky_page._queries(place, pd.concat([first.assign(train=pd.NA), of_train])) == [
        f"page=satellite&satellite={number}&place=Berlin",
        "page=launch&mission=2026-001",
    ]


def test_the_search_of_everything_opens_a_place(sampled: Settings) -> None:
    found = find(PublishedDatabase(sampled.database), "sao paulo")
    place = next(each for each in found if each.group == "Places")
    assert place.value == "page=sky&place=S%C3%A3o+Paulo"


STAMP = datetime(2026, 8, 22, 10, tzinfo=UTC)


def an_event(**fields: object) -> pd.DataFrame:
    """Return one event, at midnight in Berlin."""
    top = pd.Timestamp("2026-08-22T22:00:10Z")
    values = {
        "norad_cat_id": 44713,
        "name": "STARLINK-1007",
        "rise_utc": top - pd.Timedelta(minutes=4),
        "culmination_utc": top,
        "set_utc": top + pd.Timedelta(minutes=4),
        "rise_azimuth_deg": 270.0,
        "culmination_azimuth_deg": 181.0,
        "set_azimuth_deg": 90.0,
        "culmination_elevation_deg": 61.6,
        "magnitude": 4.56,
        "error_km": 3.39,
        "error_s": 0.446,
    }
    return pd.DataFrame([values | fields])


def parsed(text: str) -> icalendar.Event:
    """Return the only event of a calendar, as an independent parser reads it."""
    (event,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert event.errors == []
    return event


def test_a_calendar_is_what_another_parser_reads() -> None:
    event = parsed(calendar(an_event(), BERLIN, STAMP))
    assert event["SUMMARY"] == "STARLINK-1007"
    assert event["DTSTART"].dt == datetime(2026, 8, 22, 21, 56, 10, tzinfo=UTC)
    assert event["DTEND"].dt == datetime(2026, 8, 22, 22, 4, 10, tzinfo=UTC)
    assert event["LOCATION"] == "Berlin"
    assert event["DESCRIPTION"] == (
        "Rises in the W. Highest at 00:00:10 (Europe/Berlin), 62° in the S. Sets in the E.\n"
        "Magnitude: 4.6 ± 1. Expected error: ± 3.4 km, ± 0.4 s. Newer orbits may move it."
    )


def test_a_uid_stays_while_the_time_moves_and_differs_by_satellite_pass_and_place() -> None:
    def uid(place: object = BERLIN, **fields: object) -> str:
        return str(parsed(calendar(an_event(**fields), place, STAMP))["UID"])

    moved = pd.Timestamp("2026-08-22T22:03:00Z")
    assert uid() == uid(culmination_utc=moved)
    later = pd.Timestamp("2026-08-22T23:35:00Z")
    others = {uid(norad_cat_id=44714), uid(culmination_utc=later), uid(CITIES["Tokyo"])}
    assert len(others | {uid()}) == 4


@pytest.mark.attack("put line breaks and commas into names, to forge a calendar", "escaped")
def test_text_of_a_calendar_is_escaped_and_folded() -> None:
    name = "A;B,C\\D\r\nEND:VCALENDAR " + "ü" * 100
    text = calendar(an_event(name=name), BERLIN, STAMP)
    assert parsed(text)["SUMMARY"] == name.replace("\r", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")


@pytest.mark.browser
def test_a_place_is_chosen_by_name_and_a_wrong_one_told(guest: Visitor, site: Site) -> None:
    number = read_fleet(site.database).elements.norad_cat_id[-1]
    shown = guest.go_to(f"?page=passes&satellite={number}&when=day&only=all")  # a former address
    expect(shown.locator("h2")).to_have_text("My sky")
    place = shown.locator("input[data-action=place]")
    place.fill("Tokyo")
    place.press("Enter")
    expect(shown.locator("[data-figure=found]")).to_contain_text("From Tokyo: ")
    await_charts(shown)
    place.fill("Berl")
    place.press("Enter")
    expect(shown.locator(".warning")).to_contain_text("There is no city 'Berl' in the list")
    shown.get_by_role("button", name="Berlin", exact=True).click()
    expect(shown.locator("[data-figure=found]")).to_contain_text("From Berlin: ")
    assert shown.locator(".panel.failed").count() == 0


@pytest.mark.browser
def test_the_browser_gives_its_location_or_refuses(guest: Visitor, site: Site) -> None:
    shown, context = guest.go_to("?page=sky"), guest.page.context
    ask = shown.get_by_role("button", name="Use my location")
    ask.click()
    expect(shown.locator(".locate [role=status]")).to_contain_text("was not allowed to")
    context.grant_permissions(["geolocation"], origin=site.url.rstrip("/"))
    context.set_geolocation({"latitude": 48.137, "longitude": 11.575})
    ask.click()
    expect(shown.locator("[data-figure=found]")).to_contain_text("From 48.14, 11.57")
    assert re.search(r"place=48.14%2C\+11.5[78]", shown.url)
    context.clear_permissions()


@pytest.mark.browser
def test_a_calendar_is_saved(guest: Visitor, tmp_path: Path) -> None:
    shown = guest.go_to("?page=sky&only=visible")
    with shown.expect_download() as saved:
        shown.get_by_role("button", name=re.compile("^Calendar file of these")).click()
    assert saved.value.suggested_filename == "starlink-sky.ics"
    saved.value.save_as(tmp_path / "sky.ics")
    found = icalendar.Calendar.from_ical((tmp_path / "sky.ics").read_bytes())
    assert len(found.walk("VEVENT")) == 10


@pytest.mark.browser
def test_the_first_screen_of_a_phone_tells_what_can_be_seen(visitor: Visitor) -> None:
    visitor.page.set_viewport_size(PHONE)
    shown = visitor.open("?page=sky")
    found = shown.locator("[data-figure=found]")
    expect(found).to_contain_text("From Berlin: ")
    box = found.bounding_box()
    assert box["y"] + box["height"] <= PHONE["height"]
    figures = shown.locator(".head .figures")
    expect(figures).to_be_hidden()
    shown.get_by_text("Key figures").click()
    expect(figures).to_be_visible()


@pytest.mark.browser
def test_the_key_figures_are_open_on_the_first_page_of_a_desktop_alone(guest: Visitor) -> None:
    shown = guest.go_to("?page=now")
    figures, summary = shown.locator(".head .figures"), shown.get_by_text("Key figures")
    expect(figures).to_be_visible()
    expect(summary).to_be_hidden()
    guest.go_to("?page=sky")
    expect(figures).to_be_hidden()
    summary.click()
    guest.go_to("?page=globe")
    expect(figures).to_be_visible()
    shown.set_viewport_size(PHONE)
    guest.go_to("?page=now")
    expect(figures).to_be_hidden()
