"""The wheel, installed into a clean environment and run in an empty folder."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from spacex import __version__
from spacex.dashboard.app.health import check
from spacex.settings import PROJECT
from tests.cli.test_cli import BEHIND_A_DEAD_PROXY
from tests.conftest import free_port, wait_for
from tests.packaging.locks import LOCK

UV = Path(sys.executable).with_name("uv")
README = (PROJECT / "README.md").read_text()
LAB_SETTINGS = "share/jupyter/lab/settings/overrides.d/spacex-insights.json"
MODULES = {"random.py", "json.py", "csv.py"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built by way of a source distribution."""
    folder = tmp_path_factory.mktemp("dist")
    command = [UV, "build", "--quiet", "--offline", "--no-build-isolation", "--out-dir", folder]
    subprocess.run([*command, PROJECT], check=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


class Installed:
    """The wheel in an environment of its own, with its dependencies and nothing else."""

    def __init__(self, wheel: Path, folder: Path) -> None:
        self.bin, self.home, self.cwd = folder / "env" / "bin", folder / "home", folder / "empty"
        self.cwd.mkdir()
        self.environment = {"PATH": os.defpath, "HOME": str(self.home), "COLUMNS": "300"}
        command = [UV, "venv", "--quiet", "--python", sys.executable, folder / "env"]
        subprocess.run(command, check=True)
        self._install("--require-hashes", "-r", LOCK)
        self._take_bytecode()
        self._install(wheel)

    def _install(self, *packages: str | Path) -> None:
        """Install from uv's cache; from the package index if the cache lacks a package."""
        command = [UV, "pip", "install", "--quiet", "--no-deps", "--python", self.bin / "python"]
        if subprocess.run([*command, "--offline", *packages], check=False).returncode:
            subprocess.run([*command, *packages], check=True)

    def _take_bytecode(self) -> None:
        """Copy the bytecode of the same packages in this environment; to compile takes long."""
        ours = Path(sysconfig.get_path("purelib"))
        theirs = self.bin.parent / ours.relative_to(sys.prefix)
        for folder in ours.rglob("__pycache__"):
            target = theirs / folder.relative_to(ours)
            if target.parent.is_dir():
                shutil.copytree(folder, target)

    def call(
        self, *command: str, cwd: Path | None = None, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment, by default in the empty folder."""
        return subprocess.run(
            [self.bin / command[0], *command[1:]],
            env=self.environment | variables,
            cwd=cwd or self.cwd,
            capture_output=True,
            text=True,
            check=False,
        )

    def run(self, *command: str, cwd: Path | None = None, **variables: str) -> str:
        """Run a program of the environment; return its output."""
        done = self.call(*command, cwd=cwd, **variables)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def python(self, code: str) -> list[str]:
        """Run code in the environment's Python; return the lines it prints."""
        return self.run("python", "-c", code).splitlines()


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    installed = Installed(wheel, tmp_path_factory.mktemp("installed"))
    yield installed
    assert list(installed.cwd.iterdir()) == [], "nothing is written to the current folder"


def test_the_wheel_claims_one_top_level_name_and_has_all_parts(wheel: Path) -> None:
    files = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    shared = {name for name in files if ".data/" in name}
    assert {name.partition("/")[0] for name in files - shared} == {"spacex"}
    assert {name.partition(".data/data/")[2] for name in shared} == {LAB_SETTINGS}
    assert "spacex/py.typed" in files
    for folder, bundled in (
        ("spacex", "spacex"),
        ("flows", "spacex/_bundled/flows"),
        ("notebooks", "spacex/_bundled/notebooks"),
    ):
        command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", folder]
        listed = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
        tracked = [name for name in listed.stdout.splitlines() if (PROJECT / name).exists()]
        assert {bundled + name.removeprefix(folder) for name in tracked} <= files


def test_flows_import_each_other_relatively() -> None:
    """In the wheel they are `spacex._bundled.flows`."""
    for path in (PROJECT / "flows").glob("*.py"):
        assert not re.search(r"^\s*(from|import) flows\b", path.read_text(), re.MULTILINE), path


def test_the_version_is_in_the_changelog() -> None:
    assert re.search(rf"^## \[?{__version__}\b", (PROJECT / "CHANGELOG.md").read_text(), re.M)


@pytest.mark.long
def test_the_wheel_runs_without_a_checkout(installed: Installed, tmp_path: Path) -> None:
    """The run starts a Prefect server, behind a dead proxy and beside files named like modules."""
    package, project, in_checkout, version = installed.python(
        "import spacex; from spacex.settings import IN_CHECKOUT, PROJECT;"
        "print(spacex.__file__, PROJECT, IN_CHECKOUT, spacex.__version__, sep='\\n')"
    )
    assert installed.bin.parent in Path(package).parents
    assert Path(project) == Path(package).parent / "_bundled"
    assert (in_checkout, version) == ("False", __version__)
    assert str(PROJECT) not in installed.python("import sys; print(*sys.path, sep='\\n')")

    (block,) = [each for each in re.findall(r"```sh\n(.*?)```", README, re.S) if ".whl" in each]
    commands = re.findall(r"^spacex (.+?)(?: +#.*)?$", block, re.MULTILINE)
    assert commands == ["run --source sample", "dashboard"]
    for name in MODULES:
        (tmp_path / name).write_text("raise SystemExit('shadows the standard library')")
    run = installed.run("spacex", *commands[0].split(), cwd=tmp_path, **BEHIND_A_DEAD_PROXY)
    assert "✓ The database is built" in run
    assert {path.name for path in tmp_path.iterdir()} == MODULES

    status = dict(re.findall(r"^(\w.*?)  +(\S.*?) *$", installed.run("spacex", "status"), re.M))
    folder = Path(status["Data folder"])
    assert installed.home in folder.parents
    assert Path(status["Database"]) == folder / "starlink.db"
    dictionary = (PROJECT / "docs" / "data-dictionary.md").read_text()
    assert installed.run("python", "-m", "spacex", "dictionary") == dictionary
    export = ("spacex", "export", str(tmp_path / "out"), "launches", "--format")
    assert "launches.csv" in installed.run(*export, "csv")
    refused = installed.call(*export, "parquet")
    assert refused.returncode == 1
    assert "The format parquet needs the package pyarrow, which is not installed" in refused.stderr
    log, port = installed.home / "dashboard.log", free_port()
    with log.open("wb") as file:
        process = subprocess.Popen(
            [installed.bin / "spacex", commands[1], "--port", str(port)],
            env=installed.environment,
            cwd=installed.cwd,
            stdout=file,
            stderr=file,
        )
    try:
        url = f"http://127.0.0.1:{port}/"
        wait_for(url, process, log)
        check(url)
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.mark.long
def test_the_wheel_reads_env_in_the_current_folder(installed: Installed, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"SPACEX_DATA_DIR={tmp_path / 'elsewhere'}\n")
    done = installed.call("spacex", "status", cwd=tmp_path)
    assert done.returncode == 1
    assert f"There is no database {tmp_path / 'elsewhere' / 'starlink.db'} yet." in done.stderr
    assert "Run `spacex run` to build it." in done.stderr


@pytest.mark.long
def test_the_flow_of_the_wheel_can_be_served(installed: Installed) -> None:
    (entrypoint,) = installed.python(
        "from spacex._bundled.flows.serve import deployment; print(deployment().entrypoint)"
    )
    assert entrypoint == "spacex._bundled.flows.etl.etl"
