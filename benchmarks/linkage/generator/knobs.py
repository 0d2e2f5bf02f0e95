"""The few numbers that decide how hard a test set is."""

from __future__ import annotations

from dataclasses import dataclass

NOISE_CLASSES = (
    "legal_form",
    "typo",
    "token_drop",
    "token_swap",
    "abbreviation",
    "acronym",
    "previous_name",
    "trading_as",
    "spacing_punctuation",
    "ledger_noise",
    "encoding_ocr",
    "clean",
)
"""The kinds of damage done to a name, in about equal shares."""

ADDRESS_CLASSES = ("same", "other_site", "town_only", "none", "postcode_typo")
"""What a query says about the place: the registered office, a different site, the town, nothing, a wrong postcode."""

KINDS = ("match", "absent", "absent_sibling")
"""Whether the true company is in the register; a sibling is a company of the same family."""


@dataclass(frozen=True)
class Knobs:
    """Shares and probabilities of the generator. All are between 0 and 1 unless said otherwise.

    The defaults were set so that public tools score as they do on comparable data: Splink trained with
    labels between .84 and .89 in F1 at 500,000 companies. They were never set by looking at this project's linker.
    """

    absent: float = 0.17
    """Share of queries without a true match; half of them have a sibling in the register."""
    composed: float = 0.20
    """Share of queries that get a second kind of noise."""
    legal_jitter: float = 0.30
    """Share of queries whose legal form is also rewritten or lost, in every class but ``clean``."""
    keep_common: float = 0.70
    """Chance that a common word of a real name's pattern stays; otherwise another common word takes its place."""
    coined: float = 0.22
    """Share of distinctive words that are coined, so that the vocabulary grows with the register."""
    family: float = 0.11
    """Share of draws that make a family of companies rather than a single one."""
    near_duplicate: float = 0.025
    """Share of draws that make an unrelated company with almost the same name."""
    reused: float = 0.01
    """Share of draws that give the name of a dissolved company to a new one."""
    shared_address: float = 0.55
    """Chance that a family member has the address of its family."""
    hub: float = 0.13
    """Share of companies at an address of a formation agent."""
    previous: float = 0.15
    """Share of companies with at least one previous name."""
    dissolved: float = 0.06
    """Share of companies that are dissolved."""
    unfair: float = 0.015
    """Upper bound of the share of queries that several companies fit equally well."""
    other_site_near: float = 0.5
    """Share of other sites that lie in the postcode area of the registered office."""
