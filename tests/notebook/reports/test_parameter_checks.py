"""The parameters of reports are checked before a kernel starts; errors name the nearest value."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from spacex.errors import NotebookError, SettingsError, SpacexError
from spacex.notebook.reports.parameter_checks import checked, converted
from spacex.notebook.reports.report_notebooks import Report, find_report
from spacex.notebook.runner import Parameter, declared_parameters
from spacex.settings import Settings
from tests.notebook.small_notebook import write_notebook
from tests.stages import value

DECLARED = """launch: str = ""  # name or designator
satellite: str = ""
booster: str = ""
place: str = "Berlin"
nights: int = 3  # number of nights
start: str = ""
end: str = ""
on: str = ""
share = 0.5
is_dark: bool = False
names: list[str] = []
"""

_WIDE = {ord("0") + digit: chr(0xFF10 + digit) for digit in range(10)}
"""ASCII digits → full-width ones, as keyboards for East Asian scripts write them."""


@pytest.fixture(scope="module")
def check(
    sampled: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Mapping[str, Parameter]]:
    """Return a function that checks parameters of a notebook that declares all of them."""
    path = write_notebook(tmp_path_factory.mktemp("any") / "any.ipynb", DECLARED)
    report = Report("any", path, parameters=tuple(declared_parameters(path).values()))
    return lambda **given: checked(report, given, sampled.database)


@pytest.mark.parametrize(
    ("name", "given", "canonical"),
    [
        ("launch", "2022-010", "2022-010"),
        ("launch", " starlink 4-7  (v1.5) ", "2022-010"),
        ("launch", "crew-5", "Crew-5"),
        ("launch", "2026-976", "2026-976"),
        ("booster", "b1067", "B1067"),
        ("place", "sao paulo", "São Paulo"),
        ("place", "52.50,13.4", "52.5, 13.4"),
        ("nights", "3", 3),
        ("nights", 10, 10),
        ("start", "2022-2-3", "2022-02-03"),
        ("launch", "2022-010".translate(_WIDE), "2022-010"),
        ("booster", "b1067".translate(_WIDE), "B1067"),
        ("place", "52.5, 13.4".translate(_WIDE), "52.5, 13.4"),
        ("place", "52°30'N 13°24'E", "52.5, 13.4"),
        ("start", "2022-02-03".translate(_WIDE), "2022-02-03"),
        ("on", "2025-06-30T12:00:00Z", "2025-06-30T12:00:00Z"),
        ("share", "0.25", 0.25),
        ("is_dark", "yes", True),
        ("names", "a, b", ["a", "b"]),
    ],
)
def test_a_value_gets_its_type_and_canonical_form(
    check: Callable[..., Mapping[str, Parameter]], name: str, given: Parameter, canonical: Parameter
) -> None:
    assert check(**{name: given}) == {name: canonical}


def test_a_satellite_is_known_by_its_number(
    check: Callable[..., Mapping[str, Parameter]], sampled: Settings
) -> None:
    first = "FROM starlink ORDER BY norad_cat_id LIMIT 1"
    number = value(sampled.database, f"SELECT norad_cat_id {first}")
    for given in (f"{number}", value(sampled.database, f"SELECT lower(object_name) {first}")):
        assert check(satellite=given) == {"satellite": f"{number}"}


def test_empty_text_means_the_default(check: Callable[..., Mapping[str, Parameter]]) -> None:
    assert check(launch="", place="", nights="", on="") == {}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"lunch": "2022-010"}, r"any has no parameter lunch; did you mean launch\?"),
        ({"nights": "many"}, "nights is 'many', and must be a whole number. Write it like 3."),
        ({"nights": 2.5}, "nights=2.5 is not of type int"),
        ({"nights": 0}, r"nights is 0; did you mean 1\?"),
        ({"nights": "11"}, r"nights is 11; did you mean 10\?"),
        ({"share": "half"}, "share is 'half', and must be a number"),
        ({"is_dark": "perhaps"}, "is_dark is 'perhaps', and must be yes or no"),
        ({"launch": 7}, "launch=7 is not of type str"),
        ({"launch": "crew5"}, r"no launch 'crew5'; did you mean Crew-5\?"),
        ({"launch": "2022-0100"}, r"no launch '2022-0100'; did you mean 2022-010\?"),
        ({"satellite": "SIMULATE-1001"}, r"'SIMULATE-1001'; did you mean SIMULATED-1001\?"),
        ({"booster": "B10677"}, r"no booster 'B10677'; did you mean B1077\?"),
        ({"booster": "B9999"}, r"no booster 'B9999'; the nearest is B1100\. Give a serial"),
        ({"launch": "Apollo 11"}, r"no launch 'Apollo 11'; the nearest is SAOCOM 1A\. Give a name"),
        ({"satellite": "1"}, r"no Starlink satellite '1'\. Give a name"),
        ({"place": "Atlantis"}, r"no city 'Atlantis' in the list; did you mean Atlanta\? Give"),
        ({"place": "Potsdm"}, r"no city 'Potsdm' in the list; did you mean Potsdam\?"),
        ({"place": "95, 13"}, "latitude_deg of a place is 95.0. Give a value from -90 to 90."),
        ({"on": "2026-02-30"}, r"There is no date 2026-02-30; did you mean 2026-02-28\?"),
        ({"on": "2026-13-01"}, "'2026-13-01' is neither a date nor an instant"),
        ({"on": "1999-01-01"}, r"of 1 January 1999 is not known; did you mean 2019-05-24\?"),
        ({"end": "1999-01-01"}, r"no data of 1 January 1999; did you mean 2006-01-01\?"),
        ({"start": "2031-01-01"}, r"no data of 1 January 2031; did you mean 2026-08-22\?"),
        (
            {"start": "2025-05-02", "end": "2025-05-01"},
            "ends on 1 May 2025, before it starts on 2 May 2025. Exchange start and end.",
        ),
    ],
)
def test_an_impossible_value_is_refused_with_the_nearest_right_one(
    check: Callable[..., Mapping[str, Parameter]], given: dict[str, Parameter], message: str
) -> None:
    with pytest.raises(SpacexError, match=message):
        check(**given)


@pytest.mark.parametrize(
    ("kind", "given", "found"),
    [
        ("float", 3.0, 3.0),
        ("float", "2.5", 2.5),
        ("float", 0.5, r"nights is 0.5; did you mean 1\?"),
        ("float", "nan", r"nights is nan\. Give a number from 1 to 10"),
        ("float", "inf", r"nights is inf; did you mean 10\?"),
        ("str", "3", "3"),
        ("str", "many", r"nights is many\. Give a number from 1 to 10"),
        ("bool", True, r"nights is True\. Give a number"),
        ("list[str]", ["a"], r"nights is \['a'\]\. Give a number"),
    ],
)
def test_nights_may_have_another_type_in_a_notebook_of_ones_own(
    sampled: Settings, tmp_path: Path, kind: str, given: Parameter, found: Parameter
) -> None:
    path = write_notebook(tmp_path / "own.ipynb", f"nights: {kind} = 3")
    report = Report("own", path, parameters=tuple(declared_parameters(path).values()))
    if isinstance(found, str) and found != given:
        with pytest.raises(SettingsError, match=found):
            checked(report, {"nights": given}, sampled.database)
    else:
        assert checked(report, {"nights": given}, sampled.database) == {"nights": found}


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2022-02-03T12:00", "2022-02-03"),
        ("2022-02-03", "2022-02-03T12:00:00Z"),
        ("2022-02-03T18:00:00Z", "2022-02-03T06:00:00Z"),
    ],
)
def test_a_report_of_whole_days_takes_the_days(sampled: Settings, start: str, end: str) -> None:
    found = checked(find_report(sampled, "week"), {"start": start, "end": end}, sampled.database)
    assert found == {"start": "2022-02-03", "end": "2022-02-03"}


@pytest.mark.parametrize(
    ("start", "end", "is_right"),
    [
        ("2022-02-03T12:00", "2022-02-03", True),
        ("2022-02-03", "2022-02-03T12:00:00Z", True),
        ("2022-02-03T18:00:00Z", "2022-02-03T06:00:00Z", False),
    ],
)
def test_instants_are_in_order_in_a_report_of_ones_own(
    check: Callable[..., Mapping[str, Parameter]], start: str, end: str, *, is_right: bool
) -> None:
    if is_right:
        assert check(start=start, end=end) == {"start": start, "end": end}
    else:
        with pytest.raises(SettingsError, match="Exchange start and end"):
            check(start=start, end=end)


def test_a_week_of_more_than_a_year_is_refused(sampled: Settings) -> None:
    week = find_report(sampled, "week")
    with pytest.raises(SpacexError, match="from 2020-01-01 to 2026-01-01 is not of 1 to 366 days"):
        checked(week, {"start": "2020-01-01", "end": "2026-01-01"}, sampled.database)


def test_without_a_database_the_error_says_how_to_make_one(tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "any.ipynb", DECLARED)
    report = Report("any", path, parameters=tuple(declared_parameters(path).values()))
    with pytest.raises(SpacexError, match="run"):
        checked(report, {"launch": "2022-010"}, tmp_path / "starlink.db")


def test_values_that_are_no_text_stay() -> None:
    assert converted("nights", 3, "int") == 3
    with pytest.raises(NotebookError):
        converted("nights", "3.5", "int")
