"""Definitions of the primitives that are written in the language itself.

The machine compiles these functions and prices what they do; CPython just calls them. What each is for, its shapes and
its failures stand in `primitives.catalogue`. A module holds the definitions of one topic; a name ending in `_2d` is the
definition for a rank-2 array, one ending in `_scalar` that for a scalar. Each text is written once for all element
types, and may call any primitive of the catalogue, but no function that is not in it.
"""
