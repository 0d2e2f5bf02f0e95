"""An invented vocabulary and companies, for tests that need no input files."""

from benchmarks.linkage.generator.companies import Company
from benchmarks.linkage.generator.knobs import Knobs
from benchmarks.linkage.generator.names import Namer
from benchmarks.linkage.generator.places import Place
from benchmarks.linkage.generator.vocabulary import Sampler, Vocabulary

HOME = Place("UNIT 4, BRACKEN BUSINESS PARK, MILL ROAD", "LEEDS", "LS1 4AB")
AWAY = Place("12 HIGH STREET", "DERBY", "DE1 2CD")


def namer() -> Namer:
    """A namer over a handful of words."""
    vocabulary = Vocabulary(
        patterns=(
            ("ZORVAN CARE SERVICES", "LTD"),
            ("THE QUIBBLE HOUSE (SHEFFIELD)", "LIMITED"),
            ("A & B FLIM 24", "LTD"),
        ),
        common=frozenset(("CARE", "SERVICES", "HOUSE", "PROPERTY")),
        descriptors=Sampler({"CARE": 3, "SERVICES": 5, "PROPERTY": 2, "PLUMBING": 1}),
        heads=Sampler({"ZORVAN": 1, "QUIBBLE": 1, "FLIMBERT": 2, "TRESKIN": 1}),
        surnames=Sampler({"HATHERDEN": 1, "OXMOLE": 1}),
        towns=frozenset(("SHEFFIELD",)),
    )
    return Namer(vocabulary, Knobs(), ["LEEDS", "DERBY"])


def company(stem: str = "ZORVAN INTERNATIONAL CARE SERVICES", number: str = "01234567", **changes: object) -> Company:
    """A company at HOME unless told otherwise."""
    given = {"form": "LTD", "place": HOME, "family": 0, **changes}
    return Company(number, stem, **given)  # type: ignore[arg-type]  # a test's own shorthand
