"""Make the reports of the plan that are due, keep dated copies, and tell who asked for them."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from spacex.errors import SpacexError, StorageError
from spacex.files import write_error
from spacex.notebook.reports.making import Made, make_all
from spacex.notebook.reports.report_plan import Planned, checked_plan, read_plan
from spacex.pipeline.report_delivery import tell
from spacex.settings import Settings
from spacex.units import utc_now

_DAY = "????-??-??"


def make_after_load(settings: Settings) -> tuple[list[Made], list[str]]:
    """Make the reports that the plan wants after each load.

    Args:
        settings: the plan, the folders, and who is told.

    Returns:
        The reports, and a sentence for each problem; no problem stops the others.
    """
    try:
        planned = [each for each in read_plan(settings) if each.after_load]
    except SpacexError as error:
        return [], [str(error)]
    return make_planned(settings, planned)


def make_planned(settings: Settings, planned: Sequence[Planned]) -> tuple[list[Made], list[str]]:
    """Make reports of the plan, as `make_after_load` does.

    Args:
        settings: the folders, and who is told.
        planned: the entries.
    """
    checked = list(checked_plan(settings, planned))
    problems = [f"{it.planned.report} was not made: {it.problem}" for it in checked if it.problem]
    try:
        made = make_all(settings, [each.order for each in checked if each.order])
    except SpacexError as error:
        return [], [*problems, str(error)]
    for each in made:
        entries = [it.planned for it in checked if it.order and it.order.name == each.order.name]
        for entry in entries:
            problems += _deliver(settings, each, entry)
    return made, problems


def _deliver(settings: Settings, made: Made, entry: Planned) -> list[str]:
    """Keep a copy of a report if it is new, and tell of it who does not know of it."""
    if made.error or not (made.page and made.record):
        return [f"{made.order.name} was not made: {made.error}"]
    problems: list[str] = []
    try:
        if not made.is_reused:
            _keep(made.page, entry.keep)
    except StorageError as error:
        problems.append(str(error))
    return problems + tell(settings, made.page, made.record, entry)


def _keep(page: Path, count: int) -> None:
    """Keep a copy of a page under the present day, and the newest others, so many in all.

    Raises:
        StorageError: a file cannot be written.
    """
    try:
        if count:
            shutil.copyfile(page, page.with_stem(f"{page.stem}_{utc_now():%Y-%m-%d}"))
        dated = sorted(page.parent.glob(f"{page.stem}_{_DAY}{page.suffix}"), reverse=True)
        for old in dated[count:]:
            old.unlink()
    except OSError as error:
        raise write_error(page.parent, error) from None
