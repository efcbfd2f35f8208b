"""The values that settings may have: validators, and words for messages."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, get_args
from urllib.parse import SplitResult, urlsplit

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, Field
from pydantic.fields import FieldInfo

_SERVICES = ("spacexdata", "celestrak", "launchlibrary", "satcat", "gcat", "spaceweather")
DAY_S = 86_400
SHORTHANDS = {f"@{each}" for each in ("hourly", "daily", "weekly", "monthly", "yearly", "annually")}
"""Schedules that Prefect knows besides those of five fields."""
_CRON_FIELDS = 5
"""With six, one program reads the first one as seconds, Prefect the last one."""

_ADDRESS = re.compile(r"[A-Za-z0-9._+'&=~#-]+@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")


def _home_expanded(path: Path) -> Path:
    try:
        path.as_posix().encode()
        return path.expanduser()
    except UnicodeEncodeError:
        raise ValueError("expected a path in UTF-8, which SQLite requires") from None
    except RuntimeError:
        user = path.parts[0].removeprefix("~")
        of_whom = f"of a user {user}" if user else "of the present user"
        raise ValueError(f"there is no home folder {of_whom}") from None


def _services(names: str) -> str:
    found = [*filter(None, (name.strip() for name in names.split(",")))]
    if names.strip() and not found:
        raise ValueError("it names no source")
    for name in found:
        if name not in _SERVICES:
            near = nearest_name(name, _SERVICES)
            hint = f" (did you mean {near}?)" if near else ""
            raise ValueError(f"there is no service {name}{hint}")
    return names


def check_cron(schedule: str) -> str:
    """Return a schedule.

    Raises:
        ValueError: it is not one that Prefect knows.
    """
    if schedule.lower() in SHORTHANDS:
        return schedule
    try:
        CronSim(schedule, datetime.now(UTC))
        is_read = len(schedule.split()) == _CRON_FIELDS
    except CronSimError:
        is_read = False
    if not is_read:
        raise ValueError("this is not a cron schedule: minute hour day month weekday")
    return schedule


def _header(text: str) -> str:
    if not (text.isascii() and text.isprintable()):
        raise ValueError("expected ASCII characters in one line, as HTTP headers require")
    return text


def _mail_server(url: str) -> str:
    parts = urlsplit(url)
    is_known = parts.scheme in {"smtp", "smtps"} and parts.hostname and _has_port(parts)
    if url and not is_known:
        raise ValueError("expected an address with smtp:// or smtps://")
    return url


def is_mail_address(text: str) -> bool:
    """Return whether a text is one plain address.

    Comments, routes, groups, lists and quotes are refused: mail software reads other receivers from
    them than their last `@` suggests.

    >>> is_mail_address("me+week@mail.example.org"), is_mail_address("you@bad.org(@example.org")
    (True, False)
    """
    return _ADDRESS.fullmatch(text) is not None


def _has_port(parts: SplitResult) -> bool:
    """Return whether the port of an address is missing or a number that a port can have."""
    try:
        return parts.port != 0
    except ValueError:
        return False


def nearest_name(name: str, known: Sequence[str]) -> str:
    """Return the known name nearest to a name, whatever its case; empty if none is near.

    If one alone begins with it, that is the nearest.

    >>> nearest_name("starlink 4-7", ["Starlink-7", "Starlink 4-7 (v1.5)"])
    'Starlink 4-7 (v1.5)'
    """
    folded = {each.casefold(): each for each in known}
    longer = [each for each in folded if name and each.startswith(name.casefold())]
    if len(longer) == 1:
        return folded[longer[0]]
    near = get_close_matches(name.casefold(), folded, n=1, cutoff=0.7)
    return folded[near[0]] if near else ""


def nearest(name: str, known: Sequence[str]) -> str:
    """Return `; did you mean …?` with the known name nearest to a name; empty if none is near."""
    found = nearest_name(name, known)
    return f"; did you mean {found}?" if found else ""


def nearest_of_all(name: str, known: Sequence[str], shown: Callable[[str], str] = str) -> str:
    """Return the end of a sentence with the known name nearest to a name, however far it is.

    Args:
        name: the name. Numbers at the end are compared as such: B1109 is nearer to B9999 than
            B1099.
        known: the known names.
        shown: what is shown of a known name.

    >>> nearest_of_all("B1O67", ["B1067", "B1109"]), nearest_of_all("B9999", ["B1099", "B1109"])
    ('; did you mean B1067?', '; the nearest is B1109.')
    """
    if near := nearest_name(name, known):
        return f"; did you mean {shown(near)}?"
    wanted, folded = name.casefold(), {each.casefold(): each for each in known}
    if not (wanted and folded):
        return "."
    (found,) = get_close_matches(wanted, folded, n=1, cutoff=0)
    return f"; the nearest is {shown(folded[_nearest_number(wanted, folded) or found])}."


def _nearest_number(name: str, known: Iterable[str]) -> str:
    """Return the known name that differs in a number at the end, by the least; empty if none."""
    begin, number = _split(name)
    others = [each for each in known if number and _split(each)[0] == begin and _split(each)[1]]
    return min(others, key=lambda each: abs(int(_split(each)[1]) - int(number)), default="")


def _split(name: str) -> tuple[str, str]:
    """Return a name without the digits at its end, and these."""
    begin = name.rstrip("0123456789")
    return begin, name.removeprefix(begin)


Folder = Annotated[Path, AfterValidator(_home_expanded)]
Services = Annotated[str, AfterValidator(_services)]
Cron = Annotated[str, AfterValidator(check_cron)]
Header = Annotated[str, AfterValidator(_header)]
MailServer = Annotated[str, AfterValidator(_mail_server)]
Seconds = Annotated[float, Field(le=DAY_S)]


def expected(declared: FieldInfo) -> str:
    """Return which values a field accepts, in words."""
    kinds: dict[Any, str] = {int: "a whole number", float: "a number", Path: "a folder"}
    kind = next((it for it in get_args(declared.annotation) if it in kinds), declared.annotation)
    if choices := [each for each in get_args(kind) if isinstance(each, str)]:
        return f"expected {' or '.join(choices)}"
    return " ".join(
        ["expected", kinds.get(kind, "a web address with http:// or https://"), *_limits(declared)]
    )


def _limits(declared: FieldInfo) -> Iterator[str]:
    words = {"gt": "above", "ge": "from", "le": "up to"}
    for limit in sorted(declared.metadata, key=lambda limit: hasattr(limit, "le")):
        for name, word in words.items():
            if hasattr(limit, name):
                yield f"{word} {getattr(limit, name):,}"
