"""The report on a week: each sentence, and each number against SQL."""

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from spacex.analysis.articles.week import NO_DATA, SUBJECTS, Week, week, week_bounds
from spacex.analysis.booster_flights import UNRECORDED_BOOSTERS
from spacex.analysis.key_figures import key_figures
from spacex.errors import SettingsError
from spacex.notebook import article_charts
from spacex.settings import Settings
from spacex.warehouse.connection import writing
from spacex.warehouse.fleet import ranges
from spacex.warehouse.views import apply_views
from tests.example_rows import insert_row
from tests.stages import rows, value

COVERED = [("2006-01-01T00:00:00Z", "2026-05-10T23:59:59Z")]
LAUNCH = {"name": "A", "rocket": "Falcon 9", "launchpad": "P", "launched": None}
LAUNCH |= {"catalogued": None}
LAUNCH |= {"date_precision": "hour", "outcome": "success", "is_flown": 1}
LAUNCH |= {"launch_class": "orbital"}


def launches(*days: str, **fields: object) -> pd.DataFrame:
    """Return launches on these days."""
    dates = ("date_utc", "date_from_utc", "date_until_utc")
    columns = [*LAUNCH, "launch_id", "day", "date_text", *dates]
    found = [
        LAUNCH
        | {"launch_id": d, "day": d, "date_text": f"{d} 12:00"}
        | dict.fromkeys(dates, f"{d}T12:00:00Z")
        | fields
        for d in days
    ]
    return pd.DataFrame(found, columns=columns)


def landings(*outcomes: str) -> pd.DataFrame:
    """Return landings with these outcomes, of the launch on 5 May."""
    frame = pd.DataFrame({"landing": outcomes}, dtype=object)
    return frame.assign(launch_id="2026-05-05", serial="B1")


def changes(launched: int, decayed: int, unlisted: int) -> pd.DataFrame:
    """Return satellites that came and went on 5 May."""
    counts = {"launched": launched, "decayed": decayed, "unlisted": unlisted}
    columns = ["day", *counts]
    found = [
        {"day": "2026-05-05", **dict.fromkeys(counts, 0), name: 1}
        for name, count in counts.items()
        for _ in range(count)
    ]
    return pd.DataFrame(found, columns=columns)


def known(**fields: object) -> Week:
    """Return a week that every source covers, in which nothing happened."""
    empty = pd.DataFrame(columns=["observed_utc"])
    spans = dict.fromkeys(SUBJECTS, COVERED)
    quiet = Week(
        *("2026-05-04", "2026-05-10", launches(), landings(), changes(0, 0, 0), 9, empty),
        *([], pd.DataFrame(), spans),
    )
    return replace(quiet, **fields)


def covering(until: str, *subjects: str) -> dict[str, list[tuple[str, str]]]:
    """Return the coverage of a week, with these subjects only up to a day."""
    if {"satellites listed", "decays"} <= {*subjects}:
        subjects += ("elements", "satellites catalogued")
    short = [(COVERED[0][0], f"{until}T23:59:59Z")]
    return {each: short if each in subjects else COVERED for each in SUBJECTS}


def headline(found: Week) -> list[str]:
    return [sentence.replace("\xa0", " ") for sentence in found.headline]


def limits(found: Week) -> list[str]:
    return [sentence.replace("\xa0", " ") for sentence in found.limits]


def test_a_quiet_week() -> None:
    assert headline(known()) == [
        "From 4 to 10 May 2026, no launch flew.",
        (
            "Satellites: 0 launched, 0 decayed and 0 no longer listed; 9 catalogued ones are in "
            "orbit at the end."
        ),
    ]
    assert limits(known()) == ["GP lists of these days: none."]
    assert known().gaps.empty


def test_losses_without_a_date_are_a_span_and_do_not_count() -> None:
    undated = {"satellites": 353, "since": "2022-11-07", "until": "2026-05-05"}
    found = known(in_orbit=None, at_least=9, undated=undated)
    assert headline(found)[1].endswith("; at least 9 catalogued ones are in orbit at the end.")
    assert found.figures["catalogued satellites in orbit at the end"] == "at least 9"
    assert limits(found)[0] == (
        "353 satellites were lost between 7 November 2022 and 5 May 2026, on unknown days, and "
        "count in the upper bounds only."
    )


