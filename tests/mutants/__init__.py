"""Mutation testing: put small faults into the code, one at a time; a test has to notice each."""
