"""Values in forms: how each type is asked for, shown in a field, and read back into what the log has."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django import forms
from django.core.exceptions import ValidationError

from lifecluster.reference.properties import Property
from lifecluster.register.edits import text_of
from lifecluster.register.entry import Json
from lifecluster.register.fitting import LONGEST, NUMBERS, postcode
from lifecluster.web.directory.show import words
from lifecluster.web.directory.show.evidence import CODES_AS_THEY_ARE

MANY = 60
"""Values of one property."""
ITEM = 200
"""Characters of each of several values."""
MISSING = {"required": "Say what it is, or that it is not known."}
LONG = frozenset({"description", "address"})
DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y")
HINTS = {
    "int": "A whole number.",
    "number": "A number.",
    "money": "In pounds a year.",
    "date": "Such as 2026-11-30 or 30/11/2026.",
    "postcode": "Such as LE11 3TU.",
    "url": "Such as https://www.example.org.",
}


def field(prop: str, known: Property, choices: Mapping[str, str]) -> forms.Field:
    """The field in which a property is given; `choices` codes in use, with their words."""
    label = words.label(prop)
    if known.many:
        such = f", such as {'; '.join(list(choices.values())[:3])}" if choices else ""
        return forms.CharField(label=label, max_length=MANY * (ITEM + 2), strip=False, error_messages=MISSING,
                               widget=forms.Textarea(attrs={"rows": 6}), help_text=f"One a line{such}.")  # fmt: skip
    if known.type == "code" and prop not in CODES_AS_THEY_ARE and choices:
        options = [("", "Choose one"), *sorted(choices.items(), key=lambda pair: pair[1])]
        return forms.ChoiceField(label=label, choices=options, error_messages=MISSING)
    attributes = {"inputmode": "numeric"} if known.type in NUMBERS else {"type": "text"}
    widget = forms.Textarea(attrs={"rows": 5}) if prop in LONG else forms.TextInput(attrs=attributes)
    return forms.CharField(label=label, max_length=LONGEST, widget=widget, error_messages=MISSING,
                           help_text=HINTS.get(known.type, ""))  # fmt: skip


def shown(prop: str, known: Property, values: Iterable[str]) -> str:
    """Texts of statements as the field begins with them."""
    found = [_worded(prop, known, value) for value in dict.fromkeys(values) if value]
    return "\n".join(found) if known.many else (found[0] if found else "")


def of_json(prop: str, known: Property, value: Json) -> str:
    """A value of an entry as the field begins with it."""
    values = value if isinstance(value, list | tuple) else [value]
    return shown(prop, known, [text_of(one) for one in values])


def read(prop: str, known: Property, text: str, choices: Mapping[str, str]) -> Json:
    """What was typed, as the log has it; None for nothing. Raises ValidationError in words for who typed it."""
    if not known.many:
        plain = text.strip().replace("\r\n", "\n") if prop in LONG else " ".join(text.split())
        return _read(prop, known, plain, choices) if plain else None
    lines = list(dict.fromkeys(line for line in (" ".join(row.split()) for row in text.splitlines()) if line))
    if len(lines) > MANY:
        raise ValidationError(f"At most {MANY} values, one a line; there are {len(lines)}.")
    long = next((line for line in lines if len(line) > ITEM), None)
    if long is not None:
        raise ValidationError(f"Each value has at most {ITEM} characters; “{long[:40]}…” has {len(long)}.")
    return list(dict.fromkeys(str(_read(prop, known, line, choices)) for line in lines)) or None


def _worded(prop: str, known: Property, value: str) -> str:
    if known.many and _coded(prop, known):
        return words.in_words(value)
    return value


def _coded(prop: str, known: Property) -> bool:
    return known.type == "code" and prop not in CODES_AS_THEY_ARE


def _read(prop: str, known: Property, text: str, choices: Mapping[str, str]) -> Json:
    if known.type in NUMBERS:
        return _number(text, whole=known.type == "int")
    if known.type == "date":
        return _date(text)
    if known.type == "postcode":
        return postcode(text) or text  # what is none is refused in the words of the log
    if known.type == "url":
        return text if "://" in text else f"https://{text}"
    if _coded(prop, known):
        meant = {label.casefold(): code for code, label in choices.items()}
        return meant.get(text.casefold()) or (text if text in choices else _code(text))
    return text


def _number(text: str, *, whole: bool) -> Json:
    try:
        found = Decimal(re.sub(r"[\s,£]", "", text))
    except InvalidOperation:
        found = Decimal("nan")
    if not found.is_finite() or abs(found) >= 10**18:
        raise ValidationError(f"“{text[:40]}” is no {'whole ' if whole else ''}number that we can read.")
    return int(found) if found == found.to_integral_value() else float(found)


def _date(text: str) -> str:
    for form in DAYS:
        try:
            return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    raise ValidationError(f"“{text[:40]}” is no date that we can read: write {date(2026, 11, 30).isoformat()}.")


def _code(text: str) -> str:
    """Words as a code: `Injection moulding` is `injection-moulding`."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    found = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if not found:
        raise ValidationError(f"“{text[:40]}” has no letters from a to z: write it in words.")
    return found
