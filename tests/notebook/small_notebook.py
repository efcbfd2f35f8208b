"""Small notebooks for the tests of kernels and runner."""

from pathlib import Path

import nbformat


def write_notebook(path: Path, parameters: str, *cells: str, tag: str = "parameters") -> Path:
    """Write a notebook with a cell of parameters, and more cells; return its path."""
    book = nbformat.v4.new_notebook()
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    book.metadata["language_info"] = {"name": "python"}
    first = nbformat.v4.new_code_cell(parameters, metadata={"tags": [tag] if tag else []})
    book.cells = [first, *map(nbformat.v4.new_code_cell, cells)]
    nbformat.write(book, path)
    return path


def printed_text(notebook: Path) -> str:
    """Return the text that an executed notebook printed."""
    cells = nbformat.read(notebook, as_version=4).cells
    return "".join(output.get("text", "") for cell in cells for output in cell.get("outputs", []))
