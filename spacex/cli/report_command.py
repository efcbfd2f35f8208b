"""`spacex report`: list the reports, make some, or compare two runs."""

import re
import webbrowser
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import typer
from rich.markup import escape
from rich.table import Table

from spacex.analysis.queries import query
from spacex.cli.console import console, short_path
from spacex.errors import DatabaseError, SettingsError
from spacex.notebook.forked_kernel import start_fork_server
from spacex.notebook.reports.making import PRELOADED, Made, Order, make_all, order
from spacex.notebook.reports.new_report import write_new
from spacex.notebook.reports.page_pdf import find_chromium, write_pdf
from spacex.notebook.reports.report_notebooks import (
    COMPARE,
    NUMBERED,
    Report,
    find_report,
    find_reports,
)
from spacex.notebook.reports.report_plan import (
    Checked,
    checked_plan,
    plan_path,
    read_plan,
    write_example,
)
from spacex.notebook.run_comparison import LAST, Comparison, compare_runs, write_comparison
from spacex.notebook.runner import Declared
from spacex.settings import command, settings

_OPTION = re.compile(r"--([A-Za-z][\w-]*)(?:=(.*))?", re.DOTALL)
_SATELLITE = """
    SELECT object_name FROM v_starlink WHERE catalogue_status = 'in orbit'
    ORDER BY norad_cat_id LIMIT 1"""
_NO_BROWSER = "There is no PDF: Chromium is not on this machine. Print the page from a browser."


def list_reports(*, as_json: bool) -> int:
    """Print the reports that can be made, their parameters and an example of each."""
    reports = find_reports(settings())
    if as_json:
        typer.echo(msgspec.json.format(msgspec.json.encode([*map(_described, reports)])))
        return 0
    table = Table("Report", "Parameters", "Example", box=None, pad_edge=False)
    for report in reports:
        about = escape(report.problem or report.title)
        lines = "\n".join(_line(each) for each in report.parameters)
        table.add_row(f"[bold]{escape(report.name)}[/]\n{about}", lines, escape(_example(report)))
        table.add_section()
    console().print(table)
    return 0


def _example(report: Report) -> str:
    """Return a command that makes a report, on a satellite that the data have."""
    if report.name != "satellite" or report.is_own:
        return report.example
    with suppress(DatabaseError):
        names = query(settings().database, _SATELLITE)["object_name"].dropna()
        return command("report", f"satellite {names.iloc[0]}") if len(names) else report.example
    return report.example


def make_reports(
    name: str,
    words: Sequence[str],
    *,
    again: bool,
    open_pages: bool,
    pdf: bool,
    as_json: bool,
) -> int:
    """Make a report for each value of its first parameter, and print where the pages are.

    Args:
        name: the report.
        words: values of its first parameter, and options for the others.
        again: whether to make reports that are already made.
        open_pages: whether to open the pages in a browser.
        pdf: whether to write each page as PDF as well.
        as_json: whether to print JSON.

    Returns:
        The exit code: 1 if a report could not be made.

    Raises:
        SpacexError: there is no such report, or a parameter is wrong. Nothing is made.
    """
    start_fork_server(PRELOADED)  # while the parameters are checked
    orders = read_orders(find_report(settings(), name), words)
    made = make_all(
        settings(), orders, again=again, on_made=lambda _: None if as_json else _print_made(_)
    )
    pages = [each.page for each in made if each.page]
    pdfs = _show(pages, open_pages=open_pages, pdf=pdf)
    if as_json:
        rows = [_outcome(each, pdfs) for each in made]
        typer.echo(msgspec.json.format(msgspec.json.encode(rows)))
    return int(any(each.error for each in made))


