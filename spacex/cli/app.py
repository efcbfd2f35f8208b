"""The commands and their options."""

import gc
import json
import os
import re
import signal
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from io import BufferedWriter, FileIO, TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from spacex import __version__
from spacex.errors import PrefectError, SettingsError, SpacexError, StorageError
from spacex.notebook import slow_imports

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

app = typer.Typer(
    name="spacex",
    help="SpaceX and Starlink open data: fetch, check and explore it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

_INTERRUPTED = 130
"""Typer's exit code after Ctrl-C."""

_ALLOCATIONS = 20_000
"""Allocations before Python looks for garbage. Its default looks hundreds of times while modules
are imported, in which there is none, for a tenth of the time of a short command."""

_USAGE = 2
"""Typer's exit code for wrong arguments."""


_FINISH_NO_RESTORE = {"dictionary", "prefect", "prefect-password", "run", "sample"}
"""Commands that do not open the data folder, or finish a stopped restore themselves."""


AsJson = Annotated[
    bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")
]


class Source(StrEnum):
    """The modes of a run, `spacex.extract.run_folder.MODES`, for Typer."""

    auto = "auto"
    api = "api"
    snapshot = "snapshot"
    sample = "sample"


class Format(StrEnum):
    """The formats of `spacex.analysis.exports`, for Typer."""

    csv = "csv"
    parquet = "parquet"
    geojson = "geojson"
    duckdb = "duckdb"


def main() -> None:
    """Run one command; print a failure as message and remedy, and exit with 1.

    SIGTERM and SIGHUP are handled like Ctrl-C, so that child processes end as well.
    """
    _open_closed_streams()
    _outlive_the_reader()
    gc.set_threshold(_ALLOCATIONS)
    slow_imports.leave_out()
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:  # `nohup` ignores SIGHUP
            signal.signal(number, signal.default_int_handler)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # the terminal may not know every character
    try:
        with _output():
            app()
    except SpacexError as error:
        _print_error(error)
        if isinstance(error, PrefectError) and error.server:
            os._exit(1)  # a normal exit waits minutes for Prefect to reach the lost server
        raise SystemExit(1) from None
    except SystemExit as ended:
        if ended.code == _INTERRUPTED:
            typer.secho("Stopped. The database is unchanged, or new and complete.", err=True)
        raise


def _open_closed_streams() -> None:
    """Open standard streams that are closed, so that no other file gets their numbers."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # noqa: FBT003
            setattr(sys, name, os.fdopen(number, "w" if number else "r", closefd=False))


class _StandardOutput(FileIO):
    """Standard output, which drops what nobody reads, so that a command ends in its own way."""

    def write(self, data: "ReadableBuffer", /) -> int:
        """Write data, or drop them if the reader has ended."""
        try:
            return super().write(data)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.fileno())
            return super().write(data)


def _outlive_the_reader() -> None:
    """Let a reader of the output end early, such as `head`, without an effect on the exit code."""
    out = sys.stdout
    if isinstance(out, TextIOWrapper) and out.fileno() == 1:
        out.flush()
        sys.stdout = TextIOWrapper(
            BufferedWriter(_StandardOutput(1, "w", closefd=False)),
            encoding=out.encoding,
            line_buffering=out.line_buffering,
            write_through=out.write_through,
        )


@contextmanager
def _output() -> Iterator[None]:
    """Write the output at the end of the block.

    Raises:
        StorageError: it cannot be written.
    """
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except OSError as error:
        if error.filename:  # of another file
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # Python would write the rest again
        raise StorageError(f"The output cannot be written ({error.strerror}).") from None


def _print_error(error: SpacexError) -> None:
    typer.secho(f"✗ {error.message}", fg="red", err=True)
    if error.remedy:
        typer.echo(f"→ {error.remedy}", err=True)


@contextmanager
def _usage_errors() -> Iterator[None]:
    """Exit with 2 for a wrong setting: to monitors, 1 tells about the data.

    Raises:
        Exit: a setting is wrong.
    """
    try:
        yield
    except SettingsError as error:
        _print_error(error)
        raise typer.Exit(_USAGE) from None


@contextmanager
def _json_errors(*, as_json: bool, **facts: object) -> Iterator[None]:
    """Print an error as JSON, too, if that is asked for.

    Args:
        as_json: whether it is.
        facts: what else the JSON says then.

    Raises:
        SpacexError: there is one.
    """
    try:
        yield
    except SpacexError as error:
        if as_json:
            said = {"error": error.message, "remedy": error.remedy}
            typer.echo(json.dumps({"version": __version__, **facts, **said}, indent=2))
        raise


def _print_version(*, asked: bool) -> None:
    if asked:
        typer.echo(f"SpaceX Insights {__version__}")
        raise typer.Exit


def _hours(age: str) -> float:
    """Return the hours of an age such as 36h.

    Raises:
        BadParameter: the text is not an age.
    """
    found = re.fullmatch(r"(\d{1,6})([mhd])", age)
    if not found or not int(found[1]):
        raise typer.BadParameter(f"{age!r} is not an age: write it like 36h, 90m or 2d.")
    return int(found[1]) * {"m": 1 / 60, "h": 1, "d": 24}[found[2]]


@app.callback()
def _common(
    context: typer.Context,
    *,
    _version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=lambda asked: _print_version(asked=asked),
            is_eager=True,
            help="Print the version.",
        ),
    ] = False,
) -> None:
    """SpaceX and Starlink open data: fetch, check and explore it."""
    from spacex.pipeline.proxies import exempt_own_servers  # noqa: PLC0415 - `--help` does not need it
    from spacex.settings import notices  # noqa: PLC0415 - `--help` does not need it

    exempt_own_servers()  # for child processes
    for notice in notices() if context.invoked_subcommand != "doctor" else ():
        typer.secho(f"• {notice}", fg="yellow", err=True)
    if context.invoked_subcommand not in _FINISH_NO_RESTORE:
        _finish_restore()


def _finish_restore() -> None:
    """Finish a restore that was stopped, if there is one.

    Raises:
        StorageError, DatabaseError: it cannot be finished.
    """
    from spacex.settings import command, lenient_settings  # noqa: PLC0415 - `--help` does not need it

    config, _ = lenient_settings()
    if not os.path.lexists(config.restore_dir):
        return
    from spacex.pipeline.staged_restore import finish_restore, is_unfinished  # noqa: PLC0415 - heavy

    outcome = ""
    if not os.access(config.data_dir, os.W_OK):
        if is_unfinished(config):
            outcome = f"is not finished; `{command('status')}` finishes it"
    elif finish_restore(config):
        outcome = "is now finished"
    if outcome:
        typer.secho(f"• A stopped restore of {config.data_dir} {outcome}", fg="yellow", err=True)


@app.command()
def run(
    *,
    source: Annotated[
        Source,
        typer.Option(
            help="auto: the services, or snapshots in an outage. api: the services alone. "
            "snapshot: snapshots, no network. sample: the bundled sample."
        ),
    ] = Source.auto,
    base_url: Annotated[
        str,
        typer.Option(metavar="URL", help="Address of the r/SpaceX API; default: SPACEX_BASE_URL."),
    ] = "",
    only: Annotated[
        str, typer.Option(metavar="ENDPOINTS", help="For example launches,starlink; default: all.")
    ] = "",
    as_of: Annotated[
        str,
        typer.Option(
            metavar="DATE",
            help="Publish what was stored by this date or instant, and nothing later; "
            "'every day': replay each day in order.",
        ),
    ] = "",
    accept_shrink: Annotated[
        bool,
        typer.Option(
            "--accept-shrink",
            help="Publish even if tables lost many rows, or a GP list lost or gained too many.",
        ),
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Show the log of the Prefect flow.")
    ] = False,
) -> None:
    """Build the database, with executed notebooks and a report."""
    from spacex.pipeline.alerts import reporting  # noqa: PLC0415 - heavy
    from spacex.pipeline.disk_space import check_space  # noqa: PLC0415 - heavy
    from spacex.settings import settings  # noqa: PLC0415 - heavy

    endpoints = [name.strip() for name in only.split(",") if name.strip()]
    parameters = {
        "source": source.value,
        "base_url": base_url,
        "only": endpoints,
        "as_of": as_of,
        "accept_shrink": accept_shrink,
    }
    with reporting(parameters):
        _finish_restore()
        check_space(settings())  # before the heavy import of Prefect
        from spacex.cli.run_command import run as command  # noqa: PLC0415 - heavy

        command(parameters, verbose=verbose)


@app.command()
def status(
    *,
    max_age: Annotated[
        float | None,
        typer.Option(
            metavar="AGE",
            parser=_hours,
            help="Exit code 1 if data are older, such as 36h, 90m or 2d.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what the database holds, its sources and its age."""
    from spacex.cli.status_command import status as command  # noqa: PLC0415 - heavy

    with _usage_errors(), _json_errors(as_json=as_json, is_fresh=False):
        raise typer.Exit(command(max_age_h=max_age, as_json=as_json))


@app.command()
def import_snapshots(
    folder: Annotated[
        Path,
        typer.Argument(help="Folder of dated files: OMM as JSON or CSV, or TLE; also gzipped."),
    ],
    *,
    accept_shrink: Annotated[
        bool,
        typer.Option(
            "--accept-shrink", help="Load lists that lost or gained too many satellites, too."
        ),
    ] = False,
) -> None:
    """Load a folder of dated GP lists as history, in order; repeat it to continue."""
    from spacex.cli.import_command import import_snapshots as command  # noqa: PLC0415 - heavy

    raise typer.Exit(command(folder, accept_shrink=accept_shrink))


@app.command()
def doctor(*, as_json: AsJson = False) -> None:
    """Check this machine, the data and the services. Exit code 1: a run cannot work."""
    from spacex.cli.doctor import doctor as command  # noqa: PLC0415 - heavy

    with _json_errors(as_json=as_json):
        raise typer.Exit(command(as_json=as_json))


@app.command()
def verify(
    release: Annotated[
        Path | None,
        typer.Argument(help="Folder that `release` has written; by default, the data folder."),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Find damaged and missing files of the data, or of a release. Exit code 1: there are some."""
    from spacex.cli.verify_command import verify_data as command  # noqa: PLC0415 - heavy

    with _usage_errors(), _json_errors(as_json=as_json, is_intact=False):
        raise typer.Exit(command(release, as_json=as_json))


@app.command()
def backup(
    file: Annotated[
        Path, typer.Argument(help="File to write; or a folder, for a dated file for each day.")
    ],
    *,
    keep: Annotated[
        int, typer.Option(min=1, help="Number of backups to keep, if it is a folder.")
    ] = 7,
) -> None:
    """Back up the data folder into one verified file, also while runs go on."""
    from spacex.cli.backup_command import back_up_data as command  # noqa: PLC0415 - heavy

    command(file, keep)


@app.command()
def restore(file: Annotated[Path, typer.Argument(help="File that `backup` has written.")]) -> None:
    """Put the data of a backup in place of those in the data folder, which are kept."""
    from spacex.cli.backup_command import restore_data as command  # noqa: PLC0415 - heavy

    command(file)


def _tables() -> list[str]:
    """Return the names of all tables and views, for the completion of a shell."""
    from spacex.schema import TABLES  # noqa: PLC0415 - heavy
    from spacex.warehouse.views import VIEWS  # noqa: PLC0415 - heavy

    return [*TABLES, *VIEWS]


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="Folder to write the files to.")],
    tables: Annotated[
        list[str] | None,
        typer.Argument(autocompletion=_tables, help="Tables and views; by default all data."),
    ] = None,
    *,
    form: Annotated[
        Format,
        typer.Option(
            "--format",
            help="parquet needs pyarrow, and duckdb that and duckdb. geojson: launchpads, landpads "
            "and positions, where the satellites are.",
        ),
    ] = Format.csv,
) -> None:
    """Write tables and views as files, with a datapackage.json that describes each column."""
    from spacex.analysis.exports import export_tables  # noqa: PLC0415 - heavy
    from spacex.errors import DataWarning  # noqa: PLC0415 - of this command
    from spacex.settings import settings  # noqa: PLC0415 - heavy

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", DataWarning)
        files = export_tables(settings().database, folder, tables or (), form.value)
    for each in caught:
        typer.secho(f"• {each.message}", fg="yellow", err=True)
    for path in files:
        typer.echo(f"{path}  {path.stat().st_size:,} B")


@app.command()
def release(
    folder: Annotated[Path, typer.Argument(help="Folder to write, which is missing or empty.")],
    *,
    after: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="The release before; by default, the newest one beside, of an earlier run.",
        ),
    ] = None,
) -> None:
    """Write the data as a release to be cited, with credits and the digest of every file."""
    from spacex.cli.release_command import write_release as command  # noqa: PLC0415 - heavy

    command(folder, after)


@app.command()
def publish(
    folder: Annotated[
        Path, typer.Argument(help="Folder to write: missing, empty, or of an earlier edition.")
    ],
) -> None:
    """Write the dashboard as plain files for any web host: the static edition."""
    from spacex.cli.publish_command import publish_edition as command  # noqa: PLC0415 - heavy

    command(folder)


def _reports() -> list[str]:
    """Return the names of all reports, for the completion of a shell."""
    from spacex.notebook.reports.report_notebooks import COMMANDS, report_names  # noqa: PLC0415
    from spacex.settings import lenient_settings  # noqa: PLC0415 - heavy

    config, _ = lenient_settings()
    return [*report_names(config), *COMMANDS]


@app.command(context_settings={"ignore_unknown_options": True})
def report(
    name: Annotated[
        str,
        typer.Argument(
            autocompletion=_reports,
            help="Report to make; or compare, or plan for those that are made by themselves; "
            "none: list the reports.",
        ),
    ] = "",
    values: Annotated[
        list[str] | None,
        typer.Argument(
            help="Values of its first parameter, a report for each, and options for the others, "
            "such as --nights 3. Of compare: two runs, or the beginnings of their names."
        ),
    ] = None,
    *,
    again: Annotated[
        bool, typer.Option("--again", help="Make it even if the data have not changed.")
    ] = False,
    open_pages: Annotated[
        bool, typer.Option("--open", help="Open the pages in a browser.")
    ] = False,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Write each page as PDF as well, with Chromium.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make reports to order: a launch, a satellite, a place; alone: list them."""
    from spacex.cli import report_command  # noqa: PLC0415 - heavy

    if not name:
        raise typer.Exit(report_command.list_reports(as_json=as_json))
    how = {"open_pages": open_pages, "pdf": pdf, "as_json": as_json}
    if name == "compare":
        raise typer.Exit(report_command.compare(values or [], **how))
    if name == "plan":
        raise typer.Exit(report_command.show_plan(as_json=as_json))
    raise typer.Exit(report_command.make_reports(name, values or [], again=again, **how))


history = typer.Typer(no_args_is_help=True, help="Import and export element sets in bulk.")
app.add_typer(history, name="history")


@history.command("import")
def import_history(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH...",
            help="gp_history of Space-Track in JSON or CSV, TLE, files of an archive, ZIP archives "
            "of them, or folders.",
        ),
    ],
) -> None:
    """Add older element sets to the archive; they say nothing of which satellites were listed."""
    from spacex.cli.history_command import import_paths as command  # noqa: PLC0415 - heavy

    raise typer.Exit(command(paths))


@history.command("export")
def export_history(
    folder: Annotated[Path, typer.Argument(help="Folder to write: missing or empty.")],
) -> None:
    """Copy the files of the archive, with a datapackage.json that describes each column."""
    from spacex.cli.history_command import export_files as command  # noqa: PLC0415 - heavy

    command(folder)


notebook = typer.Typer(no_args_is_help=True, help="Execute notebooks of your own, or begin one.")
app.add_typer(notebook, name="notebook")


@notebook.command("run", context_settings={"ignore_unknown_options": True})
def run_notebook(
    name: Annotated[
        str, typer.Argument(autocompletion=_reports, help="Its name, or the path of its file.")
    ],
    values: Annotated[
        list[str] | None,
        typer.Argument(help="Its parameters: -p NAME=VALUE, or as of `spacex report`."),
    ] = None,
    *,
    open_pages: Annotated[bool, typer.Option("--open", help="Open its page in a browser.")] = False,
    as_json: AsJson = False,
) -> None:
    """Execute a notebook with parameters, and write its page."""
    from spacex.cli import report_command  # noqa: PLC0415 - heavy

    how = {"again": True, "open_pages": open_pages, "pdf": False, "as_json": as_json}
    raise typer.Exit(report_command.make_reports(name, values or [], **how))


@notebook.command("new")
def new_notebook(
    name: Annotated[
        str,
        typer.Argument(
            help="Its name. After each load, the runs execute those with a number, such as 10_NAME."
        ),
    ],
) -> None:
    """Write a notebook to begin with, which works as it is."""
    from spacex.cli import report_command  # noqa: PLC0415 - heavy

    raise typer.Exit(report_command.start_own(name))


@app.command()
def dashboard(
    *,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8866,
    address: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
) -> None:
    """Serve the dashboard."""
    from spacex.dashboard.app.server import serve  # noqa: PLC0415 - heavy
    from spacex.settings import settings  # noqa: PLC0415 - heavy

    serve(settings(), ip=address, port=port)


@app.command()
def api(
    *,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8001,
    address: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
) -> None:
    """Serve the database to scripts over HTTP, read-only; /openapi.json describes it."""
    from spacex.dashboard.http_api.server import serve  # noqa: PLC0415 - heavy
    from spacex.settings import settings  # noqa: PLC0415 - heavy

    serve(settings(), ip=address, port=port)


@app.command()
def serve() -> None:
    """Serve the flow to a Prefect server: run it now and by SPACEX_SCHEDULE."""
    from spacex.cli.flow_module import flow_module  # noqa: PLC0415 - heavy
    from spacex.settings import environment, settings  # noqa: PLC0415 - heavy

    os.environ.update(environment(settings()))  # Prefect executes runs in other folders
    flow_module("serve").main()


@app.command()
def prefect(
    *,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 4200,
    address: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
) -> None:
    """Serve Prefect for `serve`, with a password and protected from foreign pages."""
    from spacex.pipeline.prefect_server import serve as command  # noqa: PLC0415 - heavy
    from spacex.pipeline.prefect_settings import set_defaults  # noqa: PLC0415 - heavy
    from spacex.settings import settings  # noqa: PLC0415 - heavy

    config = settings()
    set_defaults(config.data_dir, config.log)
    command(config, ip=address, port=port)


@app.command()
def prefect_password() -> None:
    """Print what Prefect's page asks for: user and password."""
    from spacex.pipeline.prefect_server import profiles_path, sign_in  # noqa: PLC0415 - heavy
    from spacex.settings import command, settings  # noqa: PLC0415 - heavy

    path = profiles_path(settings().data_dir)
    if not (found := sign_in(path)):
        raise PrefectError(f"{path} has no password yet.", f"`{command('prefect')}` creates one.")
    typer.echo(found)


@app.command()
def sample(
    folder: Annotated[Path, typer.Argument(help="Folder to write the files to.")],
    *,
    satellites: Annotated[
        int | None,
        typer.Option(help="Number of catalogued satellites; by default as many as there are."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the random numbers.")] = 1,
) -> None:
    """Write the bundled sample as responses of the r/SpaceX API: one JSON file per endpoint."""
    from spacex.sources.sample import write_sample  # noqa: PLC0415 - heavy

    for path in write_sample(folder, satellites, seed):
        typer.echo(f"{path}  {path.stat().st_size:,} B")


@app.command()
def dictionary() -> None:
    """Print the data dictionary, as Markdown."""
    from spacex.warehouse.dictionary import markdown  # noqa: PLC0415 - heavy

    typer.echo(markdown(), nl=False)
