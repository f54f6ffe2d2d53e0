"""One hypothesis profile for all tests: no deadline (kernels compile at first use), the same examples."""

import os

from hypothesis import settings

settings.register_profile("minent", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("minent")


def pytest_configure(config):
    if os.environ.get("NUMBA_DISABLE_JIT", "0") != "0":
        # The FNV hash wraps on purpose; compiled code is silent about it, interpreted NumPy scalars are not.
        config.addinivalue_line(
            "filterwarnings",
            "ignore:overflow encountered in scalar multiply:RuntimeWarning:minent._kernels.units",
        )
