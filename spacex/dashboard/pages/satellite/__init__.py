"""The page Satellite."""
