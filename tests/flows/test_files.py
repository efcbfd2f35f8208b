"""The files an operator meets: every setting is in them, and nothing that is none."""

import re

import pytest
import yaml

from spacex.settings import PROJECT, Settings

SETTINGS = {f"SPACEX_{name.upper()}" for name in Settings.model_fields}
FIXED = {"SPACEX_DATA_DIR", "SPACEX_REPORTS_URL"}
"""What the containers have no choice in."""
FORMER = {"SPACEX_MAX_ANSWER_MB"}
"""Former names of settings, which are still accepted."""


def text(name: str) -> str:
    return (PROJECT / name).read_text()


def compose() -> dict:
    return yaml.safe_load(text("docker-compose.yml"))


def used() -> set[str]:
    """The variables that the compose file takes from its user."""
    return set(re.findall(r"\$\{([A-Z_]+)", text("docker-compose.yml")))


def test_the_containers_are_handed_every_setting():
    handed = set(compose()["x-settings"])
    assert handed >= SETTINGS - {"SPACEX_DATA_DIR"}
    assert used() >= SETTINGS - FIXED


def test_the_example_has_every_setting_and_variable_and_no_other():
    named = set(re.findall(r"^#? ?([A-Z_]+)=", text(".env.example"), re.MULTILINE))
    assert named == SETTINGS - FIXED | used() - FORMER | {"COMPOSE_PROFILES"}


def test_the_example_shows_the_defaults():
    shown = dict(re.findall(r"^# (SPACEX_[A-Z_]+)=(.*)$", text(".env.example"), re.MULTILINE))
    for name, field in Settings.model_fields.items():
        variable = f"SPACEX_{name.upper()}"
        if variable in shown and field.default not in {"", None}:
            assert shown[variable] == str(field.default).rstrip("/"), variable


def test_the_example_sets_nothing_and_holds_no_secret():
    assert [line for line in text(".env.example").splitlines() if line[:1] not in {"", "#"}] == []


@pytest.mark.parametrize("service", ["prefect-server", "etl-flow", "dashboard", "jupyterlab"])
def test_a_service_is_locked_down_checked_and_bounded(service):
    spec = compose()["services"][service]
    assert spec["read_only"]
    assert spec["cap_drop"] == ["ALL"]
    assert spec["restart"] == "unless-stopped"
    assert spec["mem_limit"]
    assert spec["healthcheck"]["test"][:2] == ["CMD", "python"]
    assert all(port.startswith("127.0.0.1:") for port in spec.get("ports", []))


def test_the_dashboard_only_reads():
    assert compose()["services"]["dashboard"]["volumes"] == ["spacex-data:/app/data:ro"]


def test_the_image_is_made_from_what_is_listed_and_nothing_else():
    ignored = text(".dockerignore").split()
    assert ignored[0] == "*"
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", text("Dockerfile"), re.MULTILINE)
    assert {f"!{name}" for line in copied for name in line.split()} <= set(ignored)
