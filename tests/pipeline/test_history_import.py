"""Bulk imports of element sets: every format gives the rows that a GP list gives, in any order."""

import gzip
import json
import sqlite3
import zipfile
from contextlib import closing
from itertools import permutations
from pathlib import Path

import pytest

from spacex.analysis import history
from spacex.analysis.exports.archive_files import export_archive
from spacex.errors import SettingsError
from spacex.pipeline.history_import import import_history, summary
from spacex.pipeline.upgrade import rebuild, upgrade
from spacex.pipeline.verify import verify
from spacex.schema import SCHEMA_VERSION
from spacex.sources.omm import ELEMENT_COLUMNS, omm_records
from tests.example_records import omm
from tests.stages import all_sets, at, digest, rows
from tests.warehouse.catalogues import Setup
from tests.warehouse.conftest import make_setup, setup  # noqa: F401 - fixtures
from tests.warehouse.test_renumbering import gp

OLD, HOT = "2025-03-{:02}T06:00:00.000000", "2026-10-{:02}T06:00:00.000000"


def gp_history(*epochs: str, number: int = 1, created: str = "2025-03-20T00:00:00", **of: object):
    fields = {"CREATION_DATE": created, "GP_ID": "17", "OBJECT_NAME": f"STARLINK-{number}"} | of
    return [{k: str(v) for k, v in (omm(number, EPOCH=e) | fields).items()} for e in epochs]


def written(path: Path, records: list[dict[str, str]]) -> Path:
    path.write_text(json.dumps(records))
    return path


@pytest.fixture
def world(setup: Setup) -> Setup:  # noqa: F811
    setup.list_satellites("2026-11-01", gp({"S1": 1, "S2": 2}))
    setup.publish()
    return setup


def test_older_sets_go_to_the_archive_and_newer_ones_to_the_database(world, tmp_path):
    file = written(tmp_path / "2025.json", gp_history(OLD.format(1), OLD.format(2), HOT.format(3)))
    before = history.fleet_on(world.database, "2026-11-01")
    found = import_history(world.settings, [file])
    assert (found.records, found.added, found.rejected, found.problems) == (3, 3, 0, [])
    assert summary(found).startswith("3 element sets: 3 new, 0 rejected")
    sets = history.elements(world.database, satellites=[1])
    assert sets["epoch_utc"].str[:10].tolist()[:3] == ["2025-03-01", "2025-03-02", "2026-10-03"]
    assert sets["gp_id"].tolist()[:3] == [17, 17, 17]
    assert rows(world.database, "SELECT row_count FROM history_files") == [(2,)]
    assert rows(world.database, "SELECT count(*) FROM _observations") == [(1,)]
    assert history.fleet_on(world.database, "2026-11-01").equals(before)
    again = import_history(world.settings, [file])
    assert (again.records, again.added) == (3, 0)


def test_every_order_gives_the_same_sets(world, tmp_path):
    files = [
        written(tmp_path / "a.json", gp_history(OLD.format(1), OLD.format(5), HOT.format(1))),
        written(
            tmp_path / "b.json",
            gp_history(OLD.format(1), HOT.format(1), created="2025-04-01T00:00:00", BSTAR="0.5"),
        ),
        written(tmp_path / "c.json", gp_history(OLD.format(9), "2025-04-02T00:00:00", number=2)),
    ]
    results = []
    base = world.database.read_bytes()
    for order in permutations(files):
        world.database.write_bytes(base)
        world.database.with_name("starlink.db.sha256").unlink(missing_ok=True)
        for file in order:
            import_history(world.settings, [file])
        results.append(all_sets(world.database))
    assert all(each == results[0] for each in results)
    newest = history.elements(world.database, satellites=[1], until="2025-03-02")
    assert newest["bstar"].tolist() == [0.5], "the one that was created last"


