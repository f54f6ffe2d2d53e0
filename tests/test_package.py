import ast
import importlib
import inspect
import pkgutil
import re
import types
from pathlib import Path

import pytest

import minent

ROOT = Path(__file__).parent.parent
# The pipeline: a module imports only from its left.
PIPELINE = [
    *("errors", "_files", "_disk", "_growing", "_memory", "_threads", "_progress", "_optional"),
    *("units", "folding", "unpacking", "decoding", "reading", "corpus"),
    *("_buckets", "counting", "ngrams", "ngram_lines", "association", "branching"),
    *("trie", "lattice", "formats", "table", "parsing", "compiled", "vocab"),
    *("entropy", "contrast", "lexicon", "numerals", "autonomy"),
    *(
        "gaps",
        "sampler",
        "model_file",
        "known",
        "wholes",
        "cutter",
        "bigram",
        "spellings",
        "joining",
        "discovery",
        "segmenter",
    ),
    *("evaluation", "dimension"),
    *("numbering", "basket_files", "transactions", "itemsets", "database"),
    *("thresholds", "search", "apriori", "rules"),
]
SOURCES = {path.stem: path for path in (ROOT / "minent").glob("*.py")}
KERNELS = {path.stem: path for path in (ROOT / "minent/_kernels").glob("*.py")}


def tree_of(path):
    return ast.parse(path.read_text("utf-8"))


