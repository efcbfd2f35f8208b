"""A satellite that gets another catalogue number stays one satellite."""

import json
from itertools import permutations
from typing import Any

import pytest

from spacex.analysis import history
from spacex.analysis.api.door import open_database
from spacex.analysis.articles.satellite import satellite
from spacex.analysis.verdict import verdict
from spacex.errors import DataWarning
from spacex.extract.snapshots import SnapshotStore
from spacex.pipeline.replay import stored_dates
from spacex.pipeline.upgrade import rebuild
from spacex.warehouse.renumbering import unite_numbers
from tests.example_records import omm, omm_json
from tests.example_rows import empty_database, insert_row
from tests.sources.test_gcat import tsv
from tests.sources.test_satcat import satcat_csv
from tests.stages import publish, rows, state
from tests.warehouse.catalogues import Setup, at, gcat_row, satcat_row

FLEET = "SELECT norad_cat_id, object_name, is_listed FROM starlink ORDER BY 1"
RENUMBERED = (
    "SELECT substr(observed_utc, 9, 2), old_norad_cat_id, new_norad_cat_id FROM _renumberings"
)
CHANGES = "SELECT kind, row_key, old_value, new_value FROM _changes ORDER BY observed_utc, 1, 2"
OLD, NEW = {"S1": 1, "S2": 2}, {"S1": 101, "S2": 102}


def piece(name: str) -> str:
    return f"2024-129{chr(64 + int(name[1:]))}"


def gp(numbers: dict[str, int], **fields: Any) -> bytes:
    """Return a GP list of satellites S1, S2 … of launch 2024-129 with these numbers."""
    common = {"EPOCH": "2026-10-31T00:00:00"} | fields
    records = (
        omm(number, **({"OBJECT_ID": piece(name), "OBJECT_NAME": f"STARLINK-{name[1:]}"} | common))
        for name, number in numbers.items()
    )
    return omm_json(*records)


def load(setup: Setup, *lists: tuple[int, dict[str, int]]) -> None:
    """Publish the lists of days of November."""
    for day, numbers in lists:
        setup.list_satellites(f"2026-11-{day:02d}", gp(numbers))
        setup.publish()


def test_it_keeps_its_row_its_past_and_its_elements(setup):
    load(setup, (1, OLD), (2, OLD), (3, NEW), (4, NEW))
    sql = """SELECT norad_cat_id, is_listed, substr(first_listed_utc, 9, 2), unlisted_since_utc
             FROM starlink"""
    assert rows(setup.database, sql) == [(101, 1, "01", None), (102, 1, "01", None)]
    sql = "SELECT norad_cat_id, count(*) FROM starlink_elements GROUP BY 1"
    assert rows(setup.database, sql) == [(101, 4), (102, 4)]
    assert rows(setup.database, RENUMBERED) == [("03", 1, 101), ("03", 2, 102)]
    sql = "SELECT catalogued, unlisted, in_orbit FROM v_fleet_by_launch"
    assert rows(setup.database, sql) == [(2, None, 2)]


def test_its_change_is_one_of_its_own_kind(setup):
    load(setup, (1, OLD), (2, NEW | {"S3": 3}))
    assert rows(setup.database, CHANGES) == [
        ("new satellite", "3", None, None),
        ("renumbered", "101", "1", "101"),
        ("renumbered", "102", "2", "102"),
    ]
    sql = "SELECT newly_listed, newly_unlisted FROM v_observations ORDER BY observed_utc"
    assert rows(setup.database, sql) == [(0, 0), (1, 0)]
    said = "1 satellite is new, 2 have other catalogue numbers; nothing was rejected"
    assert said in verdict(setup.settings)[-1]


def test_the_fleet_on_a_date_before_has_the_numbers_of_now(setup):
    load(setup, (1, OLD | {"S3": 3}), (2, NEW))
    fleet = history.fleet_on(setup.database, "2026-11-01")
    assert fleet["norad_cat_id"].tolist() == [3, 101, 102]
    assert fleet["object_name"].tolist() == ["STARLINK-3", "STARLINK-1", "STARLINK-2"]
    found = history.compare(setup.database, "2026-11-01", "2026-11-02")
    assert found[["norad_cat_id", "change"]].values.tolist() == [[3, "newly_unlisted"]]


