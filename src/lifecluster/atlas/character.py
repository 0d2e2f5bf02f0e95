"""What kind of cluster it is: specialised, diverse, collaborating; each with the test that says so.

The members are compared with as many cases drawn at random from all of the region: the same question for each test.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lifecluster.atlas.chance import benjamini_hochberg, hypergeometric, monte_carlo
from lifecluster.atlas.points import AtlasError, CannotTellError, Floats, Integers
from lifecluster.atlas.result import Finding

NULL = "as many of the region's cases, drawn at random"


@dataclass(frozen=True)
class Character:
    """`kinds`: those of specialised, diverse, collaborating that the tests bear out; the findings behind them.

    `specialised` one finding a segment (location quotient within the cluster); `diversity` effective number of
    segments; `collaboration` links among members, None without links.
    """

    kinds: tuple[str, ...]
    specialised: tuple[Finding, ...]
    diversity: Finding
    collaboration: Finding | None


def character(members: Sequence[int], segments: Sequence[str], links: Sequence[tuple[int, int]] = (), *,
              n_sims: int = 999, seed: int = 0, vintage: str | None = None) -> Character:  # fmt: skip
    """The character of a cluster.

    Parameters: `members` rows of the cases in it; `segments` (n,) of every case of the region; `links` pairs of rows
    that work together. Raises AtlasError for rows that are no cases, CannotTellError where all or fewer than two cases
    are members.
    """
    chosen = np.unique(np.asarray(members, dtype=np.int64))
    n = len(segments)
    if len(chosen) and (chosen[0] < 0 or chosen[-1] >= n):
        raise AtlasError(f"members are rows of the {n} cases")
    if len(chosen) < 2 or len(chosen) == n:
        raise CannotTellError("a cluster needs at least two of the cases, and not all of them")
    names, codes = np.unique(np.asarray(segments, dtype=str), return_inverse=True)
    chance = np.random.default_rng(seed)
    draws = np.array([chance.choice(n, len(chosen), replace=False) for _ in range(n_sims)])
    counts = _counts(codes[draws], len(names))
    own = _counts(codes[chosen][None], len(names))
    common: dict[str, Any] = {"n": len(chosen), "null": NULL, "seed": seed, "vintage": vintage}
    p = hypergeometric(own[0], np.bincount(codes), len(chosen), n)
    quotients = own[0] / len(chosen) / (np.bincount(codes) / n)
    special = tuple(Finding(name=str(name), value=float(quotients[i]), p=float(p[i]), **common)
                    for i, name in enumerate(names))  # fmt: skip
    many = float(effective(own)[0])
    diversity = Finding(name="effective number of segments", value=many,
                        p=float(monte_carlo(many, effective(counts))), **common)  # fmt: skip
    together = _together(chosen, draws, np.asarray(links, dtype=np.int64).reshape(-1, 2), n, common)
    return corrected([Character((), special, diversity, together)])[0]


def corrected(found: Sequence[Character]) -> list[Character]:
    """The characters of clusters that are told apart together: q over all of them, and the kinds that q bears out.

    Each question is a family: is it specialised (all segments of all clusters), diverse, collaborating (all clusters).
    """
    segments = iter(_judged([one for c in found for one in c.specialised]))
    diversity = _judged([c.diversity for c in found])
    links = iter(_judged([c.collaboration for c in found if c.collaboration is not None]))
    made = []
    for c, diverse in zip(found, diversity, strict=True):
        special = tuple(next(segments) for _ in c.specialised)
        together = None if c.collaboration is None else next(links)
        said = {"specialised": min((one.q for one in special if one.q is not None), default=None), "diverse": diverse.q,
                "collaborating": together.q if together else None}  # fmt: skip
        kinds = tuple(name for name, value in said.items() if value is not None and value <= 0.05)
        made.append(Character(kinds, special, diverse, together))
    return made


def _judged(tests: Sequence[Finding]) -> list[Finding]:
    """The tests of one family with their q."""
    q = benjamini_hochberg([np.nan if one.p is None else one.p for one in tests])
    return [replace(one, q=None if np.isnan(value) else float(value)) for one, value in zip(tests, q, strict=True)]


def effective(counts: Floats) -> Floats:
    """Exponential of the entropy: how many segments of equal size would be as mixed. Hill, Ecology 54, 1973."""
    share = counts / counts.sum(axis=1, keepdims=True)
    found: Floats = np.exp(-(share * np.log(np.where(share > 0, share, 1.0))).sum(axis=1))
    return found


def _counts(codes: Integers, kinds: int) -> Floats:
    flat = codes + np.arange(len(codes))[:, None] * kinds
    return np.bincount(flat.ravel(), minlength=len(codes) * kinds).reshape(len(codes), kinds).astype(np.float64)


def _together(chosen: Integers, draws: Integers, links: Integers, n: int, common: dict[str, Any]) -> Finding | None:
    """Links with both ends among the members, as a multiple of what random members have."""
    if not len(links):
        return None
    if links.min() < 0 or links.max() >= n:
        raise AtlasError(f"links are pairs of rows of the {n} cases")
    inside = np.zeros((len(draws) + 1, n), np.bool_)
    inside[0, chosen] = True
    inside[np.arange(1, len(draws) + 1)[:, None], draws] = True
    both = (inside[:, links[:, 0]] & inside[:, links[:, 1]]).sum(axis=1)
    usual = len(links) * len(chosen) * (len(chosen) - 1) / (n * (n - 1))
    return Finding(name="links within", value=float(both[0] / usual), p=float(monte_carlo(float(both[0]), both[1:])),
                   **common)  # fmt: skip
