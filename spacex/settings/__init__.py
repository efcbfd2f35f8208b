"""Settings and paths of this process, read from the environment.

Each field of `Settings` is read from the environment variable `SPACEX_<NAME>` or from the file
`.env`: that of the checkout, or without a checkout that of the current folder.
"""

import os
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from platformdirs import user_data_path
from pydantic import AliasChoices, Field, HttpUrl, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from spacex.errors import SettingsError
from spacex.settings.env_file import ENCODING, read_text, unreadable_lines, variables
from spacex.settings.values import (
    DAY_S,
    Cron,
    Folder,
    Header,
    MailServer,
    Seconds,
    Services,
    expected,
    nearest_name,
)

_PACKAGE = Path(__file__).resolve().parents[1]
_BUNDLED = _PACKAGE / "_bundled"

IN_CHECKOUT = not _BUNDLED.is_dir()
"""Whether the package runs from a checkout of the project, not from an installed wheel."""

PROJECT = _PACKAGE.parent if IN_CHECKOUT else _BUNDLED
"""Folder of `notebooks/` and `flows/`: the checkout, or the copies in the wheel."""

FLOWS = "flows" if IN_CHECKOUT else "spacex._bundled.flows"
"""Import name of the package of Prefect flows."""


CONTAINER = "SPACEX_CONTAINER"
"""Variable that names the container of the stack in it; unset elsewhere."""


def command(name: str, arguments: str = "") -> str:
    """Return what a user types to run a command, as messages name it.

    In a checkout that is a target of the Makefile, or the program in its virtual environment; in a
    container it is a command of docker compose.
    """
    if os.environ.get(CONTAINER):
        if name in {"api", "dashboard", "prefect", "serve"}:
            service = {"prefect": "prefect-server", "serve": "etl-flow"}.get(name, name)
            return f"docker compose up --detach --force-recreate {service}"
        service = {"prefect-password": "prefect-server"}.get(name, "etl-flow")
        return f"docker compose exec {service} spacex {name} {arguments}".strip()
    if not IN_CHECKOUT:
        return f"spacex {name} {arguments}".strip()
    if name not in {"run", "status", "doctor", "dashboard"}:
        return f".venv/bin/spacex {name} {arguments}".strip()
    return f'make {name} ARGS="{arguments}"' if arguments else f"make {name}"


RUN_COMMAND, DASHBOARD_COMMAND = command("run"), command("dashboard")

_CONTAINER_VARIABLES = {
    CONTAINER,
    "SPACEX_PREFECT_PORT",
    "SPACEX_DASHBOARD_PORT",
    "SPACEX_JUPYTER_PORT",
    "SPACEX_API_PORT",
    "SPACEX_JUPYTER_TOKEN",
    "SPACEX_UID",
    "SPACEX_POSTGRES_PASSWORD",
    "SPACEX_PREFECT_DATABASE_URL",
    "SPACEX_PROJECT_DIR",
    "SPACEX_CPUS",
    "SPACEX_REVISION",
}
"""Variables that only docker compose and the images read."""

_PREFIX = "SPACEX_"
_CONTAINER_VALUES = {
    "SPACEX_PREFECT_PORT": (range(1, 65_536), "a port up to 65535", "4200"),
    "SPACEX_DASHBOARD_PORT": (range(1, 65_536), "a port up to 65535", "8866"),
    "SPACEX_JUPYTER_PORT": (range(1, 65_536), "a port up to 65535", "8888"),
    "SPACEX_API_PORT": (range(1, 65_536), "a port up to 65535", "8001"),
    "SPACEX_UID": (range(2**32), "the number of a user", "1000"),
}
"""Variable of docker compose → range of its values, the same in words, and an example."""

_SECRETS = {"webhook_url", "ping_url", "smtp_url", "openlineage_url", "openlineage_api_key"}
"""Settings whose values messages do not repeat."""

_PROFILES = ("api", "scale")
_SCALE = {
    "SPACEX_WORK_POOL": "spacex",
    "SPACEX_POSTGRES_PASSWORD": "a-long-random-text",
    "SPACEX_PREFECT_DATABASE_URL": "postgresql+asyncpg://prefect:${SPACEX_POSTGRES_PASSWORD}@postgres/prefect",
}
"""Variables that `COMPOSE_PROFILES=scale` needs, with an example of each."""


