"""`import spacex`: the functions of the package, their types, provenance and messages."""

import datetime as dt
import doctest
import importlib
import inspect
import json
import signal
import sqlite3
import subprocess
import sys
import time
import warnings
from contextlib import closing

import numpy as np
import pandas as pd
import pytest

import spacex
from spacex.analysis.api import provenance
from spacex.analysis.api.door import Database
from spacex.analysis.api.fleet_positions import require_number
from spacex.analysis.api.map_frame import MapFrame
from spacex.analysis.api.satellite import Satellite
from spacex.analysis.api.typed_frames import TEXT, typed
from spacex.analysis.queries import query
from spacex.errors import (
    DatabaseError,
    DataError,
    DataWarning,
    QueryError,
    SettingsError,
    StorageError,
)
from spacex.schema import TABLES, Kind
from spacex.schema.view_columns import VIEW_COLUMNS, declared
from spacex.settings import settings
from spacex.warehouse.views import VIEWS
from tests.analysis.test_verdict import one_list  # noqa: F401 - a fixture
from tests.analysis.test_verdict import publish as publish_list
from tests.clock import Clock
from tests.example_records import GP_LISTS
from tests.stages import publish

AT = "2026-08-22T12:00Z"
NEWEST = "SELECT object_name FROM v_starlink WHERE catalogue_status = 'in orbit' LIMIT 1"

pytestmark = [
    pytest.mark.usefixtures("door"),
    pytest.mark.filterwarnings("ignore::spacex.errors.DataWarning"),
]


@pytest.fixture
def satellite() -> Satellite:
    return spacex.satellite(spacex.sql(NEWEST)["object_name"].iloc[0])


def test_import_loads_no_pandas_and_the_door_is_all_there_is():
    code = "import spacex, sys; print('pandas' in sys.modules, *dir(spacex))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", *spacex.__all__]


def test_a_foreign_database_is_not_said_to_be_rebuilt(tmp_path):
    foreign = tmp_path / "other.db"
    with closing(sqlite3.connect(foreign)) as database, database:
        database.execute("CREATE TABLE t (x)")
    with pytest.raises(DatabaseError, match="schema version") as error:
        spacex.open(foreign)
    assert error.value.remedy.startswith("Name a database that this release built")


def test_every_function_is_declared_for_editors_and_a_method_of_every_database(sampled):
    other = spacex.open(sampled.database)
    methods = {name for name, _ in inspect.getmembers(Database, inspect.isfunction)}
    public = {name for name in methods if not name.startswith("_")}
    assert {*spacex.__all__} == public | {"open"}
    assert all(getattr(spacex, name).__self__ == other for name in public)
    declared_names = inspect.getsource(spacex).partition("if TYPE_CHECKING:")[2]
    assert all(f"{name} = _published.{name}\n" in declared_names for name in public)