@pytest.mark.parametrize(
    ("dated", "decayed", "sentence"),
    [
        (2, 353, "0 launched, 2 to 355 decayed and 0 no longer listed"),
        (0, 0, "0 launched, 0 decayed and 0 to 353 no longer listed"),
    ],
)
def test_satellites_that_may_have_been_lost_leave_the_fewest_and_the_most(
    dated: int, decayed: int, sentence: str
) -> None:
    undated = {"satellites": 353, "decayed": decayed, "since": "2022-11-07", "until": "2026-05-05"}
    found = known(changes=changes(0, dated, 0), undated=undated)
    assert headline(found)[1].startswith(f"Satellites: {sentence};")


@pytest.mark.parametrize(
    ("fields", "words", "figures"),
    [
        ({}, "0 launched, 0 decayed and 0 no longer listed; 9 catalogued ones are", [0, 0, 0, 9]),
        (
            {"spans": {"satellites listed": COVERED, "decays": COVERED}},
            "0 decayed and 0 no longer listed; at least 9 are",
            [None, 0, 0, "at least 9"],
        ),
        (
            {"spans": {"satellites listed": COVERED, "decays": COVERED}}
            | {"changes": changes(1, 2, 3), "in_orbit": 12},
            "at least 1 launched, 2 decayed and 3 no longer listed; at least 12 are",
            ["at least 1", 2, 3, "at least 12"],
        ),
        (
            {"at_least": 8, "undated": {"satellites": 1, "since": COVERED[0][0]}}
            | {"undated": {"satellites": 1, "since": "2026-05-09", "until": "2026-05-11"}},
            "0 launched, 0 decayed and 0 to 1 no longer listed; 8 to 9 catalogued ones are",
            [0, 0, "0 to 1", "8 to 9"],
        ),
        (
            {"spans": {"decays of some satellites": COVERED}, "changes": changes(0, 6, 0)},
            "at least 6 decayed",
            [None, "at least 6", None, None],
        ),
    ],
)
def test_cards_and_sentences_say_the_same_of_the_satellites(
    fields: dict[str, object], words: str, figures: list[object]
) -> None:
    found = known(**fields)
    ones = "Catalogued satellites" if "spans" in fields else "Satellites"
    assert headline(found)[1].startswith(f"{ones}: {words}")
    shown = [f"{ones.lower()} {name}" for name in ("launched", "decayed", "unlisted")]
    in_orbit = "catalogued satellites in orbit at the end"
    assert [found.figures[name] for name in (*shown, in_orbit)] == figures
    says = "How many satellites were launched is not known."
    assert (says in headline(found)) is (figures[0] is None)


@pytest.mark.parametrize(
    ("flown", "sentence"),
    [
        (launches("2026-05-05"), "1 launch flew, with success."),
        (launches("2026-05-05", "2026-05-06"), "2 launches flew, all with success."),
        (launches("2026-05-05", outcome="failure"), "1 launch flew and failed."),
        (launches("2026-05-05", "2026-05-06", outcome="failure"), "2 launches flew, both failed."),
        (launches("2026-05-05", outcome="unknown"), "1 launch flew, of unknown outcome."),
        (launches("2026-05-11"), "no launch flew."),
        (launches("2026-05-05", is_flown=0, outcome="planned"), "no launch flew."),
    ],
)
def test_it_says_what_flew(flown: pd.DataFrame, sentence: str) -> None:
    assert headline(known(launches=flown))[0] == f"From 4 to 10 May 2026, {sentence}"


@pytest.mark.parametrize(
    ("classes", "sentence", "figure"),
    [
        (
            ["orbital", "suborbital"],
            "1 orbital launch flew, with success; besides, 1 suborbital.",
            1,
        ),
        (["pad loss"], "no orbital launch flew; besides, 1 lost on the pad.", 0),
        (
            ["orbital", "pad loss", "suborbital", None],
            (
                "1 to 2 orbital launches flew, with success; besides, 1 suborbital, 1 lost on the "
                "pad and 1 of unknown class."
            ),
            "1 to 2",
        ),
        ([None], "0 to 1 orbital launch flew; besides, 1 of unknown class.", "0 to 1"),
    ],
)
def test_launches_that_are_not_orbital_are_told_apart(
    classes: list[str | None], sentence: str, figure: object
) -> None:
    flown = [
        launches("2026-05-05", launch_class=each, outcome="success" if each == "orbital" else "x")
        for each in classes
    ]
    found = known(launches=pd.concat(flown))
    assert headline(found)[0] == f"From 4 to 10 May 2026, {sentence}"
    assert found.figures["orbital launches flown"] == figure
    assert len(found.flown_table) == len(classes)


