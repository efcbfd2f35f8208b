"""Where the time goes: `make bench`."""
