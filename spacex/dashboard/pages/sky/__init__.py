"""The page My sky."""