@pytest.mark.parametrize(
    ("start", "sentence", "outcome"),
    [
        (
            "2025-05-26",
            "4 orbital launches flew, all with success; besides, 1 suborbital.",
            "success, suborbital",
        ),
        ("2023-04-17", "1 orbital launch flew, with success; besides, 1 suborbital.", None),
        (
            "2016-08-29",
            "no orbital launch flew; besides, 1 lost on the pad.",
            "failure, lost on the pad",
        ),
    ],
)
def test_weeks_of_the_sample_count_launches_to_orbit(
    start: str, sentence: str, outcome: str | None, sampled: Settings
) -> None:
    found = week(sampled.database, start)
    assert headline(found)[1].endswith(sentence)
    assert outcome is None or outcome in found.flown_table["outcome"].tolist()


def test_launches_without_coverage_are_unknown_or_the_fewest() -> None:
    none = covering("2026-05-03", "launches")
    assert headline(known(spans=none))[0] == (
        "From 4 to 10 May 2026, no launch is known, but no source covers them all."
    )
    assert known(spans=none).figures["orbital launches flown"] is None
    part = known(spans=covering("2026-05-08", "launches"), launches=launches("2026-05-05"))
    assert "at least 1 launch flew, with success" in headline(part)[0]
    noon = known(spans={each: [(COVERED[0][0], "2026-05-10T12:00:00Z")] for each in SUBJECTS})
    assert "no source covers them all" in headline(noon)[0]
    assert limits(part)[0] == (
        "No source covers the launches of 9 to 10 May 2026: what happened then is not known."
    )
    assert part.figures["orbital launches flown"] == "at least 1"
    seen = known(unrecorded=["2026-101"], launches=launches("2026-05-05"))
    assert "at least 1 launch flew" in headline(seen)[0]
    assert limits(seen)[0] == "1 launch seen in orbit that no source lists: 2026-101."


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ((), "no launch is known, but the day of some is not known."),
        (("2026-05-05",), "at least 1 launch flew, with success."),
    ],
)
def test_a_launch_dated_to_a_month_flew_on_no_day(days: tuple[str, ...], sentence: str) -> None:
    month = {"date_from_utc": "2026-05-01T00:00:00Z", "date_until_utc": "2026-05-31T23:59:59Z"}
    vague = launches("2026-05-10", date_text="May 2026", date_precision="month", **month)
    found = known(launches=pd.concat([launches(*days), vague]), roughly_dated=vague)
    assert headline(found)[0] == f"From 4 to 10 May 2026, {sentence}"
    assert found.figures["orbital launches flown"] == ("at least 1" if days else None)
    assert len(found.flown_table) == len(days)
    assert limits(found)[0] == (
        "Launches that may have flown on these days, and do not count: A (May 2026)."
    )
    whole = replace(found, since="2026-05-01", until="2026-05-31")
    assert whole.flown_table["date"].tolist()[-1] == "May\xa02026"


@pytest.mark.parametrize(
    ("outcomes", "sentence", "landed"),
    [
        (["landed", "landed"], "Boosters: 2 landed.", 2),
        (["missed", "landed"], "Boosters: 1 landed and 1 missed the landing.", 1),
        (["expended", "lost"], "Boosters: 1 expended and 1 lost with the launch.", 0),
        (["unknown"], "Boosters: 1 without a recorded landing.", None),
        (
            ["landed", "unknown", "unknown"],
            "Boosters: 1 to 3 landed and 2 without a recorded landing.",
            "1 to 3",
        ),
        (
            ["missed", "unknown"],
            "Boosters: 0 to 1 landed, 1 missed the landing and 1 without a recorded landing.",
            "0 to 1",
        ),
    ],
)
def test_it_says_how_boosters_landed(
    outcomes: list[str], sentence: str, landed: int | str | None
) -> None:
    found = known(launches=launches("2026-05-05"), landings=landings(*outcomes))
    assert headline(found)[1] == sentence
    assert found.figures["boosters landed"] == landed


def test_a_launch_without_boosters_leaves_landings_open() -> None:
    found = known(
        launches=launches("2026-05-05", "2026-05-06"),
        landings=landings("landed"),
        unrecorded_boosters=1,
    )
    assert headline(found)[1] == "Boosters: 1 to 2 landed and 1 without a recorded landing."
    assert found.figures["boosters landed"] == "1 to 2"


