"""Exports: a program of the language as one file of plain Python that runs without this project.

May import `fitness` and below. Nothing here runs the program in CPython.
"""
