"""The report on the fleet of a date: each sentence, and each number against SQL."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from spacex.analysis import history
from spacex.analysis.articles.fleet import NO_FLEET, Fleet, fleet
from spacex.analysis.articles.week import week
from spacex.analysis.key_figures import key_figures
from spacex.analysis.source_coverage import FLEET
from spacex.errors import DataError, SettingsError
from spacex.notebook import article_charts, charts
from spacex.settings import Settings
from spacex.sources.launch_facts import LAST_COUNTED
from spacex.warehouse.connection import writing
from spacex.warehouse.coverage import CATALOGUED, LAUNCHED
from spacex.warehouse.views import apply_views
from tests.analysis.articles.test_week import storm, two_lists
from tests.example_rows import insert_row
from tests.stages import rows, value

COVERED = [("2019-01-01T00:00:00Z", "2026-08-22T23:59:59Z")]
ELEMENTS = "mean_motion_rev_per_day", "inclination_deg", "mean_altitude_km"


def known(*statuses: str | None, **fields: object) -> Fleet:
    """Return a fleet of satellites of these statuses, outside all shells."""
    satellites = pd.DataFrame({"orbit_status": statuses}, dtype=object).assign(
        norad_cat_id=range(len(statuses)), shell=None, version="v1.0"
    )
    has_orbit = satellites["orbit_status"].notna()
    satellites = satellites.assign(**dict.fromkeys(ELEMENTS, has_orbit.map({True: 1.0})))
    growth = pd.DataFrame(
        [("2020-01-01", 5, 0, 0, 5, 5), ("2026-01-01", 6, 1, 1, 4, 4)],
        columns=["day", "launched", "decayed", "unlisted", "in_orbit", "at_least"],
    )
    spans = dict.fromkeys((*FLEET, CATALOGUED, LAUNCHED), COVERED)
    return replace(Fleet("2026-08-22", satellites, growth, losses(), spans), **fields)


def losses(*known_dates: str, until: str = "2026-01-01") -> pd.DataFrame:
    """Return a decay and a satellite no longer listed, by default of a known day."""
    return pd.DataFrame(
        {
            "last_known_date": [*known_dates, None, None][:2],
            "until_date": until,
            "catalogue_status": ["decayed", "unlisted"],
        },
        dtype=object,
    )


def headline(found: Fleet) -> list[str]:
    return [sentence.replace("\xa0", " ") for sentence in found.headline]


def test_it_says_how_many_satellites_are_in_orbit_and_what_they_do() -> None:
    assert headline(known("operational", "operational", "raising")) == [
        "On 22 August 2026, 3 Starlink satellites are in orbit, of 6 catalogued.",
        "By their orbits, 2 are operational and 1 raising.",
        "In the 365 days before, 1 was launched and 2 lost: decayed or no longer listed.",
    ]


def test_estimated_launch_dates_are_no_facts() -> None:
    found = known("operational", estimated=("2020-01-01", "2026-01-01"))
    assert "In the 365 days before, about 1 was launched" in headline(found)[-1]
    assert found.figures["launched in the 365 days before, 1 of them by estimated dates"] == 1
    assert found.periods["estimated"].tolist() == [0, 1]
    assert "The launch date of 2 satellites is not known, and is estimated" in found.limits[0]


def test_losses_of_satellites_never_catalogued_are_called_so() -> None:
    never = losses().assign(
        from_date=["2025-10-01", "2025-01-01"],
        until_date=["2025-10-02", "2025-01-02"],
        catalogue_status="decayed",
    )
    found = known("operational", never_catalogued=never)
    assert headline(found)[-1].endswith(
        "3 lost: decayed or no longer listed, 1 of them never catalogued."
    )
    figure = "decayed or unlisted in the 365 days before, 1 of them never catalogued"
    assert found.figures[figure] == 3
    assert (
        "1 satellite launched in the 365 days before was never catalogued: lost before it got a "
        "number."
    ) in found.limits
    partly = replace(found, spans={**found.spans, LAUNCHED: []})
    assert "never catalogued" not in headline(partly)[-1]


def test_an_earlier_fleet_is_of_the_past_and_the_sample_is_simulated() -> None:
    found = headline(known("operational", is_current=False, is_simulated=True))
    assert found[:3] == [
        "This is the bundled sample: its fleet is simulated.",
        "On 22 August 2026, 1 Starlink satellite were in orbit, of 6 catalogued.",
        "By their orbits, 1 were operational.",
    ]


def test_orbits_that_are_not_known_are_not_counted() -> None:
    found = known(None, None)
    assert "Their orbits on that date are not known." in found.headline
    assert found.figures["operational"] is None
    assert found.figures["shells found in the orbits"] is None
    assert found.statuses["orbit_status"].tolist() == ["no elements"]
    assert "The orbits of 2 satellites are not known on that date." in found.limits
    assert article_charts.orbits(found.places).to_dict()["title"] == "The orbits are not known"


@pytest.mark.parametrize(
    ("until", "sentence", "lost"),
    [
        (
            "2026-08-02T00:00:00Z",
            "at least 1 was launched and at least 2 lost: decayed or no longer listed.",
            "at least 2",
        ),
        (
            "2025-08-02T00:00:00Z",
            "at least 1 was launched; how many were lost is not known.",
            None,
        ),
    ],
)
def test_time_without_lists_makes_losses_uncertain_or_unknown(
    until: str, sentence: str, lost: str | None
) -> None:
    spans = {each: [(COVERED[0][0], until)] for each in FLEET}
    found = known("operational", spans={**spans, LAUNCHED: COVERED})
    assert found.headline[-1] == f"In the 365 days before, {sentence}"
    assert found.figures["decayed or unlisted in the 365 days before"] == lost
    assert found.periods["change"].isna().all()
    (late, *_) = found.limits
    assert late.startswith(f"No list or catalogue covers {20 if lost else 'any'} of the 365 days")
    assert charts.fleet_growth(found.growth, found.gaps).to_dict()


@pytest.mark.parametrize(
    ("at_least", "spans", "size", "lost", "undated"),
    [
        (4, losses("2025-07-01", "2025-12-31"), "3 Starlink", "1 to 2", [0, 1]),
        (4, losses("2025-07-01", "2025-07-01"), "3 Starlink", "0 to 2", [0, 2]),
        (3, losses("2026-01-01", until="2026-09-01"), "at least 3 Starlink", "0 to 1", [1, 1]),
        (3, losses("2022-01-01", "2026-08-22", until="2026-09-01"), "at least 3", "0 to 1", [1, 1]),
        ([5, 3], losses(), "at least 3 Starlink", 2, [0, 0]),
    ],
)
def test_losses_without_a_date_are_bounds(
    at_least: int | list[int],
    spans: pd.DataFrame,
    size: str,
    lost: int | str,
    undated: list[int],
) -> None:
    growth = known().growth.assign(at_least=at_least)
    found = known(*["operational"] * 3, growth=growth, losses=spans, is_current=False)
    assert f"On 22 August 2026, {size}" in headline(found)[0]
    assert headline(found)[-1].endswith(f"and {lost} lost: decayed or no longer listed.")
    assert str(next(iter(found.figures.values()))) == size.partition(" Starlink")[0]
    assert found.figures["decayed or unlisted in the 365 days before"] == lost
    assert found.periods["undated"].tolist() == undated
    assert found.periods["change"].isna().tolist() == [bool(each) for each in undated]


def test_without_satellites_it_says_so(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    with writing(path) as connection:
        apply_views(connection)
    found = fleet(path)
    assert (found.headline, found.figures, found.limits) == ([NO_FLEET], {}, [])
    assert charts.fleet_growth(found.growth, found.gaps).to_dict()
    assert article_charts.orbits(found.places).to_dict()
    tables = found.shells, found.statuses, found.versions, found.periods
    assert all(each.empty for each in tables)


@pytest.mark.parametrize(
    ("subject", "counts", "lost"),
    [("decays", ["1", "–", "0"], "1 to 2"), ("satellites listed", ["1", "1", "-1"], 2)],
)
def test_what_only_lists_or_only_catalogues_cover(
    subject: str, counts: list[str], lost: int | str
) -> None:
    found = known("operational", spans=dict.fromkeys((subject, CATALOGUED, LAUNCHED), COVERED))
    year = found.periods.iloc[-1][["decayed", "unlisted", "change"]]
    assert ["–" if pd.isna(each) else str(each) for each in year] == counts
    assert found.figures["decayed or unlisted in the 365 days before"] == lost


def test_a_part_of_a_catalogue_tells_of_some_decays() -> None:
    early = [("2019-01-01T00:00:00Z", "2021-10-03T00:00:00Z")]
    spans = {"satellites listed": COVERED, "decays of some satellites": COVERED, "decays": early}
    found = known("operational", spans={**spans, CATALOGUED: COVERED, LAUNCHED: COVERED})
    assert headline(found)[-1].endswith(
        "1 was launched and at least 2 lost: decayed or no longer listed."
    )
    assert found.periods["decayed"].fillna(-1).tolist() == [-1, 1]
    assert found.periods["change"].isna().all()
    assert "A part of a catalogue is loaded" in found.limits[0]


@pytest.mark.parametrize("until", ["2026-08-08T20:00:00Z", "2026-07-01T00:00:00Z"])
def test_lists_do_not_tell_what_was_launched_days_before_them(until: str) -> None:
    spans = {**dict.fromkeys((*FLEET, LAUNCHED), COVERED), CATALOGUED: [(COVERED[0][0], until)]}
    found = known("operational", spans=spans)
    assert headline(found)[-1].startswith("In the 365 days before, at least 1 was launched and 2")
    assert headline(found)[0].startswith("On 22 August 2026, at least 1 Starlink satellite are")
    assert next(iter(found.figures.values())) == "at least 1"
    assert found.figures["launched in the 365 days before"] == "at least 1"
    assert found.periods["change"].isna().all()
    assert found.periods["launched"].tolist() == [None, "at least 1"]
    assert found.periods["days_not_covered"].eq(0).all()
    late = round((pd.Timestamp("2026-08-22", tz="UTC") - pd.Timestamp(until)) / pd.Timedelta("1D"))
    assert found.limits[0] == (
        f"What was launched on {late} of the 365 days before is not known: a GP list tells it to "
        "30 days before its date, a catalogue to its newest launch."
    )


@pytest.mark.parametrize(
    ("spans", "sentence"),
    [
        ({"satellites listed": COVERED}, "1 catalogued one was lost: decayed or no longer listed"),
        ({}, "how many were launched and lost is not known."),
    ],
)
def test_nothing_but_at_least_none_is_not_a_number(
    spans: dict[str, list[tuple[str, str]]], sentence: str
) -> None:
    growth = known().growth.assign(launched=6, decayed=0, unlisted=[0, 1])
    lost = losses().tail(1)
    found = known(spans=spans, growth=growth, losses=lost)
    assert headline(found)[-1].startswith(f"In the 365 days before, {sentence}")
    assert "at least 0" not in " ".join(found.headline)
    assert headline(found)[0] == "On 22 August 2026, none is known to be in orbit, of 6 known."
    assert next(iter(found.figures.values())) is None
    assert found.figures["catalogued ones launched in the 365 days before"] is None


def test_single_changes_after_the_lists_do_not_date_the_fleet() -> None:
    found = known("operational", "raising", is_covered=False, covered_until="2026-06-01")
    by = "the data to 1 June 2026 and the changes known to 22 August 2026"
    assert headline(found)[0] == (f"By {by}, 2 Starlink satellites are in orbit, of 6 catalogued.")
    assert (
        next(iter(found.figures))
        .replace("\xa0", " ")
        .startswith(f"satellites in orbit by {by}, of 6")
    )
    assert found.limits[0].replace("\xa0", " ") == (
        "No list or catalogue covers the days after 1 June 2026: only some launches and losses of "
        "them are known."
    )


def test_a_date_between_the_lists_is_not_covered() -> None:
    found = known("operational", is_covered=False)
    assert headline(found)[0].startswith("On 22 August 2026, at least 1 Starlink satellite are in")
    assert next(iter(found.figures.values())) == "at least 1"
    (first, *_) = found.limits
    assert first.replace("\xa0", " ") == (
        "No list or catalogue covers 22 August 2026: satellites that came and went unseen are "
        "missing."
    )


@pytest.mark.parametrize(
    ("on", "near"), [("2019-05-23", "2019-05-24"), ("2026-08-23", "2026-08-22")]
)
def test_a_date_outside_the_data_is_refused(sampled: Settings, on: str, near: str) -> None:
    with pytest.raises(DataError, match=rf"is not known; did you mean {near}\?") as error:
        fleet(sampled.database, on)
    assert error.value.remedy == "Choose a date from 2019-05-24 to 2026-08-22."
    with pytest.raises(SettingsError, match="neither a date nor an instant"):
        fleet(sampled.database, "yesterday")


@pytest.mark.parametrize("database", ["sampled", "recorded_settings"])
def test_its_numbers_are_those_of_the_views(database: str, request: pytest.FixtureRequest) -> None:
    path = request.getfixturevalue(database).database
    found, in_orbit = fleet(path), "FROM v_starlink WHERE catalogue_status = 'in orbit'"
    shown = [*found.figures.values()]
    assert shown[0] == f"at least {value(path, f'SELECT count(*) {in_orbit}'):,}"
    assert shown[1] == value(path, f"SELECT sum(orbit_status = 'operational') {in_orbit}")
    assert shown[2] == value(path, f"SELECT count(DISTINCT shell) {in_orbit}")
    since = f"{pd.Timestamp(found.on) - pd.Timedelta(days=365):%Y-%m-%d}"
    came = "SELECT count(*) FROM v_starlink WHERE {0} > ? AND {0} <= ?"
    numbers = [int(str(each).replace("at least ", "").replace(",", "")) for each in shown[3:]]
    assert [(each,) for each in numbers] == [
        *rows(path, came.format("from_date"), since, found.on),
        *rows(path, came.format("until_date"), since, found.on),
    ]
    for frame, column in ((found.shells, "shell"), (found.versions, "version")):
        sql = f"SELECT {column}, count(*) {in_orbit} AND {column} NOT NULL GROUP BY 1 ORDER BY 1"
        counts = frame[frame[column] != "unknown"].sort_values(column)
        assert list(counts[[column, "satellites"]].itertuples(index=False, name=None)) == rows(
            path, sql
        )
    where = found.places.groupby(["inclination_deg", "mean_altitude_km"])["satellites"].sum()
    assert sorted(where) == sorted(
        n for (n,) in rows(path, "SELECT satellites FROM v_fleet_by_shell")
    )


@pytest.mark.parametrize("on", ["2020-06-01", "2023-01-01", "2026-08-21"])
def test_an_earlier_fleet_is_that_of_the_growth(sampled: Settings, on: str) -> None:
    sql = "SELECT in_orbit, launched FROM v_fleet_growth WHERE day <= ? ORDER BY day DESC LIMIT 1"
    ((in_orbit, launched),) = rows(sampled.database, sql, on)
    found = fleet(sampled.database, on)
    of = "catalogued" if on < str(LAST_COUNTED) else "known"
    shown = found.figures[f"satellites in orbit, of {launched:,} {of}"]
    assert shown == (in_orbit if of == "catalogued" else f"at least {in_orbit:,}")
    assert not found.is_current
    assert found.satellites["orbit_status"].isna().all()  # there is no list of that time


def test_the_orbits_of_an_earlier_fleet_are_those_of_its_list(three_days: Path) -> None:
    found = fleet(three_days, "2026-11-02")
    listed = history.fleet_on(three_days, "2026-11-02")
    assert set(found.with_elements["norad_cat_id"]) == set(listed["norad_cat_id"])
    assert len(found.satellites) == len(listed) + 1  # one was listed again on the third day
    assert "The orbits are those of the GP list of 2\xa0November\xa02026." in found.limits
    assert found.statuses["satellites"].sum() == 14


@pytest.mark.parametrize(("on", "least"), [("2025-05-18", 4), ("2025-05-20", 2), ("2025-05-25", 2)])
def test_the_fewest_in_orbit_are_those_of_the_report_on_a_week(
    tmp_path: Path, on: str, least: int
) -> None:
    path = two_lists(tmp_path)
    assert (
        week(path, end=on).figures["catalogued satellites in orbit at the end"]
        == f"at least {least}"
    )
    found = fleet(path, on)
    assert next(iter(found.figures.values())) == f"at least {least}"
    assert f", at least {least} Starlink satellites" in headline(found)[0]


def test_lists_of_an_earlier_time_do_not_date_the_newest_fleet(tmp_path: Path) -> None:
    path = two_lists(tmp_path)
    with writing(path) as connection:
        seen = dict.fromkeys(("observed_utc", "data_utc"), "2025-02-01T20:00:00Z")
        insert_row(connection, "_observations", source="celestrak", **seen)
    found = fleet(path)
    assert (found.on, found.is_covered, found.covered_until) == ("2025-05-25", True, "")
    assert headline(found)[0].startswith("On 25 May 2025, at least 2 Starlink satellites are in")


@pytest.mark.parametrize(
    ("until", "sentence", "limit"),
    [
        (
            COVERED[0][1],
            (
                "33 were launched and 34 lost: decayed or no longer listed, 32 of them never "
                "catalogued."
            ),
            (
                "32 satellites launched in the 365 days before were never catalogued: lost before "
                "they got a number."
            ),
        ),
        (
            "2026-08-21T00:00:00Z",
            "1 catalogued one was launched and 2 lost: decayed or no longer listed.",
            (
                "No source has the satellites that were never catalogued for all of the 365 days "
                "before: the 32 that are known do not count."
            ),
        ),
    ],
    ids=["all", "catalogued"],
)
def test_satellites_that_were_never_catalogued_count_or_are_named(
    until: str, sentence: str, limit: str
) -> None:
    never = losses().assign(from_date="2026-02-03", until_date="2026-02-08")
    never = pd.concat([never.assign(catalogue_status="decayed")] * 16)
    spans = {**known().spans, LAUNCHED: [(COVERED[0][0], until)]}
    found = known("operational", never_catalogued=never, spans=spans)
    assert headline(found)[-1] == f"In the 365 days before, {sentence}"
    assert limit in found.limits
    is_whole = until == COVERED[0][1]
    ones = "" if is_whole else "catalogued ones "
    assert found.figures[f"{ones}launched in the 365 days before"] == (33 if is_whole else 1)
    assert found.periods["counted"].eq("all" if is_whole else "catalogued").all()


@pytest.mark.parametrize("database", ["sampled", "recorded_settings", "three_days", "storm"])
def test_its_number_in_orbit_is_the_key_figure(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    given = storm(tmp_path) if database == "storm" else request.getfixturevalue(database)
    path = given if isinstance(given, Path) else given.database
    figure = {each.name: each.value for each in key_figures(path)}["Satellites in orbit"]
    shown = next(iter(fleet(path).figures.values()))
    assert figure == (f"{shown:,}" if isinstance(shown, int) else shown)


@pytest.mark.parametrize("on", ["2022-02-05", "2022-02-20", "2024-07-13"])
def test_launched_satellites_are_those_of_the_launches(on: str, sampled: Settings) -> None:
    since = f"{pd.Timestamp(on) - pd.Timedelta(days=365):%Y-%m-%d}"
    sql = "SELECT sum(launched) FROM v_fleet_by_launch WHERE launch_date > ? AND launch_date <= ?"
    ((launched,),) = rows(sampled.database, sql, since, on)
    assert fleet(sampled.database, on).figures["launched in the 365 days before"] == launched


def test_a_vague_loss_of_satellites_never_catalogued_is_an_upper_bound(tmp_path: Path) -> None:
    path = storm(tmp_path)
    for on, lost in (("2022-02-06", 0), ("2022-02-12", 32)):
        found = fleet(path, on)
        assert headline(found)[0].endswith(
            "19 Starlink satellites were in orbit, of 19 catalogued."
        )
        month = found.periods.iloc[0][["launched", "decayed", "undated"]].tolist()
        assert month == [49, lost, 32 - lost]
