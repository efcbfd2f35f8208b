"""The limits of the HTTP API, in one place: the description of the API names them as well."""

QUERY_MS = 5000
"""Longest time of one query, ms. On two cores, sixteen at once
for the slowest view took more than three seconds."""

ROWS = 2000
"""Most rows of one response."""

PAGE_ROWS = 100
"""Rows of a page of a table unless a request says otherwise."""

VALUE_BYTES = 200_000
"""Longest text that a query may make. One instruction of SQLite, such as `instr`, cannot be
interrupted, and takes the product of the lengths of its texts: a second at most with these."""

RESULT_BYTES = 8 << 20
"""Most bytes of the values of one result."""

HEAP_BYTES = 128 << 20
"""Most memory of SQLite in the whole process: sorts and intermediate results are kept there."""

COLUMNS = 200
"""Most columns of a result; our tables have 50 at most."""

SELECTS = 400
"""Most SELECTs in a statement with those of its views, of which `v_coverage` has the most, 156.
SQLite cannot be interrupted while it plans a statement, a second with these."""

ADDRESS_BYTES = 8000
"""Longest address of a request, with its parameters and the SQL in them."""

PARAMETERS = 50
"""Most parameters of a request."""

QUERIES_AT_ONCE = 16
"""Most requests with SQL that are served at once."""

TABLES_AT_ONCE = 8
"""Most requests for tables and rows that are served at once, beside those with SQL."""

WAIT_S = 8.0
"""Longest wait of a request for its turn, s."""

REQUEST_S = 20.0
"""Longest time of one request, which may be several queries, s."""

CONNECTIONS = 200
"""Most connections at a time."""
