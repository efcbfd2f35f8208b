"""The page How we know."""
