"""Look the locked packages up among the known vulnerabilities: `python -m tests.supply.audit`.

The exit code is 0 if nothing is known against them, 1 if something is, and 2 if that cannot be told
here, for want of a network.
"""

import json
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.supply.lock import DEVELOPERS_LOCK, LOCK

SOURCE = "api.osv.dev"
PIP_AUDIT = "pip-audit==2.10.1"
UV = Path(sys.executable).with_name("uv")


def main() -> int:
    """Print what is known against the packages."""
    options = ("--require-hashes", "--disable-pip", "--vulnerability-service", "osv")
    shown = ("--progress-spinner", "off", "--format", "json")
    locks = ("-r", LOCK, "-r", DEVELOPERS_LOCK)
    command = [UV, "tool", "run", "--quiet", PIP_AUDIT, *options, *shown, *locks]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    console = Console(soft_wrap=True)
    try:
        audited = json.loads(done.stdout)["dependencies"]
    except ValueError:
        reason = done.stderr.strip().rpartition("\n")[2]
        console.print(f"The packages could not be looked up at {SOURCE}: {reason}", markup=False)
        console.print("Try again where there is a network. Nothing is known, good or bad.")
        return 2
    table = Table("package", "version", "vulnerability", "mended in")
    for each in audited:
        for found in each.get("vulns", []):
            mended = ", ".join(found["fix_versions"]) or "not yet"
            table.add_row(each["name"], each["version"], found["id"], mended)
    console.print(
        table if table.row_count else f"Nothing is known against {len(audited)} packages."
    )
    return int(bool(table.row_count))


if __name__ == "__main__":
    raise SystemExit(main())
