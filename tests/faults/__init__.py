"""Inject faults into runs, and record the outcome of each.

`fault_setup` holds a published database and its three services. `services`, `machine` and
`processes` list the faults; `outcome` injects one and describes the outcome. `python -m
tests.faults` writes `docs/reliability.md`; the tests compare each outcome with its row there.
"""
