"""The mutants of the code that decides, and a sample of them for each part."""

import ast
import random
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import parso
from cosmic_ray.ast import ast_nodes
from cosmic_ray.mutating import mutate_code

from spacex.settings import PROJECT
from tests.mutants.operators import operators

PARTS = {
    "orbits": ("spacex/orbits",),
    "sources": ("spacex/sources",),
    "extract": ("spacex/extract",),
    "transform": ("spacex/transform",),
    "warehouse": ("spacex/warehouse",),
    "analysis": ("spacex/analysis",),
    "pipeline and flows": ("spacex/pipeline", "flows"),
    "dashboard": ("spacex/dashboard",),
}
"""Part → its folders."""


_CONSTANT = re.compile(r"_?[A-Z]\w*(?= *(: .+)?=)")


class Mutant(NamedTuple):
    """One small fault."""

    part: str
    path: str  # of the module, relative to the project
    line: int
    lines: tuple[int, ...]  # those of the statement's head
    operator: str
    occurrence: int

    def code(self) -> str:
        """Return the module with this fault."""
        code = (PROJECT / self.path).read_text("utf-8")
        changed = mutate_code(code, operators()[self.operator], self.occurrence)
        assert changed is not None
        return str(changed)

    def uses(self) -> list[int]:
        """Return the lines that name the constant in which the fault is; none if it is in none."""
        code = (PROJECT / self.path).read_text("utf-8").splitlines()
        name = _CONSTANT.match(code[self.lines[0] - 1])
        if name is None:
            return []
        named = re.compile(rf"\b{name[0]}\b")
        return [number for number, text in enumerate(code, 1) if named.search(text)]

    def compiles(self) -> bool:
        """Return whether the module with this fault is Python."""
        try:
            ast.parse(self.code())
        except SyntaxError:
            return False
        return True


def sample(seed: int, count: int, parts: list[str]) -> list[Mutant]:
    """Choose mutants, as many in each part, and no two in one statement."""
    chosen: list[Mutant] = []
    for part in parts:
        found = list(_mutants(part))
        random.Random(f"{seed} {part}").shuffle(found)  # noqa: S311 - a sample, no secret
        one_each = {(mutant.path, mutant.lines): mutant for mutant in found}
        valid = (mutant for mutant in one_each.values() if mutant.compiles())
        chosen += islice(valid, count // len(parts))
    return chosen


def _mutants(part: str) -> Iterator[Mutant]:
    """Yield all mutants of a part."""
    for folder in PARTS[part]:
        for path in sorted((PROJECT / folder).rglob("*.py")):
            yield from mutants_of(part, path)


def mutants_of(part: str, path: Path) -> Iterator[Mutant]:
    """Yield the mutants of a module, but for those in annotations."""
    code = path.read_text("utf-8")
    nodes = list(ast_nodes(parso.parse(code)))
    heads = statement_heads(ast.parse(code))
    for name, operator in operators().items():
        spans = (span for node in nodes for span in operator.mutation_positions(node))
        for occurrence, ((line, _), _) in enumerate(spans):
            if line in heads:
                where = path.relative_to(PROJECT).as_posix()
                yield Mutant(part, where, line, heads[line], name, occurrence)


def statement_heads(module: ast.Module) -> dict[int, tuple[int, ...]]:
    """Return for each line of a module the lines of its innermost statement, without its body.

    The lines of annotations of parameters and fields, which nothing computes, are left out.
    """
    heads: dict[int, tuple[int, ...]] = {}
    for node in ast.walk(module):  # outer statements first
        if not isinstance(node, ast.stmt):
            continue
        body = getattr(node, "body", None)
        end = body[0].lineno - 1 if body else node.end_lineno or node.lineno
        lines = tuple(range(node.lineno, max(end, node.lineno) + 1))
        heads |= dict.fromkeys(lines, lines)
    for node in ast.walk(module):
        annotation = getattr(node, "annotation", None)
        if annotation is not None and getattr(node, "value", None) is None:
            heads.pop(annotation.lineno, None)
        returns = getattr(node, "returns", None)
        if returns is not None and returns.lineno != node.lineno:
            heads.pop(returns.lineno, None)
    return heads
