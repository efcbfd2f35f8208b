"""Faults are where they belong, and a trial tells the ends of mutants apart."""

import ast
import json
from pathlib import Path

import pytest
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Example, Operator
from coverage import CoverageData

from spacex.settings import PROJECT
from tests.mutants import trial
from tests.mutants.mutants import Mutant, mutants_of, sample, statement_heads
from tests.mutants.operators import ChangeSql, DropCall, OtherEnd

pytestmark = pytest.mark.long

EXAMPLES = [
    (operator(), example)
    for operator in (DropCall, OtherEnd, ChangeSql)
    for example in operator.examples()
]


@pytest.mark.parametrize(("operator", "example"), EXAMPLES)
def test_an_operator_makes_its_fault(operator: Operator, example: Example) -> None:
    assert mutate_code(example.pre_mutation_code, operator, 0) == example.post_mutation_code


def test_what_a_string_says_to_people_is_no_sql() -> None:
    code = 'print("more > less AND min(1)")\n'
    assert mutate_code(code, ChangeSql(), 0) is None


def test_a_seed_chooses_the_same_mutants_and_no_two_of_a_statement() -> None:
    once, again, other = (sample(seed, 12, ["extract"]) for seed in (1, 1, 2))
    assert once == again != other
    assert len({(mutant.path, mutant.lines) for mutant in once}) == len(once) == 12


def test_a_mutant_that_is_no_python_is_left_out() -> None:
    path = "spacex/extract/http_client.py"
    found = [
        mutant for mutant in mutants_of("extract", PROJECT / path) if mutant.operator == "AddNot"
    ]
    assert not all(mutant.compiles() for mutant in found)
    assert all(mutant.compiles() for mutant in sample(3, 20, ["extract"]))


def test_annotations_are_no_place_for_a_fault() -> None:
    heads = statement_heads(ast.parse("def f(\n    a: int | None,\n) -> int:\n    return 1\n"))
    assert 2 not in heads
    assert heads[4] == (4,)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project whose only test notices one of two faults."""
    (tmp_path / "subject.py").write_text("def f(a):\n    return a < 1\n")
    (tmp_path / "test_subject.py").write_text(
        "from subject import f\n\ndef test_far():\n    assert f(0) and not f(9)\n"
    )
    monkeypatch.setattr(trial, "PYTEST", (*trial.PYTEST, "-c", "/dev/null"))
    return tmp_path


@pytest.mark.parametrize(
    ("code", "end"),
    [
        ("def f(a):\n    return a > 1\n", trial.KILLED),
        ("def f(a):\n    return a <= 1\n", trial.SURVIVED),
        ("def g(a):\n    return a < 1\n", trial.KILLED),
    ],
)
def test_a_trial_tells_the_ends_apart(project: Path, code: str, end: str) -> None:
    (project / "subject.py").write_text(code)
    assert trial.end_of(project, [trial.Test("test_subject.py::test_far", 0.1)]) == end


def test_tests_that_are_gone_are_named(project: Path) -> None:
    (project / "test_other.py").write_text("def test_near():\n    pass\n")
    trial.check_tests(project, ["test_subject.py::test_far", "test_other.py::test_near"])
    with pytest.raises(SystemExit, match=r"not found: .*test_gone[^$]*Record anew"):
        trial.check_tests(project, ["test_subject.py::test_far", "test_subject.py::test_gone"])


def test_constants_are_reached_by_the_tests_of_their_folder(tmp_path: Path) -> None:
    tests = {name: {"s": 0.1, "fixtures": []} for name in ("tests/orbits/a.py::t", "tests/b.py::t")}
    (tmp_path / "tests.1.json").write_text(json.dumps(tests))
    reach = trial.Reach(tmp_path)
    mutant = Mutant("", "spacex/orbits/earth.py", 1, (1,), "NumberReplacer", 0)
    assert reach.of(mutant) == [trial.Test("tests/orbits/a.py::t", 0.1)]


def test_a_constant_is_reached_by_the_tests_of_its_uses(tmp_path: Path) -> None:
    """The budget of requests is used by few tests of the many that reach the ledger."""
    path = "spacex/extract/request_ledger.py"
    code = (PROJECT / path).read_text().splitlines()
    line = code.index("_HOUR = timedelta(hours=1)") + 1
    use = next(number for number, text in enumerate(code, 1) if "- _HOUR" in text)
    recorded = CoverageData(str(tmp_path / "coverage.1"))
    for context, lines in (("tests/near.py::t", [use]), ("tests/far.py::t", [use + 1])):
        recorded.set_context(context)
        recorded.add_lines({str(PROJECT / path): lines})
    recorded.write()
    tests = {name: {"s": 0.1, "fixtures": []} for name in ("tests/near.py::t", "tests/far.py::t")}
    (tmp_path / "tests.1.json").write_text(json.dumps(tests))
    mutant = Mutant("", path, line, (line,), "NumberReplacer", 0)
    assert trial.Reach(tmp_path).of(mutant) == [trial.Test("tests/near.py::t", 0.1)]


def test_a_mutant_no_test_reaches_is_told(tmp_path: Path) -> None:
    assert (
        trial.end_in(tmp_path, Mutant("", "subject.py", 1, (1,), "DropCall", 0), [])
        == trial.UNREACHED
    )
