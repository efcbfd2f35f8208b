"""The lineage of runs as events of OpenLineage.

`docs/lineage.md` says which events, datasets and facets there are.
"""
