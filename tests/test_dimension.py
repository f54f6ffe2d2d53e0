"""The dimension of word vectors: h_n against three independent twins, the rules, the plot, the command."""

import dataclasses
import math
import os
import subprocess
import sys
from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import gammaln, ive

from minent import dimension
from minent.dimension import Dimension, h, plot_dim, suggest_dim
from minent.errors import InputError, MissingExtraError, ParameterError

DIMS = [2, 3, 4, 5, 7, 12, 13, 16, 17, 28, 29, 58, 59, 175, 176, 1000, 4097, 30_000, 100_000]
TABLE = {
    32: "-7.77471",
    64: "-15.47340",
    96: "-23.17256",
    128: "-30.87183",
    256: "-61.66922",
    512: "-123.26425",
    1024: "-246.45443",
}
SIZES = {1_000: 58, 10_000: 77, 100_000: 96, 1_000_000: 115, 5_000_000: 128}


def series_h(n):
    """E[e^(x cos t)] = S = Σ_k (x²/4)^k / (k! (n/2)_k), all positive: h_n = ln S - 2 E[k], to 40 digits."""
    with localcontext() as context:
        context.prec = 40
        term, total, mean, k = Decimal(1), Decimal(1), Decimal(0), 0
        while k < n or term > total * Decimal("1e-40"):
            term *= Decimal(n * n) / 4 / ((k + 1) * (Decimal(n) / 2 + k))
            k += 1
            total += term
            mean += k * term
        return float(total.ln() - 2 * mean / total)


def bessel_h(n):
    """E[e^(n cos t)] = Γ(n/2) (2/n)^(n/2-1) I_{n/2-1}(n); its log-derivative is I_{n/2}(n) / I_{n/2-1}(n)."""
    scaled = ive(n / 2 - 1, n)
    log_mean = gammaln(n / 2) + (n / 2 - 1) * math.log(2 / n) + math.log(scaled) + n
    return log_mean - n * ive(n / 2, n) / scaled


def naive_h(n, points=200_000):
    """The definition, summed at the midpoints of many equal steps over all of (0, π)."""
    t = (np.arange(points) + 0.5) * math.pi / points
    log_density = (n - 2) * np.log(np.sin(t))
    exponent = log_density + n * np.cos(t)
    weight = np.exp(exponent - exponent.max())
    log_tilted = exponent.max() + math.log(weight.sum())
    log_even = log_density.max() + math.log(np.exp(log_density - log_density.max()).sum())
    return log_tilted - log_even - n * (weight * np.cos(t)).sum() / weight.sum()


@pytest.mark.parametrize("n", TABLE)
def test_h_equals_the_known_table_to_all_printed_digits(n):
    assert f"{h(n):.5f}" == TABLE[n]


@pytest.mark.parametrize("n", DIMS)
def test_h_equals_the_power_series_to_14_digits(n):
    assert h(n) == pytest.approx(series_h(n), rel=3e-14)


@pytest.mark.parametrize("n", [n for n in DIMS if n <= 4097])  # further on ive underflows
def test_h_equals_the_bessel_closed_form(n):
    assert h(n) == pytest.approx(bessel_h(n), rel=1e-12)


@pytest.mark.parametrize("n", DIMS)
def test_h_equals_the_naive_sum(n):
    assert h(n) == pytest.approx(naive_h(n), rel=1e-9)


def test_h_of_three_dimensions_is_elementary():
    assert h(3) == pytest.approx(math.log(math.sinh(3) / 3) - 3 / math.tanh(3) + 1, rel=1e-14)


@given(st.integers(2, dimension.LARGEST_DIM))
def test_h_lies_just_below_its_limiting_line(n):
    assert -0.091 < h(n) + n * math.log((1 + math.sqrt(5)) / 2) / 2 < -0.073


def test_h_falls_with_every_dimension():
    assert (np.diff(h(np.arange(2, 5000))) < 0).all()


@pytest.mark.parametrize("shape", [(0,), (4,), (2, 2), (1, 4, 1)])
def test_h_of_an_array_has_its_shape_and_the_values_of_its_elements(shape):
    n = np.array([2, 50, 999, 100_000][: math.prod(shape)], np.uint32).reshape(shape)
    out = h(n)
    assert out.shape == shape
    assert out.dtype == np.float64
    assert out.ravel().tolist() == pytest.approx([h(int(i)) for i in n.ravel()], rel=1e-14)


def test_h_of_an_int_is_a_float():
    assert type(h(7)) is float
    assert type(h(np.int64(7))) is float


@pytest.mark.parametrize("n", [1, 0, -5, 100_001, 2.0, 10**30, "7", None, [4, 1], [4, 5.5], True])
def test_h_refuses_what_is_not_a_dimension(n):
    with pytest.raises(ParameterError, match=r"^n must be whole numbers from 2 to 100000$"):
        h(n)


