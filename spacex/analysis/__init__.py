"""What the history of the fleet and the launches adds up to; docs/analytics.md has the limits.

Each module has one figure: its formula as a pure function, and its numbers for a database.
"""
