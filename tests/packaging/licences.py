"""Write the licences of the locked packages to `docs/licences.md`.

A package for another platform or Python is not installed here; its line is kept.
"""

from collections import defaultdict
from importlib import metadata

from spacex.settings import PROJECT
from tests.packaging.locks import LOCK, names

PAGE = PROJECT / "docs" / "licences.md"
HEAD = """# Licences

This project is under the [MIT licence](../LICENSE). The packages in `requirements.lock` are not
part of it. They state these licences:

| licence | packages |
|---|---|
"""
NOT_STATED = "not stated"


def licence(name: str) -> str | None:
    """Return the licence that an installed package states, or None if it is not installed."""
    try:
        stated = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    if expression := stated.get("License-Expression"):
        return expression
    classifiers = [each.split(" :: ") for each in stated.get_all("Classifier", [])]
    named = [parts[-1] for parts in classifiers if parts[0] == "License" and len(parts) > 2]
    text = (stated.get("License") or NOT_STATED).strip().partition("\n")[0]
    return ", ".join(named) or text


def listed() -> dict[str, str]:
    """Return package → licence as the page lists them."""
    rows = [
        line.strip("| ").split(" | ") for line in PAGE.read_text().splitlines()[HEAD.count("\n") :]
    ]
    return {name: text for text, packages in rows for name in packages.split(", ")}


def page() -> str:
    """Return the text of the page."""
    known, packages = listed(), defaultdict(list)
    for name in names(LOCK):
        packages[licence(name) or known.get(name, NOT_STATED)].append(name)
    rows = sorted(packages.items(), key=lambda row: row[0].lower())
    return HEAD + "".join(f"| {text} | {', '.join(grouped)} |\n" for text, grouped in rows)


if __name__ == "__main__":
    PAGE.write_text(page())
