"""Forecasts as they were made, which no later run changes.

They are kept beside the snapshots, in `raw/forecasts/`, because a rebuild could make others: by
then, the rule may have changed, or older data may have been imported. A file has the forecasts of
one kind that one rule made at one instant. It is written once, also if there are none.
"""

import re
from contextlib import suppress
from pathlib import Path

import msgspec

from spacex.extract.sealed_json import UNREADABLE, seal_of, sealed
from spacex.files import read_file, remove_unfinished, write_atomically

FOLDER = "forecasts"
"""Folder in that of the snapshots."""


class Forecast(msgspec.Struct, frozen=True, array_like=True):
    """What is forecast of one subject, as columns of the table `forecasts`."""

    subject: str
    value: str
    low: str
    high: str


class StoredForecasts(msgspec.Struct, frozen=True):
    """The content of a file.

    Attributes:
        made_utc: instant at which they were made.
        kind: their kind.
        model: name of the rule.
        run: ID of the run that made them.
        forecasts: the forecasts.
    """

    made_utc: str
    kind: str
    model: str
    run: str
    forecasts: tuple[Forecast, ...] = ()


def stored_forecasts(raw_dir: Path, made_utc: str, kind: str) -> list[StoredForecasts]:
    """Return the forecasts of each rule that were made at an instant; a damaged file has none.

    Args:
        raw_dir: the folder of the snapshots.
        made_utc: the instant.
        kind: the kind of forecasts.

    Raises:
        OSError: a file cannot be read.
    """
    found = sorted((raw_dir / FOLDER).glob(f"{_name(made_utc, kind)}.*.json"))
    known = (decoded(read_file(path)) for path in found)
    return [each for each in known if each and (each.made_utc, each.kind) == (made_utc, kind)]


def stored_until(raw_dir: Path, kind: str, until_utc: str) -> list[StoredForecasts]:
    """Return the forecasts of a kind that were made until an instant; a damaged file has none.

    Args:
        raw_dir: the folder of the snapshots.
        kind: the kind.
        until_utc: the instant.

    Raises:
        OSError: a file cannot be read.
    """
    found = sorted((raw_dir / FOLDER).glob(f"*.{_slug(kind)}.*.json"))
    known = (decoded(read_file(path)) for path in found)
    return [each for each in known if each and each.kind == kind and each.made_utc <= until_utc]


def store_forecasts(raw_dir: Path, made: StoredForecasts) -> None:
    """Store forecasts, of which no intact file is stored. The caller has locked the database.

    Raises:
        StorageError: the file cannot be written.
    """
    path = forecasts_path(raw_dir, made.made_utc, made.kind, made.model)
    remove_unfinished(path.parent)
    write_atomically(path, sealed(made))


def forecasts_path(raw_dir: Path, made_utc: str, kind: str, model: str) -> Path:
    """Return the file of the forecasts of a kind that a rule made at an instant.

    Args:
        raw_dir: the folder of the snapshots.
        made_utc: the instant.
        kind: the kind.
        model: name of the rule.
    """
    return raw_dir / FOLDER / f"{_name(made_utc, kind)}.{_slug(model)}.json"


def decoded(content: bytes) -> StoredForecasts | None:
    """Return the forecasts in the content of a file; None if it is not as it was written."""
    with suppress(*UNREADABLE):
        if seal_of(content, frozenset()) == "intact":
            return msgspec.json.decode(content, type=StoredForecasts)
    return None


def _name(made_utc: str, kind: str) -> str:
    return f"{re.sub('[-:]', '', made_utc)}.{_slug(kind)}"


def _slug(text: str) -> str:
    return re.sub(r"\W+", "-", text)
