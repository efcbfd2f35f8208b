"""Orbital mechanics of mean elements: propagation, passes, shells and planes.

Import each module by itself; `elements` depends on NumPy alone.
"""
