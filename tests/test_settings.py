"""Settings: their defaults, where they are read from, and how invalid values are reported."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import httpx
import pytest
from prefect.client.schemas.schedules import CronSchedule
from pydantic import ValidationError

from spacex.cli.doctor.machine import used_proxies
from spacex.errors import SettingsError, SpacexError
from spacex.pipeline.prefect_settings import set_defaults
from spacex.pipeline.proxies import check_network, exempt_own_servers
from spacex.settings import (
    PROJECT,
    Settings,
    command,
    environment,
    lenient_settings,
    notices,
    read_settings,
)
from spacex.settings.log import announce
from spacex.settings.values import SHORTHANDS


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
NUMBERS += ["READ_TIMEOUT_S=inf", "MAX_SHRINK_PCT=nan", "TOTAL_TIMEOUT_S=1e400"]
NUMBERS += ["CELL_TIMEOUT_S=1e30", "MAX_RESPONSE_MB=1e300", "KEEP_RUNS=3.5"]
OTHERS = ["SOURCES=celestrack", "SCHEDULE=every morning", "SCHEDULE=61 5 * * *", "KERNELS=thread"]
OTHERS += ["SOURCES=,", "SOURCES= , ,"]
OTHERS += ["SCHEDULE=0 17 5 * * *", "SCHEDULE=@fortnightly", "SCHEDULE=@reboot", "SCHEDULE=@"]
OTHERS += ["CONTACT=Jürgen", "DATA_DIR=~nobody-of-this-name/data", "DATA_DIR=/tmp/\udcff"]


@pytest.mark.parametrize("assignment", [*(f"BASE_URL={url}" for url in URLS), *NUMBERS, *OTHERS])
def test_an_invalid_value_is_reported_with_its_variable(monkeypatch, assignment):
    name, value = assignment.split("=")
    monkeypatch.setenv(f"SPACEX_{name}", value)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert f" SPACEX_{name}={value!r}: " in caught.value.message
    assert f", for example SPACEX_{name}=" in caught.value.message
    assert caught.value.remedy == "Correct them in the environment or .env."
    example = re.search(rf"for example (SPACEX_{name})=(.+)\.$", caught.value.message)
    monkeypatch.setenv(example[1], example[2])
    read_settings()


def test_sources_without_a_name_are_reported(monkeypatch):
    monkeypatch.setenv("SPACEX_SOURCES", ",")
    message = "SPACEX_SOURCES=',': it names no source, for example SPACEX_SOURCES=spacexdata,"
    with pytest.raises(SettingsError, match=message):
        read_settings()


def test_all_invalid_settings_are_reported_at_once(monkeypatch):
    monkeypatch.setenv("SPACEX_ATTEMPTS", "0")
    monkeypatch.setenv("SPACEX_MAX_RESPONSE_MB", "x")
    with pytest.raises(SettingsError, match=r"SPACEX_ATTEMPTS='0'.*SPACEX_MAX_RESPONSE_MB='x'"):
        read_settings()


def test_a_former_name_is_reported_as_the_user_wrote_it(monkeypatch):
    monkeypatch.setenv("spacex_max_answer_mb", "x")
    message = "spacex_max_answer_mb='x': .*, for example spacex_max_answer_mb=100"
    with pytest.raises(SettingsError, match=message):
        read_settings()


@pytest.mark.attack("read the webhook's secret in a message about invalid settings", "masked")
def test_secrets_are_masked(monkeypatch):
    monkeypatch.setenv("SPACEX_WEBHOOK_URL", "hooks.example.org/SECRET")
    monkeypatch.setenv("SPACEX_BASE_URL", "ftp://user:SECRET@example.org")
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert "SECRET" not in str(caught.value)
    assert "SPACEX_WEBHOOK_URL='***'" in caught.value.message
    assert "SPACEX_BASE_URL='ftp://***@example.org'" in caught.value.message


@pytest.mark.parametrize("url", ["mail.example.org", "http://u:p@x.org", "smtp://", "smtp://x:0"])
def test_a_mail_server_has_an_address_with_smtp(monkeypatch, url):
    monkeypatch.setenv("SPACEX_SMTP_URL", url)
    expected = re.escape("SPACEX_SMTP_URL='***': expected an address with smtp:// or smtps://")
    with pytest.raises(SettingsError, match=f"{expected}, for example .*smtps://"):
        read_settings()


@pytest.mark.parametrize("text", ["https://u:p@x.org/?a=1&token=p p", "SPACEX_JUPYTER_TOKEN=p."])
def test_any_message_is_masked(text):
    error = SpacexError(text, remedy=text)
    assert "***" in error.message
    assert not re.search(r"\bp\b(?! p)", error.message.replace(" p", ""))
    assert "u:p" not in str(error)


@pytest.mark.parametrize("schedule", ["@Daily", *sorted(SHORTHANDS)])
def test_a_valid_schedule_of_prefect_is_accepted(monkeypatch, schedule):
    monkeypatch.setenv("SPACEX_SCHEDULE", schedule)
    assert read_settings().schedule == schedule
    assert CronSchedule(cron=schedule).cron == schedule


@pytest.mark.parametrize("value", ["0", "400001", "99999999999999999999", "many"])
def test_what_is_expected_of_a_number_that_may_be_empty_is_said(monkeypatch, value):
    monkeypatch.setenv("SPACEX_SAMPLE_SATELLITES", value)
    with pytest.raises(SettingsError, match="expected a whole number from 1 up to 400,000, for"):
        read_settings()


def test_an_unknown_home_folder_is_named(monkeypatch):
    monkeypatch.setenv("SPACEX_DATA_DIR", "~nobody-of-this-name/data")
    with pytest.raises(SettingsError, match="there is no home folder of a user nobody-of-this-na"):
        read_settings()


def test_the_home_folder_is_expanded(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SPACEX_DATA_DIR", "~/data")
    assert read_settings().data_dir == tmp_path / "data"


def huge(path: Path) -> None:
    path.touch()
    os.truncate(path, 2**40)


ODD_FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a pipe": (os.mkfifo, "is a pipe or device; make it a text file"),
    "a folder": (Path.mkdir, "is a folder; remove it, or make it a text file"),
    "a device": (lambda path: path.symlink_to("/dev/zero"), "is a pipe or device"),
    "huge": (huge, "has 1,048,576 MB, which no settings need; correct it"),
    "a link to nothing": (
        lambda path: path.symlink_to("gone"),
        "is a link to gone, which is missin",
    ),
    "a link to itself": (
        lambda path: path.symlink_to(path.name),
        "cannot be read (Too many levels",
    ),
    "Latin-1": (lambda path: path.write_text("A=\xfc", "latin-1"), "is not UTF-8 text; save it as"),
    "UTF-16": (
        lambda path: path.write_text("A=2", "utf-16"),
        "is not UTF-8 text; save it as UTF-8",
    ),
    "UTF-16 without a mark": (
        lambda path: path.write_text("A=2", "utf-16-le"),
        "is not UTF-8 text",
    ),
}


@pytest.mark.parametrize(("make", "problem"), ODD_FILES.values(), ids=ODD_FILES)
def test_a_file_that_is_no_text_is_reported_and_not_read(monkeypatch, tmp_path, make, problem):
    file = tmp_path / ".env"
    make(file)
    monkeypatch.setitem(Settings.model_config, "env_file", file)
    with pytest.raises(SettingsError, match=re.escape(f"Invalid settings: {file} {problem}")):
        read_settings()
    assert lenient_settings()[0].attempts == 3
    assert notices() == []
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match=re.escape(f"{file} {problem}")) as caught:
        set_defaults(tmp_path)
    assert caught.value.remedy.startswith("Prefect reads the file .env of the current folder")


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("just words\nSPACEX_ATTEMPTS=2\n", 1),
        ("SPACEX_ATTEMPTS=2\n\n# comment\n\nSPACEX_CONTACT='me\n", 5),
        ('SPACEX_CONTACT="me\nSPACEX_ATTEMPTS=2\n', 1),
    ],
)
def test_an_unreadable_line_of_the_file_is_named_once(monkeypatch, tmp_path, caplog, content, line):
    (tmp_path / ".env").write_text(content)
    monkeypatch.setitem(Settings.model_config, "env_file", tmp_path / ".env")
    settings, problems = lenient_settings()
    assert problems == [
        f"{tmp_path}/.env, line {line}, cannot be read; write NAME=value, and close quotes"
    ]
    assert settings.attempts == 2
    assert notices() == []
    assert caplog.records == []


@pytest.mark.parametrize(
    ("assignment", "notice"),
    [
        ("SPACEX_PREFECT_PORT=80000", "expected a port up to 65535, for example "),
        ("SPACEX_PREFECT_PORT=65536", "expected a port up to 65535, for example "),
        ("SPACEX_PREFECT_PORT=65535", ""),
        ("SPACEX_JUPYTER_PORT=0", "expected a port up to 65535, for example "),
        ("SPACEX_DASHBOARD_PORT=1", ""),
        ("SPACEX_UID=bob", "expected the number of a user, for example SPACEX_UID=1000"),
        (f"SPACEX_UID={'9' * 5000}", "expected the number of a user, for example "),
        ("SPACEX_UID=0", ""),
        ("SPACEX_UID=", ""),
    ],
    ids=lambda value: value[:30],
)
def test_an_invalid_variable_of_compose_is_noticed(monkeypatch, assignment, notice):
    name, value = assignment.split("=")
    monkeypatch.setenv(name, value)
    found = notices()
    assert len(found) == bool(notice)
    assert all(each.startswith(f"{name}={value!r}: {notice}") for each in found)


def test_a_suggestion_stands_within_its_sentence(monkeypatch):
    monkeypatch.setenv("SPACEX_SOURCES", "celestrack")
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert "no service celestrack (did you mean celestrak?), for example" in caught.value.message


def test_a_byte_order_mark_is_skipped(monkeypatch, tmp_path):
    (tmp_path / ".env").write_bytes(b"\xef\xbb\xbfSPACEX_ATTEMPTS=2\n")
    monkeypatch.setitem(Settings.model_config, "env_file", tmp_path / ".env")
    assert read_settings().attempts == 2
    assert notices() == []


def test_valid_settings_are_kept_beside_invalid_ones(monkeypatch):
    monkeypatch.setenv("SPACEX_ATTEMPTS", "0")
    monkeypatch.setenv("SPACEX_KEEP_RUNS", "7")
    settings, problems = lenient_settings()
    assert (settings.attempts, settings.keep_runs, len(problems)) == (3, 7, 1)


def test_a_misspelt_name_is_noticed(monkeypatch):
    monkeypatch.setenv("SPACEX_ATEMPTS", "2")
    monkeypatch.setenv("SPACEX_SOMETHING_ELSE", "2")
    monkeypatch.setenv("SPACEX_FOO", "2")
    assert notices() == [
        "SPACEX_ATEMPTS is not a setting; did you mean SPACEX_ATTEMPTS?",
        "SPACEX_SOMETHING_ELSE is not a setting; .env.example lists them",
        "SPACEX_FOO is not a setting; .env.example lists them",
    ]


@pytest.mark.parametrize(
    ("name", "value", "notice"),
    [
        ("SPACX_ATTEMPTS", "3", "SPACX_ATTEMPTS is not a setting; did you mean SPACEX_ATTEMPTS?"),
        (
            "COMPOSE_PROFILES",
            "scael",
            "COMPOSE_PROFILES=scael is not a profile; did you mean scale?",
        ),
        ("SPACE_ATTEMPT", "3", ""),  # another program's
        ("COMPOSE_PROFILES", "monitoring", ""),
    ],
)
def test_a_misspelt_prefix_or_profile_is_named(monkeypatch, name, value, notice):
    monkeypatch.setenv(name, value)
    assert notices() == ([notice] if notice else [])


def test_every_name_of_the_example_is_known(monkeypatch):
    text = (PROJECT / ".env.example").read_text()
    for name in re.findall(r"^# (SPACEX_\w+)=", text, re.MULTILINE):
        monkeypatch.setenv(name, "")
    assert notices() == []


def test_the_scale_profile_needs_its_variables(monkeypatch):
    monkeypatch.setenv("COMPOSE_PROFILES", "scale")
    monkeypatch.setenv("SPACEX_WORK_POOL", "spacex")
    missing = [notice.split(" needs ")[1].split()[0] for notice in notices()]
    assert missing == ["SPACEX_POSTGRES_PASSWORD", "SPACEX_PREFECT_DATABASE_URL"]


@pytest.mark.parametrize(
    ("given", "exempt"),
    [
        ({}, None),
        ({"HTTP_PROXY": "http://proxy:1"}, "localhost,127.0.0.1,::1"),
        ({"all_proxy": "http://proxy:1", "NO_PROXY": "a.org"}, "a.org,localhost,127.0.0.1,::1"),
        (
            {"https_proxy": "http://proxy:1", "no_proxy": "b.org", "NO_PROXY": "localhost"},
            "b.org,localhost,127.0.0.1,::1",
        ),
        (
            {"HTTPS_PROXY": "http://proxy:1", "PREFECT_API_URL": "http://prefect-server:4200/api"},
            "localhost,127.0.0.1,::1,prefect-server",
        ),
    ],
)
def test_own_servers_are_exempt_from_proxies(monkeypatch, given, exempt):
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "")  # restored at the end
        monkeypatch.delenv(name)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    exempt_own_servers()
    assert (os.environ.get("no_proxy"), os.environ.get("NO_PROXY")) == (exempt, exempt)


@pytest.mark.attack("read a proxy's password in a message", "masked")
@pytest.mark.parametrize(
    "value",
    [
        *("foo", "http://", "http:/proxy:1", "//proxy:1", "ftp://proxy:1", "socks4://proxy:1"),
        *("http://[::1", "http://::1]:1", "http://proxy:0", "http://proxy:65536", "http://proxy:x"),
        *("http://a b:1", " http://proxy:1", "http://proxy:1 ", "user:SECRET@proxy:1"),
        *("http://user:SE/CRET@proxy:1", "http://user:SE#CRET@proxy:1", "http://user:SECRET@:1"),
        "socks5://user:SECRET@proxy:1",
    ],
)
@pytest.mark.parametrize("name", ["HTTP_PROXY", "https_proxy", "All_Proxy"])
def test_a_proxy_that_cannot_be_used_is_named_without_its_password(
    monkeypatch, settings, name, value
):
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        check_network()
    assert caught.value.message.startswith(f"{name}='")
    assert f"for example {name}=http://proxy.example.org:3128" in str(caught.value)
    assert "CRET" not in str(caught.value)
    (diagnosis,) = used_proxies(settings)
    assert (diagnosis.state, diagnosis.text) == ("fault", caught.value.message)
    monkeypatch.setenv(name, "http://proxy.example.org:3128")
    check_network()


@pytest.mark.parametrize(
    "value", ["proxy:3128", "http://proxy", "HTTPS://u:p@proxy:65535/", "http://[::1]:1", "a.b:1/x"]
)
def test_a_proxy_that_the_libraries_accept_is_accepted(monkeypatch, value):
    monkeypatch.setenv("HTTP_PROXY", value)
    check_network()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("PREFECT_API_URL", value) for value in ("foo", "http://", "http://[::1", "http://a:b")),
        ("NO_PROXY", "müller"),
        *((name, "/gone.pem") for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")),
    ],
)
def test_another_invalid_variable_of_the_network_is_named(monkeypatch, name, value):
    for each in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(each, "")  # restored at the end
    monkeypatch.setenv(name, value)
    exempt_own_servers()
    with pytest.raises(SettingsError, match=f"^{name}='{re.escape(value)}': "):
        check_network()


@pytest.mark.parametrize(
    "host",
    ["fd00::/8", "::1/128", "fe80::/10", "[::1]:8080", "host:*", "[fd00::]/8", "[::1", "a:b:c"],
)
def test_an_exempt_host_that_httpx_cannot_read_is_left_out(monkeypatch, host):
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, f"localhost,{host},10.0.0.0/8,fd00::1,host:8080")
    exempt_own_servers()
    assert os.environ["NO_PROXY"] == os.environ["no_proxy"]
    assert set(os.environ["NO_PROXY"].split(",")) - {"::1"} == {
        *("localhost", "10.0.0.0/8", "fd00::1", "host:8080")
    }
    httpx.Client().close()


def test_a_value_that_prefect_does_not_take_is_named():
    name = "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"
    done = subprocess.run(
        [sys.executable, "-m", "flows.serve"],
        check=False,
        cwd=PROJECT,
        env=os.environ | {name: "banana"},
        capture_output=True,
        text=True,
    )
    assert done.stderr.startswith(f"{name}='banana': Input should be a valid integer, unable to")
    assert "Traceback" not in done.stderr


def test_an_exempt_address_in_brackets_is_one_for_httpx(monkeypatch):
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "[::1]")
    exempt_own_servers()
    assert os.environ["NO_PROXY"] == os.environ["no_proxy"] == "::1"
    httpx.Client().close()


@pytest.mark.parametrize(
    ("former", "present"), [("queries", "spacex.analysis.queries"), ("exhibits", "spacex.notebook")]
)
def test_a_former_import_names_the_new_place(former, present):
    with pytest.raises(ImportError, match=rf"spacex\.{former} is now {present}"):
        getattr(import_module("spacex"), former)
    assert not hasattr(import_module("spacex"), "something_else")


@pytest.mark.parametrize(
    ("in_checkout", "arguments", "typed"),
    [
        (True, ("status",), "make status"),
        (True, ("run", "--verbose"), 'make run ARGS="--verbose"'),
        (True, ("import-snapshots", "FOLDER"), ".venv/bin/spacex import-snapshots FOLDER"),
        (False, ("run", "--verbose"), "spacex run --verbose"),
        (False, ("doctor",), "spacex doctor"),
    ],
)
def test_a_command_is_named_as_the_user_types_it(monkeypatch, in_checkout, arguments, typed):
    monkeypatch.setattr("spacex.settings.IN_CHECKOUT", in_checkout)
    assert command(*arguments) == typed


def test_settings_are_frozen(settings):
    with pytest.raises(ValidationError, match="frozen"):
        settings.attempts = 5


def test_every_setting_is_described():
    assert all(field.description for field in Settings.model_fields.values())


def test_a_line_for_the_operator_is_text_or_json(capsys):
    announce("• The deployment is paused.", "text")
    announce("• The deployment is paused.", "json", sys.stderr)
    printed = capsys.readouterr()
    assert printed.out == "• The deployment is paused.\n"
    record = json.loads(printed.err)
    assert (record["levelname"], record["message"]) == ("INFO", "The deployment is paused.")


def test_own_notebooks_are_in_the_checkout_or_else_in_the_data_folder(monkeypatch, tmp_path):
    settings = Settings(_env_file=None, data_dir=tmp_path)
    assert settings.own_notebooks_dir == PROJECT / "notebooks" / "mine"
    monkeypatch.setattr("spacex.settings.IN_CHECKOUT", False)
    assert settings.own_notebooks_dir == tmp_path / "notebooks"
    assert settings.own_pages_dir == tmp_path / "notebooks" / "pages"
    elsewhere = Settings(_env_file=None, data_dir=tmp_path, notebooks=tmp_path / "team")
    assert elsewhere.own_notebooks_dir == tmp_path / "team"
    assert elsewhere.own_pages_dir == tmp_path / "team" / "pages"
