"""A run in a few sentences: the age of its data, what changed, and what the checks found."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from spacex.analysis import data_age, history, queries
from spacex.analysis.articles.words import listed
from spacex.analysis.data_age import DataAge
from spacex.settings import Settings
from spacex.sources import short_title
from spacex.units import counted, date_text
from spacex.warehouse.coverage import LAUNCHES, coverage_of
from spacex.warehouse.older_data import ADVICE

SIMULATED = "This is the bundled sample: its fleet is simulated."
_SATELLITES = {
    "new satellite": ("is new", "are new"),
    "returned": ("is listed again", "are listed again"),
    "unlisted": ("is no longer listed", "are no longer listed"),
    "renumbered": ("has another catalogue number", "have other catalogue numbers"),
}
_LAUNCHES = {
    "flown": ("has flown", "have flown"),
    "new launch": ("is new", "are new"),
    "withdrawn": ("is withdrawn", "are withdrawn"),
}


def verdict(settings: Settings, run_id: str = "", since: history.Seen | None = None) -> list[str]:
    """Return what a reader who stops here should know of a published run.

    Args:
        settings: the database, and how old its data may be.
        run_id: the run; empty: the one published last.
        since: what the report before was made from; None: changes are those of the newest
            snapshots.

    Returns:
        A few sentences, the most important one first: how old the data are, whether a service
        sent older ones than those in use, what changed, and what the checks found.
        `spacex.analysis.quality` has the details.

    Raises:
        DatabaseError: the database is missing or unreadable, or has no such run.
        SettingsError: a service is unknown.
    """
    run = queries.run(settings.database, run_id)
    # The data of the sample and of a date are expected to be old.
    ages = [] if run["is_simulated"] or run["as_of_utc"] else live_ages(settings)
    if stale := [each for each in ages if each.is_stale]:
        age = _stale(stale, ages)
    else:
        age = _joined([*_age(run, ages), *_newest_launch(settings)])
    found = queries.findings(settings.database, str(run["run_id"]))
    quality = _quality(int(run["reject_count"]), found)
    return [*age, *_older(found), *_joined([*_changes(settings, since or {}), *quality])]


def caveats(database: Path) -> list[str]:
    """Return the sentence that a report on simulated data begins with; none on real ones."""
    return [SIMULATED] if queries.run(database)["is_simulated"] else []


def live_ages(settings: Settings) -> list[DataAge]:
    """Return the age of the data of each live source, which keeps a promise or breaks it."""
    return [each for each in data_age.data_ages(settings) if each.max_age_h is not None]


def _stale(stale: Sequence[DataAge], ages: Sequence[DataAge]) -> Iterator[str]:
    """Yield which sources are stale and since when, and what that means.

    Args:
        stale: the stale sources.
        ages: all live ones.
    """
    old = [each for each in stale if each.data_utc]
    missing = [each for each in stale if not each.data_utc]
    of = counted(len(ages), "live source")
    told = [
        f"{len(some):,} of {of} {'is' if len(some) == 1 else 'are'} {words}: {listed(names)}"
        for some, words, names in (
            (old, "out of date", [*map(_since, old)]),
            (missing, "missing", [short_title(each.source) for each in missing]),
        )
        if some
    ]
    yield "; ".join(told) + "."
    if not old:
        yield "What they would tell is not in these figures."
    elif any(each.is_old for each in old):
        yield "What has happened since then is not in these figures."
    else:
        yield "Newer data may exist."


def _since(age: DataAge) -> str:
    return f"{short_title(age.source)} (data to {date_text(age.data_utc)}, {age.caution})"


def _joined(sentences: Iterable[str]) -> Iterator[str]:
    """Yield several sentences as one; nothing if there are none."""
    first, *others = [each.removesuffix(".") for each in sentences] or [""]
    if first:
        yield "; ".join([first, *(each[0].lower() + each[1:] for each in others)]) + "."


def _age(run: "pd.Series[Any]", fresh: Sequence[DataAge]) -> Iterator[str]:
    """Yield how old the data of a run are, of which no live source is stale.

    Args:
        run: the row of `_runs`.
        fresh: the live sources.
    """
    if run["is_simulated"]:
        yield SIMULATED
    elif run["as_of_utc"]:
        yield f"The data are those known on {date_text(run['as_of_utc'])}."
    elif fresh:
        yield f"The data of {counted(len(fresh), 'live source')} are as fresh as promised."


def _newest_launch(settings: Settings) -> Iterator[str]:
    found = queries.query(settings.database, _NEWEST_LAUNCH)
    for name, date_utc, text in found.itertuples(index=False):
        is_exact = text.startswith(date_utc[:10])
        yield f"The newest flown launch is {name}, of {date_text(date_utc) if is_exact else text}."


_NEWEST_LAUNCH = f"""
    SELECT name, date_utc, date_text FROM v_launches
    WHERE is_flown AND substr(date_utc, 1, 10) <= (
        SELECT substr(max(newest_utc), 1, 10) FROM ({coverage_of(LAUNCHES)}))
    ORDER BY date_utc DESC LIMIT 1"""


def _changes(settings: Settings, since: history.Seen) -> Iterator[str]:
    compared = history.compared_endpoints(settings.database)
    changes = history.changes(settings.database, since)
    if "starlink" in compared:
        satellites = ("satellite", "satellites")
        yield (
            _sentence(changes, satellites, _SATELLITES)
            or "No satellite is new, and none is missing."
        )
    else:
        yield "There is no earlier list of satellites to compare with."
    if "launches" in compared:
        launches = ("launch", "launches")
        yield _sentence(changes, launches, _LAUNCHES) or "No launch is new."


def _sentence(
    changes: pd.DataFrame, nouns: tuple[str, str], kinds: Mapping[str, tuple[str, str]]
) -> str:
    """Return what changed as a sentence; empty if nothing did.

    Of several changes to one object, the newest counts: it tells how the object is now.

    Args:
        changes: the changes, the newest first.
        nouns: what changed, one and several.
        kinds: kind of change → its words, of one and of several.
    """
    of_kinds = changes[changes["kind"].isin(list(kinds))]
    counts = of_kinds.drop_duplicates("row_key")["kind"].value_counts()
    (kind, *others) = [kind for kind in kinds if kind in counts] or [""]
    if not kind:
        return ""
    one, many = (f"{noun} {words}" for noun, words in zip(nouns, kinds[kind], strict=True))
    rest = [counted(counts[each], *kinds[each]) for each in others]
    return f"{', '.join([counted(counts[kind], one, many), *rest])}."


def _older(findings: pd.DataFrame) -> list[str]:
    """Return a sentence for each response that is older than the data in use."""
    return [f"{each}." for each in findings.loc[findings["check_name"].isin(ADVICE), "message"]]


def _quality(rejects: int, findings: pd.DataFrame) -> Iterator[str]:
    if rejects:
        yield counted(rejects, "record was rejected.", "records were rejected.")
    else:
        yield "Nothing was rejected."
    severities = findings["severity"].value_counts()
    found = [counted(severities[each], each) for each in ("error", "warning") if each in severities]
    yield f"The checks give {' and '.join(found)}." if found else "The checks found no problem."
