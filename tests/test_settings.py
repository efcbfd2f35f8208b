import pytest
from pydantic import ValidationError

from spacex.errors import SettingsError
from spacex.settings import PROJECT, Settings, read_settings


@pytest.fixture(autouse=True)
def _no_env_file(monkeypatch):
    monkeypatch.setitem(Settings.model_config, "env_file", None)


def test_everything_lies_in_the_data_folder(tmp_path):
    settings = Settings(_env_file=None, data_dir=tmp_path)
    assert (settings.raw_dir, settings.runs_dir, settings.database) == (
        tmp_path / "raw",
        tmp_path / "runs",
        tmp_path / "starlink.db",
    )


def test_the_defaults_are_those_of_the_project():
    settings = read_settings()
    assert settings.data_dir == PROJECT / "data"
    assert settings.notebooks_dir == PROJECT / "notebooks"
    assert str(settings.base_url) == "https://api.spacexdata.com/v4"


def test_a_setting_is_read_from_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("SPACEX_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SPACEX_ATTEMPTS", "7")
    settings = read_settings()
    assert (settings.data_dir, settings.attempts) == (tmp_path, 7)


def test_a_setting_is_read_from_a_file(tmp_path):
    (tmp_path / ".env").write_text("SPACEX_ATTEMPTS=2\nOTHER=thing\n")
    assert Settings(_env_file=tmp_path / ".env").attempts == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BASE_URL", "ftp://example.org/v4"),
        ("BASE_URL", "file:///etc/passwd"),
        ("BASE_URL", "api.spacexdata.com"),
        ("ATTEMPTS", "0"),
        ("ATTEMPTS", "many"),
        ("READ_TIMEOUT_S", "-1"),
        ("MAX_RESPONSE_MB", "0"),
        ("MAX_REJECT_PCT", "101"),
        ("MAX_SHRINK_PCT", "-1"),
        ("LOCK_TIMEOUT_S", "-1"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_by_its_name(monkeypatch, name, value):
    monkeypatch.setenv(f"SPACEX_{name}", value)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert f"SPACEX_{name}={value!r}: " in caught.value.message
    assert caught.value.remedy == "Correct them in the environment or .env."


def test_every_wrong_setting_is_named_at_once(monkeypatch):
    monkeypatch.setenv("SPACEX_ATTEMPTS", "0")
    monkeypatch.setenv("SPACEX_MAX_RESPONSE_MB", "x")
    with pytest.raises(SettingsError, match=r"SPACEX_ATTEMPTS='0'.*SPACEX_MAX_RESPONSE_MB='x'"):
        read_settings()


def test_settings_do_not_change(settings):
    with pytest.raises(ValidationError, match="frozen"):
        settings.attempts = 5


def test_every_setting_is_described():
    assert all(field.description for field in Settings.model_fields.values())
