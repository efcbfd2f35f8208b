"""Print the coverage of each part of the package, from the output of `coverage json`."""

import json
import sys
from collections import Counter

statements: Counter[str] = Counter()
covered: Counter[str] = Counter()
for path, file in json.load(sys.stdin)["files"].items():
    part = "/".join(path.split("/")[:2])
    statements[part] += file["summary"]["num_statements"]
    covered[part] += file["summary"]["covered_lines"]
parts = [(part, covered[part], statements[part]) for part in statements]
for part, hit, count in [*parts, ("total", covered.total(), statements.total())]:
    sys.stdout.write(f"{part:24} {hit / max(count, 1):6.1%} of {count:6,} statements\n")
