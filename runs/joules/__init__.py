"""Joules as the processor's own counters give them: reading the counters, and measuring exported files.

Like all of `runs`, it may import what lies below; it imports nothing of it.
"""