@pytest.mark.parametrize("size", SIZES)
def test_the_exact_dimension_equals_the_known_table(size):
    assert int(suggest_dim(size)) == SIZES[size]


@given(st.integers(2, 2**63 - 1))
def test_exact_is_the_first_dimension_of_negative_entropy(size):
    n = suggest_dim(size).exact
    assert 2 * math.log(size) + h(n) < 0
    assert n == 2 or 2 * math.log(size) + h(n - 1) >= 0


@given(st.integers(2, 2**63 - 1))
def test_the_closed_form_is_less_than_one_dimension_from_exact(size):
    fit = suggest_dim(size)
    assert -0.4 < fit.exact - fit.closed_form < 1


def test_the_rules_are_their_formulas():
    fit = suggest_dim(50_000)
    assert fit.rule == pytest.approx(90.13, abs=0.005)
    assert fit.closed_form == pytest.approx(8.3123 * math.log(50_000), rel=1e-5)
    assert fit.fourth_root == pytest.approx(math.sqrt(math.sqrt(50_000)))
    assert fit.fastai == 600
    assert suggest_dim(1_000).fastai == pytest.approx(76.58, abs=0.005)


def test_a_bare_size_means_equal_frequencies():
    fit = suggest_dim(50_000)
    assert (fit.entropy, fit.effective) == (math.log(50_000), fit.exact)
    assert fit.effective_size == pytest.approx(50_000)


def test_a_result_is_immutable_and_usable_as_an_int():
    fit = suggest_dim(np.int64(1_000))
    assert np.zeros(fit).shape == (58,)
    assert range(100)[fit] == 58
    assert type(fit.vocab_size) is int
    with pytest.raises(dataclasses.FrozenInstanceError):
        fit.exact = 3


@given(st.integers(2, 300), st.integers(1, 10**12))
def test_equal_counts_are_the_same_as_a_bare_size(size, count):
    fit = suggest_dim(dict.fromkeys(range(size), count))
    assert fit.entropy == pytest.approx(math.log(size), rel=1e-12)
    assert (fit.vocab_size, fit.exact, fit.effective) == (size, *[suggest_dim(size).exact] * 2)


@given(st.lists(st.integers(1, 2**63 - 1), min_size=2, max_size=50))
def test_counts_never_ask_for_more_than_their_number(counts):
    fit = suggest_dim(dict(enumerate(counts)))
    assert 1 <= fit.effective_size <= len(counts) * (1 + 1e-12)
    assert 2 <= fit.effective <= fit.exact


def test_the_entropy_of_counts_is_in_nats():
    fit = suggest_dim({"的": 4, "一": 1, "是": 1, "在": 1, "了": 1})
    assert fit.entropy == pytest.approx(2 * math.log(2))
    assert (fit.exact, fit.effective) == (14, 12)


def test_independent_words_with_frequencies_outside_the_vectors_have_entropy_two_h1_plus_h():
    rng = np.random.default_rng(7)
    n, size = 6, 1500
    q = 1 / np.arange(1, size + 1) ** 0.5
    q /= q.sum()
    u, v = rng.normal(size=(2, size, n))
    u *= math.sqrt(n) / np.linalg.norm(u, axis=1, keepdims=True)
    v /= np.linalg.norm(v, axis=1, keepdims=True) / math.sqrt(n)
    p = np.outer(q, q) * np.exp(u @ v.T)
    p /= p.sum()
    measured = -(p * np.log(p)).sum()
    predicted = -2 * (q * np.log(q)).sum() + h(n)
    assert measured == pytest.approx(predicted, abs=0.05)
    assert measured < 2 * math.log(size) + h(n) - 0.2


@pytest.mark.parametrize(
    "vocab, message",
    [
        (1, "the number of words must be from 2 to"),
        (-3, "the number of words must be from 2 to"),
        (2**63, "the number of words must be from 2 to"),
        pytest.param(10**5000, "the number of words must be from 2 to", id="too long to print"),
        (5e4, "the number of words must be a whole number, not float"),
        ("50000", "the number of words must be a whole number, not str"),
        (None, "the number of words must be a whole number, not NoneType"),
        ({}, "the number of words must be from 2 to"),
        ({"的": 3}, "the number of words must be from 2 to"),
        ({"的": 3, "一": 0}, "the count of '一' must be from 1 to"),
        ({"的": 3, "一": 0.5}, "the count of '一' must be a whole number, not float"),
    ],
)
def test_a_bad_vocabulary_is_refused_in_one_line(vocab, message):
    with pytest.raises(ParameterError) as caught:
        suggest_dim(vocab)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


