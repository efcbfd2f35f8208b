"""Settings and paths of this process, read from the environment.

Each field of `Settings` is read from the environment variable `SPACEX_<NAME>` or from the file
`.env`: that of the checkout, or without a checkout that of the current folder.
"""

from functools import cache
from pathlib import Path
from typing import Literal

from platformdirs import user_data_path
from pydantic import AliasChoices, Field, HttpUrl, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from spacex.errors import SettingsError

_PACKAGE = Path(__file__).resolve().parent
_BUNDLED = _PACKAGE / "_bundled"

IN_CHECKOUT = not _BUNDLED.is_dir()
"""Whether the package runs from a checkout of the project, not from an installed wheel."""

PROJECT = _PACKAGE.parent if IN_CHECKOUT else _BUNDLED
"""Folder of `notebooks/` and `flows/`: the checkout, or the copies in the wheel."""

FLOWS = "flows" if IN_CHECKOUT else "spacex._bundled.flows"
"""Import name of the package of Prefect flows."""

RUN_COMMAND, DASHBOARD_COMMAND = (
    f"{'make' if IN_CHECKOUT else 'spacex'} {name}" for name in ("run", "dashboard")
)
"""What a user types, as messages name it."""


class Settings(BaseSettings):
    """The settings of one process."""

    model_config = SettingsConfigDict(
        env_prefix="SPACEX_",
        env_file=PROJECT / ".env" if IN_CHECKOUT else ".env",
        env_ignore_empty=True,  # docker compose passes unset variables as empty ones
        extra="ignore",
        frozen=True,
        validate_by_name=True,
        validate_by_alias=True,
    )

    data_dir: Path = Field(
        PROJECT / "data" if IN_CHECKOUT else user_data_path("spacex-insights", appauthor=False),
        description="Folder of snapshots, runs and the database",
    )
    base_url: HttpUrl = Field(
        HttpUrl("https://api.spacexdata.com/v4"), description="Address of the r/SpaceX API"
    )
    celestrak_url: HttpUrl = Field(
        HttpUrl("https://celestrak.org/NORAD/elements/gp.php"),
        description="Address of CelesTrak's GP lists",
    )
    launchlibrary_url: HttpUrl = Field(
        HttpUrl("https://ll.thespacedevs.com/2.3.0"), description="Address of Launch Library"
    )
    satcat_url: HttpUrl = Field(
        HttpUrl("https://celestrak.org/pub/satcat.csv"), description="Address of SATCAT"
    )
    gcat_url: HttpUrl = Field(
        HttpUrl("https://planet4589.org/space/gcat"), description="Address of GCAT"
    )
    sources: str = Field(
        "spacexdata,celestrak,launchlibrary", description="Services to use, separated by commas"
    )
    contact: str = Field("", description="Web or mail address sent to the services as contact")
    connect_timeout_s: float = Field(5, gt=0, description="Connection timeout, s")
    read_timeout_s: float = Field(30, gt=0, description="Longest pause within a response, s")
    total_timeout_s: float = Field(120, gt=0, description="Longest time for one response, s")
    attempts: int = Field(3, ge=1, le=10, description="Attempts per request, the first included")
    max_response_mb: float = Field(
        100,
        gt=0,
        validation_alias=AliasChoices("SPACEX_MAX_RESPONSE_MB", "SPACEX_MAX_ANSWER_MB"),
        description="Largest accepted response, decompressed, MiB",
    )
    max_reject_pct: float = Field(
        10, ge=0, le=100, description="Largest accepted share of rejected records in a table, %"
    )
    max_shrink_pct: float = Field(
        10, ge=0, le=100, description="Largest accepted loss of rows in a table between runs, %"
    )
    lock_timeout_s: float = Field(30, ge=0, description="Longest wait for another run's load, s")
    retry_delay_s: float = Field(10, ge=0, description="Delay before extract is retried, s")
    reports_url: str = Field("", description="Address that serves the folder of runs, if any")
    cell_timeout_s: int = Field(600, gt=0, description="Longest time for one notebook cell, s")
    notebook_timeout_s: int = Field(1800, gt=0, description="Longest time for one notebook, s")
    kernels: Literal["fork", "spawn"] = Field(
        "fork", description="How kernels start: forked (Linux only), or spawned (slower)"
    )
    keep_runs: int = Field(30, ge=1, description="Number of runs whose notebooks are kept")
    schedule: str = Field("17 5 * * *", description="Schedule of the served flow: cron, UTC")
    webhook_url: HttpUrl | None = Field(None, description="Address notified of failed runs")
    work_pool: str = Field(
        "", description="Work pool that executes the runs; empty: the serving process does"
    )

    @property
    def raw_dir(self) -> Path:
        """Folder of the snapshots."""
        return self.data_dir / "raw"

    @property
    def drop_in_dir(self) -> Path:
        """Folder for manual files."""
        return self.data_dir / "drop-in"

    @property
    def addresses(self) -> dict[str, str]:
        """Service → base address."""
        return {
            "spacexdata": str(self.base_url),
            "celestrak": str(self.celestrak_url),
            "launchlibrary": str(self.launchlibrary_url),
            "satcat": str(self.satcat_url),
            "gcat": str(self.gcat_url),
        }

    @property
    def runs_dir(self) -> Path:
        """Folder of the runs: executed notebooks and reports."""
        return self.data_dir / "runs"

    @property
    def database(self) -> Path:
        """The published database."""
        return self.data_dir / "starlink.db"

    @property
    def notebooks_dir(self) -> Path:
        """Folder of the notebooks."""
        return PROJECT / "notebooks"


@cache
def settings() -> Settings:
    """Return the settings of this process, read once.

    Raises:
        SettingsError: a variable has an invalid value.
    """
    return read_settings()


def read_settings() -> Settings:
    """Read the settings from the current environment.

    Raises:
        SettingsError: a variable has an invalid value.
    """
    try:
        return Settings()  # type: ignore[call-arg]
    except ValidationError as error:
        wrong = "; ".join(
            f"{_variable(str(e['loc'][0]))}={e['input']!r}: {e['msg']}" for e in error.errors()
        )
        raise SettingsError(
            f"Invalid settings: {wrong}.", remedy="Correct them in the environment or .env."
        ) from None


def _variable(name: str) -> str:
    return "SPACEX_" + name.upper().removeprefix("SPACEX_")


def environment(settings: Settings) -> dict[str, str]:
    """Return variables that give a child process these settings, wherever it runs."""
    explicit = settings.model_dump(include=settings.model_fields_set, exclude_none=True)
    values = explicit | {"data_dir": settings.data_dir.absolute()}
    return {_variable(name): str(value) for name, value in values.items()}


def make_folder(folder: Path) -> None:
    """Create a folder and its missing parents.

    Raises:
        SettingsError: the folder cannot be created.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"The folder {folder} cannot be created ({error.strerror}).",
            "Choose another with SPACEX_DATA_DIR, or correct its permissions.",
        ) from None
