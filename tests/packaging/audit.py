"""List known vulnerabilities of the locked packages: `python -m tests.packaging.audit`.

The exit code is 0 if there are none, 1 if there are some, and 2 if the database of vulnerabilities
cannot be reached.
"""

import json
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.packaging.locks import LOCKS

SOURCE = "api.osv.dev"
PIP_AUDIT = "pip-audit==2.10.1"
UV = Path(sys.executable).with_name("uv")


def main() -> int:
    """Print the known vulnerabilities; return the exit code."""
    options = ("--require-hashes", "--disable-pip", "--vulnerability-service", "osv")
    output = ("--progress-spinner", "off", "--format", "json")
    locks = [option for lock in LOCKS for option in ("-r", lock)]
    command = [UV, "tool", "run", "--quiet", PIP_AUDIT, *options, *output, *locks]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    console = Console(soft_wrap=True)
    try:
        audited = json.loads(done.stdout)["dependencies"]
    except ValueError:
        reason = done.stderr.strip().rpartition("\n")[2]
        console.print(f"The audit failed: {SOURCE} did not answer ({reason}).", markup=False)
        console.print("Try again with a network connection.")
        return 2
    table = Table("package", "version", "vulnerability", "fixed in")
    for each in audited:
        for found in each.get("vulns", []):
            fixed = ", ".join(found["fix_versions"]) or "no release"
            table.add_row(each["name"], each["version"], found["id"], fixed)
    console.print(
        table if table.row_count else f"No known vulnerabilities in {len(audited)} packages."
    )
    return int(bool(table.row_count))


if __name__ == "__main__":
    raise SystemExit(main())
