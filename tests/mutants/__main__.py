"""`python -m tests.mutants`: try a sample of mutants; `--save` writes the results of the page."""

import argparse
import os
import tempfile
import time
from pathlib import Path

from tests.mutants import report, trial
from tests.mutants.mutants import PARTS, sample


def main() -> None:
    """Try a sample of mutants."""
    parser = argparse.ArgumentParser(prog="make mutate")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    parser.add_argument("--count", type=int, default=320, help="mutants in the sample")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--reach", type=Path, help="keep what the tests reach in this folder")
    parser.add_argument("--save", action="store_true", help="write the results to docs/testing.md")
    parser.add_argument("parts", nargs="*", default=list(PARTS), metavar="PART")
    args = parser.parse_args()
    mutants = sample(args.seed, args.count, args.parts)
    ends = []
    with tempfile.TemporaryDirectory() as temporary:
        reach = trial.reach(args.reach or Path(temporary))
        started = time.monotonic()
        for mutant, end in trial.try_all(mutants, reach, args.jobs):
            ends.append((mutant, end))
            place = f"{len(ends)}/{len(mutants)}, {time.monotonic() - started:.0f} s"
            print(f"{place}: {end}: {report.listed(mutant)}", flush=True)
    results = report.table(args.seed, ends)
    print(results)
    if args.save:
        report.write(results)


if __name__ == "__main__":
    main()