def test_boosters_that_no_source_has_are_counted(tmp_path: Path) -> None:
    """Of a Falcon Heavy with one known booster, two are missing; a loss on the pad needs none."""
    path = tmp_path / "starlink.db"
    with writing(path) as connection:
        apply_views(connection)
        insert_row(connection, "_runs")
        read = {"endpoint": "launches", "checked_utc": "2026-01-01T00:00:00Z"}
        insert_row(connection, "_snapshots", source="spacexdata", **read)
        for number, name in enumerate(("Falcon 9", "Falcon 9", "Falcon Heavy", "Falcon 9")):
            launch = {"launch_id": f"{number}", "date_utc": f"2025-05-0{number + 1}T00:00:00Z"}
            launch |= {"launch_class": "orbital" if number < 3 else "pad loss"}
            launch |= {"is_upcoming": 0, "success": 1, "date_precision": "minute"}
            insert_row(connection, "rockets", rocket_id=f"r{number}", name=name)
            insert_row(connection, "launches", **launch, rocket_id=f"r{number}")
            dated = {"launch_id": f"{number}", "date_utc": launch["date_utc"], "is_upcoming": 0}
            insert_row(connection, "launch_sources", **dated, source="spacexdata")
        for number in (0, 2):
            flight = {"launch_id": f"{number}", "landing_attempt": 1, "landing_success": 1}
            insert_row(connection, "launch_cores", **flight, core_index=0)
    assert week(path, "2025-05-01").unrecorded_boosters == 3
    sql = f"SELECT launch_id, boosters FROM ({UNRECORDED_BOOSTERS}) ORDER BY 1"  # noqa: S608
    assert rows(path, sql) == [("1", 1), ("2", 2)]
    found = {each.name: each for each in key_figures(path)}["Booster landings"]
    assert str(found) == "2 (of 2 attempts; not known of 3 flights)"
    assert found.uncertainty == "Whether the booster landed is not known of 3."


@pytest.mark.parametrize(
    ("until", "subjects", "sentences"),
    [
        (
            "2026-05-08",
            ("satellites listed", "decays"),
            [
                (
                    "Satellites: at least 1 launched, at least 2 decayed and at least 3 no longer "
                    "listed."
                )
            ],
        ),
        (
            "2026-05-03",
            ("satellites listed",),
            [
                (
                    "Satellites: 1 launched, 2 decayed and at least 3 no longer listed; 9 "
                    "catalogued ones are in orbit at the end."
                )
            ],
        ),
        (
            "2026-05-03",
            ("decays",),
            [
                (
                    "Satellites: 1 launched, at least 2 decayed and 3 no longer listed; 9 "
                    "catalogued ones are in orbit at the end."
                )
            ],
        ),
    ],
)
def test_satellites_without_coverage_are_the_fewest(
    until: str, subjects: tuple[str, ...], sentences: list[str]
) -> None:
    found = known(spans=covering(until, *subjects), changes=changes(1, 2, 3))
    assert headline(found)[1:] == sentences
    assert article_charts.satellites_by_day(found.days, found.gaps).to_dict()


def test_without_coverage_or_changes_nothing_is_known() -> None:
    found = known(spans=covering("2026-05-03", "satellites listed", "decays"))
    assert headline(found)[1:] == ["Which satellites came and went, no list or catalogue says."]
    assert limits(found)[:2] == [
        (
            "No source covers the satellites launched and decays of 4 to 10 May 2026: what "
            "happened then is not known."
        ),
        "GP lists have satellites up to 30 days after their launch.",
    ]


@pytest.mark.parametrize(
    ("dated", "sentence", "figure"),
    [
        (
            0,
            (
                "Satellites: 0 decayed and 0 no longer listed; 9 catalogued ones are in orbit at "
                "the end."
            ),
            None,
        ),
        (
            2,
            (
                "Satellites: at least 2 launched, 0 decayed and 0 no longer listed; 9 "
                "catalogued ones are in orbit at the end."
            ),
            "at least 2",
        ),
    ],
)
def test_satellites_without_a_launch_date_are_launched_on_no_day(
    dated: int, sentence: str, figure: str | None
) -> None:
    found = known(changes=changes(dated, 0, 0), launched_without_date=(90, 77))
    assert headline(found)[1] == sentence
    assert ("How many satellites were launched is not known." in headline(found)) is (not dated)
    assert found.figures["satellites launched"] == figure
    assert limits(found)[0] == (
        "90 satellites without a launch date may have been launched on these days, 77 of them by "
        "the numbers of their launches, and do not count."
    )