def test_without_a_database_the_functions_exist_and_say_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("SPACEX_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    assert all(hasattr(spacex, name) for name in dir(spacex))
    with pytest.raises(DatabaseError, match=r"There is no database .* Run `make run`"):
        spacex.launches()
    with pytest.raises(DatabaseError, match="There is no database"):
        spacex.open(tmp_path / "starlink.db")


EXAMPLES = [
    "spacex",
    "spacex.analysis.api.door",
    "spacex.analysis.api.satellite",
    "spacex.analysis.api.map_frame",
    "spacex.analysis.api.typed_frames",
    "spacex.orbits.cities",
]


@pytest.mark.parametrize("module", EXAMPLES)
def test_the_examples_of_the_docstrings_are_true(module):
    found = doctest.DocTestFinder(exclude_empty=False).find(importlib.import_module(module))
    runner = doctest.DocTestRunner(optionflags=doctest.REPORT_NDIFF)
    for each in found:
        runner.run(each)
    assert runner.failures == 0


@pytest.mark.parametrize("of", [Database, Satellite])
def test_every_public_method_has_an_example(of):
    methods = inspect.getmembers(of, inspect.isfunction)
    assert [n for n, each in methods if n[0] != "_" and ">>> " not in (each.__doc__ or "")] == []


FRAMES = ["launches", "boosters", "landings", "payloads", "satellites", "fleet", "changes"]
INSTANT = "datetime64[us, UTC]"
DTYPES = {Kind.UTC: INSTANT, Kind.EPOCH: INSTANT, Kind.DATE: "datetime64[s]", Kind.REAL: "float64"}
DTYPES |= {Kind.INTEGER: "Int64", Kind.BOOLEAN: "boolean", Kind.TEXT: TEXT, Kind.URL: TEXT}


def undeclared(frame: pd.DataFrame) -> dict[str, str]:
    """Return the columns whose type is not the declared one."""
    found = {}
    for name, dtype in frame.dtypes.items():
        column = declared()[name]
        is_category = isinstance(dtype, pd.CategoricalDtype)
        expected = dtype if is_category and tuple(dtype.categories) == column.values else None
        if dtype != (expected or DTYPES[column.kind]):
            found[name] = str(dtype)
    return found


@pytest.mark.parametrize("name", [*FRAMES, *VIEWS])
def test_every_column_of_a_frame_has_its_declared_type(name):
    frame = getattr(spacex, name)() if name in FRAMES else spacex.table(name)
    assert undeclared(frame) == {}
    assert frame.attrs["is_simulated"] is True


def test_positions_tracks_and_passes_have_declared_types(satellite):
    passes = satellite.passes((0, 0), start=AT)
    track = satellite.track(start=AT)
    assert [*track.columns[:2]] == ["norad_cat_id", "object_name"]
    for frame in (spacex.positions(AT), track, satellite.history(), passes):
        assert undeclared(frame) == {}
        assert frame.attrs["run_id"] == "first"


def test_columns_are_declared_for_views_that_have_them():
    in_views = {name for view in VIEWS for name in spacex.table(view).columns}
    frames = [spacex.passes("Berlin", 1, start=AT), spacex.positions(AT)]
    frames.append(spacex.satellite(spacex.fleet()["norad_cat_id"][0]).track(start=AT))
    computed = {name for frame in frames for name in frame.columns}
    declared_only_here = {column.name for column in VIEW_COLUMNS}
    in_tables = {name for table in TABLES.values() for name in table.column_names}
    assert in_views | computed == (in_views | computed) & (in_tables | declared_only_here)
    assert declared_only_here - (in_views | computed) == set()
    assert declared_only_here & in_tables == set()


def test_values_of_another_type_stay_as_they_are():
    other = {"is_flown": [2, 0], "date_utc": ["Q3 2026", ""], "outcome": ["won", None]}
    frame = pd.DataFrame(other | {"launches": [0.5, 1.5]})
    pd.testing.assert_frame_equal(typed(frame), frame)
    twice = typed(pd.DataFrame([[1, 0]], columns=["is_flown", "is_flown"]))
    assert [str(dtype) for dtype in twice.dtypes] == ["boolean", "boolean"]


@pytest.mark.parametrize("year", [2006, 2024])
def test_a_computed_number_is_no_flag_whatever_its_name(year):
    rows = spacex.sql(
        """SELECT sum(is_flown) AS is_flown, max(is_flown) AS is_flown, 1 AS is_flown,
                  avg(is_flown) AS is_flown FROM v_launches WHERE year = ?""",
        year,
    )
    assert [*map(str, rows.dtypes)] == ["int64", "int64", "int64", "float64"]


def test_a_column_of_a_result_has_the_type_of_the_one_it_is_taken_from():
    rows = spacex.sql(
        """WITH flown AS (SELECT is_flown AS yes, date_utc AS instant, outcome AS result,
                                 payload_mass_kg AS mass FROM v_launches WHERE rocket = :rocket)
           SELECT *, (SELECT max(instant) FROM flown) AS newest, date(instant) AS calendar,
                  coalesce(result, '') AS outcome, strftime('%Y-%m', instant) AS date_utc
           FROM flown -- a comment""",
        {"rocket": "Falcon 1"},
    )
    dtypes = {name: str(dtype) for name, dtype in rows.dtypes.items()}
    assert dtypes.pop("result") == "category"
    assert dtypes == {
        "yes": "boolean",
        "instant": INSTANT,
        "mass": "float64",
        "newest": INSTANT,
        "calendar": "datetime64[s]",
        "outcome": str(TEXT),
        "date_utc": str(TEXT),
    }
    assert rows.attrs["units"] == {"mass": "kg"}


def test_a_statement_that_is_no_select_has_the_types_of_its_values():
    assert spacex.sql("PRAGMA user_version").dtypes["user_version"] == "int64"
    assert spacex.sql("SELECT is_flown FROM v_launches LIMIT 0").dtypes["is_flown"] == "boolean"
    assert spacex.sql("SELECT max(date_utc) AS d FROM v_launches WHERE 0")["d"].isna().all()


def test_parameters_are_given_one_by_one_as_a_list_or_by_name():
    sql = "SELECT count(*) FROM v_launches WHERE year = {} AND rocket = {}"
    expected = spacex.sql(sql.format("?", "?"), 2024, "Falcon 9").iloc[0, 0]
    assert expected > 100
    assert spacex.sql(sql.format("?", "?"), [2024, "Falcon 9"]).iloc[0, 0] == expected
    named = {"y": np.int64(2024), "rocket": "Falcon 9"}
    assert spacex.sql(sql.format(":y", ":rocket"), named).iloc[0, 0] == expected


def test_the_fleet_of_a_date_has_the_columns_of_the_fleet(three_days):
    database = spacex.open(three_days)
    *_, before, last = sorted(GP_LISTS)
    now, then = database.fleet(), database.fleet(on=last)
    unknown = [name for name in then.columns if then[name].isna().all() and now[name].notna().any()]
    assert set(unknown) <= {"last_listed_utc", "unsure_date", "is_presumed_decayed", "until_date"}
    pd.testing.assert_frame_equal(then.drop(columns=unknown), now.drop(columns=unknown))
    then = database.fleet(on=before)
    assert undeclared(then) == {}
    assert [*then.columns] == [*now.columns]
    assert (then["epoch_utc"].dt.strftime("%Y-%m-%d") <= before).all()
    assert then["mean_altitude_km"].notna().all()
    assert set(then["norad_cat_id"]) != set(now["norad_cat_id"])


def test_positions_in_the_past_are_those_of_the_fleet_of_then(three_days):
    database = spacex.open(three_days)
    first, second, _ = (f"{date}T13:00:00Z" for date in GP_LISTS)
    for instant in (first, second):
        found, listed = database.positions(instant), database.fleet(on=instant)
        assert [*found["norad_cat_id"]] == [*listed["norad_cat_id"]]
        assert [*found["epoch_utc"]] == [*listed["epoch_utc"]]
        assert (
            database.passes("52, 13", 2, start=instant)["norad_cat_id"]
            .isin(listed["norad_cat_id"])
            .all()
        )
    assert len(database.positions(first)) != len(database.positions(second))
    newest = database.fleet(on=max(GP_LISTS))
    assert [*database.positions()["norad_cat_id"]] == [*newest["norad_cat_id"]]


def test_errors_of_simulated_orbits_are_unknown(satellite):
    assert spacex.positions(AT)["error_km"].isna().all()
    assert satellite.passes((0, 0), start=AT)[["error_km", "error_s"]].isna().all(axis=None)


def test_a_satellite_in_the_past_is_where_its_elements_of_then_say(one_list, celestrak):  # noqa: F811
    publish_list(one_list, celestrak, "2026-11-26", 1)
    satellite = spacex.open(one_list.database).satellite(1)
    first, last = satellite.history()["epoch_utc"]
    assert (last - first).days == 2
    for instant, epoch in (("2026-11-23", first), ("2026-11-25", first), ("2026-11-29", last)):
        assert satellite.now(instant)["epoch_utc"] == epoch


def test_before_the_first_launch_and_without_lists_it_is_said_why():
    with pytest.raises(DataError, match="have been launched by 1900-01-01"):
        spacex.positions(at="1900-01-01")
    with pytest.raises(DataError, match=r"there is no GP list\. Run `.*import-snapshots"):
        spacex.fleet(on="2999-01-01")


def test_a_position_before_the_launch_is_refused():
    launched = "launch_date FROM v_starlink WHERE mean_motion_rev_per_day IS NOT NULL"
    with warnings.catch_warnings(action="ignore"):
        late = spacex.sql(f"SELECT norad_cat_id, {launched} ORDER BY 2 DESC LIMIT 1").iloc[0]
        before = late["launch_date"] - pd.Timedelta(days=1)
        with pytest.raises(DataError, match=f"was launched on {late['launch_date']:%Y-%m-%d}"):
            spacex.satellite(late["norad_cat_id"]).now(str(before))
        assert late["norad_cat_id"] not in set(spacex.positions(str(before))["norad_cat_id"])
        assert late["norad_cat_id"] in set(
            spacex.positions(str(late["launch_date"]))["norad_cat_id"]
        )


def test_the_fleet_of_a_date_says_of_which_list_it_is(three_days):
    database = spacex.open(three_days)
    for date in GP_LISTS:
        attrs = database.fleet(on=date).attrs
        assert attrs["sources"] == {"celestrak": f"{date}T12:00:00Z"}
        assert attrs["observed_utc"] == f"{date}T12:00:00Z"


def test_attrs_tell_where_the_data_come_from():
    about = spacex.launches().attrs
    assert about["sources"] == {"sample": "2026-08-22T23:42:46Z"}
    assert about["coverage"]["launches"] == {
        "sample": [("2006-01-01T00:00:00Z", "2025-11-28T18:43:00Z")]
    }
    assert about["units"] == {"payload_mass_kg": "kg"}
    assert about.keys() >= {"run_id", "loaded_utc", "database", "note"}


@pytest.fixture
def _unwarned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provenance, "_shown", set())


