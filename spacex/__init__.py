"""SpaceX Insights: a notebook workbench over SpaceX and Starlink open data."""

__version__ = "0.1.0"