def test_a_list_takes_precedence_over_an_import(world, tmp_path):
    world.settings = at(world.settings, hot_days=1)
    for date in ("2026-12-01", "2027-01-15"):
        world.list_satellites(date, gp({"S1": 1, "S2": 2}))
        world.publish()
    epochs = [f"{date}T00:00:00.000000" for date in ("2026-11-01", "2026-12-01", "2027-01-15")]
    before = all_sets(world.database)
    import_history(world.settings, [written(tmp_path / "a.json", gp_history(*epochs, BSTAR="0.5"))])
    assert all_sets(world.database) == before


def test_other_satellites_and_impossible_sets_are_counted(world, tmp_path):
    records = [
        *gp_history(OLD.format(1)),
        *gp_history(OLD.format(1), number=900, OBJECT_NAME="VANGUARD 1"),
        *gp_history(OLD.format(2), MEAN_MOTION="1.0"),
        *gp_history(OLD.format(3), BSTAR="many"),
    ]
    (tmp_path / "empty.txt").write_text("nothing")
    files = [written(tmp_path / "a.json", records), tmp_path / "empty.txt"]
    found = import_history(world.settings, files)
    assert (found.records, found.added, found.rejected, found.out_of_scope) == (4, 1, 2, 1)
    assert found.problems[0].startswith("empty.txt: empty.txt has no element sets")
    with pytest.raises(SettingsError, match="There is no"):
        import_history(world.settings, [tmp_path / "missing"])


RECORDED = (
    "celestrak/starlink_2025-05-18.json.gz",
    "celestrak_tle/starlink_2026-05-24_05-38.tle.gz",
)


@pytest.mark.parametrize("name", RECORDED)
def test_recorded_lists_give_the_rows_of_a_run(world, recorded_dir, tmp_path, name):
    body = gzip.decompress((recorded_dir / name).read_bytes())
    path = tmp_path / "year.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("sets", body)
    expected = {}
    for record in omm_records(body, name):
        if record["OBJECT_NAME"].startswith("STARLINK-"):
            values = [record[each] for each in list(ELEMENT_COLUMNS.values())[2:]]
            expected[record["NORAD_CAT_ID"], record["EPOCH"]] = values
    found = import_history(world.settings, [path])
    assert found.rejected + found.out_of_scope < 30
    sets = history.elements(world.database)
    sets = sets[sets["observed_utc"].isna()]
    names = [*ELEMENT_COLUMNS][2:]
    for row in sets.to_dict("records"):
        epoch = row["epoch_utc"].removesuffix("Z")
        assert [row[each] for each in names] == expected[row["norad_cat_id"], epoch]
    assert len(sets) > 0.99 * len(expected)


def test_a_rebuild_keeps_what_was_imported(world, tmp_path):
    files = gp_history(OLD.format(1), OLD.format(2), HOT.format(3))
    import_history(world.settings, [written(tmp_path / "2025.json", files)])
    before = all_sets(world.database)
    rebuild(world.settings)
    assert all_sets(world.database) == before
    with closing(sqlite3.connect(world.database)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION - 1}")
    world.database.with_name("starlink.db.sha256").unlink()
    assert "was rebuilt" in upgrade(world.settings)
    assert all_sets(world.database) == before
    assert verify(world.settings).problems == []


def test_the_export_of_the_archive_can_be_imported(world, tmp_path):
    files = gp_history(OLD.format(1), OLD.format(2))
    base = world.database.read_bytes()
    import_history(world.settings, [written(tmp_path / "2025.json", files)])
    before = all_sets(world.database)
    exported = export_archive(world.database, tmp_path / "out")
    package = json.loads(exported[-1].read_bytes())
    (resource,) = package["resources"]
    assert resource["hash"] == f"sha256:{digest(tmp_path / 'out' / resource['path'])}"
    assert "bstar" in {each["name"] for each in resource["schema"]["fields"]}
    world.database.write_bytes(base)
    world.database.with_name("starlink.db.sha256").unlink(missing_ok=True)
    import_history(world.settings, exported[:-1])
    assert all_sets(world.database) == before