def test_a_single_list_does_not_tell_what_came_or_went_on_its_day() -> None:
    listed = ("2026-05-10T20:00:00Z",) * 2
    found = known(spans={"satellites listed": [listed]})
    assert headline(found)[1:] == [
        "Which satellites came and went, no list or catalogue says.",
        "At least 9 catalogued ones are in orbit at the end.",
    ]
    unknown = {each for each, number in found.figures.items() if number is None}
    assert unknown >= {f"catalogued satellites {each}" for each in ("launched", "decayed")}
    assert found.figures["catalogued satellites in orbit at the end"] == "at least 9"


TWO_LISTS = ("2025-05-18T20:00:00Z", "2025-05-25T20:00:00Z")
EPOCH = "2025-05-17T00:00:00.000000Z"
"""Two of four satellites, launched long before, are not in the second list."""


@pytest.mark.parametrize(
    ("start", "end", "unlisted", "in_orbit"),
    [
        ("2025-05-18", "2025-05-24", "0 to 2", "at least 2"),
        ("2025-05-19", "2025-05-25", 2, "at least 2"),
        ("2025-05-20", "2025-05-25", "0 to 2", "at least 2"),
    ],
)
def test_a_loss_between_two_lists_may_be_of_any_day_between(
    start: str, end: str, unlisted: object, in_orbit: str, tmp_path: Path
) -> None:
    path = two_lists(tmp_path)
    found = week(path, start, end)
    assert found.figures["catalogued satellites launched"] is None
    assert found.figures["catalogued satellites unlisted"] == unlisted
    assert found.figures["catalogued satellites in orbit at the end"] == in_orbit
    words = "2 satellites were lost between 18 and 25 May 2025, on unknown days, and count"
    assert any(each.startswith(words) for each in limits(found)) is (unlisted != 2)


def two_lists(folder: Path) -> Path:
    """Return a database with two GP lists, of 4 satellites and of 2 of them."""
    path = folder / "two.db"
    with writing(path) as connection:
        apply_views(connection)
        insert_row(connection, "_runs", loaded_utc=TWO_LISTS[1])
        read = dict.fromkeys(("retrieved_utc", "checked_utc"), TWO_LISTS[1])
        insert_row(connection, "_snapshots", source="celestrak", **read)
        for utc, numbers in zip(TWO_LISTS, (range(1, 5), (1, 3)), strict=True):
            listed = {"listed": json.dumps(ranges(numbers)), "satellite_count": len(numbers)}
            dated = {"source": "celestrak", "observed_utc": utc, "data_utc": utc}
            dated |= {"oldest_epoch_utc": EPOCH, "newest_epoch_utc": EPOCH}
            insert_row(connection, "_observations", **dated, **listed)
        for number in range(1, 5):
            known = dict.fromkeys(("first_listed_utc", "unlisted_since_utc", "epoch_utc"))
            known |= {"last_listed_utc": TWO_LISTS[number % 2], "decay_date": None}
            known |= {"unlisted_since_utc": None if number % 2 else TWO_LISTS[1]}
            known |= {"launch_date": "2025-01-01", "is_decayed": 0, "is_listed": number % 2}
            insert_row(connection, "starlink", norad_cat_id=number, **known)
            orbit = {"norad_cat_id": number, "source": "celestrak", "observed_utc": TWO_LISTS[0]}
            orbit |= {"eccentricity": 0.0001, "mean_motion_rev_per_day": 15.06}
            insert_row(
                connection, "starlink_elements", **orbit, epoch_utc="2025-05-17T00:00:00.000000Z"
            )
    return path


def test_days_without_coverage_are_hatched_together() -> None:
    found = known(spans=covering("2026-05-08", "satellites listed", "decays"))
    assert found.gaps.to_numpy().tolist() == [["2026-05-09", "2026-05-11"]]


