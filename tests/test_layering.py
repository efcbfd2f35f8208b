"""Modules import only from layers below their own, and the package stays easy to survey."""

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]

LAYERS = (
    {"errors"},
    {"units", "settings"},
    {"schema", "orbits", "files"},
    {"sources"},
    {"extract"},
    {"transform"},
    {"warehouse"},
    {"analysis"},
    {"notebook"},
    {"pipeline", "dashboard"},
    {"cli"},
)
"""From the bottom up; parts of one layer do not import each other."""

MAX_ENTRIES, MAX_LAYERS, MAX_SAME_NAME = 16, 12, 2

USES_PREFECT = ("spacex.cli", "spacex.pipeline")


def name_of(path: Path) -> str:
    """Return the name of the module in a file."""
    return ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {name_of(path): path for path in PROJECT.glob("spacex/**/*.py")}


def imports(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Yield the modules that nodes import; `from package import module` yields the module."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in MODULES else node.module


def tree(module: str) -> ast.Module:
    """Return the syntax tree of a module."""
    return ast.parse(MODULES[module].read_text())


def imported(module: str) -> set[str]:
    """Return everything that a module imports, also inside functions."""
    return set(imports(ast.walk(tree(module))))


def imported_on_load(module: str) -> set[str]:
    """Return what a module imports outside functions and type checking."""
    todo: list[ast.AST] = list(tree(module).body)
    found: set[str] = set()
    while todo:
        node = todo.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            todo += node.orelse
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            found |= set(imports([node]))
            todo += ast.iter_child_nodes(node)
    return found


def part(module: str) -> str:
    """Return the part of the package that contains a module: `schema` for `spacex.schema.ddl`."""
    return module.split(".")[1] if "." in module else ""


def is_ours(module: str) -> bool:
    """Return whether a module belongs to this package."""
    return module.split(".", maxsplit=1)[0] == "spacex"


def importable(name: str) -> set[str]:
    """Return the parts that a part may import, itself included."""
    (place,) = (place for place, layer in enumerate(LAYERS) if name in layer)
    return set().union(*LAYERS[:place]) | {name, ""}


PARTS = sorted({part(module) for module in MODULES} - {"", "__main__"})


def test_every_part_belongs_to_one_layer() -> None:
    placed = [name for layer in LAYERS for name in layer]
    assert sorted(placed) == PARTS


@pytest.mark.parametrize("name", PARTS)
def test_a_part_imports_only_from_layers_below(name: str) -> None:
    upward = {
        (module, other)
        for module in MODULES
        if part(module) == name
        for other in imported(module)
        if is_ours(other) and part(other) not in importable(name)
    }
    assert upward == set()


def test_the_package_itself_loads_none_of_its_parts() -> None:
    assert {other for other in imported_on_load("spacex") if is_ours(other)} == set()


def test_there_are_no_circular_imports() -> None:
    graph = {
        module: {other for other in imported_on_load(module) if is_ours(other)} - {module}
        for module in MODULES
    }
    order = list(TopologicalSorter(graph).static_order())
    assert set(order) >= MODULES.keys()


def internal_imports(package: str) -> set[tuple[str, str]]:
    """Return pairs of a module in a package and a module of ours that it imports."""
    modules = [module for module in MODULES if f"{module}.".startswith(f"{package}.")]
    return {(module, other) for module in modules for other in imported(module) if is_ours(other)}


UI = "spacex.dashboard.ui"
UI_LIBRARIES = {"ipywidgets", "anywidget", "altair", "numpy", "pandas", "traitlets", "vl_convert"}
DOMAIN_WORDS = re.compile(
    r"spacex(?!\.dashboard\.ui)|launch|satellite|starlink|booster|rocket", re.I
)


def test_the_dashboards_widgets_import_nothing_of_the_domain() -> None:
    modules = {module for module in MODULES if module.startswith(UI)}
    names = {name for module in modules for name in imported(module)}
    assert {name for name in names if is_ours(name)} <= modules
    roots = {name.split(".")[0] for name in names}
    assert roots <= {"spacex", *UI_LIBRARIES, *sys.stdlib_module_names}


def test_the_dashboards_widgets_use_no_words_of_the_domain() -> None:
    files = MODULES[UI].parent.rglob("*.*")
    texts = [path.read_text() for path in files if path.suffix in {".py", ".js", ".css"}]
    assert [word for text in texts for word in DOMAIN_WORDS.findall(text)] == []


PAGES = "spacex.dashboard.pages"


def test_the_dashboards_server_does_not_import_its_pages() -> None:
    pairs = internal_imports("spacex.dashboard.app")
    assert {pair for pair in pairs if pair[1].startswith(PAGES)} == set()


def page(module: str) -> str:
    """Return the page whose folder contains a module; empty for modules that pages share."""
    folder = MODULES[module].parent
    return folder.name if folder.parent == MODULES[PAGES].parent else ""


def test_no_page_of_the_dashboard_imports_another() -> None:
    pairs = internal_imports(PAGES)
    shared = {pair for pair in pairs if not page(pair[1])}
    listed = {pair for pair in pairs if pair[0] == PAGES}
    assert {pair for pair in pairs - shared - listed if page(pair[0]) != page(pair[1])} == set()


def test_the_package_has_few_entries_and_layers() -> None:
    entries = [path for path in (PROJECT / "spacex").iterdir() if not path.name.startswith("__")]
    assert len(entries) <= MAX_ENTRIES
    assert len(LAYERS) <= MAX_LAYERS


def test_file_names_are_nearly_unique() -> None:
    names = Counter(path.name for path in MODULES.values() if path.name != "__init__.py")
    assert {name for name, count in names.items() if count > MAX_SAME_NAME} == set()


def test_every_package_has_a_docstring() -> None:
    packages = {name_of(path.parent / "__init__.py") for path in MODULES.values()}
    documented = {name for name in packages & MODULES.keys() if ast.get_docstring(tree(name))}
    assert packages - documented == set()


def undescribed(nodes: Iterable[ast.stmt]) -> Iterator[str]:
    """Yield public functions with three or more parameters whose docstring has no `Args:`."""
    for node in nodes:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from undescribed(node.body)
        elif isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            parameters = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            names = {each.arg for each in parameters if not each.arg.startswith("_")}
            decorators = map(ast.unparse, node.decorator_list)
            is_command = any(".command(" in text for text in decorators)
            if len(names - {"self", "cls"}) > 2 and not is_command:
                text = ast.get_docstring(node) or ""
                yield from [] if "Args:" in text else [node.name]


def test_functions_with_three_parameters_describe_them() -> None:
    found = {(module, name) for module in MODULES for name in undescribed(tree(module).body)}
    assert found == set()


def test_only_the_pipeline_and_the_command_line_use_prefect() -> None:
    users = {
        module
        for module in MODULES
        if {"prefect", "flows"} & {name.split(".")[0] for name in imported(module)}
    }
    assert {module for module in users if not module.startswith(USES_PREFECT)} == set()


def test_the_package_does_not_import_its_users() -> None:
    users = {"notebooks", "tests", "benchmarks"}
    found = {module for module in MODULES if users & {n.split(".")[0] for n in imported(module)}}
    assert found == set()
