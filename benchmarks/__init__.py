"""Comparisons with other programs: each is validated first, then timed; ``python -m benchmarks`` runs them."""

# Modules that hold comparisons, in the order of the report.
MODULES = (
    "benchmarks.counting",
    "benchmarks.discovery",
    "benchmarks.segmentation",
    "benchmarks.loading",
    "benchmarks.itemsets",
)

# Sections of the report, in their order; any other comes after these.
SECTIONS = (
    "methods",
    "sizes",
    "names",
    "sighan",
    "granularity",
    "counting",
    "frequent",
    "discovery",
    "spans",
    "lists",
    "files",
    "loading",
    "startup",
    "itemsets",
    "itemsets-large",
    "itemsets-python",
    "rules",
    "scaling",
)
