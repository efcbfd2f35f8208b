"""Dependencies point one way: a module imports only what lies in a layer below its own."""

import ast
import re
import sys
from collections import Counter
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]

LAYERS = (
    {"errors"},
    {"units", "settings", "files"},
    {"schema", "orbits"},
    {"sources"},
    {"extract"},
    {"transform"},
    {"warehouse"},
    {"analysis"},
    {"notebook"},
    {"pipeline", "dashboard"},
    {"cli"},
)
"""From the ground up; what stands in one layer knows nothing of its neighbours."""

MOST_ENTRIES, MOST_LAYERS, MOST_OF_ONE_NAME = 16, 12, 2

KNOWS_PREFECT = ("spacex.cli", "spacex.pipeline")


def name_of(path):
    return ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {name_of(path): path for path in PROJECT.glob("spacex/**/*.py")}


def imports(nodes):
    """The modules that statements import; `from package import module` is the module."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in MODULES else node.module


def tree(module):
    return ast.parse(MODULES[module].read_text())


def imported(module):
    """All that a module imports, wherever it does so."""
    return set(imports(ast.walk(tree(module))))


def imported_at_once(module):
    """What a module imports as it is imported itself: outside functions and type checking."""
    todo, found = list(tree(module).body), set()
    while todo:
        node = todo.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            todo += node.orelse
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            found |= set(imports([node]))
            todo += ast.iter_child_nodes(node)
    return found


def part(module):
    """The part of the package a module is in: `spacex.schema.ddl` is in `schema`."""
    return module.split(".")[1] if "." in module else ""


def is_ours(module):
    return module.split(".")[0] == "spacex"


def below(name):
    """All that a part may import, itself included."""
    (place,) = (place for place, layer in enumerate(LAYERS) if name in layer)
    return set().union(*LAYERS[:place]) | {name, ""}


PARTS = sorted({part(module) for module in MODULES} - {"", "__main__"})


def test_every_part_has_its_place_and_every_place_a_part():
    placed = [name for layer in LAYERS for name in layer]
    assert sorted(placed) == PARTS


@pytest.mark.parametrize("name", PARTS)
def test_a_part_imports_only_from_below(name):
    upward = {
        (module, other)
        for module in MODULES
        if part(module) == name
        for other in imported(module)
        if is_ours(other) and part(other) not in below(name)
    }
    assert upward == set()


def test_the_package_itself_imports_none_of_its_parts():
    assert {other for other in imported("spacex") if is_ours(other)} == set()


def test_no_modules_import_each_other_in_a_circle():
    graph = {
        module: {other for other in imported_at_once(module) if is_ours(other)} - {module}
        for module in MODULES
    }
    order = list(TopologicalSorter(graph).static_order())
    assert set(order) >= MODULES.keys()


def imports_of_ours(package):
    """Pairs of a module in a package of ours, and a module of ours it imports."""
    prefix = f"{package}."
    modules = [module for module in MODULES if f"{module}.".startswith(prefix)]
    return [(module, other) for module in modules for other in imported(module) if is_ours(other)]


UI_LIBRARIES = {"ipywidgets", "anywidget", "altair", "numpy", "pandas", "traitlets", "vl_convert"}


def test_the_dashboards_widgets_know_nothing_of_the_domain():
    ui = "spacex.dashboard.ui"
    assert [pair for pair in imports_of_ours(ui) if not pair[1].startswith(ui)] == []
    modules = [module for module in MODULES if module.startswith(ui)]
    roots = {other.split(".")[0] for module in modules for other in imported(module)}
    assert roots <= {"spacex", *UI_LIBRARIES, *sys.stdlib_module_names}
    for path in (path for path in (PROJECT / "spacex/dashboard/ui").rglob("*") if path.is_file()):
        if path.suffix in {".py", ".js", ".css"}:
            text = re.sub(r"spacex\.dashboard\.ui", "", path.read_text().lower())
            assert not re.findall(r"spacex|launch|satellite|starlink|booster|rocket", text), path


def test_the_dashboards_server_is_given_its_pages():
    pages = "spacex.dashboard.pages"
    found = imports_of_ours("spacex.dashboard.app")
    assert [pair for pair in found if pair[1].startswith(pages)] == []


def test_no_page_of_the_dashboard_imports_another():
    def folder(module):
        parts = module.split(".")
        is_in_folder = (PROJECT / "/".join(parts[:4])).is_dir()
        return parts[3] if module.startswith(f"{pages}.") and is_in_folder else None

    pages = "spacex.dashboard.pages"
    across = [
        pair
        for pair in imports_of_ours(pages)
        if (folder(pair[0]) or pair[0] != pages) and folder(pair[1]) not in {None, folder(pair[0])}
    ]
    assert across == []


def test_the_package_stays_small_enough_to_survey():
    entries = [path for path in (PROJECT / "spacex").iterdir() if not path.name.startswith("__")]
    assert len(entries) <= MOST_ENTRIES
    assert len(LAYERS) <= MOST_LAYERS


def test_a_file_name_says_which_file_is_meant():
    names = Counter(path.name for path in MODULES.values() if path.name != "__init__.py")
    assert [name for name, count in names.items() if count > MOST_OF_ONE_NAME] == []


def knows_prefect(names):
    return {name for name in names if name.split(".")[0] in {"prefect", "flows"}}


def test_prefect_is_known_to_the_pipeline_and_the_command_line_alone():
    knowing = {module for module in MODULES if knows_prefect(imported(module))}
    assert [module for module in knowing if not module.startswith(KNOWS_PREFECT)] == []


def test_a_library_does_not_know_its_users():
    """Neither the notebooks' folder nor the tests are imported by the package."""
    users = {"notebooks", "tests", "benchmarks"}
    found = {module for module in MODULES if users & {n.split(".")[0] for n in imported(module)}}
    assert found == set()
