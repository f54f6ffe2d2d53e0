"""Naive twins of every kernel: slow, obvious, and free of any import from minent."""

import itertools
import math
import re
import unicodedata
from collections import Counter, defaultdict
from fractions import Fraction


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


# Units: what minent/units.py states in its table, by category and name alone.

_UNSPACED = (
    *("HIRAGANA", "KATAKANA", "HALFWIDTH KATAKANA", "HENTAIGANA", "HANGUL", "HALFWIDTH HANGUL", "BOPOMOFO"),
    *("THAI ", "LAO ", "MYANMAR", "KHMER", "YI ", "TANGUT", "KHITAN", "NUSHU", "CJK", "IDEOGRAPHIC"),
    *("VERTICAL KANA", "VERTICAL IDEOGRAPHIC", "MASU MARK", "OLD CHINESE"),
)
_UNIT = re.compile("SM*|L[LM]*|D(?:[DM]|P(?=D))*C?")


def unit_kind(char, units="run"):
    """One letter for what a character is: Single, Letter, Digit, Mark, Point, perCent or Break."""
    code, category = ord(char), unicodedata.category(char)
    han = 0x2E80 <= code <= 0x2FD5 or 0x3400 <= code <= 0x4DBF or 0x4E00 <= code <= 0x9FFF
    if han or 0x20000 <= code <= 0x3FFFF or code >= 0xF0000 or category in ("Nl", "Co"):
        return "S"
    if category[0] == "M" or char == "\u200d":
        return "M"
    if category == "Nd":
        return "D" if units == "run" else "S"
    if category[0] == "L":
        name = unicodedata.name(char, "TANGUT")  # Tangut letters have no names in Python's tables
        unspaced = name.startswith(_UNSPACED)
        return "S" if unspaced or units == "char" else "L"
    if units == "run" and char in ".．":
        return "P"
    if units == "run" and char in "%％":
        return "C"
    return "B"


def atoms(text, units="run"):
    """Pairs (piece, whether it is a unit): units of at most 100 characters, all other characters alone."""
    kinds = "".join(unit_kind(char, units) for char in text)
    found = []
    i = 0
    while i < len(text):
        unit = _UNIT.match(kinds, i, i + 100)
        end = unit.end() if unit else i + 1
        found.append((text[i:end], bool(unit)))
        i = end
    return found


def split_clauses(text, units="run"):
    """Clauses as lists of units."""
    clauses = [[]]
    for piece, is_unit in atoms(text, units):
        if is_unit:
            clauses[-1].append(piece)
        else:
            clauses.append([])
    return [clause for clause in clauses if clause]


# Counting: an n-gram is a tuple of units, a corpus a list of clauses.


def ngrams(clauses, max_order, min_count=1):
    """Tuple of units → count, of all orders."""
    counts = Counter(
        tuple(clause[i : i + n])
        for clause in clauses
        for n in range(1, max_order + 1)
        for i in range(len(clause) - n + 1)
    )
    return {gram: count for gram, count in counts.items() if count >= min_count}


def cohesion(gram, counts, total):
    """Least ln p(w) / (p(u) p(v)) over the splits w = u v."""
    return min(
        math.log((counts[gram] / total) / (counts[gram[:i]] / total * (counts[gram[i:]] / total)))
        for i in range(1, len(gram))
    )


def neighbours(clauses, side, max_order):
    """Tuple of units → list of what stands beside each occurrence; a clause's end is like nothing else."""
    found = defaultdict(list)
    for clause in clauses:
        for n in range(1, max_order + 1):
            for i in range(len(clause) - n + 1):
                inside = i + n < len(clause) if side == "right" else i > 0
                at = i + n if side == "right" else i - 1
                found[tuple(clause[i : i + n])].append(clause[at] if inside else object())
    return found


def entropy(items):
    """Plug-in entropy of a list, in nats."""
    return -sum(c / len(items) * math.log(c / len(items)) for c in Counter(items).values())


def bits_per_char(tokens):
    """H / l, H = −Σ p log₂ p, l = mean length; and H and l."""
    h = entropy(tokens) / math.log(2)
    length = sum(map(len, tokens)) / len(tokens)
    return h / length, h, length


def merge_of_pair(probabilities, pair, a, b):
    """Unit → probability after units a ≠ b side by side (probability ``pair``) became one unit."""
    left = {unit: p - pair if unit in (a, b) else p for unit, p in probabilities.items()}
    left[a + b] = pair
    total = sum(left.values())
    return {unit: p / total for unit, p in left.items() if p > 0}