@pytest.mark.usefixtures("_unwarned")
def test_simulated_data_warn_once_at_the_line_that_reads_them():
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("always")
        spacex.launches()
        spacex.boosters()
    (warning,) = shown
    assert "is the bundled sample: The Starlink fleet" in str(warning.message)
    assert warning.category is DataWarning
    assert [each.filename for each in shown] == [__file__]


@pytest.mark.usefixtures("_unwarned")
def test_stale_data_warn(three_days, monkeypatch):
    monkeypatch.setenv("SPACEX_SOURCES", "celestrak")
    settings.cache_clear()
    with pytest.warns(DataWarning, match=r"is stale: celestrak: .* days old, promised at most"):
        fleet = spacex.open(three_days).fleet(on=max(GP_LISTS))
    assert undeclared(fleet) == {}
    assert not fleet.attrs["is_simulated"]
    with Clock("2027-01-01"), warnings.catch_warnings(action="error"):
        spacex.open(three_days).fleet()  # the age has grown, but the warning is known


def test_the_age_of_the_data_is_asked_once_an_hour(three_days, monkeypatch):
    known, asked = provenance.data_age.data_ages, []

    def data_ages(*arguments):
        asked.append(arguments)
        return known(*arguments)

    monkeypatch.setattr(provenance.data_age, "data_ages", data_ages)
    provenance._stale.cache_clear()
    with Clock("2026-11-03T12:10") as clock:
        for minutes in (0, 10, 0, 60):
            clock.advance(minutes=minutes)
            spacex.open(three_days).fleet()
    assert len(asked) == 2


