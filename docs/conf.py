"""The documentation as a site: `make docs` builds it, without a network.

The pages are those of the repository, so that their links work in both.
"""

import sys
from pathlib import Path

from spacex import __version__

sys.path.append(str(Path(__file__).parent))  # of drawn_charts

project = "SpaceX Insights"
version = release = __version__
copyright = "the contributors, MIT licence"  # noqa: A001 - Sphinx's name

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "drawn_charts"]
root_doc = "docs/index"
include_patterns = [
    *("*.md", "docs/*.md", "notebooks/README.md", "notebooks/mine/README.md"),
    "spacex/sources/facts/CREDITS.md",
    "spacex/orbits/CREDITS.md",
]
exclude_patterns = [".venv*", "data", "dist"]  # which are not searched then

myst_heading_anchors = 4
default_role = "code"  # of docstrings
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
napoleon_numpy_docstring = False

html_theme = "furo"
html_title = f"{project} {version}"
html_copy_source = html_show_sphinx = html_show_sourcelink = False
