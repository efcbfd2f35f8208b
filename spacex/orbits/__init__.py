"""Orbital mechanics of mean elements: propagation, passes, shells and planes.

Import the modules separately; `elements` depends on NumPy alone.
"""