def test_a_changed_attr_changes_no_other_frame():
    spacex.launches().attrs["coverage"].clear()
    assert spacex.launches().attrs["coverage"]


@pytest.mark.usefixtures("_unwarned")
def test_another_instant_than_the_present_warns(satellite):
    with pytest.warns(DataWarning, match="too old for the present: shown is 2026-08-2"):
        satellite.now()


def test_real_data_do_not_warn(published):
    with warnings.catch_warnings(action="error"):
        assert len(spacex.open(published.database).launches())


def test_a_satellite_is_found_by_name_number_and_designator(satellite):
    about = satellite.info()
    number, name, designator = about[["norad_cat_id", "object_name", "object_id"]]
    for which in (number, str(number), name, name.lower().replace("-", " "), designator):
        assert spacex.satellite(which) == satellite
    assert spacex.satellite(designator.replace("-", "", 1).lower()) == satellite


@pytest.mark.parametrize("which", ["", "STARLINK 1", 10**30, -1, "2020-001ZZZ", None, "'; --"])
def test_an_unknown_satellite_is_named_with_the_nearest_one(which):
    with pytest.raises(DataError, match="There is no Starlink satellite"):
        spacex.satellite(which)


@pytest.mark.parametrize("which", [999999, "999999", " 0999999", -1, "1.5"])
def test_no_number_is_suggested_by_its_digits(which):
    with pytest.raises(DataError) as caught:
        spacex.satellite(which)
    assert caught.value.message == f"There is no Starlink satellite {which!r}."


def test_a_launch_is_no_satellite():
    launches = spacex.launches().dropna(subset=["launch_designator"])
    name, designator = launches[["name", "launch_designator"]].iloc[0]
    remedy = f"Its satellites are those with launch_designator {designator!r}"
    for which, named in ((f" {designator}", designator), (name.upper(), name.upper())):
        with pytest.raises(DataError) as caught:
            spacex.satellite(which)
        assert caught.value.message == f"{named} is a launch ({name}), not a satellite."
        assert caught.value.remedy == f"{remedy} in `spacex.satellites()`."
    with pytest.raises(DataError, match=r"^FalconSat is a launch, not a .* launch 'FalconSat' in"):
        spacex.satellite("FalconSat")
    with pytest.raises(DataError, match=r"^2099-010 is a launch, not a satellite\."):
        spacex.satellite("2099-010")


