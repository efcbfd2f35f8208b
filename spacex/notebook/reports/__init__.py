"""Reports made to order: their notebooks and parameters, the checks of these, and the making."""
