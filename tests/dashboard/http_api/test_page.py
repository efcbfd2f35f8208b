"""The examples and limits of docs/http-api.md."""

import json
import re
import shutil
import subprocess
import sys

import pytest

from spacex.dashboard.http_api import PORT, limits
from spacex.dashboard.http_api.served_database import SLOW
from spacex.settings import PROJECT
from tests.dashboard.http_api.conftest import Api

PAGE = (PROJECT / "docs" / "http-api.md").read_text()


def examples(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def run(api: Api, *command: str) -> str:
    here = [part.replace(f"http://127.0.0.1:{PORT}", api.url) for part in command]
    return subprocess.run(here, capture_output=True, text=True, check=True, timeout=120).stdout


def test_the_python_runs_as_it_stands(api: Api) -> None:
    pages, frame = (run(api, sys.executable, "-c", each) for each in examples("python"))
    (count,) = api.sql("SELECT count(*) FROM v_starlink", _shape="arrayfirst").content
    assert pages.startswith(f"{count} satellites of run first simulated: true")
    assert "landings" in frame


@pytest.mark.skipif(not shutil.which("curl"), reason="needs curl")
def test_the_commands_of_curl_run_as_they_stand(api: Api) -> None:
    commands = examples("sh")[1].replace("\\\n", "").splitlines()
    launches, boosters, rockets = (run(api, "sh", "-c", each) for each in commands)
    assert {*json.loads(launches)["rows"][0]} >= {"name", "date_text"}
    assert boosters.startswith("core_id,serial,")
    assert len(boosters.splitlines()) > 5
    assert {each["rocket"] for each in json.loads(rockets)["rows"]} == {
        "Falcon 9",
        "Falcon Heavy",
        "Starship",
    }


def test_the_limits_are_those_of_the_code() -> None:
    (table,) = re.findall(r"## Limits\n\n(.*?)\n\n", PAGE, re.DOTALL)
    stated = {
        f"{limits.QUERY_MS // 1000} s; {limits.REQUEST_S:g} s for a request, which",
        f"{limits.ROWS:,}; {limits.PAGE_ROWS} unless",
        f"{limits.RESULT_BYTES >> 20} MiB, {limits.VALUE_BYTES:,} bytes",
        f"{limits.ADDRESS_BYTES:,} bytes, {limits.PARAMETERS}",
        f"{limits.HEAP_BYTES >> 20} MiB",
        f"{limits.QUERIES_AT_ONCE} requests with SQL and {limits.TABLES_AT_ONCE} for tables",
        f"others wait for {limits.WAIT_S:g} s",
    }
    assert {each for each in stated if each not in table} == set()
    assert {each for each in SLOW if f"`{each}`" not in table} == set()
