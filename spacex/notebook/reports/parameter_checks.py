"""The checks of a report's parameters, before a kernel starts.

A parameter is known by its name: any notebook that declares `launch`, `satellite`, `booster`,
`place`, `nights`, `start`, `end` or `on` gets these checks.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from contextlib import suppress
from math import isnan, nan
from pathlib import Path

from spacex.analysis.articles.booster import find_booster
from spacex.analysis.articles.fleet import fleet_date
from spacex.analysis.articles.launch import find_launch
from spacex.analysis.articles.satellite import find_satellite
from spacex.analysis.articles.sky import MOST_NIGHTS
from spacex.analysis.articles.week import week_period
from spacex.analysis.source_coverage import coverage
from spacex.errors import NotebookError, SettingsError
from spacex.extract.as_of import as_of_utc, is_date
from spacex.notebook.reports.report_notebooks import Report
from spacex.notebook.runner import Parameter, check_parameters
from spacex.orbits.cities import find_place
from spacex.settings.values import nearest
from spacex.units import date_text, plain_text

_DATE = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)")
_DAY = slice(0, 10)
_ENDS = ("start", "end")
_TRUE, _FALSE = {"true", "yes", "1"}, {"false", "no", "0"}


def checked(report: Report, given: Mapping[str, Parameter], database: Path) -> dict[str, Parameter]:
    """Return the parameters of a report, converted to their types and in their canonical form.

    Args:
        report: the report.
        given: name → value, or text that stands for one. Empty text means the default.
        database: the database, which must have what they name.

    Raises:
        NotebookError: a parameter is unknown, or has the wrong type.
        DataError, SettingsError: there is nothing of that name, or the value is impossible.
        DatabaseError: the database is missing or unreadable.
    """
    kinds = {each.name: each.kind for each in report.parameters}
    _require_known(report, given, list(kinds))
    filled = {name: value for name, value in given.items() if value != ""}
    typed = {name: converted(name, value, kinds[name]) for name, value in filled.items()}
    check_parameters(report.path, typed)
    found = {
        name: CHECKS[name](database, value) if name in CHECKS else value
        for name, value in typed.items()
    }
    is_week = report.name == "week" and not report.is_own
    if is_week:  # of whole days
        found |= {name: as_of_utc(str(found[name]))[_DAY] for name in _ENDS if found.get(name)}
    _check_period(found)
    if is_week:
        week_period(database, *(str(found.get(name, "")) for name in _ENDS))
    return found


def converted(name: str, value: Parameter, kind: str) -> Parameter:
    """Return a value of a type, given the text that stands for it; any other value as it is.

    Args:
        name: the parameter.
        value: the value, or text.
        kind: its type, such as `int`.

    Raises:
        NotebookError: the text stands for no such value.

    >>> converted("nights", "3", "int"), converted("is_dark", "yes", "bool")
    (3, True)
    """
    if not isinstance(value, str) or kind not in _READERS:
        return value
    try:
        return _READERS[kind](value.strip())
    except ValueError:
        words, example = _KINDS[kind]
        raise NotebookError(
            f"{name} is {value!r}, and must be {words}.", f"Write it like {example}."
        ) from None


def _truth(text: str) -> bool:
    if text.lower() not in _TRUE | _FALSE:
        raise ValueError
    return text.lower() in _TRUE


_READERS: dict[str, Callable[[str], Parameter]] = {
    "int": int,
    "float": float,
    "bool": _truth,
    "list[str]": lambda text: [each.strip() for each in text.split(",") if each.strip()],
}
_KINDS = {
    "int": ("a whole number", "3"),
    "float": ("a number", "52.5"),
    "bool": ("yes or no", "yes"),
    "list[str]": ("a list", "a,b"),
}


def _require_known(report: Report, given: Mapping[str, Parameter], known: list[str]) -> None:
    for name in given:
        if name not in known:
            listed = ", ".join(known) or "none"
            raise NotebookError(
                f"The report {report.name} has no parameter {name}{nearest(name, known) or '.'}",
                f"Its parameters: {listed}.",
            )


def _launch(database: Path, value: Parameter) -> Parameter:
    return find_launch(database, str(value))


def _satellite(database: Path, value: Parameter) -> Parameter:
    return find_satellite(database, str(value))


def _booster(database: Path, value: Parameter) -> Parameter:
    return find_booster(database, str(value))


def _place(_database: Path, value: Parameter) -> Parameter:
    found = find_place(str(value))
    return found.unique_name or f"{found.latitude_deg:g}, {found.longitude_deg:g}"


def _nights(_database: Path, value: Parameter) -> Parameter:
    number = nan
    with suppress(ValueError):  # it is no number
        number = float(str(value))
    if 1 <= number <= MOST_NIGHTS:
        return value
    near = 1 if number < 1 else MOST_NIGHTS
    hint = "." if isnan(number) else f"; did you mean {near}?"
    raise SettingsError(f"nights is {value}{hint}", f"Give a number from 1 to {MOST_NIGHTS}.")


def _date(database: Path, value: Parameter) -> Parameter:
    """Return a date, which must be within the data."""
    date = _existing(plain_text(str(value)).strip())
    rows = coverage(database)
    if rows.empty:
        return date
    first, last = rows["from_utc"].min()[_DAY], rows["to_utc"].max()[_DAY]
    near = first if date[_DAY] < first else last
    if first <= date[_DAY] <= last:
        return date
    raise SettingsError(
        f"There are no data of {date_text(date)}; did you mean {near}?",
        f"Choose a date from {first} to {last}.",
    )


def _fleet_date(database: Path, value: Parameter) -> Parameter:
    """Return a date on which the fleet is known."""
    date = _existing(plain_text(str(value)).strip())
    fleet_date(database, date)
    return date


def _existing(text: str) -> str:
    """Return a date as ISO 8601 text, or an instant as it is.

    Raises:
        SettingsError: there is no such date.
    """
    found = _DATE.fullmatch(text)
    if found and 1 <= int(found[2]) <= 12 and int(found[1]):
        year, month, day = (int(part) for part in found.groups())
        length = monthrange(year, month)[1]
        if not 1 <= day <= length:
            last = f"{year:04}-{month:02}-{max(1, min(day, length)):02}"
            raise SettingsError(
                f"There is no date {text}; did you mean {last}?", "Write dates like 2026-11-01."
            )
        return f"{year:04}-{month:02}-{day:02}"
    as_of_utc(text)
    return text


def _check_period(found: Mapping[str, Parameter]) -> None:
    start, end = (str(found.get(name, "")) for name in _ENDS)
    if start and end and as_of_utc(end) < (start if is_date(start) else as_of_utc(start)):
        raise SettingsError(
            f"The period ends on {date_text(end)}, before it starts on {date_text(start)}.",
            "Exchange start and end.",
        )


CHECKS: dict[str, Callable[[Path, Parameter], Parameter]] = {
    "launch": _launch,
    "satellite": _satellite,
    "booster": _booster,
    "place": _place,
    "nights": _nights,
    "start": _date,
    "end": _date,
    "on": _fleet_date,
}
"""Name of a parameter → its check, which returns the canonical value."""
