"""The page Boosters."""
