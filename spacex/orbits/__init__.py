"""Orbital mechanics: mean elements, propagation, and what follows from them.

Each module stands for one noun and is imported by itself; `elements` needs NumPy alone.
"""
