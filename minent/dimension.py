"""How wide a word vector must be: the dimension at which N words fit.

The skip-gram model draws a pair of words with p(i, j) = exp⟨u_i, v_j⟩ / Z. With the vectors spread evenly
over the sphere of radius √n, the sums over N² pairs become N² times averages over the angle t of two vectors,
whose density is proportional to sin^(n-2) t, and the entropy of the model becomes, in nats,

    H = 2 ln N + h_n,    h_n = ln E[e^(n cos t)] - n E[cos t e^(n cos t)] / E[e^(n cos t)].

A true entropy is never negative. H < 0 says that N² pairs are too few to fill the average: the space has more
room than the words need, so the smallest such n is wide enough. The integrand peaks where cos t = 1/φ, φ the
golden ratio, hence h_n / n → -½ ln φ and n ≈ (4 / ln φ) ln N = 8.3123 ln N; the post's 8.33 is 2 / 0.24.

References
----------
Su Jianlin, 最小熵原理（六）：词向量的维度应该怎么选择？, 2020, https://kexue.fm/archives/7695
"""

from __future__ import annotations

import bisect
import functools
import math
import operator
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from minent._files import open_whole
from minent.errors import MissingExtraError, ParameterError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["LARGEST_DIM", "Dimension", "h", "plot_dim", "suggest_dim"]

LARGEST_DIM = 100_000
_LARGEST_COUNT = 2**63 - 1
_GOLDEN = (1 + math.sqrt(5)) / 2
_NODES = 128
_REACH = 12.0  # the tails left out weigh less than e^-74 of the integral for every n


@overload
def h(n: int) -> float: ...
@overload
def h(n: ArrayLike) -> float | NDArray[np.float64]: ...
def h(n: ArrayLike) -> float | NDArray[np.float64]:
    """Entropy of a pair of n-dimensional vectors in the skip-gram model, less that of a pair drawn evenly.

    h_n = ln E[e^(n cos t)] - n E[cos t e^(n cos t)] / E[e^(n cos t)], where t in (0, π) has a density
    proportional to sin^(n-2) t. It is negative (minus a Kullback-Leibler divergence) and falls by about
    ½ ln φ = 0.2406 with each dimension.

    Parameters
    ----------
    n : int or array of int
        Dimensions, from 2 to 100000.

    Returns
    -------
    float or ndarray of the shape of n, float64
        h_n in nats, to a relative error of about 1e-14. An array takes some 5 kB of memory an element.

    Raises
    ------
    ParameterError
        If some n is not a whole number from 2 to 100000.

    Notes
    -----
    Both integrals are taken by Gauss-Legendre quadrature over peak ± 12/√n, cut to (0, π). For a whole n the
    integrands are entire functions, and in units of 1/√n their shape hardly changes with n, so that a fixed
    number of nodes converges geometrically for all n. The exponents are shifted by their maximum first.

    References
    ----------
    Su Jianlin, 最小熵原理（六）：词向量的维度应该怎么选择？, 2020, https://kexue.fm/archives/7695

    Examples
    --------
    In three dimensions cos t is uniform on (-1, 1), and the integrals are elementary:

    >>> h(3)
    -0.809150768538
    >>> math.log(math.sinh(3) / 3) - 3 / math.tanh(3) + 1
    -0.809150768538
    >>> h([32, 64, 128]).round(5)
    array([ -7.77471, -15.4734 , -30.87183])
    """
    dims = np.asarray(n)
    if dims.dtype.kind not in "iu" or ((dims < 2) | (dims > LARGEST_DIM)).any():
        raise ParameterError(f"n must be whole numbers from 2 to {LARGEST_DIM}")
    dims = dims.astype(np.float64)
    tilted, cosine = _integrate(dims, dims, math.acos(1 / _GOLDEN))
    even, _ = _integrate(dims, np.zeros_like(dims), math.pi / 2)
    out = tilted - even - dims * cosine
    return out if out.ndim else float(out)


