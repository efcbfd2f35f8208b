"""Settings: their defaults, where they are read from, and how invalid values are reported."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from spacex.errors import SettingsError
from spacex.settings import PROJECT, Settings, environment, read_settings


@pytest.fixture(autouse=True)
def _no_env_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(Settings.model_config, "env_file", None)


def test_all_folders_are_in_the_data_folder(tmp_path):
    settings = Settings(_env_file=None, data_dir=tmp_path)
    folders = settings.raw_dir, settings.runs_dir, settings.database
    assert folders == tuple(tmp_path / name for name in ("raw", "runs", "starlink.db"))


def test_a_checkout_uses_its_own_folders():
    settings = read_settings()
    assert Path(__file__).resolve().parents[1] == PROJECT
    assert settings.data_dir == PROJECT / "data"
    assert settings.notebooks_dir == PROJECT / "notebooks"
    assert str(settings.base_url) == "https://api.spacexdata.com/v4"


def test_settings_are_read_from_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("SPACEX_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SPACEX_ATTEMPTS", "7")
    settings = read_settings()
    assert (settings.data_dir, settings.attempts) == (tmp_path, 7)


def test_settings_are_read_from_a_file(tmp_path):
    (tmp_path / ".env").write_text("SPACEX_ATTEMPTS=2\nOTHER=thing\n")
    assert Settings(_env_file=tmp_path / ".env").attempts == 2


@pytest.mark.parametrize(
    ("current", "former", "used"), [("", "7", 7), ("9", "7", 9), (None, "7", 7), ("9", None, 9)]
)
def test_the_former_name_of_a_setting_is_accepted(monkeypatch, current, former, used):
    for name, value in (("RESPONSE", current), ("ANSWER", former)):
        if value is not None:
            monkeypatch.setenv(f"SPACEX_MAX_{name}_MB", value)
    assert read_settings().max_response_mb == used


def test_a_child_process_gets_the_same_settings(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    given = Settings(_env_file=None, data_dir=Path("data"), attempts=2, max_response_mb=5)
    for name, value in environment(given).items():
        monkeypatch.setenv(name, value)
    assert read_settings() == given.model_copy(update={"data_dir": tmp_path / "data"})


URLS = ["ftp://example.org/v4", "file:///etc/passwd", "api.spacexdata.com"]
NUMBERS = ["ATTEMPTS=0", "ATTEMPTS=many", "READ_TIMEOUT_S=-1", "MAX_RESPONSE_MB=0"]
NUMBERS += ["MAX_REJECT_PCT=101", "MAX_SHRINK_PCT=-1", "LOCK_TIMEOUT_S=-1"]


@pytest.mark.parametrize("assignment", [*(f"BASE_URL={url}" for url in URLS), *NUMBERS])
def test_an_invalid_value_is_reported_with_its_variable(monkeypatch, assignment):
    name, value = assignment.split("=")
    monkeypatch.setenv(f"SPACEX_{name}", value)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert f" SPACEX_{name}={value!r}: " in caught.value.message
    assert caught.value.remedy == "Correct them in the environment or .env."


def test_all_invalid_settings_are_reported_at_once(monkeypatch):
    monkeypatch.setenv("SPACEX_ATTEMPTS", "0")
    monkeypatch.setenv("SPACEX_MAX_RESPONSE_MB", "x")
    with pytest.raises(SettingsError, match=r"SPACEX_ATTEMPTS='0'.*SPACEX_MAX_RESPONSE_MB='x'"):
        read_settings()


def test_settings_are_frozen(settings):
    with pytest.raises(ValidationError, match="frozen"):
        settings.attempts = 5


def test_every_setting_is_described():
    assert all(field.description for field in Settings.model_fields.values())
