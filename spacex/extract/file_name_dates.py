"""The date in the name of a manual file.

A time is in UTC, unless an offset such as `-0500` or `+02:00` follows it. What can be read in two
ways is refused, because a wrong date would falsify the history of the satellites.
"""

import re
from datetime import UTC, datetime, time, timedelta

from spacex.errors import SettingsError

Dates = tuple[datetime, datetime]
"""The first and the last instant that a date stands for; equal if it has a time."""

_MONTH, _DAY = "(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12]\d|3[01])(?!\d)"
_MONTHS = "|".join(f"{each}{_MONTH}{each}" for each in ("-", "_", r"\.", r"\ ", ""))
_WHOLE = rf"(?:19|20)\d\d(?:{_MONTHS}){_DAY}"
"""A date after another one."""
_DATE = re.compile(
    rf"""(?<!\d) (?P<date> ((?:19|20)\d\d) (?P<sign>[-_. ]?) (\d\d) (?P=sign) (\d\d) )
        (?: (?:[T_. -]|[ _-]at[ _-])? (?!{_WHOLE}) ([01]\d|2[0-3]) (?P<colon>[-_.:]?|h) ([0-5]\d)
            (?: (?:(?P=colon)|m) ([0-5]\d) (?:[.,](?!{_WHOLE})\d{{1,6}}(?!\d))? )?
            (?:[ms](?![A-Za-z]))?
        )? (?!\d)""",
    re.VERBOSE | re.ASCII,
)
"""A date, and a time without its zone."""
_RANGE = re.compile(
    rf"""(?: (?:[ _.-](?:to|till|until|thru|through|bis)[ _.-] | [ _]*(?:--|\.\.|[–—~])[ _]*
            | [ _]+-[ _]+ ) (?!{_WHOLE}) \d[\d_.-]* )""",
    re.VERBOSE,
)
"""A range of dates without a whole date at its end."""
_YEAR = re.compile(
    rf"[T_. -]?(?!{_WHOLE})(?P<text>(?:19|20)\d\d[-_.](?:\d\d|\d{{3}}[A-Z]{{0,3}})(?!\d))"
)
"""A month, or a launch such as 2019-074, which could also be a time."""
_HALF_DAY = re.compile(
    r"[ _.-]?(?P<half>[ap])\.?m\.?(?=UTC|GMT|Z|[ECMP][SD]T|[^a-z]|$)", re.IGNORECASE
)
_OLD_ZONES = "[ECMP][SD]T|AK[SD]T|HST|CES?T|EES?T|WES?T|BST|MSK|IST|JST|AE[SD]T"
_ZONES = (
    "[AN][SD]T|[ECMP]T|HDT|KST|SAST|SST|A[CW]ST|ACDT|NZ[SD]T|[CEW]AT|HKT|SGT|PKT|WI[BT]|WITA|"
    "MES?Z|BRT|ART|(?:Europe|America|Asia|Africa|Australia|Pacific|Atlantic)[-_: ][A-Z]\\w+"
)
_ZONE = re.compile(
    rf"""[ _.-]?\(?(?: (?i:UTC|GMT|Z) [ _]? (?P<from_utc>[+-]\d{{1,2}}(?:[:.]?\d\d)?)
            (?!\d) )
        | [ _]?(?P<offset>\+\d+(?:[:.]\d\d(?!\d))? | -(?:
            (?:0\d|1[0-2])[:.]?(?:[03]0|[14]5)(?!\d) | 0\d(?!\d)))
        | [ _.-]*\(?(?P<name>(?i:{_OLD_ZONES}|local|uhr)|{_ZONES})(?![A-Za-z])""",
    re.VERBOSE | re.ASCII,
)
"""The zone of a time. Another number after it, such as -7434, is no offset."""
_OFFSET = re.compile(r"[+-](\d{1,2})(?:[:.]?(\d\d))?")
_LONGEST_OFFSET = timedelta(hours=14)
_SECOND = timedelta(seconds=1)