def entropy_a_char(probabilities, lengths):
    """L = H / l in nats of a distribution of units."""
    h = -sum(p * math.log(p) for p in probabilities.values() if p > 0)
    return h / sum(p * lengths[unit] for unit, p in probabilities.items())


def repetition(clauses, least):
    """Share of the clauses of so many units or more that came before."""
    long = [tuple(clause) for clause in clauses if len(clause) >= least]
    return (len(long) - len(set(long))) / max(1, len(long))


def keyness(counts, reference):
    """Signed G² of a word's counts in two texts against one common share of both."""
    n, m = sum(counts.values()), sum(reference.values())
    found = []
    for word, a in counts.items():
        b = reference.get(word, 0)
        share = (a + b) / (n + m)
        ratio = sum(2 * c * math.log(c / (total * share)) for c, total in ((a, n), (b, m)) if c)
        found.append(ratio if a / n >= b / m else -ratio)
    return found


def lexicon_bits(tokens):
    """Each type spelled at the entropy of its characters and end marks, its count in Elias' gamma code."""
    counts = Counter(tokens)
    spelled = [char for word in counts for char in (*word, None)]
    gamma = sum(2 * (count.bit_length() - 1) + 1 for count in counts.values())
    return len(spelled) * entropy(spelled) / math.log(2) + gamma


# Segmentation: all ways to cut a few pieces, scored one by one.


def segmentations(pieces, words):
    """All lists of words over a list of pieces: known words of any number of pieces, or one piece alone."""
    if not pieces:
        return [[]]
    found = []
    for n in range(1, len(pieces) + 1):
        word = "".join(pieces[:n])
        if n == 1 or (word in words and "\n" not in word):
            found += [[word, *rest] for rest in segmentations(pieces[n:], words)]
    return found


def information(segmentation, counts):
    """Σ ln p(w); what is no word (or holds a line end) costs ln(2 · total)."""
    total = max(1, sum(counts.values()))
    known = [word in counts and "\n" not in word for word in segmentation]
    return sum(
        math.log(counts[word] / total) if inside else -math.log(2 * total)
        for word, inside in zip(segmentation, known, strict=True)
    )


def sampling_distribution(pieces, counts, alpha):
    """Segmentation → its probability, ∝ e^(alpha · score)."""
    weights = {tuple(each): math.exp(alpha * information(each, counts)) for each in segmentations(pieces, counts)}
    return {each: weight / sum(weights.values()) for each, weight in weights.items()}


# Discovery. A clause is a list of units, a word a tuple of units.


def autonomies(clauses, max_order, min_count):
    """Tuple of units → autonomy, of the n-grams of all orders but the last."""
    counted = [gram for gram in ngrams(clauses, max_order, min_count) if len(gram) < max_order]
    values = dict.fromkeys(counted, 0.0)
    of_units = entropy([unit for clause in clauses for unit in clause])
    for side in ("right", "left"):
        beside = neighbours(clauses, side, max_order)
        freedom = {gram: entropy(beside[gram]) for gram in counted}
        for n in range(1, max_order):
            shorter = {g: g[:-1] if side == "right" else g[1:] for g in counted if len(g) == n}
            rise = {gram: freedom[gram] - (freedom[less] if less else of_units) for gram, less in shorter.items()}
            for gram in rise:
                values[gram] += rise[gram] - sum(rise.values()) / len(rise)
    for gram in counted:
        # What always has the same neighbour on one side is no word.
        if len(gram) > 1 and min(entropy(neighbours(clauses, s, max_order)[gram]) for s in ("right", "left")) < 1e-9:
            values[gram] = -math.inf
    return values


def cuts(clause, longest):
    """All ways to cut a clause into words of up to so many units."""
    if not clause:
        return [[]]
    return [
        [tuple(clause[:n]), *rest]
        for n in range(1, min(longest, len(clause)) + 1)
        for rest in cuts(clause[n:], longest)
    ]


def best_score(clause, scores, longest, rare=0.0):
    """Greatest sum of scores over the cuts into words of up to so many units; units without a score are worth rare."""

    def score(word):
        return scores.get(word, rare if len(word) == 1 else -math.inf)

    return max(sum(map(score, words)) for words in cuts(clause, longest))


def join_suffixes(scores, gains):
    """Scores of tuples of units, with the gain of each that is otherwise cut into a word and its last unit."""
    scores = dict(scores)
    for gram in sorted(gains, key=len):
        two = scores[gram[:-1]] + scores[gram[-1:]]
        others = [sum(map(scores.get, words)) for words in cuts(gram, len(gram)) if len(words) > 1]
        if two == max(others) and two < scores[gram] + gains[gram]:
            scores[gram] += gains[gram]
    return scores