SKEWED = {word: 10**6 // (word + 1) ** 2 for word in range(900)}


@pytest.mark.parametrize("name, magic", [("d.png", b"\x89PNG"), ("d.svg", b"<?xml"), ("d.SVG", b"<?xml")])
def test_a_plot_is_written_whole_and_leaves_nothing_else(tmp_path, name, magic):
    (tmp_path / name).write_text("old")
    plot_dim(suggest_dim(1_000), tmp_path / name)
    assert (tmp_path / name).read_bytes().startswith(magic)
    assert os.listdir(tmp_path) == [name]


def test_a_plot_shows_the_curve_and_its_crossing():
    axes = dimension._figure(suggest_dim(1_000)).axes[0]
    curve, crossing = axes.lines[:2]
    n, entropy = curve.get_data()
    assert crossing.get_xdata()[0] == 58 == n[np.argmax(np.asarray(entropy) < 0)]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["2 ln N + h(n), N = 1000: n = 58"]


def test_a_plot_of_counts_shows_both_curves():
    fit = suggest_dim(SKEWED)
    axes = dimension._figure(fit).axes[0]
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert [label.rsplit(" ", 1)[1] for label in labels] == [str(fit.exact), str(fit.effective)]


@pytest.mark.parametrize("name", ["d.pdf", "d", "png", ".png"])
def test_a_plot_with_another_ending_is_refused(tmp_path, name):
    with pytest.raises(ParameterError, match=r"must end in \.png or \.svg"):
        plot_dim(suggest_dim(1_000), tmp_path / name)
    assert os.listdir(tmp_path) == []


def test_a_plot_needs_the_result_and_not_a_number(tmp_path):
    with pytest.raises(ParameterError, match="suggest_dim"):
        plot_dim(1_000, tmp_path / "d.png")


def test_a_plot_without_matplotlib_names_the_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'minent\[plot\]'"):
        plot_dim(suggest_dim(1_000), tmp_path / "d.png")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("name", ["missing/d.png", "file/d.png", "folder.png"])
def test_a_plot_that_cannot_be_written_says_so_and_leaves_nothing(tmp_path, name):
    (tmp_path / "file").write_text("")
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        plot_dim(suggest_dim(1_000), tmp_path / name)
    assert sorted(os.listdir(tmp_path)) == ["file", "folder.png"]


def test_a_plot_leaves_pyplot_alone(tmp_path):
    code = (
        "import sys; from minent.dimension import plot_dim, suggest_dim; "
        "assert 'matplotlib' not in sys.modules; "
        f"plot_dim(suggest_dim(9), {str(tmp_path / 'd.png')!r}); "
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.fixture
def run():
    from click.testing import CliRunner

    from minent_cli.suggest_dim import suggest_dim as command

    return lambda *args: CliRunner().invoke(command, [str(arg) for arg in args])


@pytest.fixture
def vocab_file(tmp_path):
    from minent.vocab import Vocab

    path = tmp_path / "vocab.tsv"
    Vocab({"的": 4, "一": 1, "是": 1, "在": 1, "了": 1}).save(path)
    return path


def values(output):
    return {line.split()[0]: line.split()[1] for line in output.splitlines()}


def test_the_command_prints_a_line_for_each_rule(run):
    result = run("--vocab-size", 100_000)
    assert result.exit_code == 0
    assert values(result.stdout) == {
        "vocab_size": "100000",
        "exact": "96",
        "rule": "95.9",
        "closed_form": "95.7",
        "fourth_root": "17.8",
        "fastai": "600.0",
    }


def test_the_command_adds_the_entropy_of_a_vocabulary(run, vocab_file):
    found = values(run(vocab_file).stdout)
    assert [found[key] for key in ("vocab_size", "exact", "entropy", "effective_size", "effective")] == [
        "5",
        "14",
        "1.3863",
        "4.0",
        "12",
    ]


def test_the_command_draws(run, tmp_path):
    assert run("--vocab-size", 1_000, "--plot", tmp_path / "d.svg").exit_code == 0
    assert os.listdir(tmp_path) == ["d.svg"]


def test_the_command_takes_exactly_one_input(run, vocab_file):
    for args in [(), (vocab_file, "--vocab-size", 5)]:
        result = run(*args)
        assert result.exit_code == 2
        assert "either --vocab-size N or a VOCAB file" in result.stderr


@pytest.mark.parametrize("args", [("--vocab-size", 1), ("no such file",)])
def test_the_command_refuses_wrong_usage(run, args):
    assert run(*args).exit_code == 2


def test_the_help_of_the_command_has_an_example_and_needs_no_numpy(run):
    assert "minent suggest-dim --vocab-size 50000" in run("--help").stdout
    code = "import sys, minent_cli.suggest_dim; sys.exit('numpy' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_all_public_names_exist():
    assert set(dimension.__all__) <= set(vars(dimension))
    assert isinstance(suggest_dim(2), Dimension)
