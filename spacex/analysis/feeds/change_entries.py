"""What the responses of the services changed, as entries: `_changes`, grouped.

All changes of a launch in one response are an entry, and so are the satellites with the same kind
of change in one response; new satellites by launch. A change belongs to one entry, which keeps its
ID and its content.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from spacex.analysis.feeds.atom import Entry, page
from spacex.analysis.feeds.launch_precisions import Dated, Precisions, date_texts
from spacex.sources import short_title
from spacex.units import counted

KEPT_DAYS = 30
"""Days before the newest change from which changes are told."""
MOST_LISTED = 1_000
"""Most satellites that one entry lists."""

_CHANGES = f"""
    SELECT source, observed_utc, since_utc, kind, table_name, row_key, name, launch_designator,
           column_name, old_value, new_value
    FROM _changes
    WHERE observed_utc >= (SELECT strftime('%Y-%m-%dT%H:%M:%SZ', max(observed_utc),
                                           '-{KEPT_DAYS} days') FROM _changes)
    ORDER BY observed_utc, source, change_number"""

_SATELLITES = {
    "new satellite": ("new satellite", "new satellites"),
    "returned": ("satellite listed again", "satellites listed again"),
    "unlisted": ("satellite no longer listed", "satellites no longer listed"),
    "renumbered": ("satellite with another number", "satellites with another number"),
    "orbit status": ("satellite with another orbit status", "satellites with another orbit status"),
    "shell": ("satellite in another shell", "satellites in another shell"),
    "altitude": ("satellite with a changed altitude", "satellites with a changed altitude"),
}
"""Kind of change → its satellites: one, several."""
_LABELS = {
    "name": "name",
    "date_utc": "date",
    "date_precision": "precision of the date",
    "success": "outcome",
    "launch_designator": "designator",
    "rocket_id": "rocket",
    "launchpad_id": "launch site",
    "core_id": "booster",
    "flight": "flight of the booster",
    "landing_attempt": "landing attempt",
    "landing_success": "landing",
    "landing_type": "kind of landing",
}
_OUTCOMES = {"1": "success", "0": "failure"}
_WORDS = {
    "success": _OUTCOMES,
    "landing_success": _OUTCOMES,
    "landing_attempt": {"1": "yes", "0": "no"},
}
"""Column → its values in words."""
_IDS = {"rocket_id", "launchpad_id", "core_id"}
"""Columns whose values mean nothing to a reader."""


@dataclass(frozen=True)
class _Change:
    source: str
    observed_utc: str
    since_utc: str
    kind: str
    table_name: str
    row_key: str
    name: str | None
    launch_designator: str | None
    column_name: str
    old_value: str | None
    new_value: str | None

    @property
    def launch(self) -> str:
        """The ID of the launch; empty of a satellite."""
        if self.table_name == "launches":
            return self.row_key
        return self.row_key.rpartition("/")[0] if self.table_name == "launch_cores" else ""

    @property
    def entry(self) -> tuple[str, ...]:
        """What identifies the entry that it belongs to."""
        at = ("changes", self.source, self.observed_utc)
        if self.launch:
            return (*at, "launch", self.launch)
        of = (self.launch_designator or "unknown",) if self.kind == "new satellite" else ()
        return (*at, self.kind.replace(" ", "-"), *of)


def change_entries(connection: sqlite3.Connection) -> list[Entry]:
    """Return the entries of all changes, in the order of the responses."""
    return [*launch_changes(connection), *_satellite_changes(connection)]


def launch_changes(connection: sqlite3.Connection) -> list[Entry]:
    """Return the entries of the changes of launches, in the order of the responses."""
    groups = _grouped(connection, lambda change: bool(change.launch))
    precisions = Precisions(connection)
    dated = {
        each: pair
        for group in groups.values()
        for change in group
        for each, pair in _dates(change, precisions)
    }
    texts = date_texts(connection, dated.values())
    words = {each: texts[pair] for each, pair in dated.items()}
    return [_of_launch(key, group, words) for key, group in groups.items()]


_Groups = dict[tuple[str, ...], list[_Change]]
_Value = tuple[_Change, bool]
"""The value of a change: the new one, or else the old one."""


def _grouped(connection: sqlite3.Connection, chosen: Callable[[_Change], bool]) -> _Groups:
    groups: _Groups = defaultdict(list)
    for row in connection.execute(_CHANGES):
        change = _Change(*row)
        if chosen(change):
            groups[change.entry].append(change)
    return groups


def _dates(change: _Change, precisions: Precisions) -> Iterator[tuple[_Value, Dated]]:
    """Yield the dates among the values of a change, with their precisions."""
    if change.column_name not in {"", "date_utc"}:
        return
    around = precisions.around(change.source, change.launch, change.observed_utc)
    for is_new, (value, precision) in enumerate(
        zip((change.old_value, change.new_value), around, strict=True)
    ):
        if value:
            yield (change, bool(is_new)), (value, precision)


def _of_launch(key: tuple[str, ...], changes: Sequence[_Change], dates: dict[_Value, str]) -> Entry:
    first = changes[0]
    has_date = any(each.column_name == "date_utc" for each in changes)
    told = [each for each in changes if not (has_date and each.column_name == "date_precision")]
    name = first.name or f"Launch {first.launch_designator or first.launch}"
    return Entry(
        key="/".join(key),
        title=f"{name}: {', '.join(_in_short(each, dates) for each in told)}",
        updated=first.observed_utc,
        lines=(_compared(first),),
        items=tuple(_in_full(each, dates) for each in told),
        link=page("launch", mission=first.launch_designator or name),
        categories=(*dict.fromkeys(each.kind for each in changes), short_title(first.source)),
    )


def _in_short(change: _Change, dates: dict[_Value, str]) -> str:
    old, new = (dates.get((change, is_new), "") for is_new in (False, True))
    if change.kind == "new launch":
        return f"new launch, {new}" if new else "new launch"
    if change.kind == "withdrawn":
        return "withdrawn"
    if change.kind == "flown":
        outcome = _OUTCOMES.get(change.new_value or "", "outcome not yet known")
        return f"flown, {outcome}"
    if change.column_name == "date_utc":
        return f"{new}, was {old}"
    return f"another {_LABELS.get(change.column_name, change.column_name)}"


def _in_full(change: _Change, dates: dict[_Value, str]) -> str:
    if change.kind == "withdrawn":
        old = dates.get((change, False), "an unknown date")
        return f"The source no longer has the launch, which was planned for {old}."
    if change.kind != "corrected" or change.column_name in _IDS:
        short = _in_short(change, dates)
        return f"{short[:1].upper()}{short[1:]}."
    values = [
        dates.get((change, is_new)) or _shown(change.column_name, value)
        for is_new, value in ((False, change.old_value), (True, change.new_value))
    ]
    label = _LABELS.get(change.column_name, change.column_name)
    return f"{label[:1].upper()}{label[1:]}: {values[0]} → {values[1]}."


def _shown(column: str, value: str | None) -> str:
    if value is None:
        return "unknown"
    return _WORDS.get(column, {}).get(value, value)


def _satellite_changes(connection: sqlite3.Connection) -> Iterator[Entry]:
    for key, changes in _grouped(connection, lambda change: not change.launch).items():
        first, number = changes[0], len(changes)
        words = counted(number, *_SATELLITES.get(first.kind, (first.kind, first.kind)))
        of = first.launch_designator or "an unknown launch"
        title = f"{words} of {of}" if first.kind == "new satellite" else words
        listed = sorted(changes, key=_in_order)
        more = number - MOST_LISTED
        items = [_satellite(each) for each in listed[:MOST_LISTED]]
        items += [f"and {counted(more, 'more satellite')}, in the table v_changes"] * (more > 0)
        yield Entry(
            key="/".join(key),
            title=title,
            updated=first.observed_utc,
            lines=(_compared(first),),
            items=tuple(items),
            link=page("changes", kind=first.kind),
            categories=(first.kind, short_title(first.source)),
        )


def _in_order(change: _Change) -> tuple[str, str, str]:
    return change.column_name, change.old_value or "", change.new_value or ""


def _satellite(change: _Change) -> str:
    name = change.name or "unnamed"
    values = (change.old_value, change.new_value)
    words = f"{values[0] or 'none'} → {values[1] or 'none'}"
    if change.kind in {"new satellite", "returned"}:
        words = f"in the shell {change.new_value}" if change.new_value else ""
    elif change.kind == "unlisted":
        words = f"last known as {change.old_value}" if change.old_value else ""
    elif change.kind == "altitude":
        words = f"{change.column_name}, {values[1]}, from {values[0]}"
    return f"{name} ({change.row_key})" + (f": {words}" if words else "")


def _compared(change: _Change) -> str:
    """Return which responses were compared, in a sentence."""
    source = short_title(change.source)
    before, now = (each[:16].replace("T", " ") for each in (change.since_utc, change.observed_utc))
    return f"{source}: the response of {now} UTC compared with that of {before} UTC."