def test_changes_of_before_are_those_of_the_satellite(setup):
    load(setup, (1, {"S2": 2}), (2, OLD), (3, {"S1": 101, "S2": 2}))
    assert rows(setup.database, CHANGES) == [
        ("new satellite", "101", None, None),
        ("renumbered", "101", "1", "101"),
    ]


def test_a_gap_between_the_numbers_is_a_gap(setup):
    load(setup, (1, OLD), (2, {"S2": 2}), (4, {"S1": 101, "S2": 2}))
    assert rows(setup.database, CHANGES) == [
        ("unlisted", "101", "operational", None),
        ("renumbered", "101", "1", "101"),
        ("returned", "101", None, None),
    ]
    assert setup.satellite(101, "substr(first_listed_utc, 9, 2)") == ("01",)


@pytest.mark.parametrize(
    ("lists", "found"),
    [
        ([{"S1": 1}, {"S1": 101}, {"S1": 201}], [("02", 1, 101), ("03", 101, 201)]),
        ([{"S1": 1}, {"S1": 101}, {"S1": 1}], [("02", 1, 101), ("03", 101, 1)]),
    ],
    ids=["a chain", "back"],
)
def test_numbers_may_change_again(setup, lists, found):
    load(setup, *enumerate(lists, start=1))
    number = lists[-1]["S1"]
    assert rows(setup.database, RENUMBERED) == found
    assert rows(setup.database, FLEET) == [(number, "STARLINK-1", 1)]
    for day in (1, 2, 3):
        fleet = history.fleet_on(setup.database, f"2026-11-0{day}")
        assert fleet["norad_cat_id"].tolist() == [number]
    sql = "SELECT count(*) FROM starlink_elements WHERE norad_cat_id = ?"
    assert rows(setup.database, sql, number) == [(3,)]


def test_a_temporary_number_may_be_that_of_another_satellite_later(setup):
    load(setup, (1, {"S1": 1}), (2, {"S1": 101}), (3, {"S1": 101, "S2": 1}), (4, NEW))
    assert rows(setup.database, RENUMBERED) == [("02", 1, 101), ("04", 1, 102)]
    assert rows(setup.database, FLEET) == [(101, "STARLINK-1", 1), (102, "STARLINK-2", 1)]
    for day, numbers in [(1, [101]), (2, [101]), (3, [101, 102])]:
        fleet = history.fleet_on(setup.database, f"2026-11-0{day}")
        assert fleet["norad_cat_id"].tolist() == numbers
    sql = "SELECT norad_cat_id, count(*) FROM starlink_elements GROUP BY 1"
    assert rows(setup.database, sql) == [(101, 4), (102, 2)]


@pytest.mark.parametrize(
    ("before", "after", "fields"),
    [
        (OLD, {"S2": 1, "S1": 2}, {}),
        (OLD, {"S1": 2, "S2": 101}, {}),
        (OLD, NEW, {"OBJECT_NAME": "STARLINK-1"}),
        (OLD, NEW, {"OBJECT_ID": "2024-129A"}),
        (OLD, NEW, {"OBJECT_NAME": "STARLINK"}),
        (OLD, NEW, {"OBJECT_NAME": "STARLINK-9"}),
        ({"S1": 1}, {"S1": 1, "S2": 101}, {"OBJECT_ID": "2024-129A", "OBJECT_NAME": "STARLINK-1"}),
    ],
    ids=[
        *("exchanged names", "name of a listed one", "shared name", "shared designator"),
        *("no number in the name", "other name", "both listed"),
    ],
)
def test_what_is_not_the_same_satellite_keeps_its_number(setup, before, after, fields):
    load(setup, (1, before))
    setup.list_satellites("2026-11-02", gp(after, **fields))
    setup.publish()
    assert rows(setup.database, RENUMBERED) == []
    numbers = [(each,) for each in sorted({*before.values(), *after.values()})]
    assert rows(setup.database, "SELECT norad_cat_id FROM starlink") == numbers


@pytest.mark.parametrize(("epoch", "number"), [("2026-10-28", 1), ("2026-10-29", 101)])
def test_elements_that_overlap_are_of_two_satellites(setup, epoch, number):
    load(setup, (1, {"S1": 1, "S2": 2, "S3": 3}))
    new = json.loads(gp({"S1": 101}, EPOCH=f"{epoch}T00:00:00"))
    setup.list_satellites("2026-11-02", omm_json(*json.loads(gp({"S2": 2, "S3": 3})), *new))
    setup.publish()
    sql = "SELECT min(norad_cat_id) FROM starlink WHERE object_name = 'STARLINK-1'"
    assert rows(setup.database, sql) == [(number,)]


