"""The page Passes."""
