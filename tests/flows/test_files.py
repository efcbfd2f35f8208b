"""The files for operators contain every setting and no unknown one."""

import re
from typing import Any

import yaml

from spacex.settings import PROJECT, Settings

SETTINGS = {f"SPACEX_{name.upper()}" for name in Settings.model_fields}
FIXED = {"SPACEX_DATA_DIR", "SPACEX_REPORTS_URL"}
"""Settings that are fixed in the containers."""
FORMER = {"SPACEX_MAX_ANSWER_MB"}
"""Former names of settings, which are still accepted."""


def text(name: str) -> str:
    return (PROJECT / name).read_text()


def compose() -> dict[str, Any]:
    return yaml.safe_load(text("docker-compose.yml"))


def compose_variables() -> set[str]:
    """Return the variables that the compose file reads from its user."""
    return set(re.findall(r"\$\{([A-Z_]+)", text("docker-compose.yml")))


def test_the_containers_receive_every_setting():
    services = compose()["services"].values()
    passed = {name for service in services for name in service.get("environment", {})}
    assert passed >= SETTINGS - {"SPACEX_DATA_DIR"}
    assert compose_variables() >= SETTINGS - FIXED


def test_the_example_names_exactly_the_settings_and_variables():
    named = set(re.findall(r"^#? ?([A-Z_]+)=", text(".env.example"), re.MULTILINE))
    assert named == SETTINGS - FIXED | compose_variables() - FORMER | {"COMPOSE_PROFILES"}


def test_the_example_shows_the_defaults():
    shown = dict(re.findall(r"^# (SPACEX_[A-Z_]+)=(.*)$", text(".env.example"), re.MULTILINE))
    for name, field in Settings.model_fields.items():
        variable = f"SPACEX_{name.upper()}"
        if variable in shown and field.default not in {"", None}:
            assert shown[variable] == str(field.default).rstrip("/"), variable


def test_the_example_sets_no_variable():
    assert [line for line in text(".env.example").splitlines() if line[:1] not in {"", "#"}] == []


def test_the_image_is_built_from_the_listed_files_only():
    ignored = text(".dockerignore").split()
    assert ignored[0] == "*"
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", text("Dockerfile"), re.MULTILINE)
    assert {f"!{name}" for line in copied for name in line.split()} <= set(ignored)
