"""What the project measures of itself; `python -m benchmarks` prints it, docs/benchmarks.md records it."""
