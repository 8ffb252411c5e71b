"""Plain numpy learners that a person wrote: what of them the language takes, and what to write instead of the rest.

It reads their text and never runs it, but for `comparison`, which a person asks for. Like all of `runs`, it may import
what lies below: population, fitness, tasks and primitives.
"""
