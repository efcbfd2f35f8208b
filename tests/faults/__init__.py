"""What a run makes of every fault it may meet, each with the exit code and the words a person gets.

`world` has a published database and its three services; `services` and `machine` have the faults;
`outcome` runs one and says what came of it. `python -m tests.faults` writes `docs/reliability.md`
from that, and the tests compare each fault's outcome with its line there.
"""
