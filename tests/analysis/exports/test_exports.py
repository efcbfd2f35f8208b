"""Exports in every format: the validator accepts them, and they are of one version."""

import json
import shutil
import sqlite3
import sys
from contextlib import closing

import frictionless
import pytest
from typer.testing import CliRunner

from spacex.analysis import exports
from spacex.analysis.api import provenance
from spacex.analysis.exports import NEEDS, export_tables
from spacex.cli.app import Format, app
from spacex.errors import DataError, QueryError, SettingsError, StorageError
from spacex.settings import CONTAINER

SOME = ["launches", "v_starlink", "v_fleet_by_status"]
every_format = pytest.mark.parametrize("form", NEEDS)
with_columns = pytest.mark.parametrize("form", ["parquet", "duckdb"])


@every_format
@pytest.mark.filterwarnings("ignore::spacex.errors.DataWarning")
def test_the_validator_of_frictionless_accepts_the_package(form, sampled, tmp_path):
    *files, described = export_tables(sampled.database, tmp_path, form=form)
    report = frictionless.validate(str(described))
    assert report.flatten(["name", "type", "message"]) == []
    assert len(report.tasks) == len(files)
    assert sorted(tmp_path.iterdir()) == sorted([*files, described])
    with files[0].open("ab") as file:
        file.write(b"\n")
    (found,) = (each for each in frictionless.validate(str(described)).tasks if each.errors)
    assert {error.type for error in found.errors} >= {"byte-count", "hash-count"}


@every_format
def test_the_description_says_where_the_data_are_from(form, sampled, tmp_path):
    names = ["launchpads"]
    *_, described = export_tables(sampled.database, tmp_path, names, form)
    package = json.loads(described.read_text())
    assert package["provenance"]["is_simulated"] is True
    assert package["provenance"]["run_id"] == "first"
    assert package["provenance"]["sources"].keys() == {"sample"}
    assert "launches" in package["provenance"]["coverage"]
    assert str(sampled.data_dir) not in described.read_text(), "no path of this machine"
    (resource,) = package["resources"]
    (table,) = resource.get("tables", [resource])
    fields = {each["name"]: each for each in table["schema"]["fields"]}
    assert fields["name"]["constraints"] == {"required": True}
    assert table["schema"]["primaryKey"] == ["launchpad_id"]
    if form != "geojson":
        assert fields["latitude_deg"]["unit"] == "deg"


def test_the_command_has_every_format():
    assert [each.value for each in Format] == [*NEEDS]


@pytest.mark.usefixtures("door")
def test_the_command_writes_a_format_and_warnings_beside(tmp_path):
    command = ["export", str(tmp_path), "positions", "--format", "geojson"]
    provenance._shown.clear()
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0
    assert {path.name for path in tmp_path.iterdir()} == {"datapackage.json", "positions.geojson"}
    assert "positions.geojson" in done.stdout
    assert done.stderr.startswith("• The ")


@with_columns
@pytest.mark.parametrize("is_contained", [False, True])
def test_a_missing_package_is_named_with_what_installs_it(
    form, is_contained, sampled, tmp_path, monkeypatch
):
    for module in ("parquet_files", "duckdb_files", "arrow_batches"):
        monkeypatch.delitem(sys.modules, f"{exports.__name__}.{module}", raising=False)
        monkeypatch.delattr(exports, module, raising=False)
    monkeypatch.setitem(sys.modules, form.replace("parquet", "pyarrow"), None)
    monkeypatch.setenv(CONTAINER, "lab" if is_contained else "")
    with pytest.raises(SettingsError) as raised:
        export_tables(sampled.database, tmp_path / "new", form=form)
    missing = {"parquet": "pyarrow", "duckdb": "duckdb"}[form]
    assert raised.value.message == (
        f"The format {form} needs the package {missing}, which is not installed."
    )
    assert (f"pip install '{NEEDS[form][0]}'" in raised.value.remedy) != is_contained
    assert not (tmp_path / "new").exists()


def test_another_format_is_not_known(sampled, tmp_path):
    with pytest.raises(SettingsError, match=r"no format 'xlsx'. Choose from: csv, parquet"):
        export_tables(sampled.database, tmp_path, form="xlsx")