def compare(runs: Sequence[str], *, open_pages: bool, pdf: bool, as_json: bool) -> int:
    """Print in what two runs differ, and write them side by side as a page.

    Args:
        runs: the two runs.
        open_pages: whether to open the page in a browser.
        pdf: whether to write it as PDF as well.
        as_json: whether to print JSON.

    Raises:
        SettingsError: there are not two runs of these names.
        StorageError: the page cannot be written.
    """
    if len(runs) != 2:
        raise SettingsError(
            f"A comparison needs two runs, not {len(runs)}.",
            f"Write it like `{command('report', f'{COMPARE} RUN {LAST}')}`.",
        )
    found = compare_runs(settings(), *runs)
    page = write_comparison(settings(), found)
    if as_json:
        lines = [{"part": x.part, "what": x.what, "values": x.pair} for x in found.lines]
        typer.echo(msgspec.json.format(msgspec.json.encode({"runs": found.runs, "lines": lines})))
    else:
        _print_comparison(found, page)
    _show([page], open_pages=open_pages, pdf=pdf)
    return 0


def start_own(name: str) -> int:
    """Write a notebook of one's own, and print how to go on.

    Args:
        name: its name.

    Raises:
        SettingsError: the name cannot be used.
        StorageError: the notebook cannot be written.
    """
    path = write_new(settings(), name)
    console().print(f"[bold green]✓[/] {escape(short_path(path))}")
    numbered = "" if NUMBERED.match(name) else f" Named 10_{name}, each run does, after the load."
    run = command("notebook", f"run {name}")
    typer.echo(f"→ `{run}` executes it.{numbered} Change it in JupyterLab.")
    return 0


def show_plan(*, as_json: bool) -> int:
    """Print which reports are made by themselves; write an example if there is no plan.

    Args:
        as_json: whether to print JSON.

    Returns:
        The exit code: 1 if one of them cannot be made.

    Raises:
        SettingsError: the plan cannot be read.
        StorageError: the example cannot be written.
    """
    written = write_example(settings())
    checked = list(checked_plan(settings(), read_plan(settings())))
    if as_json:
        rows = [msgspec.to_builtins(it.planned) | {"problem": it.problem} for it in checked]
        typer.echo(msgspec.json.format(msgspec.json.encode(rows)))
    elif not checked:
        path = short_path(written or plan_path(settings()))
        typer.echo(f"No report is made by itself. {path} has examples, commented out.")
    else:
        table = Table("Report", "Parameters", "When", "Copies", "Told", box=None, pad_edge=False)
        for row in dict.fromkeys(map(_plan_row, checked)):  # one for each value of a list
            table.add_row(*map(escape, row))
        console().print(table)
    for each in checked if not as_json else []:
        if each.problem:
            typer.secho(f"✗ {each.planned.report}: {each.problem}", fg="red", err=True)
    return int(any(each.problem for each in checked))


def _plan_row(checked: Checked) -> tuple[str, ...]:
    planned = checked.planned
    parameters = (f"{name} = {value}" for name, value in planned.parameters.items())
    when = ["after each load"] * planned.after_load + [f"{planned.cron} UTC"] * bool(planned.cron)
    told = [*planned.mail, *["webhook"] * planned.webhook]
    return (
        planned.report,
        ", ".join(parameters),
        ", ".join(when),
        f"{planned.keep}",
        ", ".join(told),
    )


def _print_comparison(found: Comparison, page: Path) -> None:
    table = Table("", *map(escape, found.runs), box=None, pad_edge=False)
    for line in found.differences:
        cells = [escape(value) for value in (f"{line.part}: {line.what}", *line.pair)]
        table.add_row(*cells)
    output = console()
    output.print(escape(found.headline))
    if found.differences:
        output.print(table)
    output.print(f"[bold green]✓[/] {escape(short_path(page))}")


def _show(pages: Sequence[Path], *, open_pages: bool, pdf: bool) -> dict[Path, Path]:
    """Write pages as PDF and open them, as asked; return page → PDF."""
    if open_pages:
        for page in pages:
            webbrowser.open(page.absolute().as_uri())
    return _pdfs(pages) if pdf else {}