class Settings(BaseSettings):
    """The settings of one process."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX,
        env_file=PROJECT / ".env" if IN_CHECKOUT else ".env",
        env_file_encoding=ENCODING,
        env_ignore_empty=True,  # docker compose passes unset variables as empty ones
        extra="ignore",
        allow_inf_nan=False,
        frozen=True,
        validate_by_name=True,
        validate_by_alias=True,
    )

    data_dir: Folder = Field(
        PROJECT / "data" if IN_CHECKOUT else user_data_path("spacex-insights", appauthor=False),
        description="Folder of snapshots, runs and the database",
    )
    notebooks: Folder | None = Field(
        None,
        description="Folder of your own notebooks; empty: notebooks/mine, or without a checkout "
        "notebooks in the data folder",
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
    spaceweather_url: HttpUrl = Field(
        HttpUrl("https://celestrak.org/SpaceData/SW-Last5Years.csv"),
        description="Address of CelesTrak's space weather",
    )
    sources: Services = Field(
        "spacexdata,celestrak,launchlibrary,satcat,gcat,spaceweather",
        description="Services to use, separated by commas",
    )
    sample_satellites: int | None = Field(
        None,
        ge=1,
        le=400_000,
        description="Catalogued satellites of the bundled sample; empty: as many as there are",
        examples=["1000"],
    )
    contact: Header = Field(
        "",
        description="Web or mail address sent to the services as contact",
        examples=["me@example.org"],
    )
    connect_timeout_s: Seconds = Field(5, gt=0, description="Connection timeout, s")
    read_timeout_s: Seconds = Field(30, gt=0, description="Longest pause within a response, s")
    total_timeout_s: Seconds = Field(120, gt=0, description="Longest time for one response, s")
    attempts: int = Field(3, ge=1, le=10, description="Attempts per request, the first included")
    max_response_mb: float = Field(
        100,
        gt=0,
        le=100_000,
        validation_alias=AliasChoices("SPACEX_MAX_RESPONSE_MB", "SPACEX_MAX_ANSWER_MB"),
        description="Largest accepted response, decompressed, MiB",
    )
    max_reject_pct: float = Field(
        10, ge=0, le=100, description="Largest accepted share of rejected records in a table, %"
    )
    max_shrink_pct: float = Field(
        10, ge=0, le=100, description="Largest accepted loss of rows in a table between runs, %"
    )
    lock_timeout_s: Seconds = Field(30, ge=0, description="Longest wait for another run's load, s")
    retry_delay_s: Seconds = Field(10, ge=0, description="Delay before extract is retried, s")
    reports_url: str = Field("", description="Address that serves the folder of runs, if any")
    cell_timeout_s: int = Field(
        600, gt=0, le=DAY_S, description="Longest time for one notebook cell, s"
    )
    notebook_timeout_s: int = Field(
        1800, gt=0, le=DAY_S, description="Longest time for one notebook, s"
    )
    kernels: Literal["fork", "spawn"] = Field(
        "fork", description="How kernels start: forked (Linux only), or spawned (slower)"
    )
    hot_days: int = Field(
        90,
        ge=30,
        le=100_000,
        description="Days of element sets that the database keeps; older ones are in the archive, "
        "if duckdb is installed",
    )
    keep_runs: int = Field(30, ge=1, description="Number of runs whose notebooks are kept")
    backup_keep: int = Field(
        0, ge=0, description="Number of daily backups to keep, written after each run; 0: none"
    )
    backup_dir: Folder | None = Field(
        None, description="Folder of the backups; empty: backups/ in the data folder"
    )
    publish_dir: Folder | None = Field(
        None, description="Folder of the static edition, written after each run; empty: none"
    )
    publish_url: HttpUrl | None = Field(
        None,
        description="Address at which the static edition is hosted; planned reports link to it",
        examples=["https://example.org/spacex/"],
    )
    schedule: Cron = Field("17 5 * * *", description="Schedule of the served flow: cron, UTC")
    max_age_h: float = Field(
        36, gt=0, le=100_000, description="Greatest age of the data that counts as fresh, h"
    )
    log: Literal["text", "json"] = Field(
        "text", description="Format of the runs' log: text, or a JSON object a line"
    )
    webhook_url: HttpUrl | None = Field(
        None,
        description="Address notified of runs that do not end well",
        examples=["https://example.org/hook"],
    )
    ping_url: HttpUrl | None = Field(
        None,
        description="Address of a service that watches the runs: start, success, fail",
        examples=["https://hc-ping.com/your-check"],
    )
    openlineage_url: HttpUrl | None = Field(
        None,
        description="Address that receives the lineage of runs, as events of OpenLineage",
        examples=["http://marquez:5000"],
    )
    openlineage_api_key: SecretStr = Field(
        SecretStr(""), description="API key that the receiver of the lineage wants, if any"
    )
    smtp_url: MailServer = Field(
        "",
        description="Mail server that sends planned reports",
        examples=["smtps://user:password@mail.example.org"],
    )
    mail_from: str = Field(
        "spacex-insights@localhost", description="Sender of the mails with planned reports"
    )
    mail_to: str = Field(
        "",
        description="Addresses that may receive planned reports, or @domains, separated by commas",
        examples=["me@example.org,@example.com"],
    )
    work_pool: str = Field(
        "", description="Work pool that executes the runs; empty: the serving process does"
    )
    prefect_password: str = Field(
        "", description="Password of Prefect's server; empty: a random one"
    )
    hosts: str = Field(
        "",
        description="Further host names of the dashboard, the API and Prefect, separated by commas",
    )

    @property
    def host_names(self) -> list[str]:
        """The further host names."""
        return _names(self.hosts)

    @property
    def mail_receivers(self) -> list[str]:
        """The addresses that may receive mails, and the domains, which begin with @."""
        return _names(self.mail_to)

    @property
    def source_names(self) -> list[str]:
        """The services to use; all if empty."""
        return _names(self.sources)

    @property
    def raw_dir(self) -> Path:
        """Folder of the snapshots."""
        return self.data_dir / "raw"

    @property
    def drop_in_dir(self) -> Path:
        """Folder for manual files."""
        return self.data_dir / "drop-in"

    @property
    def restore_dir(self) -> Path:
        """Folder into which a backup is unpacked to be restored."""
        return self.data_dir / ".restore"

    @property
    def backups_dir(self) -> Path:
        """Folder of the daily backups."""
        return self.backup_dir or self.data_dir / "backups"

    @property
    def addresses(self) -> dict[str, str]:
        """Service → base address."""
        return {
            "spacexdata": str(self.base_url),
            "celestrak": str(self.celestrak_url),
            "launchlibrary": str(self.launchlibrary_url),
            "satcat": str(self.satcat_url),
            "gcat": str(self.gcat_url),
            "spaceweather": str(self.spaceweather_url),
        }

    @property
    def runs_dir(self) -> Path:
        """Folder of the runs: executed notebooks and reports."""
        return self.data_dir / "runs"

    @property
    def lineage_dir(self) -> Path:
        """Folder of the events of the runs."""
        return self.data_dir / "lineage"

    @property
    def feeds_dir(self) -> Path:
        """Folder of the feeds."""
        return self.data_dir / "feeds"

    @property
    def database(self) -> Path:
        """The published database, or what a link in its place names: publishing keeps the link."""
        path = self.data_dir / "starlink.db"
        return Path(os.path.realpath(path)) if os.path.islink(path) else path  # noqa: PTH114 - never raises

    @property
    def notebooks_dir(self) -> Path:
        """Folder of the notebooks."""
        return PROJECT / "notebooks"

    @property
    def own_notebooks_dir(self) -> Path:
        """Folder of one's own notebooks."""
        usual = self.notebooks_dir / "mine" if IN_CHECKOUT else self.data_dir / "notebooks"
        return self.notebooks or usual

    @property
    def own_pages_dir(self) -> Path:
        """Folder of one's own pages of the dashboard."""
        return self.own_notebooks_dir / "pages"

    @property
    def reports_dir(self) -> Path:
        """Folder of the reports made to order."""
        return self.data_dir / "reports"

    def page_url(self, page: Path) -> str:
        """Return the address of a page if the folder of runs is served, and its file URL if not."""
        base = self.reports_url.rstrip("/")
        return f"{base}/{page.parent.name}/{page.name}" if base else page.absolute().as_uri()


