"""GeoJSON: sites and satellites as points, with the meaning of their properties."""

import json
import shutil
import sqlite3
from contextlib import closing

import pytest

import spacex
from spacex.analysis.exports import export_tables
from spacex.errors import DataError

pytestmark = pytest.mark.filterwarnings("ignore::spacex.errors.DataWarning")


def read(path):
    """Return the content of a GeoJSON file."""
    return json.loads(path.read_text(encoding="utf-8"))


def test_sites_are_points_with_their_properties(sampled, tmp_path):
    export_tables(sampled.database, tmp_path, ["launchpads"], "geojson")
    found = read(tmp_path / "launchpads.geojson")
    sites = spacex.open(sampled.database).table("launchpads").set_index("launchpad_id")
    assert len(found["features"]) == len(sites)
    for each in found["features"]:
        site = sites.loc[each["properties"]["launchpad_id"]]
        expected = [site["longitude_deg"], site["latitude_deg"]]
        assert each["geometry"]["type"] == "Point"
        assert each["geometry"]["coordinates"] == pytest.approx(expected, abs=1e-6)
        assert each["properties"].keys() == {*sites.columns, "launchpad_id"} - {
            "longitude_deg",
            "latitude_deg",
        }
    assert [each["name"] for each in found["fields"]] == [*found["features"][0]["properties"]]
    assert all(each["description"] for each in found["fields"])
    assert found["provenance"]["run_id"] == "first"


def test_a_site_without_coordinates_has_no_geometry(sampled, tmp_path):
    other = shutil.copy(sampled.database, tmp_path / "other.db")
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("UPDATE landpads SET latitude_deg = NULL WHERE name = 'LZ-1'")
        connection.commit()
    export_tables(other, tmp_path, ["landpads"], "geojson")
    found = {
        each["properties"]["name"]: each["geometry"]
        for each in read(tmp_path / "landpads.geojson")["features"]
    }
    assert found["LZ-1"] is None
    assert found["LZ-2"]["type"] == "Point"


def test_positions_are_those_of_the_door(sampled, tmp_path):
    export_tables(sampled.database, tmp_path, ["positions"], "geojson")
    found = read(tmp_path / "positions.geojson")
    expected = json.loads(spacex.open(sampled.database).positions().to_geojson())
    assert found["features"] == expected["features"]
    assert len(found["features"]) > 1000
    assert {each["name"] for each in found["fields"]} == {
        *("norad_cat_id", "object_name", "instant_utc", "epoch_utc"),
        *("error_km", "error_high_km"),
    }


def test_without_satellites_there_are_no_positions(sampled, tmp_path):
    other = shutil.copy(sampled.database, tmp_path / "other.db")
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("DELETE FROM starlink_elements")
        connection.commit()
    *files, _ = export_tables(other, tmp_path, form="geojson")
    assert [path.stem for path in files] == ["launchpads", "landpads", "positions"]
    found = read(tmp_path / "positions.geojson")
    assert (found["features"], len(found["fields"])) == ([], 6)


@pytest.mark.parametrize(
    ("name", "hint"),
    [("launches", "'launches' has no coordinates"), ("landpad", "did you mean landpads?")],
)
def test_what_has_no_coordinates_is_named(name, hint, sampled, tmp_path):
    with pytest.raises(DataError) as raised:
        export_tables(sampled.database, tmp_path, [name], "geojson")
    assert hint in raised.value.message
    assert "satellites are in positions" in raised.value.remedy
    assert not list(tmp_path.iterdir())
