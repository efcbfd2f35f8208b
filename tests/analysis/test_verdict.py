"""The sentences a report opens with, for each state of the data."""

import sqlite3
from contextlib import closing

import pytest

from spacex.analysis import history
from spacex.analysis.data_age import DataAge
from spacex.analysis.verdict import verdict
from spacex.settings import Settings
from tests import stages
from tests.clock import Clock
from tests.example_records import omm, omm_json
from tests.service_replicas import CelesTrak

FRESH = "The data of 1 live source are as fresh as promised."
NO_EARLIER = "There is no earlier list of satellites to compare with"
NOTHING_WRONG = "nothing was rejected; the checks found no problem."


def publish(used: Settings, celestrak: CelesTrak, day: str, *numbers: int) -> None:
    """Publish the GP list of a day."""
    designators = {n: f"2026-001{chr(64 + n)}" for n in numbers}
    records = (omm(n, EPOCH=f"{day}T06:00:00.5", OBJECT_ID=each) for n, each in designators.items())
    celestrak.publish(omm_json(*records))
    with Clock(f"{day}T12:00:00"):
        stages.publish(used, "auto", day, accept_shrink=True)


@pytest.fixture
def one_list(settings: Settings, celestrak: CelesTrak) -> Settings:
    used = stages.at(settings, sources="celestrak", celestrak_url=celestrak.gp_url, max_age_h=36)
    publish(used, celestrak, "2026-11-24", 1, 2, 3)
    return used


def test_fresh_data_with_nothing_to_compare(one_list):
    with Clock("2026-11-24T12:00:00"):
        assert verdict(one_list) == [FRESH, f"{NO_EARLIER}; {NOTHING_WRONG}"]


def test_old_data_are_dated(one_list):
    with Clock("2026-11-26T12:00:00"):
        assert verdict(one_list) == [
            "1 of 1 live source is out of date: CelesTrak (data to 24 November 2026, 2 days old).",
            "What has happened since then is not in these figures.",
            f"{NO_EARLIER}; {NOTHING_WRONG}",
        ]


def test_a_source_without_data_is_named(one_list):
    both = stages.at(one_list, sources="celestrak,gcat")
    with Clock("2026-11-24T12:00:00"):
        assert verdict(both) == [
            "1 of 2 live sources is missing: GCAT by Jonathan McDowell.",
            "What they would tell is not in these figures.",
            f"{NO_EARLIER}; {NOTHING_WRONG}",
        ]


def test_data_not_checked_for_long_may_be_old(one_list, monkeypatch):
    monkeypatch.setattr(DataAge, "is_old", property(lambda _: False))
    monkeypatch.setattr(DataAge, "is_unchecked", property(lambda _: True))
    with Clock("2026-11-26T12:00:00"):
        first, second, _ = verdict(one_list)
    assert first == (
        "1 of 1 live source is out of date: CelesTrak (data to 24 November 2026, last checked "
        "2 days ago)."
    )
    assert second == "Newer data may exist."


def test_the_verdict_on_stale_data_is_three_sentences_whatever_else_is_wrong(one_list, celestrak):
    publish(one_list, celestrak, "2026-11-25", 1, 2, 3, 4)
    with closing(sqlite3.connect(one_list.database)) as database, database:
        database.execute("UPDATE _runs SET reject_count = 2 WHERE run_id = '2026-11-25'")
        database.executemany(
            "INSERT INTO _findings VALUES ('2026-11-25', ?, ?, 'starlink', 1, '', '')",
            [("a", "warning"), ("b", "error")],
        )
    every = stages.at(one_list, sources="celestrak,satcat,gcat,launchlibrary")
    with Clock("2026-11-30T12:00:00"):
        first, *others = verdict(every)
    assert first == (
        "1 of 4 live sources is out of date: CelesTrak (data to 25 November 2026, 5 days old); "
        "3 of 4 live sources are missing: Launch Library 2, SATCAT of CelesTrak and GCAT by "
        "Jonathan McDowell."
    )
    assert others == [
        "What has happened since then is not in these figures.",
        "1 satellite is new; 2 records were rejected; the checks give 1 error and 1 warning.",
    ]


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        ((1, 2, 3), "No satellite is new, and none is missing"),
        ((1, 2, 3, 4), "1 satellite is new"),
        ((3, 4, 5), "2 satellites are new, 2 are no longer listed"),
        ((2, 3), "1 satellite is no longer listed"),
    ],
)
def test_changes_since_the_list_before(one_list, celestrak, numbers, sentence):
    publish(one_list, celestrak, "2026-11-25", *numbers)
    with Clock("2026-11-25T12:00:00"):
        assert verdict(one_list) == [FRESH, f"{sentence}; {NOTHING_WRONG}"]