def _integrate(
    n: NDArray[np.float64], pull: NDArray[np.float64], peak: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Log of the integral of e^(pull cos t) sin^(n-2) t over (0, π), and the mean of cos t under it."""
    nodes, weights = _gauss_legendre()
    n, pull = n[..., None], pull[..., None]
    low = np.maximum(peak - _REACH / np.sqrt(n), 0)
    high = np.minimum(peak + _REACH / np.sqrt(n), math.pi)
    half = (high - low) / 2
    t = low + half * (1 + nodes)
    exponent = pull * np.cos(t) + (n - 2) * np.log(np.sin(t))
    top = exponent.max(axis=-1, keepdims=True)
    mass = half * weights * np.exp(exponent - top)
    total = mass.sum(axis=-1)
    return top[..., 0] + np.log(total), (mass * np.cos(t)).sum(axis=-1) / total


@functools.cache
def _gauss_legendre() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    return nodes, weights


@dataclass(frozen=True)
class Dimension:
    """How wide the vectors of a vocabulary must be, by several rules; as an int it is ``exact``.

    Attributes
    ----------
    vocab_size : int
        N, in words.
    exact : int
        Smallest n with 2 ln N + h_n < 0.
    rule : float
        8.33 ln N, the rule of the post.
    closed_form : float
        (4 / ln φ) ln N, the limit of ``exact`` for many words.
    fourth_root : float
        N^(1/4), a rule of thumb for features of N categories; for comparison only.
    fastai : float
        min(600, 1.6 N^0.56), the rule of thumb of fastai; for comparison only.
    entropy : float
        H₁ of the word counts in nats a word; ln N when only N is known.
    effective : int
        Smallest n with 2 H₁ + h_n < 0; equals ``exact`` when only N is known.
    """

    vocab_size: int
    exact: int
    rule: float
    closed_form: float
    fourth_root: float
    fastai: float
    entropy: float
    effective: int

    @property
    def effective_size(self) -> float:
        """e^H₁: how many equally frequent words have the entropy of these, in words."""
        return math.exp(self.entropy)

    def __index__(self) -> int:
        return self.exact


def suggest_dim(vocab: int | Mapping[Any, int]) -> Dimension:
    """Suggest how wide word vectors must be for a vocabulary.

    Parameters
    ----------
    vocab : int or mapping of word -> count
        The number of words N ≥ 2, or at least two words with their counts, such as a `Vocab`.

    Returns
    -------
    Dimension
        Usable wherever an int is: ``np.zeros(suggest_dim(1000))``.

    Raises
    ------
    ParameterError
        If there are fewer than two words, or a number is not a positive whole one below 2^63.

    Notes
    -----
    A bare N lets every word be drawn equally often. With counts, ``effective`` puts the words' entropy H₁ in
    the place of ln N. That is the right figure for the model p(i, j) = q_i q_j exp⟨u_i, v_j⟩ / Z, in which
    the words' own probabilities q stand outside the vectors: averages over pairs are then weighted by
    q_i q_j, and with directions that do not depend on the frequency H = 2 H₁ + h_n. Skip-gram with negative
    samples drawn by frequency is of this kind (its products fit ln p(i, j) / q_i q_j, up to a constant
    [2]_), and so are models with a bias for each word, such as GloVe. Where the vectors themselves must carry
    the frequencies, as in a softmax without biases, or where rare words matter as much as frequent ones, keep
    to ``exact``. H₁ is taken from the counts as they are; cutting rare words off usually lowers it.

    References
    ----------
    .. [1] Su Jianlin, 最小熵原理（六）：词向量的维度应该怎么选择？, 2020, https://kexue.fm/archives/7695
    .. [2] O. Levy and Y. Goldberg, Neural word embedding as implicit matrix factorization, NIPS 2014.

    Examples
    --------
    >>> [int(suggest_dim(n)) for n in (1_000, 10_000, 100_000, 1_000_000, 5_000_000)]
    [58, 77, 96, 115, 128]
    >>> suggest_dim(100_000).rule
    95.90

    的 has probability 1/2 and four others 1/8 each, so H₁ = ½ ln 2 + ½ ln 8 = ln 4, that of four equal words:

    >>> counts = {"的": 4, "一": 1, "是": 1, "在": 1, "了": 1}
    >>> fit = suggest_dim(counts)
    >>> fit.vocab_size, fit.effective_size
    (5, 4.0)
    >>> fit.exact, fit.effective
    (14, 12)
    """
    if isinstance(vocab, Mapping):
        size = _whole(len(vocab), 2, "the number of words")
        entropy = _entropy([_whole(count, 1, f"the count of {word!r}") for word, count in vocab.items()])
    else:
        size = _whole(vocab, 2, "the number of words")
        entropy = math.log(size)
    return Dimension(
        vocab_size=size,
        exact=_smallest_dim(math.log(size)),
        rule=8.33 * math.log(size),
        closed_form=4 / math.log(_GOLDEN) * math.log(size),
        fourth_root=size**0.25,
        fastai=min(600.0, 1.6 * size**0.56),
        entropy=entropy,
        effective=_smallest_dim(entropy),
    )


def _whole(number: object, least: int, what: str) -> int:
    try:
        whole = operator.index(number)  # type: ignore[arg-type]
    except TypeError:
        raise ParameterError(f"{what} must be a whole number, not {type(number).__name__}") from None
    if not least <= whole <= _LARGEST_COUNT:
        raise ParameterError(f"{what} must be from {least} to {_LARGEST_COUNT}")
    return whole


def _entropy(counts: list[int]) -> float:
    total = sum(counts)
    return math.fsum(-count / total * math.log(count / total) for count in counts)


def _smallest_dim(entropy: float) -> int:
    """Smallest n with 2 entropy + h_n < 0, by bisection: h_n falls with n."""
    dims = range(2, LARGEST_DIM + 1)
    return dims[bisect.bisect_left(dims, True, key=lambda n: 2 * entropy + h(n) < 0)]


def plot_dim(dimension: Dimension, path: str | os.PathLike[str]) -> None:
    """Draw the entropy 2 ln N + h_n against n, and where it crosses zero, into a file.

    When the vocabulary's counts ask for another dimension, the curve 2 H₁ + h_n is drawn too.

    Parameters
    ----------
    dimension : Dimension
        What `suggest_dim` returned.
    path : str or path
        A file ending in .png or .svg. It appears whole or not at all.

    Raises
    ------
    ParameterError
        If the file ends in something else.
    MissingExtraError
        If matplotlib is not installed: ``pip install 'minent[plot]'``.
    InputError
        If the file cannot be written.

    References
    ----------
    Su Jianlin, 最小熵原理（六）：词向量的维度应该怎么选择？, 2020, https://kexue.fm/archives/7695

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     plot_dim(suggest_dim(50_000), f"{folder}/dimension.svg")
    ...     os.listdir(folder)
    ['dimension.svg']
    """
    if not isinstance(dimension, Dimension):
        raise ParameterError("plot_dim draws what suggest_dim returns: plot_dim(suggest_dim(50000), path)")
    path = Path(path)
    kind = path.suffix.lower()
    if kind not in (".png", ".svg"):
        raise ParameterError(f"{path}: a plot must end in .png or .svg")
    figure = _figure(dimension)
    with open_whole(path, binary=True) as file:
        figure.savefig(file, format=kind[1:], dpi=150)


def _figure(dimension: Dimension) -> Figure:
    try:
        from matplotlib.figure import Figure  # not pyplot, which keeps global state and may open a window
    except ImportError:
        raise MissingExtraError("plots need matplotlib: pip install 'minent[plot]'") from None
    figure = Figure(figsize=(6.4, 4.2), layout="constrained")
    axes = figure.add_subplot(xlabel="dimension n", ylabel="entropy H (nats)")
    curves = [(math.log(dimension.vocab_size), dimension.exact, f"2 ln N + h(n), N = {dimension.vocab_size}")]
    if dimension.effective != dimension.exact:
        size = f"{dimension.effective_size:.0f}"
        curves.append((dimension.entropy, dimension.effective, f"2 H1 + h(n), exp H1 = {size}"))
    n = np.arange(2, 2 * dimension.exact + 1)
    for entropy, crossing, label in curves:
        (line,) = axes.plot(n, 2 * entropy + h(n), label=f"{label}: n = {crossing}")
        axes.plot(crossing, 2 * entropy + h(crossing), "o", color=line.get_color())
    axes.axhline(0, color="0.5", linewidth=0.8)
    axes.legend()
    return figure
