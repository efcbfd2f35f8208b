"""The commands and their options."""

import os
import signal
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from spacex import __version__
from spacex.errors import PrefectError, SpacexError

app = typer.Typer(
    name="spacex",
    help="SpaceX and Starlink open data: get it, check it, look at it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

_INTERRUPTED = 130
"""The exit code that Typer makes of Ctrl-C."""


class Source(StrEnum):
    """Where a run takes its data from; the modes of `spacex.extract.run_folder`."""

    auto = "auto"
    api = "api"
    snapshot = "snapshot"
    sample = "sample"


def main() -> None:
    """Run one command; a failure is told in words, and the exit code is 1.

    To be told to end, or to lose its terminal, is to it as Ctrl-C: what it started ends with it.
    """
    for each in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(each) is signal.SIG_DFL:  # `nohup` has it ignored
            signal.signal(each, signal.default_int_handler)
    try:
        app()
    except SpacexError as error:
        typer.secho(f"✗ {error.message}", fg="red", err=True)
        if error.remedy:
            typer.echo(f"→ {error.remedy}", err=True)
        if isinstance(error, PrefectError) and error.server:
            os._exit(1)  # in order, Prefect would go on telling the lost server for minutes
        raise SystemExit(1) from None
    except SystemExit as ended:
        if ended.code == _INTERRUPTED:
            typer.secho("Stopped. The database is as it was, or new and whole.", err=True)
        raise


def _print_version(*, asked: bool) -> None:
    if asked:
        typer.echo(f"SpaceX Insights {__version__}")
        raise typer.Exit


@app.callback()
def _common(
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
    """SpaceX and Starlink open data: get it, check it, look at it."""


@app.command()
def run(
    *,
    source: Annotated[
        Source,
        typer.Option(
            help="auto: the service, or stored answers in an outage. api: the service alone. "
            "snapshot: stored answers, no network. sample: the bundled sample."
        ),
    ] = Source.auto,
    base_url: Annotated[
        str, typer.Option(metavar="URL", help="Address of the service, instead of SPACEX_BASE_URL.")
    ] = "",
    only: Annotated[
        str, typer.Option(metavar="LISTS", help="Some lists only, as launches,starlink.")
    ] = "",
    as_of: Annotated[
        str,
        typer.Option(
            metavar="DATE",
            help="The answers stored by this date or instant, instead of new ones; "
            "'every day': those of each day in order.",
        ),
    ] = "",
    accept_shrink: Annotated[
        bool, typer.Option("--accept-shrink", help="Publish even if a table has lost many rows.")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Show the log of the Prefect flow.")
    ] = False,
) -> None:
    """Build the database, with executed notebooks and a report."""
    from spacex.cli.run_command import run as command  # noqa: PLC0415 - heavy

    lists = [name.strip() for name in only.split(",") if name.strip()]
    parameters = {
        "source": source.value,
        "base_url": base_url,
        "only": lists,
        "as_of": as_of,
        "accept_shrink": accept_shrink,
    }
    command(parameters, verbose=verbose)


@app.command()
def status() -> None:
    """What is in the database, from which source, and how old it is."""
    from spacex.cli.status_command import status as command  # noqa: PLC0415 - heavy

    command()


@app.command()
def import_snapshots(
    folder: Annotated[
        Path, typer.Argument(help="Folder of dated files: OMM as JSON or CSV, or TLE; or gzipped.")
    ],
) -> None:
    """Load a folder of dated orbit files into the history, in order."""
    from spacex.pipeline.backfill import import_snapshots as command  # noqa: PLC0415 - heavy
    from spacex.settings import settings  # noqa: PLC0415 - heavy

    for loaded in command(settings(), folder):
        snapshot = loaded.snapshot
        typer.echo(f"{snapshot.retrieved_utc}  {snapshot.record_count:,} records  {snapshot.url}")


@app.command()
def doctor() -> None:
    """Whether this machine has what is needed, and what to do where it has not."""
    from spacex.cli.doctor import doctor as command  # noqa: PLC0415 - heavy

    raise typer.Exit(command())


@app.command()
def dashboard(
    *,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen at.")] = 8866,
    address: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
) -> None:
    """Serve the dashboard."""
    from spacex.dashboard.app.server import serve  # noqa: PLC0415 - heavy
    from spacex.settings import settings  # noqa: PLC0415 - heavy

    serve(settings(), ip=address, port=port)


@app.command()
def serve() -> None:
    """Serve the flow to a Prefect server: run it now and by SPACEX_SCHEDULE."""
    from spacex.settings import FLOWS, environment, settings  # noqa: PLC0415 - heavy

    os.environ.update(environment(settings()))  # Prefect executes runs in other folders
    import_module(f"{FLOWS}.serve").main()


@app.command()
def sample(
    folder: Annotated[Path, typer.Argument(help="Folder the files are written to.")],
    *,
    satellites: Annotated[
        int | None, typer.Option(help="Size of the fleet; by default that of October 2021.")
    ] = None,
    seed: Annotated[int, typer.Option(help="What the chance in the fleet starts from.")] = 1,
) -> None:
    """Write the bundled sample as the service would send it: one JSON file a list."""
    from spacex.sources.sample import write_sample  # noqa: PLC0415 - heavy

    for path in write_sample(folder, satellites, seed):
        typer.echo(f"{path}  {path.stat().st_size:,} B")


@app.command()
def dictionary() -> None:
    """Print the data dictionary, as Markdown."""
    from spacex.warehouse.dictionary import markdown  # noqa: PLC0415 - heavy

    typer.echo(markdown(), nl=False)