def date_in_name(name: str) -> Dates | None:
    """Return the date in a file name; None if it has none. That of a range is its last one.

    Eight digits that are not a valid date, such as a catalogue number, do not count.

    >>> [instant.isoformat() for instant in date_in_name("starlink_2025.05.18.tle")]
    ['2025-05-18T00:00:00+00:00', '2025-05-18T23:59:59+00:00']

    Raises:
        SettingsError: the date is invalid, or it cannot be told which one it is.
    """
    dates, invalid = [], ""
    for found in _DATE.finditer(name):
        _, year, separator, month, day, *_ = found.groups()
        try:
            date = datetime(int(year), int(month), int(day), tzinfo=UTC)
        except ValueError:
            invalid = invalid or (found["date"] if separator else "")
            continue
        dates.append(_dates(date, found, name))
    if dates:
        return _last(dates, name)
    if invalid:
        raise SettingsError(
            f"The date {invalid} in the file name {name} is invalid.",
            remedy="Rename the file, for example to starlink_2025-05-18.json.",
        )
    return None


def day(instant: datetime) -> Dates:
    """Return the day of an instant."""
    first = datetime.combine(instant, time(), UTC)
    return first, first + timedelta(days=1) - _SECOND


def _dates(date: datetime, found: re.Match[str], name: str) -> Dates:
    """Return a date with the time that follows it."""
    if year := _YEAR.match(name, found.end("date")):
        raise _ambiguous(name, f"{year['text']} after {found['date']} may be a time or a date")
    hour, _, minute, second = found.groups()[5:]
    end = found.end()
    instants = day(date)
    if hour:
        half = _HALF_DAY.match(name, end)
        local = date.replace(
            hour=_hour(int(hour), half, name), minute=int(minute), second=int(second or 0)
        )
        zone = _ZONE.match(name, half.end() if half else end)
        instant = local - (_offset(zone, name) if zone else timedelta())
        instants = instant, instant
    if rest := _RANGE.match(name, end):
        raise _ambiguous(name, f"{rest[0].strip(' _.-')} after {found['date']} is no whole date")
    return instants


def _last(dates: list[Dates], name: str) -> Dates:
    """Return the last date of a range, with its time if one of the same day has one.

    Raises:
        SettingsError: the dates are not in order, so that they are no range.
    """
    last = dates[-1]
    if later := next((each for each in dates if each[0] > last[1]), None):
        raise _ambiguous(name, f"{last[1]:%Y-%m-%d} follows {later[1]:%Y-%m-%d}")
    exact = [each for each in dates if last[0] <= each[0] == each[1] <= last[1]]
    return exact[-1] if exact else last


def _ambiguous(name: str, reason: str) -> SettingsError:
    return SettingsError(
        f"The date of {name} cannot be told: {reason}.",
        remedy="Rename the file with the date of the list alone, such as starlink_2025-05-18.json "
        "or starlink_2025-05-18T06-30.json; that of a range of dates is its last day.",
    )


def _hour(hour: int, half: re.Match[str] | None, name: str) -> int:
    """Return the hour of the day, from 0, of a clock with 24 or 12 hours."""
    if not half:
        return hour
    if not 1 <= hour <= 12:
        raise SettingsError(
            f"The time {hour:02} {half['half'].upper()}M in the file name {name} cannot be read.",
            remedy="Write the hour from 00 to 23, without AM and PM.",
        )
    return hour % 12 + (12 if half["half"] in "pP" else 0)


def _offset(zone: re.Match[str], name: str) -> timedelta:
    """Return the offset of a time zone from UTC.

    Raises:
        SettingsError: it is impossible, or a name, which can stand for several zones.
    """
    text = zone["from_utc"] or zone["offset"] or zone["name"]
    found = _OFFSET.fullmatch(text)
    # after a time, -07 may also number the copies of a file
    is_number = bool(zone["offset"]) and text[0] == "-" and len(text) == 3
    offset = _LONGEST_OFFSET + _SECOND
    if found and not is_number and (minutes := int(found[2] or 0)) <= 59:
        offset = timedelta(hours=int(found[1]), minutes=minutes)
    if offset > _LONGEST_OFFSET:
        raise SettingsError(
            f"The time zone {text} in the file name {name} cannot be read.",
            remedy="Write its offset from UTC, such as +02:00, or the time in UTC.",
        )
    return -offset if text[0] == "-" else offset
