"""The published database: staging, guards, checks, views and the dictionary."""
