"""The project's defaults for Prefect's settings; variables of the environment take precedence."""

import os
import sys
from contextlib import redirect_stderr, suppress
from io import StringIO
from pathlib import Path

from pydantic import ValidationError

from spacex.errors import SettingsError
from spacex.files import check_folder
from spacex.pipeline.prefect_server import use_password
from spacex.pipeline.proxies import check_network, exempt_own_servers
from spacex.settings.env_file import read_text
from spacex.settings.log import JSON_CLASS, JSON_FORMAT


def set_defaults(data_dir: Path, log: str = "text") -> None:
    """Set Prefect's variables that the environment lacks; call it before Prefect is imported.

    Args:
        data_dir: the data folder, which has a folder for Prefect.
        log: the format of the log, `text` or `json`.

    Raises:
        SettingsError: Prefect's folder cannot be made, or Prefect cannot read its settings or use a
            proxy.
    """
    check_env_file()
    exempt_own_servers()
    check_network()
    use_password(data_dir)
    defaults = {
        "PREFECT_HOME": str(data_dir.absolute() / "prefect"),
        # On two busy cores the temporary server takes longer than the default 20 s to start.
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        # Enough while a server restarts; more retries would wait minutes for a lost one.
        "PREFECT_CLIENT_MAX_RETRIES": "3",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        # Prefect starts its temporary server with `python -m`: a `random.py` in the current folder
        # would shadow the standard library.
        "PYTHONSAFEPATH": "1",
    }
    if log == "json":
        console = {
            "HANDLERS_CONSOLE_FORMATTER": "json",
            "FORMATTERS_JSON_CLASS": JSON_CLASS,
            "FORMATTERS_JSON_FORMAT": JSON_FORMAT,
            "COLORS": "false",
        }
        defaults |= {f"PREFECT_LOGGING_{name}": value for name, value in console.items()}
    for name, value in defaults.items():
        os.environ.setdefault(name, value)
    home = Path(os.environ["PREFECT_HOME"])
    check_folder(home, "PREFECT_HOME")
    home.mkdir(parents=True, exist_ok=True)
    if home == data_dir.absolute() / "prefect":
        with suppress(PermissionError):  # of another user
            home.chmod(0o700)  # runs and logs, which the server's password protects


def check_settings() -> None:
    """Check that Prefect accepts its settings; this imports it.

    Raises:
        SettingsError: it does not.
    """
    try:
        with redirect_stderr(StringIO()) as said:  # Prefect prints the error that it raises
            from prefect.settings import Settings  # noqa: PLC0415 - reads them

            Settings()
        sys.stderr.write(said.getvalue())
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        found = str(wrong["input"])
        named = [
            f"{name}={value!r}"
            for name, value in os.environ.items()
            if name.startswith("PREFECT_") and value.lower() == found.lower()
        ]
        setting = next(iter(named), f"Prefect's setting {wrong['loc'][-1]} = {found!r}")
        raise SettingsError(
            f"{setting}: {wrong['msg']}.",
            "Correct it in the environment, in .env, or in Prefect's profile, or remove it.",
        ) from None


def check_env_file() -> None:
    """Check that there is a current folder, and that Prefect can read the file `.env` in it.

    Raises:
        SettingsError: it cannot.
    """
    try:
        read_text(Path.cwd() / ".env")
    except OSError as error:
        raise SettingsError(
            f"The current folder cannot be used ({error.strerror}).", "Change to another one."
        ) from None
    except ValueError as error:
        raise SettingsError(
            f"{error}.",
            "Prefect reads the file .env of the current folder: correct it, or change the folder.",
        ) from None