def test_the_tag_of_a_name_makes_no_difference(setup):
    load(setup, (1, {"S1": 1}))
    setup.list_satellites("2026-11-02", gp({"S1": 101}, OBJECT_NAME="STARLINK-1 [DTC]"))
    setup.publish()
    assert rows(setup.database, FLEET) == [(101, "STARLINK-1 [DTC]", 1)]


def test_a_list_with_other_numbers_is_neither_truncated_nor_grown(setup):
    def numbered(first: int) -> bytes:
        return omm_json(
            *(
                omm(first + n, OBJECT_NAME=f"STARLINK-{n + 1}", OBJECT_ID=f"2024-{n:03d}A")
                for n in range(400)
            )
        )

    for day, first in [(1, 1), (2, 1001)]:
        setup.clock.set(f"2026-11-{day:02d}T12:00:00")
        setup.celestrak.publish(numbered(first).replace(b"2026-11-25", b"2026-11-01"))
        publish(at(setup.settings, sources="celestrak"), "auto", f"day{day}")
    assert rows(setup.database, "SELECT count(*), min(norad_cat_id) FROM starlink") == [(400, 1001)]


SATCAT = {
    "the old number": (satcat_row(1),),
    "the new number": (satcat_row(101, name="STARLINK-1").replace(f"129{chr(165)}", "129A"),),
}
SATCAT["both numbers"] = SATCAT["the old number"] + SATCAT["the new number"]


def serve_satcat(setup: Setup, which: str) -> None:
    setup.serve_satcat(satcat_csv(*SATCAT[which]))


def serve_gcat(setup: Setup, which: str) -> None:
    other = {"JCAT": "S00101", "Name": "Starlink 1", "Piece": "2024-129A"}
    known = {"the old number": [gcat_row(1)], "the new number": [gcat_row(1, **other)]}
    known["both numbers"] = known["the old number"] + known["the new number"]
    setup.serve_gcat(tsv(*known[which]), tsv(gcat_row(9, JCAT="A00001", Status="R")))


@pytest.mark.parametrize("serve", [serve_satcat, serve_gcat])
@pytest.mark.parametrize("which", SATCAT)
@pytest.mark.parametrize("position", [0, 1, 2])
def test_a_catalogue_means_the_same_satellite(setup, serve, which, position):
    """The catalogue is loaded before the lists, between them, or after them."""
    for number, listed in enumerate([{"S1": 1}, {"S1": 101}]):
        if number == position:
            serve(setup, which)
        load(setup, (number + 1, listed))
        sql = "SELECT norad_cat_id, source FROM starlink"
        assert rows(setup.database, sql) == [(listed["S1"], "celestrak")]
    if position == 2:
        serve(setup, which)
        setup.publish()
    sql = "SELECT norad_cat_id, launch_date, is_listed FROM starlink"
    assert rows(setup.database, sql) == [(101, "2024-07-12", 1)]
    sql = """SELECT catalogue_id, norad_cat_id FROM catalogue_objects
             WHERE is_starlink AND norad_cat_id NOT NULL"""
    ((identity, number),) = rows(setup.database, sql)
    assert number == 101
    assert identity.endswith("1" if which == "the old number" else "101")
    assert rows(setup.database, "SELECT * FROM v_satellite_contradictions") == []


def test_a_decay_by_the_old_number_is_that_of_the_satellite(setup):
    load(setup, (1, OLD), (2, NEW), (3, {"S2": 102}))
    setup.serve_satcat(satcat_csv(satcat_row(1, "2026-11-03"), satcat_row(2)))
    setup.clock.set("2026-11-08")
    setup.publish()
    assert setup.satellite(101, "catalogue_status, until_date") == ("decayed", "2026-11-03")
    assert rows(setup.database, "SELECT count(*) FROM starlink") == [(2,)]


def test_a_catalogue_may_have_another_satellite_by_the_old_number(setup):
    load(setup, (1, OLD), (2, NEW))
    setup.serve_satcat(satcat_csv(satcat_row(1, name="STARLINK-9").replace("129A", "129I")))
    setup.publish()
    sql = "SELECT norad_cat_id, object_id FROM starlink"
    assert rows(setup.database, sql) == [
        *((1, "2024-129I"), (101, "2024-129A"), (102, "2024-129B")),
    ]


