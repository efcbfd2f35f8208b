"""The page Booster."""
