"""Where things are and how the services are asked: one object, from the environment.

Every field is read from the environment variable `SPACEX_<NAME>`, or from a file `.env` in the
project's folder.
"""

from functools import cache
from pathlib import Path

from pydantic import Field, HttpUrl, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from spacex.errors import SettingsError

PROJECT = Path(__file__).resolve().parents[1]
"""The folder that holds `notebooks/`, `data/` and this package."""


class Settings(BaseSettings):
    """The settings of one process."""

    model_config = SettingsConfigDict(
        env_prefix="SPACEX_",
        env_file=PROJECT / ".env",
        env_ignore_empty=True,  # docker compose hands on what is not set as empty
        extra="ignore",
        frozen=True,
    )

    data_dir: Path = Field(PROJECT / "data", description="Folder of answers, runs and database")
    base_url: HttpUrl = Field(
        HttpUrl("https://api.spacexdata.com/v4"), description="The r/SpaceX API, or a mirror of it"
    )
    celestrak_url: HttpUrl = Field(
        HttpUrl("https://celestrak.org/NORAD/elements/gp.php"),
        description="CelesTrak's orbits, or a mirror of them",
    )
    launchlibrary_url: HttpUrl = Field(
        HttpUrl("https://ll.thespacedevs.com/2.3.0"),
        description="Launch Library, or a mirror of it",
    )
    sources: str = Field(
        "spacexdata,celestrak,launchlibrary",
        description="Services that are used, parted by commas",
    )
    contact: str = Field("", description="Web or mail address told to the services we ask")
    connect_timeout_s: float = Field(5, gt=0, description="Longest wait for a connection")
    read_timeout_s: float = Field(30, gt=0, description="Longest silence within an answer")
    total_timeout_s: float = Field(120, gt=0, description="Longest time for one whole answer")
    attempts: int = Field(3, ge=1, le=10, description="Times a failing request is sent in all")
    max_response_mb: float = Field(100, gt=0, description="Largest answer accepted, unpacked")
    max_reject_pct: float = Field(
        10, ge=0, le=100, description="Share of a table's rows that may be refused"
    )
    max_shrink_pct: float = Field(
        10, ge=0, le=100, description="Share of a table's rows that may vanish between two runs"
    )
    lock_timeout_s: float = Field(30, ge=0, description="Longest wait for another run's load")
    retry_delay_s: float = Field(10, ge=0, description="Wait before extract is run once more")
    reports_url: str = Field("", description="Address the folder of runs is served at, if it is")
    cell_timeout_s: int = Field(600, gt=0, description="Longest time for one notebook cell")
    notebook_timeout_s: int = Field(1800, gt=0, description="Longest time for one notebook")
    keep_runs: int = Field(30, ge=1, description="Runs whose notebooks and pages are kept")
    schedule: str = Field("17 5 * * *", description="When a served flow runs: cron, in UTC")
    webhook_url: HttpUrl | None = Field(None, description="Address told of a run that failed")
    work_pool: str = Field(
        "", description="Work pool whose workers take the runs; empty: the serving process does"
    )

    @property
    def raw_dir(self) -> Path:
        """Folder of the services' answers as they came."""
        return self.data_dir / "raw"

    @property
    def drop_in_dir(self) -> Path:
        """Folder that files of orbits are put into by hand."""
        return self.data_dir / "drop-in"

    @property
    def addresses(self) -> dict[str, str]:
        """Service → its address, or a mirror's."""
        return {
            "spacexdata": str(self.base_url),
            "celestrak": str(self.celestrak_url),
            "launchlibrary": str(self.launchlibrary_url),
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
    """The settings of this process, read once.

    Raises:
        SettingsError: a variable has a value that makes no sense.
    """
    return read_settings()


def read_settings() -> Settings:
    """The settings as the environment has them now.

    Raises:
        SettingsError: a variable has a value that makes no sense.
    """
    try:
        return Settings()  # type: ignore[call-arg]
    except ValidationError as error:
        wrong = "; ".join(
            f"SPACEX_{str(e['loc'][0]).upper()}={e['input']!r}: {e['msg']}" for e in error.errors()
        )
        raise SettingsError(
            f"A setting makes no sense: {wrong}.", remedy="Correct it in the environment or .env."
        ) from None


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, where they are missing.

    Raises:
        SettingsError: that cannot be.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"The folder {folder} cannot be made ({error.strerror}).",
            "Choose another with SPACEX_DATA_DIR, or correct its permissions.",
        ) from None
