"""Naive twins of every kernel: slow, obvious, and free of any import from minent."""

from collections import Counter


def compare_segmentations(gold, predicted, training=()):
    """Counts over sentences of one text: words by their places, inner boundaries, OOV by training words."""
    counts = Counter()
    for true, guess in zip(gold, predicted, strict=True):
        places = []
        for words in (true, guess):
            places.append([(len("".join(words[:i])), word) for i, word in enumerate(words)])
        counts["gold_words"] += len(true)
        counts["predicted_words"] += len(guess)
        for place in places[0]:
            kind = "iv_words" if place[1] in training else "oov_words"
            counts[kind] += 1
            if place in places[1]:
                counts["correct_words"] += 1
                counts["correct_" + kind] += 1
        starts = [[at for at, _ in side if at > 0] for side in places]
        counts["gold_boundaries"] += len(starts[0])
        counts["predicted_boundaries"] += len(starts[1])
        counts["correct_boundaries"] += len([at for at in starts[0] if at in starts[1]])
    return counts