def suffix_gain(gram, counts, total, right, left):
    """What a tuple of units gains if its last one is a suffix."""
    cohesion = math.log(counts[gram] * total / counts[gram[:-1]] / counts[gram[-1:]])
    return max(0.0, 4 * cohesion + 5 * right[gram] - 12 * left[gram[-1:]] + 32)


def number_scores(clauses, max_order, min_count):
    """Tuple of units → what it scores as a word, of the n-grams with a number in them; all numbers are one unit."""
    counts = ngrams(clauses, max_order, min_count)

    def joined(gram):
        if len(gram) == 1:
            return True
        rest = gram[1:]
        after = sum(count for other, count in counts.items() if other[0][0].isdecimal() and other[1:] == rest)
        return len(gram) <= 3 and joined(gram[:-1]) and after >= 0.3 * counts[rest]

    def score(gram):
        if len(gram) == 1:
            return 0.0
        if all(unit.isascii() for unit in gram):
            return 20.0
        only = gram[0][0].isdecimal() and not any(unit[0].isdecimal() for unit in gram[1:])
        return 20.0 if only and joined(gram) else -math.inf

    return {gram: score(gram) for gram in counts if any(unit[0].isdecimal() for unit in gram)}


def viterbi(clause, counts):
    """Likeliest words of a clause by word counts; equal paths by the longer last word. Scores in units of 2⁻³² nats."""
    total = sum(counts.values())
    best = [(0, [])]
    for j in range(1, len(clause) + 1):
        paths = []
        for i in range(j):
            word = tuple(clause[i:j])
            if word in counts:
                paths.append((best[i][0] + round(math.log(counts[word] / total) * 2**32), [*best[i][1], word]))
            elif i == j - 1:
                paths.append((best[i][0] - round(math.log(2 * total) * 2**32), [*best[i][1], word]))
        best.append(max(paths, key=lambda path: path[0]))  # the first of equals has the longest last word
    return best[-1][1]


def recount(clauses, counts, min_count=1):
    """How often the best segmentation takes each word."""
    taken = Counter(word for clause in clauses for word in viterbi(clause, counts) if word in counts)
    return {word: count for word, count in taken.items() if count >= min_count}


def join_strong(clauses, strong):
    """Maximal pieces in which a strong n-gram reaches across every gap, and their counts."""
    longest = max(map(len, strong), default=1)
    found = Counter()
    for clause in clauses:
        bound = set()
        for n in range(2, longest + 1):
            for i in range(len(clause) - n + 1):
                if tuple(clause[i : i + n]) in strong:
                    bound.update(range(i + 1, i + n))
        free = [i for i in range(len(clause) + 1) if i not in bound]
        found.update(tuple(clause[a:b]) for a, b in itertools.pairwise(free))
    return found


def strong_ngrams(clauses, thresholds, min_count):
    counts = ngrams(clauses, len(thresholds) + 1)
    total = sum(map(len, clauses))
    return {
        gram
        for gram, count in counts.items()
        if len(gram) > 1 and count >= min_count and cohesion(gram, counts, total) >= thresholds[len(gram) - 2]
    }


def vocab_by_ngrams(clauses, min_count, thresholds=(2, 5, 7)):
    """Joins strong n-grams, checks the pieces back, and counts them in the text that they cut."""
    strong = strong_ngrams(clauses, thresholds, min_count)
    order = len(thresholds) + 1
    words = {}
    for piece, count in join_strong(clauses, strong).items():
        n = min(order, len(piece))
        inner = [piece[i : i + n] for i in range(len(piece) - n + 1)]
        if count >= min_count and len(piece) < 16 and (len(piece) == 1 or strong.issuperset(inner)):
            words[piece] = count
    return recount(clauses, words, min_count)


def vocab_by_pmi(clauses, min_count, min_pmi=2):
    """Cuts where PMI is low, takes out what the rest explains as well, and counts the words in the text."""
    pieces = join_strong(clauses, strong_ngrams(clauses, [min_pmi], min_count))
    words = {piece: count for piece, count in pieces.items() if count >= min_count and len(piece) < 16}
    first_seen = list(dict.fromkeys(unit for clause in clauses for unit in clause))
    rank = {unit: place for place, unit in enumerate(first_seen)}
    return recount(clauses, without_redundant(words, lambda word: [rank[unit] for unit in word]), min_count)