def test_a_catalogue_that_has_both_as_two_satellites_means_two(setup):
    load(setup, (1, {"S1": 5}))
    other = satcat_row(5, name="STARLINK-9").replace("129E", "129I")
    setup.serve_satcat(satcat_csv(other, *SATCAT["the new number"]))
    setup.publish()
    assert rows(setup.database, "SELECT norad_cat_id FROM starlink") == [(5,), (101,)]


def test_an_archive_has_no_satellite_of_its_own_by_a_former_number():
    with empty_database() as connection:
        listed = {"first_listed_utc": "2026-11-01T00:00:00Z", "source": "celestrak"}
        insert_row(connection, "starlink", norad_cat_id=101, **listed)
        for number in (1, 3):
            archived = {"norad_cat_id": number, "source": "spacexdata"}
            insert_row(connection, "starlink", first_listed_utc=None, **archived)
            insert_row(connection, "starlink_elements", **archived)
        numbers = {"old_norad_cat_id": 1, "new_norad_cat_id": 101}
        insert_row(connection, "_renumberings", source="celestrak", **numbers)
        unite_numbers(connection)
        for table in ("starlink", "starlink_elements"):
            found = connection.execute(f"SELECT norad_cat_id FROM {table} ORDER BY 1")  # noqa: S608
            assert found.fetchall() == [(3,), (101,)]


def imported(setup: Setup) -> dict[str, list[tuple[object, ...]]]:
    found = state(setup.database)
    return {name: table for name, table in found.items() if name != "v_sources"}


def test_lists_loaded_again_or_out_of_order_give_the_same(make_setup):
    """A run of a stage may load an older list, as of a date, and then the newer ones again."""
    in_order = make_setup()
    load(in_order, (1, OLD), (2, NEW), (3, NEW | {"S3": 3}))
    expected = imported(in_order)
    again = in_order
    for number, day in enumerate((2, 1, 2, 3, 3)):
        publish(
            at(again.settings, sources="celestrak"),
            "snapshot",
            f"again{number}",
            as_of=f"2026-11-0{day}",
            accept_shrink=True,
        )
        numbers = [row[:1] for row in rows(again.database, FLEET)]
        assert numbers == [(1,), (2,)] if day == 1 else numbers[-2:] == [(101,), (102,)]
    assert imported(again) == expected


def test_a_rebuild_gives_the_same(setup):
    load(setup, (1, OLD), (2, NEW))
    serve_satcat(setup, "the new number")
    setup.publish()
    expected = imported(setup)
    assert stored_dates(SnapshotStore(setup.settings.raw_dir))
    rebuild(setup.settings)
    assert imported(setup) == expected


@pytest.mark.parametrize("order", [*permutations(range(3))])
def test_catalogues_in_every_order_give_the_same(make_setup, order):
    loads = [
        lambda setup: load(setup, (1, OLD), (2, NEW)),
        lambda setup: serve_satcat(setup, "the old number"),
        lambda setup: serve_gcat(setup, "both numbers"),
    ]
    found = []
    for sequence in (range(3), order):
        setup = make_setup()
        for position in sequence:
            loads[position](setup)
        setup.clock.set("2026-11-03")
        setup.publish()
        found.append(rows(setup.database, "SELECT * FROM v_starlink"))
    assert found[0] == found[1]


def test_it_is_found_by_its_old_number(setup):
    load(setup, (1, OLD), (2, NEW))
    database = open_database(setup.database)
    with pytest.warns(
        DataWarning, match=r"^1 is another catalogue number of STARLINK-1, which has"
    ):
        found = database.satellite(1)
    assert found.norad_cat_id == 101
    life = satellite(setup.database, "1")
    said = life.headline[0].replace("\N{NO-BREAK SPACE}", " ")
    assert said.startswith("STARLINK-1 (number 101, 1 until 2 November 2026) was launched")
    facts = life.facts.set_index("what")["value"]
    assert (facts["number"], facts["other numbers"]) == ("101", "1")
    assert life.changes["kind"].tolist() == ["renumbered"]


def test_it_is_found_by_a_number_that_only_a_catalogue_has(setup):
    load(setup, (1, {"S1": 1}))
    serve_gcat(setup, "the new number")
    setup.publish()
    life = satellite(setup.database, "101")
    assert life.record["norad_cat_id"] == 1
    assert life.headline[0].startswith("STARLINK-1 (number 1, 101 in a catalogue) was launched")
