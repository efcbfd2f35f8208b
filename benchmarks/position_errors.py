"""Fit the laws of `spacex/analysis/error_laws.toml` anew: `python -m benchmarks.position_errors`.

The recordings are in `../shared/recorded`. Half of the satellites are held out;
`python -m benchmarks forecasts` compares the laws with them.
"""

from collections.abc import Iterable

from benchmarks.measurement import leave_out_pyarrow
from spacex.analysis import error_laws
from spacex.analysis.error_laws import ErrorLaw, PowerLaw
from spacex.analysis.position_errors import SEED, fit
from spacex.settings import PROJECT
from tests.conftest import RECORDED
from tests.recorded_orbits import PERIOD, SOURCE, all_pairs


def as_toml(laws: Iterable[ErrorLaw]) -> str:
    """Return the text of the table of laws."""
    head = (
        "# Made by `python -m benchmarks.position_errors`; see docs/analytics.md.\n"
        f'source = "{SOURCE}"\nperiod = "{PERIOD}"\nseed = {SEED}\n'
    )
    return head + "".join(map(_law, laws))


def _law(law: ErrorLaw) -> str:
    lines = [f'group = "{law.group}"', f"pairs = {law.pairs}", f"satellites = {law.satellites}"]
    lines += [f"{name} = {_power(getattr(law, name))}" for name in ("low", "median", "high")]
    lines += [
        f"{name} = [{', '.join(f'{each:.3f}' for each in getattr(law, name))}]"
        for name in ("km_95", "exponent_95")
    ]
    return "\n[[law]]\n" + "\n".join(lines) + "\n"


def _power(law: PowerLaw) -> str:
    return f"{{ km = {law.km:.3f}, exponent = {law.exponent:.3f} }}"


if __name__ == "__main__":
    leave_out_pyarrow()
    pairs = all_pairs(RECORDED)
    path = PROJECT / "spacex" / "analysis" / error_laws.FILE
    path.write_text(as_toml(fit(pairs[~pairs["is_held_out"]])))
