"""The quality of a run: what is in order, what is not, what that means, and what to do about it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pandas as pd

from spacex.analysis import queries
from spacex.analysis.data_age import DataAge
from spacex.analysis.verdict import SIMULATED, live_ages
from spacex.settings import RUN_COMMAND, Settings, command
from spacex.sources import titles
from spacex.units import counted, date_text

IN_ORDER = "in order"
AGE, REJECTS, FINDING = "Age of the data", "Rejected records", "Finding"
"""What a row is about, and where the pages of the stages have the details of it."""


class Quality(NamedTuple):
    """One thing about the quality of a run.

    Attributes:
        severity: error, warning, info, or in order.
        about: the part of the pages of the stages that has details.
        finding: what was found, and what it means.
        what_to_do: what to do about it; empty if nothing.
        check_name: the check that found it; empty if none.
    """

    severity: str
    about: str
    finding: str
    what_to_do: str = ""
    check_name: str = ""


def quality(settings: Settings, run_id: str = "") -> pd.DataFrame:
    """Return the quality of a published run, what is worst first: the columns of `Quality`.

    Args:
        settings: the database, and how old its data may be.
        run_id: the run; empty: the one published last.

    Raises:
        DatabaseError: the database is missing or unreadable, or has no such run.
        SettingsError: a service is unknown.
    """
    run = queries.run(settings.database, run_id)
    found = queries.findings(settings.database, str(run["run_id"]))
    columns = ["severity", "message", "what_to_do", "check_name"]
    rows = [
        *_ages(settings, run),
        *_rejects(int(run["reject_count"])),
        *(
            Quality(severity, FINDING, f"{message.removesuffix('.')}.", what_to_do, name)
            for severity, message, what_to_do, name in found[columns].itertuples(index=False)
        ),
    ]
    order = ("error", "warning", IN_ORDER, "info")
    rows.sort(key=lambda each: order.index(each.severity))
    return pd.DataFrame(rows, columns=list(Quality._fields))


def _ages(settings: Settings, run: "pd.Series[Any]") -> Iterator[Quality]:
    if run["is_simulated"]:
        to_do = f"`{RUN_COMMAND}`, with a network, loads real data in its place."
        yield Quality("warning", AGE, SIMULATED, to_do)
        return
    if run["as_of_utc"]:
        words = f"The data are those known on {date_text(run['as_of_utc'])}, as was asked for."
        yield Quality(IN_ORDER, AGE, words)
        return
    ages = live_ages(settings)
    yield from (_stale(each) for each in ages if each.is_stale)
    if fresh := sum(not each.is_stale for each in ages):
        words = f"The data of {counted(fresh, 'live source')} are as fresh as promised."
        yield Quality(IN_ORDER, AGE, words)


def _stale(age: DataAge) -> Quality:
    if age.data_utc:
        promised = f", where at most {age.promised} are promised"
        meaning = f"What has happened since {date_text(age.data_utc)} is not in these figures."
    else:
        promised, meaning = "", "What it would tell is missing from these figures."
    found = f"{titles(age.source)}: {age.caution}{promised}. {meaning}"
    doctor = f"`{command('doctor')}` tells whether it can be reached."
    return Quality("warning", AGE, found, f"Run again: `{RUN_COMMAND}`. {doctor}")


def _rejects(count: int) -> Iterator[Quality]:
    if not count:
        yield Quality(IN_ORDER, REJECTS, "No record was rejected.")
        return
    lost = counted(count, "record was rejected", "records were rejected")
    yield Quality(
        "warning",
        REJECTS,
        f"{lost}, or values of them: these are missing.",
        "Look at the columns and reasons. Report what is wrong to its source: once that has "
        "corrected it, the next run loads it.",
    )
