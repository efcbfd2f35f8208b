"""Run notebooks, start their kernels, and display tables and charts in them."""