def read_orders(report: Report, words: Sequence[str]) -> list[Order]:
    """Return the orders that the words of a command line stand for.

    Args:
        report: the report.
        words: values of its first parameter, and options for the others: `--nights 3`, or
            `-p nights=3`.

    Raises:
        SettingsError: it has no parameters, or an option has no value.
        SpacexError: a parameter is wrong.
    """
    values, options = _split(report, words)
    if values and not report.parameters:
        raise SettingsError(f"The report {report.name} has no parameters.", "Leave out the values.")
    first = report.parameters[0].name if report.parameters else ""
    if values and first in options:
        raise SettingsError(f"{first} is given twice.", f"Leave out --{first}.")
    given = [{first: value} for value in values] or [{}]
    return [order(report, each | options, settings().database) for each in given]


def _split(report: Report, words: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Return the values among words, and name → value of the options."""
    values: list[str] = []
    options: dict[str, str] = {}
    kinds = {each.name: each.kind for each in report.parameters}
    remaining = iter(words)
    for word in remaining:
        if word == "-p":  # as papermill and others write it
            name, has_value, text = next(remaining, "").partition("=")
            if not has_value:
                raise SettingsError("-p needs a name and a value.", "Write it like -p NAME=VALUE.")
            options[name] = text
            continue
        found = _OPTION.fullmatch(word)
        if not found:
            values.append(word)
            continue
        name = found[1].replace("-", "_")
        is_flag = kinds.get(name) == "bool"
        value = found[2] if found[2] is not None else "yes" if is_flag else next(remaining, None)
        if value is None:
            raise SettingsError(f"--{found[1]} has no value.", f"Write it like --{found[1]}=VALUE.")
        options[name] = value
    return values, options


def _line(parameter: Declared) -> str:
    text = f"{parameter.name}: {parameter.kind} = {parameter.default}"
    return escape(text) + (f"  [dim]{escape(parameter.help)}[/]" if parameter.help else "")


def _described(report: Report) -> dict[str, Any]:
    return {
        "name": report.name,
        "title": report.title,
        "notebook": str(report.path),
        "is_own": report.is_own,
        "problem": report.problem,
        "parameters": [
            {"name": p.name, "type": p.kind, "default": report.default(p.name), "help": p.help}
            for p in report.parameters
        ],
        "example": report.example,
    }


def _print_made(made: Made) -> None:
    """Print a report's page and what it says first, or why it could not be made."""
    if made.error:
        typer.secho(f"✗ {made.order.name}: {made.error.message}", fg="red", err=True)
        if made.error.remedy:
            typer.echo(f"→ {made.error.remedy}", err=True)
    elif made.record and made.page:
        took = "unchanged" if made.is_reused else f"{made.record.duration_s:.1f} s"
        output = console()
        output.print(f"[bold green]✓[/] {escape(short_path(made.page))} ({took})")
        output.print(escape(made.record.headline.replace("\N{NO-BREAK SPACE}", " ")))


def _outcome(made: Made, pdfs: dict[Path, Path]) -> dict[str, Any]:
    return {
        "report": made.order.report.name,
        "parameters": made.order.parameters,
        "page": str(made.page) if made.page else None,
        "pdf": str(pdfs[made.page]) if made.page in pdfs else None,
        "is_reused": made.is_reused,
        "headline": made.record.headline if made.record else "",
        "error": made.error.message if made.error else "",
    }


def _pdfs(pages: Sequence[Path]) -> dict[Path, Path]:
    """Return page → PDF, for those that could be written; say why the others could not."""
    browser = find_chromium()
    if not browser:
        typer.secho(f"• {_NO_BROWSER}", fg="yellow", err=True)
        return {}
    return dict(_written(browser, pages))


def _written(browser: str, pages: Sequence[Path]) -> Iterator[tuple[Path, Path]]:
    for page in pages:
        path = write_pdf(browser, page)
        typer.echo(short_path(path), err=True)
        yield page, path
