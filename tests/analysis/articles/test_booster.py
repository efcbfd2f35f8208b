"""The report on a booster: each sentence, and each number against SQL."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from spacex.analysis.articles.booster import NO_BOOSTER, Booster, booster, find_booster
from spacex.errors import DataError
from spacex.notebook import article_charts, show
from spacex.settings import Settings
from spacex.warehouse.connection import writing
from spacex.warehouse.views import apply_views
from tests.example_rows import insert_row
from tests.stages import rows, value

COVERED = [("2006-01-01T00:00:00Z", "2026-01-01T00:00:00Z")]
Flight = tuple[str, str, int | None, str]


def plain(text: str) -> str:
    return text.replace("\xa0", " ")


def known(*flights: Flight, serial: str = "B1") -> Booster:
    """Return what is known of a booster among flights: serial, date, number and outcome."""
    columns = ["serial", "date_utc", "flight", "outcome"]
    frame = pd.DataFrame(flights, columns=columns).astype({"flight": "Int64"})
    frame = frame.assign(
        date_text=frame["date_utc"].str[:10], launch="A", landing="ASDS", turnaround_d=float("nan")
    )
    return Booster(serial, 5, frame, COVERED, COVERED)


def flight(day: str, number: int | None = 1, outcome: str = "landed", serial: str = "B1") -> Flight:
    return serial, f"{day}T12:00:00Z", number, outcome


@pytest.mark.parametrize(
    ("flights", "sentence"),
    [
        ([flight("2024-05-04")], "B1 has flown once, on 4 May 2024."),
        (
            [flight("2024-05-04"), flight("2025-05-04", 2)],
            "B1 has flown twice, from 4 May 2024 to 4 May 2025.",
        ),
        (
            [flight("2025-05-04"), flight("2026-05-01", 5)],
            (
                "B1 has flown at least 5 times; "
                "the 2 known flights were from 4 May 2025 to 1 May 2026."
            ),
        ),
        (
            [flight("2026-08-22", 9)],
            "B1 has flown at least 9 times; the only known flight was on 22 August 2026.",
        ),
        ([flight("2024-05-04", serial="B2")], "B1 is known, but no flight of it."),
    ],
)
def test_it_says_how_often_the_booster_flew(flights: list[Flight], sentence: str) -> None:
    assert plain(known(*flights).headline[0]) == sentence


@pytest.mark.parametrize(
    ("outcomes", "sentence"),
    [
        (["landed", "landed"], "It landed twice."),
        (
            ["landed", "missed", "lost"],
            "It landed once, missed its landing once and was lost with the launch once.",
        ),
        (["landed", "expended"], "It landed once and was expended once."),
        (["landed", "unknown"], "It landed once; of 1 flight the landing is not recorded."),
        (["unknown", "unknown"], "Whether it landed is not recorded."),
    ],
)
def test_it_says_how_the_booster_landed(outcomes: list[str], sentence: str) -> None:
    flights = [flight(f"2024-05-0{n}", n, each) for n, each in enumerate(outcomes, 1)]
    assert known(*flights).headline[1] == sentence


@pytest.mark.parametrize(
    ("landings", "status", "sentence"),
    [
        (["Ocean"], "lost", "It landed once on water; it was not recovered."),
        (["Ocean"], "", "It landed once on water."),
        (
            ["ASDS", "Ocean"],
            "lost",
            "It landed twice (1 of them on water); it was not recovered.",
        ),
        (["Ocean", "RTLS"], "lost", "It landed twice (1 of them on water)."),
        (["ASDS"], "lost", "It landed once."),
    ],
)
def test_a_landing_on_water_is_told(landings: list[str], status: str, sentence: str) -> None:
    found = known(*(flight(f"2024-05-0{n}", n) for n in range(1, len(landings) + 1)))
    found = replace(found, fleet=found.fleet.assign(landing=landings), status=status)
    assert found.headline[1] == sentence


@pytest.mark.parametrize("status", ["lost", "expended", "inactive", ""])
@pytest.mark.parametrize("number", [1, 2])
def test_a_booster_that_flies_no_more_has_flown_in_no_gap(status: str, number: int) -> None:
    spans = [("2006-01-01T00:00:00Z", "2022-10-05T00:00:00Z")]
    spans += [("2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z")]
    found = replace(known(flight("2022-05-04", number)), launches=spans, status=status)
    is_exact = status in {"lost", "expended"} and number == 1
    assert ("at least" not in found.headline[0]) == is_exact
    assert found.figures[next(iter(found.figures))] == (1 if is_exact else f"at least {number}")
    assert any("later flights" in each for each in found.limits) != is_exact


@pytest.mark.parametrize(
    ("numbers", "outcomes", "sentence"),
    [
        ([31, 34], ["landed", "landed"], "In its 2 known flights, it landed twice."),
        ([34], ["landed"], "In its only known flight, it landed once."),
        (
            [3, 4],
            ["landed", "unknown"],
            "In its 2 known flights, it landed once; of 1 flight the landing is not recorded.",
        ),
    ],
)
def test_landings_are_of_the_known_flights_if_others_are_in_no_source(
    numbers: list[int], outcomes: list[str], sentence: str
) -> None:
    days = (f"2024-05-0{number % 9 + 1}" for number in numbers)
    found = known(*map(flight, days, numbers, outcomes))
    assert "at least" in found.headline[0] or "known flight" in found.headline[0]
    assert found.headline[1] == sentence


def test_landings_are_of_the_known_flights_if_launches_are_not_covered() -> None:
    spans = [("2006-01-01T00:00:00Z", "2022-10-05T00:00:00Z")]
    spans += [("2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z")]
    found = replace(known(flight("2022-05-04"), flight("2026-02-04", 2)), launches=spans)
    assert found.headline[1] == "In its 2 known flights, it landed twice."
    assert "B1 has flown at least twice" in found.headline[0]
    assert found.figures["flights"] == "at least 2"
    assert "days between flights, the fewest known" in found.figures


@pytest.mark.parametrize(
    ("others", "sentence"),
    [
        ([], "It is the only booster known."),
        (["B2"], "By the flights known, no booster has flown more often; 1 as often."),
        (["B2", "B2", "B3"], "By the flights known, 1 of 2 other boosters has flown more often."),
        (
            ["B2", "B2", "B3", "B3"],
            "By the flights known, 2 of 2 other boosters have flown more often.",
        ),
    ],
)
def test_it_compares_the_booster(others: list[str], sentence: str) -> None:
    flights = [flight("2024-05-04"), *(flight("2024-05-04", serial=each) for each in others)]
    assert known(*flights).headline[2] == sentence


def test_a_flight_dated_to_a_month_was_on_no_day() -> None:
    found = known(flight("2025-10-31"))
    found = replace(found, fleet=found.fleet.assign(date_text="Oct 2025"))
    assert plain(found.headline[0]) == "B1 has flown once, in Oct 2025."
    assert plain(found.flights["date"].iloc[0]) == "Oct 2025"


def test_a_flight_number_counts_where_flights_are_in_no_source() -> None:
    others = [flight(f"2024-0{n}-04", n, serial="B2") for n in (1, 2)]
    found = known(flight("2026-08-22", 9), *others, flight("2026-08-21", 12, serial="B3"))
    words = "By the flights known, 1 of 2 other boosters has flown more often."
    assert found.headline[2] == words
    assert found.figures["flights, 1 of them known"] == "at least 9"
    counts = found.counts.itertuples(index=False, name=None)
    assert [*counts] == [(2, 1, False), (9, 1, True), (12, 1, False)]


def test_the_most_flown_booster_has_no_known_equal() -> None:
    flights = flight("2024-05-04"), flight("2024-06-04", 2), flight("2024-05-04", serial="B2")
    words = "By the flights known, none of 1 other booster has flown as often."
    assert known(*flights).headline[2] == words


def test_it_says_what_the_sources_do_not_cover() -> None:
    found = known(flight("2022-05-04"), flight("2026-02-04", 4, "unknown"))
    early = ("2006-01-01T00:00:00Z", "2022-10-05T00:00:00Z")
    spans = [early, ("2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z")]
    late = ("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z")
    found = replace(found, launches=spans, landings=[early, late])
    assert [plain(each) for each in found.limits] == [
        "By its flight numbers, 2 flights of it are in no source.",
        "No source covers launches from 5 October 2022 to 1 January 2026: it may have flown then.",
        "No source covers launches after 1 March 2026: later flights are not known.",
        (
            "No source covers landings from 5 October 2022 to 1 March 2026, when it made 1 flight. "
            "A landing that is not recorded need not have failed."
        ),
    ]


def test_without_landings_their_number_is_unknown_instead_of_zero() -> None:
    assert known(flight("2024-05-04", 1, "unknown")).figures == {
        "flights": 1,
        "landings, of 0 known attempts": None,
        "days between flights, median of 0; of all boosters –": None,
        "days between flights, the fewest": None,
        "block, its version": 5,
    }


def test_without_boosters_it_says_so(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    with writing(path) as connection:
        apply_views(connection)
    found = booster(path)
    assert (found.headline, found.figures, found.limits) == ([NO_BOOSTER], {}, [])
    assert found.flights.empty
    assert article_charts.turnarounds(found.fleet, found.serial).to_dict()
    assert article_charts.flights_per_booster(found.counts, found.serial).to_dict()


def test_text_of_the_data_is_escaped() -> None:
    found = known(flight("2024-05-04", serial="<b>1"), serial="<b>1")
    assert "&lt;b&gt;1 has flown once" in show.verdict(found.headline).data


def test_an_unknown_serial_is_refused_with_the_nearest_one(sampled: Settings) -> None:
    assert find_booster(sampled.database, " b1067 ") == "B1067"
    with pytest.raises(DataError, match="There is no booster 'B106'; did you mean B10"):
        booster(sampled.database, "B106")


def test_a_serial_is_found_in_any_case(tmp_path: Path) -> None:
    path = tmp_path / "starlink.db"
    with writing(path) as connection:
        apply_views(connection)
        for serial in ("Merlin1A", "B1067"):
            insert_row(connection, "cores", core_id=serial, serial=serial)
    for given in ("Merlin1A", "merlin1a", "MERLIN1A "):
        assert find_booster(path, given) == "Merlin1A"
    with pytest.raises(DataError, match=r"There is no booster 'Merlin2A'; did you mean Merlin1A\?"):
        find_booster(path, "Merlin2A")


@pytest.mark.parametrize("serial", ["", "B1051", "B1006"])
def test_its_numbers_are_those_of_the_views(sampled: Settings, serial: str) -> None:
    database, found = sampled.database, booster(sampled.database, serial)
    of = f"FROM v_landings WHERE serial = '{found.serial}'"
    told = value(database, f"SELECT sum(landing = 'landed') {of} AND landing <> 'unknown'")
    turnarounds = [
        days
        for (days,) in rows(
            database,
            f"""SELECT days FROM (SELECT date_utc, julianday(date_utc) - julianday(
                   lag(date_utc) OVER (ORDER BY date_utc)) AS days {of}) WHERE days NOT NULL
                ORDER BY days""",  # noqa: S608  # the launches of the sample are covered without a gap
        )
    ]
    shown = list(found.figures.values())
    assert shown[:2] == [value(database, f"SELECT count(*) {of}"), told]
    assert shown[2:4] == pytest.approx(
        [round(each, 1) for each in (pd.Series(turnarounds).median(), turnarounds[0])]
        if turnarounds
        else [None, None]
    )
    assert len(found.flights) == shown[0]
    fleet = rows(database, "SELECT flights, count(*) FROM v_boosters WHERE flights GROUP BY 1")
    assert list(found.counts[["flights", "boosters"]].itertuples(index=False, name=None)) == fleet
    (is_this,) = found.counts.loc[found.counts["is_this"], "flights"]
    assert is_this == shown[0]
