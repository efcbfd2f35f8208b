"""The data dictionary: meaning, unit and origin of every table, view and column."""

from collections.abc import Iterator
from typing import Any

from spacex.schema import BOOKKEEPING_TABLES, CONTENT_TABLES, TABLES, Column, Table
from spacex.schema.view_columns import VIEW_COLUMNS
from spacex.sources import SERVICES
from spacex.sources.launch_facts import CREDIT
from spacex.sources.lineage import source_fields
from spacex.sources.sample import SIMULATED
from spacex.warehouse.views import VIEWS, describe


def column_records() -> list[dict[str, Any]]:
    """Return the rows of `_columns`, one per column of each table."""
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
    """Return (table, column) → source fields. The archive's fields have no source prefix."""
    found: dict[tuple[str, str], list[str]] = {}
    for source in SERVICES.values():
        for key, fields in source_fields(source).items():
            name = f"{source.name}: " if source.is_live else ""
            found.setdefault(key, []).append(f"{name}{fields}")
    return {key: "; ".join(fields) for key, fields in found.items()}


def markdown() -> str:
    """Return the dictionary as a Markdown page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Data dictionary"
    yield ""
    yield (
        "Every table and column of `data/starlink.db`, generated from the declarations in "
        "`spacex/schema/` by `make dictionary`. The table `_columns` of the database has the same "
        "content. *Origin* is the field of the service's response that a column is read from; "
        "columns without an origin are computed."
    )
    yield from _chapter("Data", CONTENT_TABLES)
    yield from _chapter("Bookkeeping", BOOKKEEPING_TABLES)
    yield from ("", "## Views", "", "| view | one row |", "|---|---|")
    yield from (f"| `{name}` | {describe(name)} |" for name in VIEWS)
    yield from ("", "Columns that only views, and the frames of `import spacex`, have:", "")
    yield from ("| column | kind | unit | meaning |", "|---|---|---|---|")
    for column in VIEW_COLUMNS:
        yield f"| `{column.name}` | {_kind(column)} | {column.unit} | {column.description} |"
    yield from ("", "## The bundled sample", "")
    yield (
        "In a database of the sample (`_runs.is_simulated` is 1), these columns are simulated, and "
        "so is what views compute from them. IDs are made up. Everything else is a fact, or `NULL` "
        f"if the facts do not cover it. Facts: {CREDIT}."
    )
    yield from ("", "| table | simulated columns |", "|---|---|")
    for table, columns in SIMULATED.items():
        yield f"| `{table}` | {', '.join(f'`{name}`' for name in columns)} |"


def _chapter(title: str, tables: tuple[Table, ...]) -> Iterator[str]:
    origin = _origins()
    yield from ("", f"## {title}")
    for table in tables:
        yield from ("", f"### {table.name}", "", f"{table.description}. {_rules(table)}", "")
        yield "| column | kind | unit | meaning | origin |"
        yield "|---|---|---|---|---|"
        for column in table.columns:
            field = origin.get((table.name, column.name), "")
            yield (
                f"| `{column.name}` | {_kind(column)}{_nullable(column)} | {column.unit} "
                f"| {column.description} | {f'`{field}`' if field else ''} |"
            )


def _rules(table: Table) -> str:
    rules = f"Key: {', '.join(f'`{name}`' for name in table.key)}."
    if table.parent:
        rules += f" Parent: `{table.parent}`."
    if table.is_revised:
        return f"{rules} Loads add rows, and replace those that a later response changes."
    return f"{rules} Loads only add rows." if table.keeps_history else rules


def _nullable(column: Column) -> str:
    return "" if column.required else "; may be null"


def _kind(column: Column) -> str:
    if not column.values:
        return column.kind.meaning
    return "one of " + ", ".join(f"`{value}`" for value in column.values)
