"""Make the reports of the plan that are due, keep dated copies, and tell who asked for them.

After a load, one's own notebooks with a number are executed, too.
"""

from collections.abc import Sequence
from pathlib import Path

from spacex.errors import NotebookError, SpacexError, StorageError
from spacex.files import read_file, write_atomically, write_error
from spacex.notebook.reports.making import Made, Order, make_all, order
from spacex.notebook.reports.report_notebooks import find_reports
from spacex.notebook.reports.report_plan import Checked, Planned, checked_plan, read_plan
from spacex.pipeline.report_delivery import tell
from spacex.settings import Settings
from spacex.units import utc_now

_DAY = "????-??-??"


def make_after_load(settings: Settings) -> tuple[list[Made], list[str]]:
    """Make the reports that the plan wants after each load, then the numbered notebooks.

    Args:
        settings: the plan, the folders, and who is told.

    Returns:
        The reports, and a sentence for each problem; no problem stops the others.
    """
    try:
        planned = [each for each in read_plan(settings) if each.after_load]
    except SpacexError as error:
        made: list[Made] = []
        problems = [str(error)]
    else:
        made, problems = make_planned(settings, planned)
    numbered, others = _make_numbered(settings)
    return [*made, *numbered], [*problems, *others]


def _make_numbered(settings: Settings) -> tuple[list[Made], list[str]]:
    """Make one's own notebooks whose names begin with a number, in the order of the names.

    They are made even if nothing has changed: they may depend on each other's files.
    """
    orders: list[Order] = []
    problems: list[str] = []
    if settings.notebooks and not settings.notebooks.is_dir():
        problems.append(f"SPACEX_NOTEBOOKS: there is no folder {settings.notebooks}.")
    for report in find_reports(settings):
        if not report.is_numbered:
            continue
        try:
            if report.problem:
                raise NotebookError(report.problem)
            orders.append(order(report, {}, settings.database))
        except SpacexError as error:
            problems.append(_not_made(report.name, error))
    if not orders:
        return [], problems
    try:
        made = make_all(settings, orders, again=True, in_order=True)
    except SpacexError as error:
        return [], [*problems, str(error)]
    return made, problems + [_not_made(it.order.name, it.error) for it in made if it.error]


def _not_made(name: str, problem: object) -> str:
    return f"{name} was not made: {problem}"


def make_planned(settings: Settings, planned: Sequence[Planned]) -> tuple[list[Made], list[str]]:
    """Make reports of the plan, as `make_after_load` does.

    Args:
        settings: the folders, and who is told.
        planned: the entries.
    """
    checked = list(checked_plan(settings, planned))
    problems = [_not_made(it.planned.report, it.problem) for it in checked if it.problem]
    try:
        made = make_all(settings, [each.order for each in checked if each.order])
    except SpacexError as error:
        return [], [*problems, str(error)]
    most, unknown = _most_copies(settings, checked)
    for each in made:
        entries = [it.planned for it in checked if it.order and it.order.name == each.order.name]
        problems += _deliver(settings, each, entries, most.get(each.order.name, 0))
    return made, problems + unknown


def _deliver(settings: Settings, made: Made, entries: Sequence[Planned], most: int) -> list[str]:
    """Keep a copy of a report if an entry asks for it, and tell of it who does not know of it."""
    if made.error or not (made.page and made.record):
        return [_not_made(made.order.name, made.error)]
    problems: list[str] = []
    try:
        if any(each.keep for each in entries):
            _keep(made.page, most)
    except StorageError as error:
        problems.append(str(error))
    for entry in entries:
        problems += tell(settings, made.page, made.record, entry)
    return problems


def _most_copies(
    settings: Settings, checked: Sequence[Checked]
) -> tuple[dict[str, int], list[str]]:
    """Return the name of an order → the most copies that an entry keeps of its page.

    Other entries of the plan count, too, because the copies have the same names.

    Args:
        settings: the plan.
        checked: the entries whose reports are made.

    Returns:
        The numbers, and why they are unknown if the plan cannot be read.
    """
    most: dict[str, int] = {}
    if not any(each.planned.keep for each in checked):
        return most, []
    try:
        others = [each for each in read_plan(settings) if each.keep]
    except SpacexError as error:
        return most, [str(error)]
    for each in (*checked, *checked_plan(settings, others)):
        if each.order:
            name = each.order.name
            most[name] = max(most.get(name, 0), each.planned.keep)
    return most, []


def _keep(page: Path, most: int) -> None:
    """Keep a copy of a page under the present day, and the newest others, so many in all.

    Args:
        page: the page.
        most: the number of copies; 0 if it is unknown and all stay.

    Raises:
        StorageError: a file cannot be written.
    """
    try:
        content = read_file(page)
        write_atomically(page.with_stem(f"{page.stem}_{utc_now():%Y-%m-%d}"), content)
        dated = sorted(page.parent.glob(f"{page.stem}_{_DAY}{page.suffix}"), reverse=True)
        for old in dated[most:] if most else ():
            old.unlink()
    except OSError as error:
        raise write_error(page.parent, error) from None
