"""Twelve ways in which the name of a company is written down wrongly."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.linkage.generator.companies import Company
from benchmarks.linkage.generator.names import Namer
from benchmarks.linkage.generator.vocabulary import CONNECTORS

_KEYS = ("QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM")
_SHORT = {
    "INTERNATIONAL": "INTL", "PHARMACEUTICALS": "PHARMA", "PHARMACEUTICAL": "PHARM", "TECHNOLOGY": "TECH",
    "TECHNOLOGIES": "TECH", "MANUFACTURING": "MFG", "SERVICES": "SVCS", "SERVICE": "SVC", "MANAGEMENT": "MGMT",
    "ENGINEERING": "ENG", "DEVELOPMENT": "DEV", "DEVELOPMENTS": "DEVTS", "ASSOCIATES": "ASSOC", "HOLDINGS": "HLDGS",
    "PROPERTIES": "PROPS", "PROPERTY": "PROP", "INVESTMENTS": "INVS", "SOLUTIONS": "SOLNS", "UNIVERSITY": "UNIV",
    "HOSPITAL": "HOSP", "LABORATORIES": "LABS", "LABORATORY": "LAB", "CONSTRUCTION": "CONSTR", "GROUP": "GRP",
    "BROTHERS": "BROS", "COMPANY": "CO", "CONSULTANTS": "CONS", "CONSULTANCY": "CONSULT", "CONSULTING": "CONS",
    "DISTRIBUTION": "DIST", "ELECTRICAL": "ELEC", "EQUIPMENT": "EQUIP", "ENTERPRISES": "ENT", "MEDICAL": "MED",
    "NATIONAL": "NATL", "NORTHERN": "NTHN", "SOUTHERN": "STHN", "TRANSPORT": "TRANS", "SYSTEMS": "SYS",
    "PRODUCTS": "PRODS", "RESEARCH": "RES", "CENTRE": "CTR", "BUILDING": "BLDG", "LOGISTICS": "LOGS",
    "COMMUNITY": "COMM", "EDUCATION": "EDUC", "FINANCIAL": "FIN", "YORKSHIRE": "YORKS", "SAINT": "ST",
    "LIMITED": "LTD", "UNITED KINGDOM": "UK", "HEALTHCARE": "HLTHCARE", "SECURITY": "SEC", "SUPPLIES": "SUPP",
    "BIOTECHNOLOGY": "BIOTECH", "INDUSTRIES": "INDS", "INDUSTRIAL": "IND", "PARTNERSHIP": "PSHIP", "TRADING": "TRDG",
    "MAINTENANCE": "MAINT", "RECRUITMENT": "RECRUIT", "MARKETING": "MKTG", "PLUMBING": "PLMBG", "HEATING": "HTG",
}  # fmt: skip
_MOJIBAKE = {"A": "Ã€", "E": "Ã‰", "O": "Ã–", "U": "Ãœ", "I": "Ã\x8d", "C": "Ã‡", "'": "â€™", "-": "â€“", "&": "&amp;"}
_LOOKALIKE = {"O": "0", "I": "1", "L": "1", "S": "5", "B": "8", "G": "6", "Z": "2", "M": "RN", "D": "0", "E": "F"}
_ACCENT = {"A": "Á", "E": "É", "I": "Í", "O": "Ö", "U": "Ü", "C": "Ç", "N": "Ñ"}
_DEPARTMENTS = (
    "ACCOUNTS DEPT", "PURCHASE LEDGER", "HEAD OFFICE", "FINANCE", "SALES LEDGER", "PROCUREMENT", "R&D", "LOGISTICS",
    "INVOICES", "REMITTANCES", "SITE OFFICE", "WAREHOUSE",
)  # fmt: skip
_REMARKS = (
    "DO NOT USE", "NEW", "OLD A/C", "BACS", "ON HOLD", "FACTORED", "USE OTHER ACCOUNT", "GBP", "EUR", "TEMP", "VAT REG",
    "CHECK BANK", "INTERCO", "CLOSED 2019", "DUPLICATE",
)  # fmt: skip
_TRADE_AS = ("T/A", "T/AS", "TRADING AS", "TA", "t/a", "-", "DBA")


@dataclass(frozen=True, slots=True)
class Mention:
    """A company name as somebody wrote it: what names the company, and the legal form that follows (or nothing)."""

    stem: str
    form: str

    @property
    def text(self) -> str:
        """Both parts in one line."""
        return f"{self.stem} {self.form}".strip()


Noise = Callable[[random.Random, Mention, Company, Namer], Mention | None]


def rewrite_form(rng: random.Random, form: str) -> str:
    """Return a legal form as people write it: changed in style, lost, or wrong."""
    swaps = {"LTD": "LIMITED", "LIMITED": "LTD"}
    kind = rng.random()
    if kind < 0.42:
        return ""
    if kind < 0.72:
        return swaps.get(form, form.replace("LIMITED", "LTD").replace("COMPANY", "CO"))
    if kind < 0.82:
        return rng.choice(("LTD.", "Ltd", "(LTD)", "L.T.D.", "LIMTED", "LMITED", "LTD,", "LD"))
    if kind < 0.92:
        return rng.choice(("CO LTD", "COMPANY LIMITED", "& CO LTD", "CO. LTD."))
    return rng.choice(("PLC", "LLP", "INC", "P.L.C.", "PUBLIC LIMITED COMPANY"))


def legal_form(rng: random.Random, said: Mention, company: Company, namer: Namer) -> Mention | None:
    """LTD for LIMITED, no form, PLC by mistake; a leading THE gained or lost."""
    stem = said.stem
    if rng.random() < 0.2:
        stem = stem.removeprefix("THE ") if stem.startswith("THE ") else f"THE {stem}"
    return Mention(stem, rewrite_form(rng, said.form))


def typo(rng: random.Random, said: Mention, company: Company, namer: Namer) -> Mention | None:
    """One or two edits in the stem: a letter swapped, dropped, doubled, or its neighbour on the keyboard."""
    stem = said.stem
    for _ in range(rng.choice((1, 1, 1, 2))):
        spots = [i for i, c in enumerate(stem) if c.isalpha()]
        if len(spots) < 4:
            return None
        stem = _edit(rng, stem, rng.choice(spots))
    return None if stem == said.stem else Mention(stem, said.form)


def _edit(rng: random.Random, text: str, at: int) -> str:
    kind = rng.random()
    if kind < 0.3 and at + 1 < len(text):
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if kind < 0.55:
        return text[:at] + text[at + 1 :]
    if kind < 0.7:
        return text[:at] + text[at] + text[at:]
    row = next((r for r in _KEYS if text[at].upper() in r), _KEYS[0])
    near = max(0, min(len(row) - 1, row.find(text[at].upper()) + rng.choice((-1, 1))))
    return text[:at] + row[near] + text[at + (kind < 0.9) :]


def token_drop(rng: random.Random, said: Mention, company: Company, namer: Namer) -> Mention | None:
    """One word left out (two of a long name), mostly one of the later ones."""
    words = said.stem.split()
    for _ in range(2 if len(words) > 4 and rng.random() < 0.5 else 1):
        real = [i for i, w in enumerate(words) if w not in CONNECTORS and w != "&"]
        if len(real) < 2:
            return None
        del words[real[0] if rng.random() < 0.06 else rng.choice(real[1:])]
    while words and (words[-1] in CONNECTORS or words[-1] == "&"):
        words.pop()
    return Mention(" ".join(words), said.form) if words and len("".join(words)) > 2 else None


def token_swap(rng: random.Random, said: Mention, company: Company, namer: Namer) -> Mention | None:
    """Words in another order; "SURNAME, INITIALS"; the article or the bracket moved to the end."""
    words = said.stem.split()
    if len(words) < 2:
        return None
    if words[0] == "THE" and len(words) > 2:
        return Mention(" ".join(words[1:]) + rng.choice((" (THE)", ", THE")), said.form)
    at = rng.randrange(len(words) - 1)
    if len(words) > 2 and rng.random() < 0.4:
        moved = [*words[1:], words[0]]
    else:
        moved = [*words[:at], words[at + 1], words[at], *words[at + 2 :]]
    if moved == words:
        return None
    joined = " ".join(moved)
    return Mention(joined.replace(" ", ", ", 1) if rng.random() < 0.25 else joined, said.form)


def abbreviation(rng: random.Random, said: Mention, company: Company, namer: Namer) -> Mention | None:
    """Trade words shortened as clerks do, from a list or by cutting a word down."""
    words = said.stem.split()
    known = [i for i, w in enumerate(words) if w.strip("()") in _SHORT]
    for i in known:
        if rng.random() < 0.85:
            words[i] = words[i].replace(words[i].strip("()"), _SHORT[words[i].strip("()")])
    if not known or rng.random() < 0.12:
        long = [i for i, w in enumerate(words) if len(w) > 7 and w.isalpha() and (i or len(words) > 2)]
        if not long and not known:
            return None
        for i in rng.sample(long, min(len(long), 1)):
            cut = rng.randint(4, 5)
            words[i] = words[i][:cut] + rng.choice(("", ".", ""))
            if rng.random() < 0.2:
                words[i] = words[i][0] + re.sub("[AEIOU]", "", words[i][1:])
    stem = " ".join(words)
    return None if stem == said.stem else Mention(stem, said.form)


def acronym(rng: random.Random, said: Mention, company: Company, namer: Namer) -> Mention | None:
    """The initials for the name, or for all but its last word."""
    words = [w for w in re.findall(r"[A-Z0-9']+", said.stem) if w not in CONNECTORS]
    if len(words) < 3:
        return None
    keep = 1 if len(words) > 3 or rng.random() < 0.5 else 0
    letters = [w[0] for w in (words[:-keep] if keep else words)]
    short = ("." if rng.random() < 0.15 else "").join(letters)
    return Mention(" ".join([short, *(words[-keep:] if keep else [])]), said.form)


def previous_name(rng: random.Random, said: Mention, company: Company, namer: Namer) -> Mention | None:
    """An earlier name of the company."""
    if not company.previous:
        return None
    stem, _, form = rng.choice(company.previous).rpartition(" ")
    return Mention(stem, form)


def trading_as(rng: random.Random, said: Mention, company: Company, namer: Namer) -> Mention | None:
    """The company with a brand beside it, or only a brand that carries its distinctive words."""
    words = said.stem.split()
    kind = rng.random()
    if kind < 0.18:
        core = words[: 1 if len(words) < 4 else 2]
        brand = " ".join([*core, *([namer.descriptor(rng)] if rng.random() < 0.6 else [])])
        return Mention(brand, "") if len(words) > 1 and brand != said.stem else None
    brand = f"{namer.head(rng)} {namer.descriptor(rng)}" if rng.random() < 0.7 else f"THE {namer.descriptor(rng)} SHOP"
    sign = rng.choice(_TRADE_AS)
    if kind < 0.75:
        return Mention(f"{said.text} {sign} {brand}", "")
    return Mention(f"{brand} ({said.text})" if rng.random() < 0.5 else f"{brand} {sign} {said.text}", "")


def spacing_punctuation(rng: random.Random, said: Mention, company: Company, namer: Namer) -> Mention | None:
    """Words joined or split, ``&`` for AND, hyphens, lost or gained full stops and apostrophes."""
    stem = said.stem
    for _ in range(rng.choice((1, 1, 1, 2))):
        stem = _respace(rng, stem)
    return None if stem == said.stem else Mention(stem, said.form)


def _respace(rng: random.Random, stem: str) -> str:
    kind = rng.random()
    if kind < 0.3 and (" & " in stem or " AND " in stem):
        return stem.replace(" & ", " AND ") if " & " in stem else stem.replace(" AND ", rng.choice((" & ", "&", " + ")))
    if kind < 0.55 and " " in stem:
        spots = [i for i, c in enumerate(stem) if c == " "]
        at = rng.choice(spots)
        return stem[:at] + rng.choice(("", "", "-", "/")) + stem[at + 1 :]
    if kind < 0.75:
        long = [w for w in stem.split() if len(w) > 6 and w.isalpha()]
        if long:
            word = rng.choice(long)
            at = rng.randint(3, len(word) - 3)
            return stem.replace(word, word[:at] + rng.choice((" ", "-")) + word[at:], 1)
    if kind < 0.9 and any(c in stem for c in ".'()-"):
        return re.sub(r" +", " ", re.sub(r"[.'()-]", "", stem))
    return re.sub(r"\b([A-Z]) ([A-Z])\b", r"\1.\2.", stem) if rng.random() < 0.5 else stem.replace("S ", "'S ", 1)


def ledger_noise(rng: random.Random, said: Mention, company: Company, namer: Namer) -> Mention | None:
    """What accounting systems add: codes before the name, departments, remarks, the town."""
    stem, form = said.stem, said.form
    kind = rng.random()
    if kind < 0.3:
        digits = rng.randint(1000, 99999)
        code = rng.choice((f"{digits:06d}", f"{stem[:3]}{digits % 1000:03d}", f"V{digits}"))
        return Mention(code + rng.choice((" ", " ", " - ", "/", "")) + stem, form)
    if kind < 0.5:
        return Mention(f"{said.text} {rng.choice(('', '- ', ', '))}{rng.choice(_DEPARTMENTS)}", "")
    if kind < 0.7:
        return Mention(f"{said.text} ({rng.choice(_REMARKS)})", "")
    if kind < 0.9:
        return Mention(f"{said.text}{rng.choice((' ', ', ', ' - ', ' ('))}{company.place.town}", "")
    return Mention(f"{rng.choice(('C/O', 'THE DIRECTORS OF', 'FAO', 'ATTN', 'MESSRS'))} {stem}", form)


def encoding_ocr(rng: random.Random, said: Mention, company: Company, namer: Namer) -> Mention | None:
    """Letters that a scanner or a wrong encoding spoils."""
    stem = said.stem
    table = rng.choice((_MOJIBAKE, _LOOKALIKE, _LOOKALIKE, _ACCENT, None))
    for _ in range(rng.choice((1, 1, 2))):
        spots = [i for i, c in enumerate(stem) if (c in table if table else c.isalpha())]
        if len(spots) < 2 or len(stem) < 4:
            return None
        at = rng.choice(spots)
        stem = stem[:at] + (table[stem[at]] if table else rng.choice(("", "?", "\ufffd", "*"))) + stem[at + 1 :]
    return Mention(stem, said.form)


def clean(rng: random.Random, said: Mention, company: Company, namer: Namer) -> Mention | None:
    """The name as registered."""
    return said


NOISES: dict[str, Noise] = {
    noise.__name__: noise
    for noise in (
        legal_form, typo, token_drop, token_swap, abbreviation, acronym, previous_name, trading_as,
        spacing_punctuation, ledger_noise, encoding_ocr, clean,
    )
}  # fmt: skip
SECOND = ("legal_form", "typo", "abbreviation", "spacing_punctuation", "ledger_noise", "encoding_ocr", "token_drop")
"""Classes that may come on top of another."""
