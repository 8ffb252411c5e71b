"""Settings that all tests share."""

import hypothesis

# The first example of a property compiles the machine, which takes longer than any deadline for one example.
hypothesis.settings.register_profile("evolve", deadline=None, print_blob=True)
hypothesis.settings.load_profile("evolve")
