"""The licences of the locked packages, as these state them: `python -m tests.supply.licences`.

It writes `docs/licences.md`. What is not installed here, for it is for another platform or another
Python, keeps the line it has.
"""

from importlib import metadata
from pathlib import Path

from spacex.settings import PROJECT
from tests.supply.lock import LOCK, packages

PAGE = PROJECT / "docs" / "licences.md"
HEAD = """# Licences

This project is under the [MIT licence](../LICENSE). What it is built upon is not part of it, and is
installed from `requirements.lock` under these licences, as the packages state them:

| package | licence |
|---|---|
"""
UNSTATED = "not stated"


def licence(name: str) -> str | None:
    """The licence that an installed package states; None if it is not installed."""
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    if expression := told.get("License-Expression"):
        return expression
    classifiers = [each.split(" :: ") for each in told.get_all("Classifier", [])]
    named = [parts[-1] for parts in classifiers if parts[0] == "License" and len(parts) > 2]
    text = (told.get("License") or UNSTATED).strip().partition("\n")[0]
    return ", ".join(named) or text


def listed(page: Path = PAGE) -> dict[str, str]:
    """Package → licence, as the page has them."""
    rows = [line.strip("| ").split(" | ") for line in page.read_text().splitlines()]
    return {row[0]: row[1] for row in rows if len(row) == 2 and row[0] != "package"}


def main() -> None:
    """Write the page."""
    known = listed() if PAGE.exists() else {}
    names = dict.fromkeys(package.name for package in packages(LOCK))
    lines = [f"| {name} | {licence(name) or known.get(name, UNSTATED)} |\n" for name in names]
    PAGE.write_text(HEAD + "".join(lines))


if __name__ == "__main__":
    main()
