"""Notebooks: run them, start their kernels, and display tables and charts in them."""