def without_redundant(words, key):
    """Step 4 of post 5476, with a demand that grows with length: ln(p_w / Πp_sub) > units − 1."""
    words = dict(words)
    total = sum(words.values())
    for word in sorted(words, key=lambda word: (-len(word), key(word))):
        if len(word) == 1:
            break
        count = words.pop(word)
        parts = [way for way in cuts(list(word), len(word)) if all(part in words for part in way)]
        explained = [(sum(math.log(words[part] / total) for part in way), way) for way in parts]
        best, way = max(explained, default=(-math.inf, []), key=lambda pair: pair[0])
        if math.log(count / total) - best > len(word) - 1:
            words[word] = count
        else:
            for part in way:
                words[part] += count
    return words


# Itemsets and rules


def number_items(rows):
    """The number of each item of the rows, and the distinct items by first appearance."""
    index = {}
    return [[index.setdefault(item, len(index)) for item in row] for row in rows], index


def ranked_rows(rows, min_count):
    """Frequent items, the rarest first and of equals the later one, and the rows as their ranks."""
    index = number_items(rows)[1]
    counts = {item: sum(item in row for row in rows) for item in index}
    frequent = [item for item in index if counts[item] >= min_count]
    ranked = sorted(frequent, key=lambda item: (counts[item], -frequent.index(item)))
    return ranked, [sorted({ranked.index(item) for item in row if item in ranked}) for row in rows]


def frequent_sets(transactions, min_count):
    """Every set of items in at least so many transactions → in how many; no empty set."""
    baskets = [frozenset(transaction) for transaction in transactions]
    found = {}
    level = {frozenset([item]) for basket in baskets for item in basket}
    while level:
        counts = {items: sum(items <= basket for basket in baskets) for items in level}
        frequent = {items: count for items, count in counts.items() if count >= min_count}
        found.update(frequent)
        singles = {item for items in frequent for item in items}
        level = {items | {item} for items in frequent for item in singles - items}
    return found


def closed_sets(frequent):
    return {
        items: count
        for items, count in frequent.items()
        if not any(items < other and count == frequent[other] for other in frequent)
    }


def maximal_sets(frequent):
    return {items: count for items, count in frequent.items() if not any(items < other for other in frequent)}


def rules(frequent, n, min_confidence, max_consequent, min_lift=0):
    """(left, right) → the metrics by their definitions, as exact fractions; None where one is infinite."""
    found = {}
    for items, both in frequent.items():
        for size in range(1, min(max_consequent, len(items) - 1) + 1):
            for right in map(frozenset, itertools.combinations(items, size)):
                x, y, xy = (Fraction(count, n) for count in (frequent[items - right], frequent[right], both))
                if xy / x < min_confidence or xy / (x * y) < min_lift:
                    continue
                bound = max(xy * (1 - x), x * (y - xy))
                found[items - right, right] = {
                    "support": xy,
                    "confidence": xy / x,
                    "lift": xy / (x * y),
                    "leverage": xy - x * y,
                    "conviction": (1 - y) / (1 - xy / x) if xy < x else None,
                    "zhang": (xy - x * y) / bound if bound else 0,
                    "jaccard": xy / (x + y - xy),
                }
    return found


# What stays whole in a text

_DIGITS = r"[0-9０-９١]"
_LATIN = r"[A-Za-zéßΩжＡ０-９0-9١]"
_CHINESE = r"(?:[几数](?=[十百千万亿])|[〇零一二三四五六七八九两十])[〇零一二三四五六七八九两十百千万亿]*"
_ARABIC = rf"(?:{_DIGITS}{{1,3}}(?!{_DIGITS})(?:[,，]{_DIGITS}{{3}}(?!{_DIGITS}))*|{_DIGITS}+)(?:[.．]{_DIGITS}+)?"
_SIMPLE = rf"(?:{_ARABIC}[十百千万亿]*|{_CHINESE})"
_NUMBER = re.compile(
    rf"[百千万亿]分之{_SIMPLE}|{_SIMPLE}分之{_SIMPLE}|{_SIMPLE}[%％‰]"
    rf"|(?=[〇零一二三四五六七八九两]){_SIMPLE}点[〇零一二三四五六七八九两]+(?![〇零一二三四五六七八九两分])|{_SIMPLE}"
)
_FIGURES = [
    re.compile(rf"{_DIGITS}{{1,4}}(?!{_DIGITS})(?:{sign}{_DIGITS}{{1,4}}(?!{_DIGITS})){times}")
    for sign, times in (("-", "{2}"), ("/", "{2}"), ("[:：]", "{1,2}"))
]
_WORD = re.compile(rf"{_LATIN}+(?:[-._'’&@/]{_LATIN}+)*")
_RANKS = {"年": 1, "月": 2, "日": 3, "号": 3, "號": 3, "时": 4, "時": 4, "点": 4, "點": 4, "分": 5, "秒": 6}


