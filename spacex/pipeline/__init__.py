"""The pipeline: the stages of a run, and what Prefect needs to run them."""