def test_the_nearest_satellite_is_suggested(satellite):
    with pytest.raises(DataError, match=rf"did you mean {satellite.name[:-1]}\d\?"):
        spacex.satellite(f"{satellite.name}X")


def test_a_decayed_satellite_has_a_history_but_no_position():
    sql = "SELECT norad_cat_id FROM v_starlink WHERE catalogue_status = 'decayed' AND epoch_utc"
    decayed = spacex.satellite(spacex.sql(sql)["norad_cat_id"].iloc[0])
    assert len(decayed.history())
    with pytest.raises(DataError, match=r"SIMULATED-\d+ decayed on 20\d\d-\d\d-\d\d\."):
        decayed.now()


def test_the_next_passes_are_as_many_as_asked_for(satellite):
    found = satellite.passes("Berlin", n=12, start=AT)
    assert len(found) == 12
    assert found["culmination_utc"].is_monotonic_increasing
    assert found.attrs["place"]["name"] == "Berlin"
    assert satellite.passes("Berlin", visible=True, start=AT)["is_visible"].all()


def test_geojson_has_a_tenth_of_a_metre():
    place = {"longitude_deg": [13.12345678], "latitude_deg": [-52.12345649], "height_km": [0.5]}
    (point,) = json.loads(MapFrame(place).to_geojson())["features"]
    assert point["geometry"]["coordinates"] == [13.123457, -52.123456, 500]


def test_positions_become_points_and_tracks_lines(satellite, tmp_path):
    points = json.loads(spacex.positions(AT).query("height_km > 0").head(2).to_geojson())
    assert [each["geometry"]["type"] for each in points["features"]] == ["Point", "Point"]
    properties = points["features"][0]["properties"]
    assert properties["instant_utc"] == "2026-08-22T12:00:00.000000Z"
    track = satellite.track(hours=3, start=AT)
    track.to_geojson(tmp_path / "track.geojson")
    lines = json.loads((tmp_path / "track.geojson").read_text())["features"]
    assert len(lines) == track["segment"].nunique() > 1
    points_of_lines = sum(len(each["geometry"]["coordinates"]) for each in lines)
    assert points_of_lines == len(track)
    with pytest.raises(DataError, match="has no height_km"):
        track.drop(columns="height_km").to_geojson()


def test_tracks_put_together_stay_apart_and_one_point_is_no_line(satellite):
    parts = [satellite.track(0.2, start=f"2026-08-22T{hour}:00Z") for hour in (12, 18)]
    apart = [each for part in parts for each in json.loads(part.to_geojson())["features"]]
    together = json.loads(pd.concat(parts).to_geojson())["features"]
    assert [each["geometry"] for each in together] == [each["geometry"] for each in apart]
    (point,) = json.loads(parts[0].head(1).to_geojson())["features"]
    assert point["geometry"]["type"] == "Point"


@pytest.mark.parametrize("kind", [dt.datetime, np.datetime64, pd.Timestamp])
def test_an_instant_as_a_parameter_means_what_the_database_has(kind):
    launches = spacex.launches().query("is_flown").tail(40)
    after = "SELECT count(*) AS n FROM v_launches WHERE is_flown AND date_utc > ?"
    of_text = [spacex.sql(after, f"{at:%Y-%m-%dT%H:%M:%SZ}")["n"][0] for at in launches["date_utc"]]
    naive = (at.tz_localize(None) for at in launches["date_utc"])
    values = [at.to_pydatetime() if kind is dt.datetime else kind(at) for at in naive]
    assert [spacex.sql(after, value)["n"][0] for value in values] == of_text
    assert len(set(of_text)) > 30
    zoned = launches["date_utc"].iloc[0].tz_convert("America/New_York")
    assert spacex.sql(after, zoned)["n"][0] == of_text[0]


def test_a_date_as_a_parameter_is_its_text():
    sql = "SELECT count(*) AS n FROM v_starlink WHERE launch_date = ?"
    assert (
        spacex.sql(sql, dt.date(2019, 11, 11))["n"][0] == spacex.sql(sql, "2019-11-11")["n"][0] > 0
    )


def test_a_count_beside_a_flag_stays_a_count():
    sql = """SELECT is_flown AS n FROM v_launches WHERE name = 'FalconSat'
             UNION ALL SELECT count(*) FROM v_launches WHERE rocket = 'nope'"""
    assert [type(n) for n in spacex.sql(sql)["n"]] == [int, int]
    within = f"WITH x AS ({sql}) SELECT n FROM x"  # noqa: S608 - ours
    assert [type(n) for n in spacex.sql(within)["n"]] == [int, int]


