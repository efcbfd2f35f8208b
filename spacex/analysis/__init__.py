"""Queries and measures of the published data; docs/analytics.md states their limits.

A measure is a pure function of arrays or frames, and a function that applies it to a database.
"""