def test_changes_since_the_report_before_span_the_lists_between(one_list, celestrak):
    (seen,) = stages.rows(one_list.database, "SELECT observed_utc FROM _observations")
    publish(one_list, celestrak, "2026-11-25", 2, 3, 4, 5)
    publish(one_list, celestrak, "2026-11-26", 1, 2, 4, 5)
    publish(one_list, celestrak, "2026-11-27", 1, 2, 4, 5)
    with Clock("2026-11-27T12:00:00"):
        assert verdict(one_list)[1].startswith("No satellite is new, and none is missing; ")
        since = {("celestrak", "starlink"): seen[0]}
        assert verdict(one_list, since=since)[1].startswith(
            "2 satellites are new, 1 is listed again, 1 is no longer listed; "
        )
    counts = history.change_counts(one_list.database, since).set_index("kind")["changes"]
    assert counts.to_dict() == {"new satellite": 2, "returned": 1, "unlisted": 2}
    assert history.new_satellites_by_launch(one_list.database, since)["satellites"].tolist() == [2]


def test_an_endpoint_not_seen_before_changes_with_its_newest_snapshot(one_list, celestrak):
    publish(one_list, celestrak, "2026-11-25", 1, 2, 3, 4)
    other = {("launchlibrary", "launches"): "2026-11-25T12:00:00Z"}
    assert len(history.changes(one_list.database, other)) == 1
    seen = other | {("celestrak", "starlink"): "2026-11-25T12:00:00Z"}
    assert history.changes(one_list.database, seen).empty


def test_rejects_and_findings_are_counted(one_list):
    with closing(sqlite3.connect(one_list.database)) as database, database:
        database.execute("UPDATE _runs SET reject_count = 2")
        database.executemany(
            "INSERT INTO _findings VALUES ('2026-11-24', ?, ?, 'starlink', 1, '', '')",
            [("a", "warning"), ("b", "error"), ("c", "warning"), ("d", "info")],
        )
    with Clock("2026-11-24T12:00:00"):
        assert verdict(one_list)[1] == (
            f"{NO_EARLIER}; 2 records were rejected; the checks give 1 error and 2 warnings."
        )


def test_the_newest_flown_launch_is_named(sampled):
    flown = "SELECT date_utc, name, date_text FROM v_launches WHERE is_flown"
    _, name, _ = max(stages.rows(sampled.database, flown))
    assert verdict(sampled)[0] == (
        "This is the bundled sample: its fleet is simulated; the newest flown launch is "
        f"{name}, of 28 November 2025."
    )


def test_the_data_of_a_date_and_the_sample_are_called_so(one_list):
    with closing(sqlite3.connect(one_list.database)) as database, database:
        database.execute("UPDATE _runs SET as_of_utc = '2026-11-24T23:59:59Z'")
    assert verdict(one_list)[0] == "The data are those known on 24 November 2026."
    with closing(sqlite3.connect(one_list.database)) as database, database:
        database.execute("UPDATE _runs SET is_simulated = 1")
    assert verdict(one_list)[0] == "This is the bundled sample: its fleet is simulated."
