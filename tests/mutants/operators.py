"""The kinds of faults: those of Cosmic Ray that people make, and three of this project.

An operator lists the places of a syntax tree that it can change, and changes one of them.
"""

import re
from collections.abc import Iterable, Iterator

from cosmic_ray.operators import (
    binary_operator_replacement,
    boolean_replacer,
    comparison_operator_replacement,
    number_replacer,
    unary_operator_replacement,
    zero_iteration_for_loop,
)
from cosmic_ray.operators.operator import Example, Operator
from parso.python import tree
from parso.tree import NodeOrLeaf

Span = tuple[tuple[int, int], tuple[int, int]]

COMPARISONS = {
    "Lt": ("LtE", "Gt"),
    "LtE": ("Lt", "Gt"),
    "Gt": ("GtE", "Lt"),
    "GtE": ("Gt", "Lt"),
    "Eq": ("NotEq",),
    "NotEq": ("Eq",),
    "Is": ("IsNot",),
    "IsNot": ("Is",),
}
ARITHMETIC = {"Add": "Sub", "Sub": "Add", "Mul": "Div", "Div": "Mul", "FloorDiv": "Div"}

CHOICES = {
    "min": "max",
    "max": "min",
    "any": "all",
    "all": "any",
    "first": "last",
    "last": "first",
    "idxmin": "idxmax",
    "idxmax": "idxmin",
    "ffill": "bfill",
    "floor": "ceil",
    "ceil": "floor",
    "left": "right",
    "startswith": "endswith",
    "endswith": "startswith",
}
"""Name of a function or method → the one of the other end."""

SQL = re.compile(r"\b(?:SELECT|WHERE|UPDATE|INSERT|DELETE|ORDER BY|GROUP BY|JOIN|OVER)\b")
SQL_CHANGES = {
    r"(?<![<>=!])<(?![<>=])": "<=",
    r"<=": "<",
    r"(?<![<>=!-])>(?![<>=])": ">=",
    r">=": ">",
    r"\bAND\b": "OR",
    r"\bOR\b(?! (?:REPLACE|IGNORE))": "AND",
    r"\bIS NULL\b": "IS NOT NULL",
    r"\bIS NOT NULL\b": "IS NULL",
    r"\bmin\(": "max(",
    r"\bmax\(": "min(",
    r" DESC\b": " ASC",
    r"\bNOT EXISTS\b": "EXISTS",
    r"\bLEFT JOIN\b": "JOIN",
    r"\bDISTINCT ": "",
    r" \+ ": " - ",
    r" - ": " + ",
}
"""Pattern in SQL → its replacement."""


class DropCall(Operator):
    """Drop a statement that only calls something: an fsync, a log line, a check."""

    def mutation_positions(self, node: NodeOrLeaf) -> Iterator[Span]:
        """Yield the span of a call that is a statement of its own."""
        if node.type == "simple_stmt" and _is_call(node.children[0]):
            yield node.start_pos, node.end_pos

    def mutate(self, node: NodeOrLeaf, _index: int) -> NodeOrLeaf:
        """Replace the call by `pass`."""
        first = node.get_first_leaf()
        node.children[0] = tree.Keyword("pass", first.start_pos, first.prefix)
        return node

    @classmethod
    def examples(cls) -> Iterable[Example]:
        """Return examples."""
        return (Example("sync(path)\n", "pass\n"),)


class OtherEnd(Operator):
    """Choose from the other end: `min` for `max`, `last` for `first`."""

    def mutation_positions(self, node: NodeOrLeaf) -> Iterator[Span]:
        """Yield the span of the name of a function that is called."""
        if node.type == "name" and node.value in CHOICES:
            after = node.get_next_leaf()
            if after is not None and after.value == "(":
                yield node.start_pos, node.end_pos

    def mutate(self, node: NodeOrLeaf, _index: int) -> NodeOrLeaf:
        """Replace the name."""
        node.value = CHOICES[node.value]
        return node

    @classmethod
    def examples(cls) -> Iterable[Example]:
        """Return examples."""
        return (Example("min(a)", "max(a)"), Example("a.first()", "a.last()"))


class ChangeSql(Operator):
    """Change a comparison, a connective, a sign, an aggregate or an order of SQL."""

    def mutation_positions(self, node: NodeOrLeaf) -> Iterator[Span]:
        """Yield the span of a string for each change of its SQL."""
        for _ in _sql_changes(node):
            yield node.start_pos, node.end_pos

    def mutate(self, node: NodeOrLeaf, index: int) -> NodeOrLeaf:
        """Make one of the changes."""
        node.value = list(_sql_changes(node))[index]
        return node

    @classmethod
    def examples(cls) -> Iterable[Example]:
        """Return examples."""
        return (
            Example('"SELECT a WHERE b < 1"', '"SELECT a WHERE b <= 1"'),
            Example('"SELECT a WHERE b AND c"', '"SELECT a WHERE b OR c"'),
        )


def _is_call(node: NodeOrLeaf) -> bool:
    """Return whether an expression is a call, not a docstring or an assignment."""
    return node.type in {"power", "atom_expr"} and node.get_last_leaf().value == ")"


def _sql_changes(node: NodeOrLeaf) -> Iterator[str]:
    """Yield a string leaf with each change of the SQL in it."""
    if node.type not in {"string", "fstring_string"} or not _is_sql(node):
        return
    for pattern, replacement in SQL_CHANGES.items():
        for match in re.finditer(pattern, node.value):
            yield node.value[: match.start()] + replacement + node.value[match.end() :]


def _is_sql(node: NodeOrLeaf) -> bool:
    """Return whether a string, or the one with placeholders around it, is SQL."""
    whole = node.parent if node.type == "fstring_string" else node
    return whole.parent.type != "simple_stmt" and bool(SQL.search(whole.get_code()))


def operators() -> dict[str, Operator]:
    """Return all operators by name."""
    made: list[type[Operator]] = [
        getattr(comparison_operator_replacement, f"ReplaceComparisonOperator_{name}_{other}")
        for name, others in COMPARISONS.items()
        for other in others
    ]
    made += [
        getattr(binary_operator_replacement, f"ReplaceBinaryOperator_{name}_{other}")
        for name, other in ARITHMETIC.items()
    ]
    made += [
        boolean_replacer.AddNot,
        boolean_replacer.ReplaceTrueWithFalse,
        boolean_replacer.ReplaceFalseWithTrue,
        boolean_replacer.ReplaceAndWithOr,
        boolean_replacer.ReplaceOrWithAnd,
        number_replacer.NumberReplacer,
        unary_operator_replacement.ReplaceUnaryOperator_USub_UAdd,
        unary_operator_replacement.ReplaceUnaryOperator_Delete_Not,
        zero_iteration_for_loop.ZeroIterationForLoop,
        DropCall,
        OtherEnd,
        ChangeSql,
    ]
    return {operator.__name__: operator() for operator in made}
