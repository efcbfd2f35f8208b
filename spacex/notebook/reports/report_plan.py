"""The plan of reports, `reports.toml` in the data folder: which are made when, and who is told."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from spacex.errors import SettingsError, SpacexError
from spacex.files import read_file, write_atomically
from spacex.notebook.reports.making import Order, order
from spacex.notebook.reports.report_notebooks import PLANNED, Report, find_report
from spacex.notebook.runner import Parameter
from spacex.settings import Settings, command
from spacex.settings.values import check_cron, is_mail_address

PLAN = "reports.toml"

EXAMPLE = """\
# Reports that are made by themselves. Remove the # of an entry to use it; docs/reports.md explains.
# A mail needs SPACEX_SMTP_URL, a notice SPACEX_WEBHOOK_URL.

# [[report]]                      # what happened in the week, after each load
# report = "week"
# after_load = true
# keep = 8                        # dated copies beside its newest page

# [[report]]                      # what can be seen tonight, every day at 15:00 UTC
# report = "place"
# parameters = { place = "Berlin", nights = 3 }
# cron = "0 15 * * *"
# mail = ["someone@example.org"]  # with the page attached
# webhook = true                  # posts what it says first, and its address
"""


class Planned(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A report that is made by itself.

    Attributes:
        report: its name.
        parameters: those that differ from the defaults; the first one may have several values,
            with a report for each.
        after_load: whether it is made after each load of current data.
        cron: the schedule on which it is made, UTC; may be empty.
        keep: number of dated copies of its page that are kept.
        mail: addresses that receive the page.
        webhook: whether a notice is posted to SPACEX_WEBHOOK_URL.
    """

    report: str
    parameters: dict[str, Parameter] = {}
    after_load: bool = False
    cron: str = ""
    keep: int = 0
    mail: tuple[str, ...] = ()
    webhook: bool = False


class _Plan(msgspec.Struct, forbid_unknown_fields=True):
    report: tuple[Planned, ...] = ()


@dataclass(frozen=True)
class Checked:
    """An entry of the plan, and the order that it stands for or why there is none.

    Attributes:
        planned: the entry.
        order: the report with its parameters; None if it cannot be made.
        problem: why it cannot be made; empty if it can.
    """

    planned: Planned
    order: Order | None = None
    problem: str = ""


def plan_path(settings: Settings) -> Path:
    """Return the path of the plan."""
    return settings.data_dir / PLAN


def read_plan(settings: Settings) -> list[Planned]:
    """Return the entries of the plan; none if there is no plan.

    Raises:
        SettingsError: the file cannot be read as a plan.
    """
    path = plan_path(settings)
    try:
        plan = msgspec.toml.decode(read_file(path), type=_Plan)
    except FileNotFoundError:
        return []
    except (OSError, ValueError, RecursionError) as error:
        if "parameters[...]" in str(error):  # msgspec does not name the keys of a dict
            _check_types(path)
        raise SettingsError(f"{path} cannot be read: {error}.", "Correct it.") from None
    for number, each in enumerate(plan.report, 1):
        _check(path, number, each)
    return list(plan.report)


def write_example(settings: Settings) -> Path | None:
    """Write a plan whose entries are commented out, unless there is a plan; return its path.

    Raises:
        StorageError: it cannot be written.
    """
    path = plan_path(settings)
    if path.exists():
        return None
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, EXAMPLE.encode())
    return path


def checked_plan(settings: Settings, planned: Iterable[Planned]) -> Iterator[Checked]:
    """Yield each entry with its order, or with why it cannot be made.

    A list for the first parameter is an order for each of its values.

    Args:
        settings: the notebooks and the database.
        planned: entries of the plan.
    """
    for each in planned:
        try:
            report = find_report(settings, each.report)
        except SpacexError as error:
            yield Checked(each, problem=str(error))
            continue
        for parameters in _for_each_value(report, each.parameters):
            try:
                _require_no_empty_list(report, parameters)
                yield Checked(each, order(report, parameters, settings.database))
            except SpacexError as error:
                yield Checked(each, problem=str(error))


def _for_each_value(
    report: Report, parameters: dict[str, Parameter]
) -> Iterator[dict[str, Parameter]]:
    """Yield the parameters with each value of the first one, if a list is given for it."""
    first = report.parameters[0] if report.parameters else None
    values = parameters.get(first.name) if first and not first.kind.startswith("list") else None
    if first is None or not isinstance(values, list) or not values:
        yield parameters
        return
    for value in values:
        yield parameters | {first.name: value}


def _require_no_empty_list(report: Report, parameters: dict[str, Parameter]) -> None:
    for each in report.parameters:
        if parameters.get(each.name) == [] and not each.kind.startswith("list"):
            raise SettingsError(f"{each.name} is an empty list.", "Give a value, or leave it out.")


def _check_types(path: Path) -> None:
    """Check the types of the parameters of all entries.

    Raises:
        SettingsError: a parameter has a type that no report has.
    """
    entries = msgspec.toml.decode(read_file(path))["report"]
    for number, each in enumerate(entries, 1):
        for name, value in each.get("parameters", {}).items():
            try:
                msgspec.convert(value, Parameter)
            except msgspec.ValidationError:
                raise _invalid(
                    path,
                    number,
                    each.get("report", "not named"),
                    f"its parameter {name} is {value}, and must be a text in quotes, a number, "
                    "true, false, or a list of texts",
                ) from None


def _check(path: Path, number: int, each: Planned) -> None:
    """Check what does not depend on the data.

    Raises:
        SettingsError: a value of the entry is invalid.
    """
    problems: list[tuple[bool, str]] = [
        (not each.after_load and not each.cron, "neither after_load nor cron says when"),
        (bool(each.cron) and not _is_cron(each.cron), f"{each.cron!r} is not a cron schedule"),
        (each.keep < 0, f"keep is {each.keep}, which is below 0"),
        *((not is_mail_address(it), f"{it!r} is not a mail address") for it in each.mail),
    ]
    for is_wrong, problem in problems:
        if is_wrong:
            raise _invalid(path, number, each.report, problem)


def _invalid(path: Path, number: int, report: str, problem: str) -> SettingsError:
    return SettingsError(
        f"{path}, report {number} ({report}): {problem}.",
        f"Correct it; `{command('report', PLANNED)}` checks the file.",
    )


def _is_cron(text: str) -> bool:
    try:
        check_cron(text)
    except ValueError:
        return False
    return True
