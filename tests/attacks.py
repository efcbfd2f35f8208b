"""Write the attacks of `docs/security.md`: `python -m tests.attacks` runs them first.

A test that shows an attack to fail is marked `attack(what is tried, what happens)`. Those of the
running containers are in `tests/system`.
"""

import ast
import sys
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from spacex.settings import PROJECT
from tests.system.prefect_attacks import ATTACKS

PAGE = PROJECT / "docs" / "security.md"
BEGIN, END = "<!-- begin of the attacks -->\n", "<!-- end of the attacks -->\n"
HEADING = "| tried | result | shown by |\n|---|---|---|\n"

PARTS = {
    "tests/dashboard/http_api/": "The HTTP API",
    "tests/dashboard/": "The dashboard",
    "tests/analysis/feeds/": "Feeds",
    "tests/notebook/test_run_feed.py": "Feeds",
    "tests/pipeline/test_prefect_server.py": "Prefect",
    "tests/pipeline/test_temporary_server.py": "Prefect",
    "tests/flows/test_flow_worker.py": "Prefect",
    "tests/flows/test_serve.py": "Prefect",
    "tests/system/": "Prefect",
    "tests/test_lab.py": "JupyterLab",
    "tests/extract/": "Responses and manual files",
    "tests/transform/": "Responses and manual files",
    "tests/notebook/": "Notebooks and queries",
    "tests/analysis/": "Notebooks and queries",
    "tests/pipeline/": "Stored data and backups",
    "tests/warehouse/": "Stored data and backups",
    "tests/packaging/": "Containers and packages",
    "tests/": "Secrets",
}
"""Start of a test's path → part of the project that is attacked; the first one counts."""

STEPS = {
    "no way from other containers": ("reach Prefect from another container", "no connection"),
    "a deployment changed by others": (
        "make the deployments run a shell script, with the password",
        "the flow runs, the script does not, also with `scale`; all is put right at the next start",
    ),
    "locked down": (
        "write files or use capabilities inside a container, or read notebooks without the token",
        "refused",
    ),
    "limits of a container": (
        "exhaust memory, processes and `/tmp` inside a container",
        "stops at the limit",
    ),
}
"""Step of `tests/system/compose.sh` → the attack."""


class Attack(NamedTuple):
    """An attack and the test that shows it to fail."""

    part: str
    what: str
    result: str
    shown_by: str


def attacks() -> list[Attack]:
    """Return all attacks, by part."""
    found = [*_marked(), *_on_containers()]
    order = list(dict.fromkeys(PARTS.values()))
    return sorted(found, key=lambda attack: order.index(attack.part))


def table() -> str:
    """Return the attacks as Markdown, with a table for each part."""
    lines: list[str] = []
    part = ""
    for each in attacks():
        if each.part != part:
            part = each.part
            lines.append(f"{'' if not lines else chr(10)}### {part}\n\n{HEADING}")
        lines.append(f"| {each.what} | {each.result} | `{each.shown_by}` |\n")
    return "".join(lines)


def _marked() -> Iterator[Attack]:
    for path in sorted((PROJECT / "tests").rglob("test_*.py")):
        relative = path.relative_to(PROJECT).as_posix()
        for node in ast.parse(path.read_text()).body:
            for decorator in getattr(node, "decorator_list", ()):
                if ast.unparse(decorator).startswith("pytest.mark.attack("):
                    what, result = (ast.literal_eval(each) for each in decorator.args)
                    yield Attack(_part(relative), what, result, f"{relative}::{node.name}")


def _on_containers() -> Iterator[Attack]:
    script = "tests/system/prefect_attacks.py"
    for each in ATTACKS:
        yield Attack(_part(script), f"as a stranger: {each.name}", "refused", script)
    for what, result in STEPS.values():
        yield Attack(_part(script), what, result, "tests/system/compose.sh")


def _part(path: str) -> str:
    return next(part for start, part in PARTS.items() if path.startswith(start))


def main() -> int:
    """Run the marked tests; if all attacks fail, write the page. Return the exit code."""
    code = pytest.main(["-q", "-m", "attack", "--no-header", str(PROJECT / "tests")])
    if code == pytest.ExitCode.OK:
        head, _, rest = PAGE.read_text().partition(BEGIN)
        PAGE.write_text(head + BEGIN + "\n" + table() + "\n" + END + rest.partition(END)[2])
    return code


if __name__ == "__main__":
    sys.exit(main())
