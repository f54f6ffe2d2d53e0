"""minent mines words, segmentations and rules from raw Chinese text with nothing but statistics.

A corpus in, its vocabulary out, and text cut with that vocabulary:

>>> import minent
>>> texts = ["蝴蝶飞过大海", "看见蝴蝶", "一只蝴蝶", "蝴蝶是昆虫", "大海很宽", "他爱大海", "去大海边"]
>>> vocab = minent.build_vocab(texts, method="ngram")
>>> minent.Segmenter(vocab).segment("大海上的蝴蝶")
['大海', '上', '的', '蝴蝶']
>>> int(minent.suggest_dim(10_000))
77

What goes together in sentences cut into words, or in any other baskets:

>>> itemsets = minent.frequent_itemsets([["蝴蝶", "飞"], ["蝴蝶", "飞", "大海"], ["大海"]], 2)
>>> [(*rule.antecedent, *rule.consequent, rule.confidence, rule.lift) for rule in minent.association_rules(itemsets)]
[('飞', '蝴蝶', 1.0, 1.5), ('蝴蝶', '飞', 1.0, 1.5)]

The pipeline, in the order of the modules: :mod:`~minent.reading` files, :mod:`~minent.units`,
:mod:`~minent.corpus`, :mod:`~minent.ngrams`, :mod:`~minent.association` and :mod:`~minent.branching`,
:mod:`~minent.entropy`, :mod:`~minent.bigram`, :mod:`~minent.discovery`, :mod:`~minent.vocab`, :mod:`~minent.segmenter`,
:mod:`~minent.evaluation`; beside it :mod:`~minent.dimension`, and :mod:`~minent.transactions`,
:mod:`~minent.apriori`, :mod:`~minent.itemsets`, :mod:`~minent.rules`.
"""

from minent.apriori import frequent_itemsets
from minent.association import merge_gain, merge_gain_bound, pmi
from minent.bigram import BigramModel
from minent.branching import branching_entropy
from minent.contrast import keyness
from minent.corpus import Corpus
from minent.dimension import h, plot_dim, suggest_dim
from minent.discovery import build_vocab
from minent.entropy import entropy
from minent.errors import MinentError
from minent.evaluation import evaluate, evaluate_vocab
from minent.itemsets import Itemsets
from minent.ngrams import NgramCounts, count_ngrams
from minent.rules import Rules, association_rules
from minent.segmenter import Segmenter
from minent.transactions import Transactions
from minent.vocab import Vocab

__version__ = "0.1.0"

__all__ = [
    "BigramModel",
    "Corpus",
    "Itemsets",
    "MinentError",
    "NgramCounts",
    "Rules",
    "Segmenter",
    "Transactions",
    "Vocab",
    "association_rules",
    "branching_entropy",
    "build_vocab",
    "count_ngrams",
    "entropy",
    "evaluate",
    "evaluate_vocab",
    "frequent_itemsets",
    "h",
    "keyness",
    "merge_gain",
    "merge_gain_bound",
    "plot_dim",
    "pmi",
    "suggest_dim",
]


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
