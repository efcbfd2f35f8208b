"""The HTTP API: the published database for scripts, read-only, by Datasette.

- `served_database`: Datasette's database, which follows the published one and limits each query.
- `requests`: which requests are served at all, and their parameters.
- `lanes`: how many are served at once, and how long one may take.
- `application`: responses with their source; `openapi`: the description of the API.
- `server`: the process.
"""

DATABASE = "starlink"
"""Name of the database in the addresses, whatever its file is called."""

PORT = 8001
