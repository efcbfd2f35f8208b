"""The results of `docs/testing.md`: a table by part, and the mutants that no test noticed."""

import difflib
import tomllib
from collections import Counter
from pathlib import Path

from spacex.settings import PROJECT
from tests.mutants.mutants import Mutant
from tests.mutants.trial import KILLED, SURVIVED, UNREACHED

PAGE = PROJECT / "docs" / "testing.md"
BEGIN, END = "<!-- begin of the mutants -->\n", "<!-- end of the mutants -->\n"
ALIVE = {SURVIVED: "no test fails", UNREACHED: "no test reaches it"}

REASONS: dict[str, str] = tomllib.loads(
    (Path(__file__).parent / "may_live.toml").read_text("utf-8")
)
"""Mutant as listed → why it may live: the code does the same, or nobody can tell."""


def listed(mutant: Mutant) -> str:
    """Return a mutant as its module with the changed line, before and after."""
    before = (PROJECT / mutant.path).read_text("utf-8").splitlines()
    changes = list(difflib.unified_diff(before, mutant.code().splitlines(), n=0, lineterm=""))[3:]
    was, now = (
        " ".join(line[1:].strip() for line in changes if line.startswith(sign)) for sign in "-+"
    )
    return f"{mutant.path}: {was} → {now}"


def table(seed: int, ends: list[tuple[Mutant, str]]) -> str:
    """Return the results as Markdown."""
    killed = Counter(mutant.part for mutant, end in ends if end == KILLED)
    tried = Counter(mutant.part for mutant, _ in ends)
    lines = [
        f"Seed {seed}, {tried.total()} mutants:\n",
        "| part | mutants | killed | share |",
        "|---|--:|--:|--:|",
        *(
            f"| {part} | {n} | {killed[part]} | {killed[part] / n:.0%} |"
            for part, n in tried.items()
        ),
        "",
        "| no test noticed | because | it may live, as |",
        "|---|---|---|",
        *(_row(mutant, ALIVE[end]) for mutant, end in ends if end in ALIVE),
    ]
    return "\n".join(lines) + "\n"


def _row(mutant: Mutant, because: str) -> str:
    """Return a mutant that lives as a row of a table."""
    name = listed(mutant)
    path, _, change = name.partition(": ")
    change = change.replace("|", "\\|").replace("`", "'")
    return f"| `{path}` `{change}` | {because} | {REASONS.get(name, '')} |"


def write(text: str) -> None:
    """Replace the results of the page."""
    page = PAGE.read_text("utf-8")
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", "utf-8")