def test_it_names_the_lists_the_sample_and_the_differences() -> None:
    lists = pd.DataFrame({"observed_utc": ["2026-05-04T12:00:00Z", "2026-05-06T12:00:00Z"]})
    differences = pd.DataFrame({"name": ["A", "B"]})
    found = known(lists=lists, contradictions=differences, is_simulated=True)
    assert headline(found)[0] == "This is the bundled sample: its fleet is simulated."
    assert headline(found)[-1] == "The sources disagree on 2 values."
    assert limits(found) == ["GP lists of these days: 4 May 2026 and 6 May 2026."]


def test_coming_launches_are_those_after_the_week_with_a_day() -> None:
    planned = launches("2026-05-10", "2026-05-12", is_flown=0, outcome="planned")
    vague = launches("2026-05-13", is_flown=0, outcome="planned", date_precision="month")
    late = launches("2026-05-09", is_flown=0, outcome="overdue")
    flown = launches("2026-05-05", "2026-05-11")
    found = known(launches=pd.concat([flown, planned, vague, late]))
    dates = [each.replace("\xa0", " ") for each in found.coming["date"]]
    assert dates == ["11 May 2026", "10 May 2026", "12 May 2026"]
    assert found.flown_table["launch"].tolist() == ["A"]


def test_without_data_it_says_so(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    with writing(path) as connection:
        apply_views(connection)
    found = week(path)
    assert (found.headline, found.figures, found.limits) == ([NO_DATA], {}, [])
    assert found.flown_table.empty
    assert found.coming.empty
    assert article_charts.satellites_by_day(found.days, found.gaps).to_dict()


def test_a_period_may_be_given_by_one_end() -> None:
    assert week_bounds("", "2026-05-10", "") == ("2026-05-04", "2026-05-10")
    assert week_bounds("2026-05-10", "2026-05-10", "") == ("2026-05-10", "2026-05-10")


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        ("2026-05-10", "2026-05-09", "from 2026-05-10 to 2026-05-09 is not of 1 to 366 days"),
        ("2020-05-10", "2026-05-09", "from 2020-05-10 to 2026-05-09 is not of 1 to 366 days"),
        ("soon", "", "'soon' is neither a date nor an instant"),
    ],
)
def test_an_impossible_period_is_refused(start: str, end: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        week_bounds(start, end, "2026-05-24")


@pytest.mark.parametrize(
    ("database", "start"),
    [
        ("sampled", ""),
        ("sampled", "2025-11-10"),
        ("recorded_settings", ""),
        ("recorded_settings", "2021-09-10"),
    ],
)
def test_its_numbers_are_those_of_the_views(
    database: str, start: str, request: pytest.FixtureRequest
) -> None:
    path = request.getfixturevalue(database).database
    found = week(path, start)
    if not start:
        day_before = "SELECT date(max(newest_utc), '-1 day') FROM v_coverage"
        assert found.until == value(path, day_before)

    week_of = found.since, found.until
    count = "SELECT count(*) FROM {} WHERE substr({}, 1, 10) BETWEEN ? AND ? AND {}"
    ones = "satellites" if "satellites launched" in found.figures else "catalogued satellites"
    in_orbit = "SELECT in_orbit FROM v_fleet_growth WHERE day <= ? ORDER BY day DESC LIMIT 1"
    expected = {
        name: rows(path, count.format(*where), *week_of)[0][0]
        for name, where in {
            "orbital launches flown": (
                "v_launches",
                "date_utc",
                "is_flown AND launch_class = 'orbital'",
            ),
            "boosters landed": ("v_landings", "date_utc", "landing = 'landed'"),
            f"{ones} launched": ("v_starlink", "launch_date", "TRUE"),
            f"{ones} decayed": ("v_starlink", "until_date", "catalogue_status = 'decayed'"),
            "GP lists": ("v_observations", "observed_utc", "TRUE"),
        }.items()
    } | {"catalogued satellites in orbit at the end": rows(path, in_orbit, found.until)[0][0]}
    shown = {name: number for name, number in found.figures.items() if number is not None}
    numbers = {name: expected[name] for name in shown}
    assert {name: str(each).removeprefix("at least ") for name, each in shown.items()} == {
        name: f"{each:,}" if isinstance(shown[name], str) else f"{each}"
        for name, each in numbers.items()
    }
    assert len(found.orbital) == expected["orbital launches flown"]
    flown = rows(path, count.format("v_launches", "date_utc", "is_flown"), *week_of)
    assert len(found.flown_table) == flown[0][0]


def test_a_week_of_lists_has_their_changes(three_days: Path) -> None:
    found = week(three_days, end="2026-11-03")
    assert (found.since, found.until) == ("2026-10-28", "2026-11-03")
    assert found.figures["GP lists"] == 3
    assert found.figures["catalogued satellites launched"] is None  # no launch date is known
    assert any(found.launched_without_date)
    left = "SELECT count(*) FROM v_starlink WHERE until_date BETWEEN '2026-10-28' AND '2026-11-03'"
    assert found.figures["catalogued satellites unlisted"] == f"at least {value(three_days, left)}"
    assert limits(found)[-1].startswith("GP lists of these days: 1 November 2026, 2 November")
    assert found.gaps.to_numpy().tolist() == [["2026-10-28", "2026-11-01"]]
    new = "SELECT count(*) FROM v_changes WHERE kind = 'new satellite'"
    assert value(three_days, new) == found.first_listed["satellites"].sum() == 5
    assert headline(found)[-1] == "5 satellites were first listed, of launch 2026-001."
    assert week(three_days, "2026-11-01", "2026-11-01").first_listed.empty


@pytest.mark.parametrize(
    ("launches", "sentence"),
    [
        ([("2026-110", 24), ("2026-111", 29)], "53 satellites were first listed, of launches "),
        ([(None, 1)], "1 satellite was first listed."),
        ([(f"2026-{n}", 20) for n in range(101, 105)], "80 satellites were first listed, of 4 "),
    ],
)
def test_satellites_that_lists_have_for_the_first_time_are_told(
    launches: list[tuple[str | None, int]], sentence: str
) -> None:
    frame = pd.DataFrame(launches, columns=["launch", "satellites"])
    assert headline(known(first_listed=frame))[-1].startswith(sentence)


def test_differences_are_those_of_the_launches_and_satellites_of_the_week(tmp_path: Path) -> None:
    path = tmp_path / "two.db"
    checked = "2026-05-10T00:00:00Z"
    with writing(path) as connection:
        apply_views(connection)
        insert_row(connection, "_runs", loaded_utc=checked)
        insert_row(connection, "_snapshots", checked_utc=checked, retrieved_utc=checked)
        for name, date in (("now", "2026-05-05"), ("then", "2026-04-05")):
            launch = {"launch_id": name, "name": name, "date_utc": f"{date}T00:00:00Z"}
            launch |= {"is_upcoming": 0}
            insert_row(connection, "launches", **launch)
            for source, success in (("gcat", 1), ("launchlibrary", 0)):
                insert_row(connection, "launch_sources", **launch, source=source, success=success)
    found = week(path, end="2026-05-10").contradictions
    sql = """SELECT name, attribute, value, other_value FROM v_launch_contradictions
             WHERE launch_id = 'now'"""
    columns = ["name", "attribute", "value", "other_value"]
    assert list(found[columns].itertuples(index=False, name=None)) == rows(path, sql)
    assert found["source"].tolist() == ["GCAT by Jonathan McDowell"]
    assert found["other_source"].tolist() == ["Launch Library 2"]


def test_the_satellites_of_a_launch_are_those_launched_or_known() -> None:
    counts = [(49, 17, "49, 17 catalogued"), (None, 23, "23 catalogued"), (None, None, "–")]
    for launched, catalogued, words in counts:
        flown = launches("2026-05-05", launched=launched, catalogued=catalogued)
        assert known(launches=flown).flown_table["Starlinks"].tolist() == [words]


def test_an_unknown_rocket_or_site_is_called_unknown() -> None:
    bare = launches("2026-05-05", "2026-05-13", rocket=None, launchpad=None)
    found = replace(known(), launches=bare)
    for table in (found.flown_table, found.coming):
        assert table[["rocket", "site"]].to_numpy().tolist() == [["unknown", "unknown"]]


@pytest.mark.parametrize(
    ("fields", "sentence", "limit"),
    [
        (
            {"changes": changes(49, 32, 0), "never_catalogued": 32},
            (
                "Satellites: 49 launched, 32 decayed and 0 no longer listed; 9 catalogued ones "
                "are in orbit at the end."
            ),
            "32 of those launched were never catalogued: lost before they got a number.",
        ),
        (
            {"spans": covering("2026-05-09", "satellites launched")},
            (
                "Catalogued satellites: 0 launched, 0 decayed and 0 no longer listed; 9 are in "
                "orbit at the end."
            ),
            (
                "No source has the satellites that were never catalogued for all of these days: "
                "they do not count."
            ),
        ),
        (
            {"spans": covering("2026-05-09", "satellites launched"), "never_catalogued": 1},
            (
                "Catalogued satellites: 0 launched, 0 decayed and 0 no longer listed; 9 are in "
                "orbit at the end."
            ),
            (
                "No source has the satellites that were never catalogued for all of these days: 1 "
                "of those launched was never catalogued, and does not count."
            ),
        ),
    ],
)
def test_satellites_that_were_never_catalogued_count_or_are_named(
    fields: dict[str, object], sentence: str, limit: str
) -> None:
    found = known(**fields)
    assert headline(found)[1] == sentence
    assert limits(found)[-2] == limit


@pytest.mark.parametrize("start", ["2022-01-31", "2022-02-07", "2024-07-08"])
def test_launched_satellites_are_those_of_the_launches(start: str, sampled: Settings) -> None:
    path = sampled.database
    found = week(path, start)
    days = found.since, found.until
    sql = "SELECT total(launched) FROM v_fleet_by_launch WHERE launch_date BETWEEN ? AND ?"
    assert found.figures["satellites launched"] == rows(path, sql, *days)[0][0]
    lost = """SELECT count(*) FROM (SELECT until_date FROM v_starlink UNION ALL
                                    SELECT until_date FROM v_never_catalogued)
              WHERE until_date BETWEEN ? AND ?"""
    assert found.figures["satellites decayed"] == rows(path, lost, *days)[0][0]
    never = "SELECT count(*) FROM v_never_catalogued WHERE launch_date BETWEEN ? AND ?"
    assert found.never_catalogued == rows(path, never, *days)[0][0]


def storm(folder: Path) -> Path:
    """Return a database with GCAT, which has 32 satellites of 49 as lost on 2022 Feb 5?."""
    path = folder / "storm.db"
    members = [("2022-010", "2022-02-03", n, n if n < 18 else None) for n in range(1, 50)]
    others = [("2022-001", "2022-01-06", 50), ("2022-001", "2022-01-06", 51)]
    others += [("2022-041", "2022-04-21", 52), ("2022-041", "2022-04-21", 53)]
    with writing(path) as connection:
        apply_views(connection)
        checked = "2022-05-15T00:00:00Z"
        insert_row(connection, "_runs", loaded_utc=checked)
        insert_row(connection, "_snapshots", source="gcat", retrieved_utc=checked)
        for launch, date, key, number in [*members, *((*each, each[-1]) for each in others)]:
            lost = dict.fromkeys(("decay_date", "decay_precision", "decay_is_uncertain"))
            if number is None:
                lost = {"decay_date": "2022-02-05", "decay_is_uncertain": 1}
                lost |= {"decay_precision": "day"}
            elif launch == "2022-001":
                lost |= {"decay_date": "2022-05-01", "decay_is_uncertain": 0}
            fate = {"is_decayed": lost["decay_date"] is not None, **lost}
            of = {"launch_designator": launch, "launch_date": date}
            known = {"catalogue_id": f"{key}", "source": "gcat", "norad_cat_id": number, **of}
            known |= {"is_starlink": 1, "observed_utc": checked, "launch_precision": "day"}
            insert_row(connection, "catalogue_objects", **known, **fate)
            if number:
                none = dict.fromkeys(("unlisted_since_utc", "epoch_utc", "last_listed_utc"))
                insert_row(connection, "starlink", norad_cat_id=number, **of, **none, **fate)
    return path


def test_a_vague_loss_of_satellites_never_catalogued_is_an_upper_bound(tmp_path: Path) -> None:
    path = storm(tmp_path)
    sql = "SELECT DISTINCT last_known_date, until_date, unsure_date FROM v_never_catalogued"
    assert rows(path, sql) == [("2022-02-03", "2022-02-12", 0)]
    for start, end, launched, decayed in (
        ("2022-01-31", "2022-02-03", 49, 0),
        ("2022-01-31", "2022-02-04", 49, "0 to 32"),
        ("2022-02-04", "2022-02-11", 0, "0 to 32"),
        ("2022-02-04", "2022-02-12", 0, 32),
        ("2022-02-05", "2022-02-12", 0, "0 to 32"),
        ("2022-02-12", "2022-02-14", 0, "0 to 32"),
        ("2022-02-13", "2022-02-14", 0, 0),
    ):
        found = week(path, start, end).figures
        assert found["satellites launched"] == launched
        assert found["satellites decayed"] == decayed