def _names(listed: str) -> list[str]:
    return [name.strip() for name in listed.split(",") if name.strip()]


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
    found, problems = lenient_settings()
    if problems:
        raise SettingsError(
            f"Invalid settings: {'; '.join(problems)}.",
            remedy="Correct them in the environment or .env.",
        )
    return found


def lenient_settings() -> tuple[Settings, list[str]]:
    """Return the settings, with the default in place of each invalid value, and the problems."""
    file = _env_file()
    try:
        text = read_text(file) if file else ""
        problems = [
            f"{file}, line {number}, cannot be read; write NAME=value, and close quotes"
            for number in unreadable_lines(text)
        ]
    except ValueError as error:
        file, text, problems = None, "", [str(error)]
    assigned = variables(text) | dict(os.environ)

    def read(**valid: Any) -> Settings:
        return Settings(_env_file=file, **valid)  # type: ignore[call-arg]

    try:
        return read(), problems
    except ValidationError as error:
        wrong = {_field(str(each["loc"][0])): each for each in error.errors()}
    problems += [_problem(name, each, assigned) for name, each in wrong.items()]
    return read(**{name: Settings.model_fields[name].default for name in wrong}), problems


def notices() -> list[str]:
    """Return what is odd in the environment or `.env` although every value is valid."""
    file = _env_file()
    try:
        assigned = variables(read_text(file) if file else "") | dict(os.environ)
    except ValueError:
        return []  # `lenient_settings` reports it
    known = [name for field in Settings.model_fields for name in _variables(field)]
    known += sorted(_CONTAINER_VARIABLES)
    found = [
        f"{name} is not a setting{_did_you_mean(name, known) or '; .env.example lists them'}"
        for name in assigned
        if name.upper().startswith(_PREFIX) and name.upper() not in known
    ]
    found += [
        f"{name} is not a setting; did you mean {meant}?"
        for name in assigned
        if (meant := _with_right_prefix(name)) in known and meant != name.upper()
    ]
    found += [
        f"{name}={value!r}: expected {words}, for example {name}={example}"
        for name, (valid, words, example) in _CONTAINER_VALUES.items()
        if (value := assigned.get(name)) and not _is_in(value, valid)
    ]
    profiles = (assigned.get("COMPOSE_PROFILES") or "").split(",")
    found += [
        f"COMPOSE_PROFILES={each} is not a profile; did you mean {near}?"
        for each in profiles
        if each not in _PROFILES and (near := nearest_name(each, _PROFILES))
    ]
    if "scale" in profiles:
        found += [
            f"COMPOSE_PROFILES=scale needs {name} as well, for example {example}"
            for name, example in _SCALE.items()
            if not assigned.get(name)
        ]
    return found


