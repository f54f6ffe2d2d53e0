"""One hypothesis profile for all tests: no deadline (kernels compile at first use), the same examples."""

from hypothesis import settings

settings.register_profile("minent", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("minent")