@pytest.mark.parametrize("since", [20250601, 0, np.datetime64("2025-06-01")])
def test_what_is_no_date_is_named(since):
    with pytest.raises(SettingsError, match="is neither a date nor an instant"):
        spacex.changes(since)


def test_payloads_are_of_the_launch_that_lists_them(recorded_settings):
    database = spacex.open(recorded_settings.database)
    payloads, launches = database.payloads(), database.launches().set_index("launch_id")
    assert not payloads.duplicated(["payload_id", "launch_id"]).any()
    masses = payloads.groupby("launch_id")["mass_kg"].sum(min_count=1).dropna()
    known = launches["payload_mass_kg"].dropna()
    pd.testing.assert_series_equal(
        masses[known.index].astype(float), known.astype(float), check_names=False
    )


def test_ctrl_c_ends_a_long_statement(sampled):
    endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT sum(x) FROM c"
    opened = f"spacex.open({str(sampled.database)!r})"
    code = f"import spacex; print(1, flush=True); {opened}.sql({endless!r})"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        running.stdout.readline()
        while running.poll() is None:
            time.sleep(0.5)
            running.send_signal(signal.SIGINT)
        assert running.stderr is not None
        assert "KeyboardInterrupt" in running.stderr.read()


def test_a_wrong_name_in_a_statement_is_named_with_the_right_one():
    with pytest.raises(QueryError, match=r"did you mean v_launches\?"):
        spacex.sql("SELECT * FROM v_launchs")
    with pytest.raises(QueryError, match=r"There is no table or view 'launch'; did you mean"):
        spacex.table("launch")


def test_a_place_is_found_or_named_with_the_nearest_one():
    with pytest.raises(SettingsError, match=r"no city 'Potsdm' in the list; did you mean Potsdam"):
        spacex.passes("Potsdm")


def test_a_database_is_read_again_after_the_next_run(published):
    database = spacex.open(published.database)
    assert database.about()["run_id"] == "first"
    publish(published, "snapshot", "two")
    assert database.launches().attrs["run_id"] == "two"


def test_the_history_of_one_satellite_is_read_by_an_index(satellite, monkeypatch):
    statements: list[str] = []
    read = pd.read_sql_query
    monkeypatch.setattr(
        "spacex.warehouse.archive.reading.pd.read_sql_query",
        lambda sql, *rest, **named: statements.append(sql) or read(sql, *rest, **named),
    )
    satellite.history()
    (sql,) = (each for each in statements if "FROM starlink_elements" in each)
    plan = query(satellite.database, f"EXPLAIN QUERY PLAN {sql}", ["[1]"])
    how = "SEARCH starlink_elements USING INDEX starlink_elements_index (norad_cat_id=?)"
    assert how in plan["detail"].tolist()


@pytest.mark.parametrize("wrong", [0, -1, float("nan"), float("inf"), 1e9, "12", None, True])
def test_a_number_out_of_range_is_named(satellite, wrong):
    with pytest.raises(SettingsError, match=r"hours is .* Give a number above 0"):
        spacex.passes("Berlin", wrong, start=AT)
    with pytest.raises(SettingsError, match="hours is "):
        satellite.track(wrong, start=AT)
    with pytest.raises(SettingsError, match="n is "):
        satellite.passes("Berlin", wrong, start=AT)


def test_the_largest_number_allowed_is_in_range():
    require_number("hours", 0.001, most=10)
    require_number("hours", 10, most=10)
    with pytest.raises(SettingsError, match="at most 10"):
        require_number("hours", 10.001, most=10)


@pytest.mark.parametrize("wrong", [-1, 90, float("nan"), "10", None])
def test_an_elevation_out_of_range_is_named(wrong):
    with pytest.raises(SettingsError, match="The minimum elevation is "):
        spacex.passes("Berlin", 1, start=AT, min_elevation_deg=wrong)


@pytest.mark.parametrize("wrong", [5, None, "", "launches; DROP TABLE launches"])
def test_what_is_no_table_is_named(wrong):
    with pytest.raises(QueryError, match="There is no table or view "):
        spacex.table(wrong)


def test_a_folder_that_is_missing_is_named(satellite, tmp_path):
    with pytest.raises(StorageError, match=r"gone/a.geojson cannot be written"):
        satellite.track(start=AT).to_geojson(tmp_path / "gone" / "a.geojson")