@pytest.mark.parametrize("form", ["csv", "parquet", "duckdb"])
def test_an_unknown_table_or_a_folder_that_is_a_file_is_named(form, sampled, tmp_path):
    with pytest.raises(QueryError, match=r"no table or view 'launchs'; did you mean launches\?"):
        export_tables(sampled.database, tmp_path, ["launches", "launchs"], form)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match=r"file cannot be written"):
        export_tables(sampled.database, tmp_path / "file", ["launches"], form)


@with_columns
def test_a_value_of_another_type_leaves_the_earlier_file(form, sampled, tmp_path):
    export_tables(sampled.database, tmp_path, SOME, form)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    other = shutil.copy(sampled.database, tmp_path.parent / f"{form}.db")
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute("UPDATE launches SET date_utc = 'soon' WHERE flight_number = 5")
        connection.commit()
    with pytest.raises(DataError, match=r"A value of launches.date_utc is not valid"):
        export_tables(other, tmp_path, SOME, form)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
    with pytest.raises(DataError):
        export_tables(other, tmp_path / "new", ["cores", "launches"], form)
    assert [*(tmp_path / "new").iterdir()] == []


def test_a_table_named_twice_is_written_once(sampled, tmp_path):
    files = export_tables(sampled.database, tmp_path, ["cores", "launches", "cores"])
    assert [file.name for file in files] == ["cores.csv", "launches.csv", "datapackage.json"]
    package = json.loads(files[-1].read_bytes())
    assert [each["name"] for each in package["resources"]] == ["cores", "launches"]


@every_format
def test_a_folder_with_other_files_of_an_export_is_refused(form, sampled, tmp_path):
    both = ["landpads", "launchpads"]
    export_tables(sampled.database, tmp_path, both[:1], form)
    *files, described = export_tables(sampled.database, tmp_path, both, form)
    assert {*tmp_path.iterdir()} == {*files, described}
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    other = "csv" if form == "duckdb" else form
    with pytest.raises(
        SettingsError, match=r" has 1 file of another export: (landpads\.|spacex\.d)"
    ):
        export_tables(sampled.database, tmp_path, both[1:], other)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
    files[0].unlink()
    file, _ = export_tables(sampled.database, tmp_path, both[1:], other)
    assert {*tmp_path.iterdir()} == {file, described}


def test_files_that_are_of_no_export_are_kept(sampled, tmp_path):
    for name in ("launches.csv", "launches.unfinished"):
        (tmp_path / name).write_text("precious")
    with pytest.raises(SettingsError, match=r"launches\.csv is not of an earlier export"):
        export_tables(sampled.database, tmp_path, ["launches"])
    (tmp_path / "launches.csv").unlink()
    for _ in range(2):
        export_tables(sampled.database, tmp_path, ["launches"])
    assert (tmp_path / "launches.unfinished").read_text() == "precious"


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"name": "stations", "resources": []}'])
def test_a_description_of_another_program_is_kept(content, sampled, tmp_path):
    described = tmp_path / "datapackage.json"
    described.write_text(content)
    with pytest.raises(
        SettingsError, match=r"datapackage\.json is not of an earlier export\. Choose"
    ):
        export_tables(sampled.database, tmp_path, ["launchpads"])
    assert [*tmp_path.iterdir()] == [described]
    assert described.read_text() == content


def test_all_files_are_of_one_version(sampled, tmp_path, monkeypatch):
    """A run replaces the database while its origin is read."""
    database, new = tmp_path / "starlink.db", tmp_path / "new.db"
    for path in (database, new):
        shutil.copy(sampled.database, path)
    with closing(sqlite3.connect(new)) as connection:
        connection.execute("UPDATE _runs SET run_id = 'second'")
        connection.commit()

    def origin(path):
        found = provenance.provenance(path)
        if new.exists():
            new.replace(database)
        return found

    monkeypatch.setattr(exports, "provenance", origin)
    file, described = export_tables(database, tmp_path / "out", ["_runs"])
    assert json.loads(described.read_text())["provenance"]["run_id"] == "second"
    assert file.read_text().splitlines()[1].startswith("second,")
