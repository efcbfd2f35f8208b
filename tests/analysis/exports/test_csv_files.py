"""Complete CSV files, and a description that fits them."""

import csv
import hashlib
import json
import re

import pytest
from typer.testing import CliRunner

from spacex.analysis.exports import export_tables
from spacex.analysis.queries import query
from spacex.cli.app import app
from spacex.schema import CONTENT_TABLES
from spacex.warehouse.views import VIEWS

PATTERNS = {
    "string": ".+",
    "date": r"\d{4}-\d\d-\d\d",
    "datetime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z",
    "integer": r"-?\d+",
    "boolean": "[01]",
    "number": r"-?\d+(\.\d+)?(e[+-]\d+)?",
}


def test_every_table_and_view_is_written_and_described(sampled, tmp_path):
    *files, described = export_tables(sampled.database, tmp_path)
    package = json.loads(described.read_text())
    assert [each["name"] for each in package["resources"]] == [
        *(table.name for table in CONTENT_TABLES),
        *VIEWS,
    ]
    assert package["provenance"]["run_id"] == "first"
    assert package["provenance"]["is_simulated"] is True
    assert str(sampled.data_dir) not in described.read_text(), "no path of this machine"
    for file, resource in zip(files, package["resources"], strict=True):
        assert resource["hash"] == f"sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}"
        fields = resource["schema"]["fields"]
        header, *rows = csv.reader(file.read_text(encoding="utf-8").splitlines())
        assert header == [each["name"] for each in fields]
        for each, values in zip(fields, zip(*rows, strict=True), strict=False):
            assert each["description"]
            pattern = re.compile(PATTERNS[each["type"]], re.DOTALL)
            assert [v for v in {*values} - {""} if not pattern.fullmatch(v)] == [], each
    assert sorted(tmp_path.iterdir()) == sorted([*files, described])


def test_a_column_has_its_unit_and_limits(sampled, tmp_path):
    export_tables(sampled.database, tmp_path, ["starlink_elements"])
    (resource,) = json.loads((tmp_path / "datapackage.json").read_text())["resources"]
    fields = {each["name"]: each for each in resource["schema"]["fields"]}
    assert fields["inclination_deg"] == {
        "name": "inclination_deg",
        "description": "Inclination",
        "type": "number",
        "unit": "deg",
        "constraints": {"minimum": 0, "maximum": 180, "required": True},
    }
    assert resource["schema"]["primaryKey"] == ["epoch_utc", "norad_cat_id", "source"]


@pytest.mark.usefixtures("door")
def test_the_command_writes_the_tables_it_names(sampled, tmp_path):
    done = CliRunner().invoke(app, ["export", str(tmp_path / "new"), "launches", "v_boosters"])
    assert done.exit_code == 0
    names = ["datapackage.json", "launches.csv", "v_boosters.csv"]
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == names
    written = (tmp_path / "new" / "launches.csv").read_text().splitlines()
    assert len(list(csv.reader(written))) == 1 + len(
        query(sampled.database, "SELECT launch_id FROM launches")
    )