def _end(pattern, text, i):
    match = pattern.match(text, i)
    return match.end() if match else i


def number_end(text, i):
    """Where the number that starts at i ends; i if none does."""
    return _end(_NUMBER, text, i)


def date_end(text, i):
    """Where the date or time that starts at i ends; i if none does."""
    end, rank, kinds = i, 0, []
    while match := re.compile(rf"({_DIGITS}+|{_CHINESE})([{''.join(_RANKS)}])(之?)").match(text, end):
        number, unit, share = match.groups()
        if _RANKS[unit] <= rank or (unit == "分" and share):
            break
        rank, end = _RANKS[unit], match.end(2)
        kinds.append(re.match(_DIGITS, number) or rank < 4)
        half = re.compile(r"半(?![点點])|[一三]刻").match(text, end)
        if half and ((unit in "点點" and number != "一") or (unit in "时時" and re.match(_DIGITS, number))):
            end, kinds = half.end(), [True]
            break
    if kinds and (len(kinds) > 1 or kinds[0]):
        return end + (rank == 1 and text.startswith("代", end))
    return next((end for end in (_end(pattern, text, i) for pattern in _FIGURES) if end > i), i)


def latin_end(text, i):
    """Where the Latin that starts at i ends; i if none does."""
    end = _end(_WORD, text, i)
    token = text[i:end]
    if not any(char.isalpha() for char in token):
        return i
    address = (
        re.compile(r"[!-~]*").match(re.sub(r"[\"<>`\\)\]]", " ", text), end + 3 * text.startswith("://", end)).group()
    )
    while address and not re.match(rf"{_LATIN}|/", address[-1]):
        address = address[:-1]
    if text.startswith("://", end):
        return end + 3 + len(address) if address else end
    if token.startswith("www.") and len(token) > 4:
        return end + len(address)
    if token[-1].isalpha():
        if text.startswith("#", end):
            return end + 1
        if text.startswith("++", end):
            return end + 2
    model = re.compile(" " + _ARABIC).match(text, end)
    if model and any(char.isalpha() and not char.islower() for char in token):
        after = text[model.end() : model.end() + 1]
        if not after or not re.match(rf"[年月日号时時点分秒%〇零一二三四五六七八九两十百千万亿几数]|{_LATIN}", after):
            return model.end()
    return end


def wholes(text, keep, units="run"):
    """The pieces of a text where some things stay whole."""
    ends = {"numbers": number_end, "dates": date_end, "latin": latin_end}
    starts = [0]
    for piece, _ in atoms(text, units):
        starts.append(starts[-1] + len(piece))
    out, i = [], 0
    while i < len(text):
        unit = starts[starts.index(i) + 1]
        end = max([unit, *(ends[kind](text, i) for kind in keep)])
        end = end if end in starts else unit
        out.append(text[i:end])
        i = end
    return out


def join_wholes(sizes, whole):
    """Runs of words that together are a whole are one word: from left to right, the longest first."""
    out, k = [], 0
    ends = list(itertools.accumulate(sizes, initial=0))
    while k < len(sizes):
        longest = max((j for j in range(k + 1, len(ends)) if (ends[k], ends[j]) in whole), default=k + 1)
        out.append(ends[longest] - ends[k])
        k = longest
    return out


def plain_rows(text, width):
    """Words, counts and scores of lines with ``width`` fields, or None where a line is not plain."""
    number = r"\t-?(?=[.]?[0-9])(?=(?:[.]?[0-9]){1,15}[.]?(?:\t|$))[0-9]*[.]?[0-9]*"
    pattern = re.compile(r"[^\t\n\\]+\t0*[1-9][0-9]*" + number * (width - 2))
    rows = []
    for line in text.removesuffix("\n").split("\n"):
        word, *numbers = line.split("\t")
        if not pattern.fullmatch(line) or len(numbers[0]) > 15:
            return None
        rows.append((word, int(numbers[0]), list(map(float, numbers[1:]))))
    return rows


def spaced(words, separator, before="\n"):
    """The words of a text, a separator between any two but at line ends, and a blank one but at blanks."""
    bare = " \t\r\n" if " " in separator or "\t" in separator else "\r\n"
    spelled = before
    for word in words:
        spelled += word if spelled[-1] in bare or word[0] in bare else separator + word
    return spelled[len(before) :]
