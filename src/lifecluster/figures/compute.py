"""Computing a claim: every basis, the verdict, and what changed since last time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from lifecluster.errors import LifeclusterError
from lifecluster.figures.bases import industries, published, register, schools, workforce
from lifecluster.figures.bases.collected import Collected
from lifecluster.figures.change import State, change
from lifecluster.figures.claim import Basis, Claim, Says, digest
from lifecluster.figures.inputs import TABLES, Inputs, Origin
from lifecluster.figures.measure import Estimate, Terms, estimate
from lifecluster.figures.places import League, Place, competitors, place, regions, related
from lifecluster.figures.ranking import Ranking
from lifecluster.figures.reading import because, reading
from lifecluster.figures.result import BasisResult, Line, Result
from lifecluster.figures.rows import THIS
from lifecluster.figures.segments import parts
from lifecluster.figures.sentence import filled
from lifecluster.figures.verdict import Verdict, judge, plain
from lifecluster.places.spoken import begun, spoken
from lifecluster.policy.disclosure import Rule, registry
from lifecluster.region import slug

Collect = Callable[[Claim, Basis, Place, str | None, Inputs], Collected]
COLLECTORS: Mapping[str, Collect] = {
    "bres": industries.collect, "uk-business-counts": industries.collect, "sector-figures": published.collect,
    "register": register.collect, "workforce": workforce.collect, "medical-schools": schools.collect,
}  # fmt: skip


@dataclass(frozen=True)
class _Question:
    """A claim asked of a place: `year` and `stated` as in `compute`."""

    claim: Claim
    place: Place
    year: str | None
    inputs: Inputs
    stated: float | None

    def collect(self, basis: Basis, where: Place) -> Collected:
        """The rows of a basis for the place or another one."""
        return COLLECTORS[basis.source](self.claim, basis, where, self.year, self.inputs)


def compute(
    claim: Claim, asked: Place, inputs: Inputs, *, at: date, year: str | None = None, stated: float | None = None,
    previous: Mapping[str, State] | None = None,
) -> Result:  # fmt: skip
    """Evaluate a claim for a place.

    Parameters: `at` the date of the computation; `year` a vintage (2019, 2021/22; default: the claim's, or the latest);
    `stated` a number that somebody quotes, to be tested (for a rank: the rank); without it a sentence that quotes a
    number quotes the computed one, and has no verdict;
    `previous` label of a basis -> its state last time, for what changed.
    Returns a Result. Raises LifeclusterError for a claim that cannot be asked of this place.
    """
    says = _says(claim, stated)
    claim = claim.model_copy(update={"says": says})
    wanted = year or (None if claim.vintage == "latest" else claim.vintage)
    ask = _Question(claim, asked, wanted, inputs, stated)
    bases = tuple(_with_change(claim, _basis(ask, basis), previous or {}) for basis in claim.bases)
    judged = not claim.quotes or stated is not None
    first = _deciding(bases)
    bases = bases if judged else tuple(_unjudged(basis) for basis in bases)
    bases = tuple(replace(basis, reading=reading(basis)) for basis in bases)
    deciding = None if first is None else bases[first]
    verdict = Verdict("cannot tell") if deciding is None else deciding.verdict
    found = Result(
        claim, asked, at.isoformat(), filled(claim, asked, deciding, stated), verdict, bases, _origins(bases, inputs),
        digest({**claim.recipe(), "year": wanted, "stated": stated, "place": asked.name, "areas": asked.areas}),
        deciding, stated, _why(bases, deciding),
    )  # fmt: skip
    return replace(found, because=because(found))


def _deciding(bases: Sequence[BasisResult]) -> int | None:
    """Which basis decides: the first with a probability, else the first with a figure."""
    seen = [(at, basis.figure) for at, basis in enumerate(bases) if not basis.withheld]
    chosen = next((at for at, figure in seen if figure.probability is not None), None)
    return next((at for at, figure in seen if figure.value is not None), None) if chosen is None else chosen


def _unjudged(basis: BasisResult) -> BasisResult:
    """The basis without a verdict on its own figure."""
    if basis.figure.value is None:
        return basis
    figure = replace(basis.figure, probability=None, by_rounding=None)
    return replace(basis, figure=figure, verdict=Verdict("no verdict"))


def state(result: BasisResult, claim: Claim) -> State:
    """What a later computation is compared with."""
    return State(claim.kind, result.rows, result.classes, result.definition_digest, result.basis.source, result.vintage)


def _says(claim: Claim, stated: float | None) -> Says:
    if stated is None:
        return claim.says
    if claim.kind == "rank":
        if stated != int(stated) or stated < 1:
            raise LifeclusterError(f"{stated:g} is no rank")
        return Says(rank=int(stated)) if claim.says.rank is not None else Says(rank_at_most=int(stated))
    return Says(within=claim.says.within or 0.05)


def _basis(ask: _Question, basis: Basis) -> BasisResult:
    claim, asked = ask.claim, ask.place
    if claim.kind == "rank" and asked.members(claim.league) is None:
        told = f"{begun(spoken(asked.title))} is not made of whole regions and has no rank among them"
        return BasisResult(basis, basis.quantity, "", "", Estimate(None), Verdict("cannot tell"), refused=told)
    if not asked.whole and basis.source != "register":
        told = f"{begun(spoken(asked.title))} is not made of whole ITL areas, for which alone there are statistics"
        return BasisResult(basis, basis.quantity, "", "", Estimate(None), Verdict("cannot tell"), refused=told)
    found = ask.collect(basis, asked)
    figure = _figure(claim, basis, found, ask.stated)
    made = BasisResult(
        basis, found.unit, found.geography, found.vintage, figure, Verdict(plain(figure.probability)), found.rows,
        found.classes, notes=found.notes, missing=found.missing, refused=found.refused,
        withheld=not _allowed(claim, basis, found), step=_rule(claim, basis).rounding, kind=claim.kind,
        unknown=found.unknown,
    )  # fmt: skip
    if claim.kind == "total":
        return replace(made, segments=parts(basis, found.rows, asked, ask.inputs))
    if claim.kind != "rank" or figure.ranking is None:
        return made
    return _compared(ask, made)


def _figure(claim: Claim, basis: Basis, found: Collected, stated: float | None) -> Estimate:
    if found.rows:
        terms = _terms(basis, found)
        figure = estimate(claim.kind, found.rows, claim.says, terms)
        return figure if stated is None or claim.kind == "rank" else _against(claim, found, figure, stated, terms)
    if found.stated_rank is None:
        return Estimate(None)
    rank = found.stated_rank[0]
    ranking = Ranking((*(0.0 for _ in range(rank - 1)), 1.0), rank, rank)
    says = claim.says
    p = ranking.exactly(says.rank) if says.rank is not None else ranking.at_most(says.rank_at_most or 0)
    return Estimate(None, rank, rank, rank, rank, rank, p, p, ranking)


def _terms(basis: Basis, found: Collected) -> Terms:
    cover = basis.coverage
    return Terms(found.grid, None if cover is None else (cover.low, cover.high))


def _against(claim: Claim, found: Collected, figure: Estimate, stated: float, terms: Terms) -> Estimate:
    """The probability that the truth lies within the claim's tolerance of the stated number."""
    reach = abs(stated) * (claim.says.within or 0.05)
    both = [estimate(claim.kind, found.rows, Says(at_least=edge), terms)
            for edge in (stated - reach, stated + reach + 1e-9)]  # fmt: skip
    held = [None if a is None or b is None else max(a - b, 0.0) for a, b in (
        (both[0].probability, both[1].probability), (both[0].by_rounding, both[1].by_rounding))]  # fmt: skip
    return replace(figure, probability=held[0], by_rounding=held[1])


def _allowed(claim: Claim, basis: Basis, found: Collected) -> bool:
    """Whether the disclosure registry lets the figure be shown."""
    amounts = [float(row.value) for row in found.rows if row.value]
    return _rule(claim, basis).allows(amounts, count=round(sum(amounts)))


def _rule(claim: Claim, basis: Basis) -> Rule:
    """The rule of a basis: that of the claim, but head counts of the register go by their own."""
    heads = basis.source == "register" and basis.quantity == "jobs"
    return registry().rule("member_employees" if heads else claim.disclosure)


def _compared(ask: _Question, made: BasisResult) -> BasisResult:
    """With the league, the places beside, and the verdict that looks at all of them."""
    claim, asked = ask.claim, ask.place
    league = tuple(_line(ask, made.basis, place(slug(name)))
                   for name in sorted({*_own(asked, claim), *competitors(asked, claim.league).values()}))  # fmt: skip
    nearby = related(asked, claim.league)
    beside = tuple(_line(ask, made.basis, other) for other in nearby)
    union = len(asked.members(claim.league) or ()) > 1
    chances = {_told(other, claim.league): line.probability for other, line in zip(nearby, beside, strict=True)}
    verdict = judge(made.figure.probability, chances if union else {}, {} if union else chances)
    own = (_line(ask, made.basis, asked),) if union else ()
    return replace(made, league=league, beside=(*own, *beside), verdict=verdict)


def _own(asked: Place, claim: Claim) -> list[str]:
    return [regions(claim.league)[code] for code in asked.members(claim.league) or ()]


def _told(other: Place, league: League) -> str:
    """A place by name; one of several regions with their names."""
    members = [regions(league)[code] for code in other.members(league) or ()]
    return f"{' + '.join(members)} together" if len(members) > 1 else other.title


def _line(ask: _Question, basis: Basis, other: Place) -> Line:
    found = ask.collect(basis, other)
    figure = _figure(ask.claim, basis, found, None)
    ranks = () if figure.ranking is None else figure.ranking.at
    if not found.rows:
        return Line(other.title, None, None, None, None, figure.probability, ranks)
    own = tuple(row for row in found.rows if row.group == THIS)
    size = estimate("total", own, Says(at_least=0), _terms(basis, found))
    return Line(other.title, size.value, size.expected, size.low, size.high, figure.probability, ranks)


def _with_change(claim: Claim, result: BasisResult, previous: Mapping[str, State]) -> BasisResult:
    before = previous.get(result.basis.label)
    return result if before is None else replace(result, change=change(before, state(result, claim)))


def _why(bases: tuple[BasisResult, ...], deciding: BasisResult | None) -> tuple[str, ...]:
    """Why it cannot be told, or what the verdict leaves out."""
    looked = bases if deciding is None else (deciding,)
    found: list[str] = []
    for basis in looked:
        found += [str(gap) for gap in basis.missing]
        found += [basis.refused] if basis.refused else []
        found += list(basis.figure.why)
    return tuple(dict.fromkeys(found))


def _origins(bases: tuple[BasisResult, ...], inputs: Inputs) -> tuple[Origin, ...]:
    used = [TABLES.get(b.basis.source, b.basis.source.replace("-", "_")) for b in bases if b.rows or b.figure.ranking]
    return tuple(origin for table in dict.fromkeys(used) for origin in inputs.origins_of(table))