def imported_by(tree):
    """Full names of the modules that are imported anywhere in a file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative import"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def pyproject(pattern):
    return re.search(pattern, (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE | re.DOTALL)[1]


def test_pipeline_names_every_module():
    assert sorted(PIPELINE) == sorted(SOURCES.keys() - {"__init__"})


@pytest.mark.parametrize("module", PIPELINE)
def test_a_module_imports_only_from_its_left(module):
    known = {f"minent.{name}" for name in PIPELINE}
    used = {name.removeprefix("minent.") for name in known.intersection(imported_by(tree_of(SOURCES[module])))}
    assert used <= set(PIPELINE[: PIPELINE.index(module)])


@pytest.mark.parametrize("module", KERNELS)
def test_kernels_import_nothing_of_minent(module):
    assert not [name for name in imported_by(tree_of(KERNELS[module])) if name.startswith("minent")]


@pytest.mark.parametrize("path", [*SOURCES.values(), *KERNELS.values()], ids=lambda path: path.stem)
def test_the_library_prints_nothing_and_knows_no_click(path):
    tree = tree_of(path)
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "print"]
    tops = {name.partition(".")[0] for name in imported_by(tree)}
    assert tops.isdisjoint({"click", "minent_cli"})


def test_tqdm_is_used_in_one_module_only():
    users = [name for name, path in SOURCES.items() if "tqdm" in set(imported_by(tree_of(path)))]
    assert users == ["_progress"]


def test_all_is_what_is_public():
    public = {name for name in vars(minent) if not name.startswith("_")}
    modules = {name for name in public if isinstance(getattr(minent, name), types.ModuleType)}
    assert modules <= SOURCES.keys()
    assert sorted(public - modules) == minent.__all__ == sorted(minent.__all__)


def test_dir_lists_what_is_public():
    assert dir(minent) == sorted([*minent.__all__, "__version__"])


def test_a_function_hides_the_module_of_its_name_and_nothing_else():
    # minent.entropy is the function; the module is reached by "from minent.entropy import ...".
    hidden = [name for name in SOURCES if name in minent.__all__]
    assert hidden == ["entropy"]


@pytest.mark.parametrize("module", PIPELINE)
def test_all_of_a_module_exists_and_is_its_own(module):
    loaded = importlib.import_module(f"minent.{module}")
    for name in getattr(loaded, "__all__", []):
        assert getattr(getattr(loaded, name), "__module__", loaded.__name__) == loaded.__name__


def test_packages_are_the_folders_with_python_files():
    stated = re.findall(r'"([^"]+)"', pyproject(r"^packages = \[(.*?)\]$"))
    folders = {path.parent.relative_to(ROOT) for top in ("minent", "cli") for path in ROOT.glob(f"{top}/**/*.py")}
    found = [".".join(("minent_cli" if part == "cli" else part) for part in folder.parts) for folder in folders]
    assert sorted(stated) == sorted(found)


def test_every_package_has_an_init():
    assert {path.parent for top in ("minent", "cli") for path in ROOT.glob(f"{top}/**/*.py")} == {
        path.parent for top in ("minent", "cli") for path in ROOT.glob(f"{top}/**/__init__.py")
    }


def test_version_is_stated_once():
    assert pyproject(r'^version = "(.*?)"$') == minent.__version__


# Docstrings

TOP = {name: getattr(minent, name) for name in minent.__all__ if not name.startswith("__")}


def everything_public():
    """Each public function, class and method of minent, as (path of names, object)."""
    for info in pkgutil.iter_modules(minent.__path__):
        if info.ispkg or info.name.startswith("_"):
            continue
        module = importlib.import_module(f"minent.{info.name}")
        for name in module.__all__:
            thing = getattr(module, name)
            if inspect.isclass(thing):
                yield f"{info.name}.{name}", thing
                for method, member in vars(thing).items():
                    if not method.startswith("_"):
                        yield f"{info.name}.{name}.{method}", getattr(thing, method, member)
            elif inspect.isfunction(inspect.unwrap(thing)):
                yield f"{info.name}.{name}", thing


PUBLIC = dict(everything_public())
FUNCTIONS = {name: thing for name, thing in PUBLIC.items() if callable(thing) and not inspect.isclass(thing)}


def sections(thing):
    return set(re.findall(r"^(\w[\w ]*)\n-+$", inspect.getdoc(thing) or "", re.MULTILINE))


def documented(thing):
    """Names in the section Parameters."""
    text = re.split(r"\n\n(?=\w[\w ]*\n-+\n)", inspect.getdoc(thing).partition("Parameters\n----------\n")[2])[0]
    heads = [line.partition(" : ")[0] for line in text.splitlines() if line and not line.startswith(" ")]
    return {name.strip().lstrip("*") for head in heads for name in head.split(",")}


def parameters(thing):
    return [name for name in inspect.signature(thing).parameters if name not in ("self", "cls")]


@pytest.mark.parametrize("name", PUBLIC)
def test_everything_public_has_a_docstring_of_its_own(name):
    thing = PUBLIC[name].fget if isinstance(PUBLIC[name], property) else PUBLIC[name]
    assert vars(thing)["__doc__"] if inspect.isclass(thing) else thing.__doc__


@pytest.mark.parametrize(
    "name",
    TOP,
)
def test_every_name_of_the_tour_has_numpydoc_sections(name):
    thing = TOP[name]
    found = sections(thing)
    if issubclass(type(thing), type) and issubclass(thing, Exception):
        return
    assert "Examples" in found
    if inspect.isfunction(thing):
        returned = inspect.signature(thing).return_annotation
        assert {"Parameters"} | ({"Returns"} if returned != "None" else set()) <= found
        assert set(parameters(thing)) == documented(thing)
    else:
        assert found & {"Parameters", "Attributes"}


@pytest.mark.parametrize("name", [name for name in PUBLIC if "Parameters" in sections(PUBLIC[name])])
def test_a_section_parameters_names_every_parameter(name):
    assert documented(PUBLIC[name]) == set(parameters(PUBLIC[name]))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_typed(name):
    signature = inspect.signature(FUNCTIONS[name])
    assert signature.return_annotation is not inspect.Signature.empty
    untyped = [
        p.name
        for p in signature.parameters.values()
        if p.annotation is inspect.Parameter.empty and p.name not in ("self", "cls")
    ]
    assert untyped == []
