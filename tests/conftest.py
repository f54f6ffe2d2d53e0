"""One hypothesis profile for all tests: no deadline (kernels compile at first use), the same examples."""

import signal

from hypothesis import settings

settings.register_profile("minent", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("minent")

# Jobs in the background ignore Ctrl-C, and what they start would, too.
signal.signal(signal.SIGINT, signal.default_int_handler)
