"""Textbook programs for sparse parity: correct and plain, nothing in them is made for the energy of data movement.

They are what a person would write down first, and show what a search makes of that; the programs of the package above
are tuned by hand. One file each, read as text by `primitives.seeds`; nothing here imports or runs them.
"""