def _with_right_prefix(name: str) -> str:
    """Return a variable with the prefix of the settings, if its own one resembles it."""
    prefix, _, rest = name.upper().partition("_")
    return f"{_PREFIX}{rest}" if nearest_name(prefix, [_PREFIX.rstrip("_")]) else ""


def _is_in(number: str, valid: range) -> bool:
    return number.isdecimal() and len(number) <= len(str(valid.stop)) and int(number) in valid


def _did_you_mean(name: str, known: Iterable[str]) -> str:
    """Name the nearest variable, judged without the prefix that all of them share."""
    bare = [each.removeprefix(_PREFIX) for each in known]
    near = nearest_name(name.upper().removeprefix(_PREFIX), bare)
    return f"; did you mean {_PREFIX}{near}?" if near else ""


def _env_file() -> Path | None:
    file: Any = Settings.model_config.get("env_file")
    return Path(file) if file else None


def _variables(field: str) -> list[str]:
    """Return the names of a field's variable, the current one first."""
    alias = Settings.model_fields[field].validation_alias
    names = alias.choices if isinstance(alias, AliasChoices) else [_variable(field)]
    return [str(name) for name in names]


def _field(location: str) -> str:
    """Return the field of an error's location, which is its name or one of its variables."""
    fields = Settings.model_fields
    named = (name for name in fields if location.upper() in {name.upper(), *_variables(name)})
    return next(named, location)


def _problem(field: str, error: Mapping[str, Any], assigned: Mapping[str, str]) -> str:
    """Return what is wrong with a variable, and an example of a valid value."""
    names = _variables(field)
    written = [name for name in assigned if name.upper() in names and assigned[name]]
    name = min(written, key=lambda name: names.index(name.upper()), default=names[0])
    value = "***" if field in _SECRETS else error["input"]
    declared = Settings.model_fields[field]
    reason = error.get("ctx", {}).get("error") if error["type"] == "value_error" else None
    example = next(iter(declared.examples or []), declared.default)
    return f"{name}={value!r}: {reason or expected(declared)}, for example {name}={example}"


def _variable(name: str) -> str:
    return _PREFIX + name.upper().removeprefix(_PREFIX)


def environment(settings: Settings) -> dict[str, str]:
    """Return variables that give a child process these settings, wherever it runs."""
    explicit = settings.model_dump(
        include=settings.model_fields_set, exclude_none=True, warnings=False
    )
    values = explicit | {"data_dir": settings.data_dir.absolute()}
    return {_variable(name): str(value) for name, value in values.items()}
