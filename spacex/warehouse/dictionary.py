"""The data dictionary: every table, view and column with its meaning, unit and origin."""

from collections.abc import Iterator
from typing import Any

from spacex.schema import BOOKKEEPING_TABLES, CONTENT_TABLES, TABLES, Column, Table
from spacex.sources import SERVICES
from spacex.sources.lineage import source_fields
from spacex.warehouse.views import VIEWS, describe


def column_records() -> list[dict[str, Any]]:
    """A row of `_columns` for each column of each table."""
    origin = _origins()
    return [
        {
            "table_name": table.name,
            "column_name": column.name,
            "kind": column.kind.meaning,
            "unit": column.unit,
            "is_required": column.required,
            "description": column.description,
            "origin": origin.get((table.name, column.name), ""),
        }
        for table in TABLES.values()
        for column in table.columns
    ]


def _origins() -> dict[tuple[str, str], str]:
    """(table, column) → the fields it is read from; those of the archive stand without its name."""
    found: dict[tuple[str, str], list[str]] = {}
    for source in SERVICES.values():
        for key, fields in source_fields(source).items():
            name = f"{source.name}: " if source.is_live else ""
            found.setdefault(key, []).append(f"{name}{fields}")
    return {key: "; ".join(fields) for key, fields in found.items()}


def markdown() -> str:
    """The dictionary as a Markdown page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Data dictionary"
    yield ""
    yield (
        "Every table and column of `data/starlink.db`, made from the declarations in "
        "`spacex/schema/` by `make dictionary`. The database carries the same in its table "
        "`_columns`. *Origin* is the field of the service's answer a column is read from; "
        "a column without one is computed here."
    )
    yield from _chapter("Data", CONTENT_TABLES)
    yield from _chapter("What the pipeline keeps about itself", BOOKKEEPING_TABLES)
    yield from ("", "## Views", "", "| view | a row is |", "|---|---|")
    yield from (f"| `{name}` | {describe(name)} |" for name in VIEWS)


def _chapter(title: str, tables: tuple[Table, ...]) -> Iterator[str]:
    origin = _origins()
    yield from ("", f"## {title}")
    for table in tables:
        yield from ("", f"### {table.name}", "", f"{table.description}. {_rules(table)}", "")
        yield "| column | holds | unit | meaning | origin |"
        yield "|---|---|---|---|---|"
        for column in table.columns:
            field = origin.get((table.name, column.name), "")
            yield (
                f"| `{column.name}` | {_holds(column)} | {column.unit} "
                f"| {column.description} | {f'`{field}`' if field else ''} |"
            )


def _rules(table: Table) -> str:
    rules = f"Key: {', '.join(f'`{name}`' for name in table.key)}."
    if table.parent:
        rules += f" Belongs to `{table.parent}`."
    return f"{rules} Keeps its history." if table.keeps_history else rules


def _holds(column: Column) -> str:
    holds = column.kind.meaning
    if column.values:
        holds = "one of " + ", ".join(f"`{value}`" for value in column.values)
    return holds if column.required else f"{holds}; may be null"
