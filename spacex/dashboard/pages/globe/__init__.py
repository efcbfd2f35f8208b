"""The page Globe."""
