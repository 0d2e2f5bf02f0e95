"""How do we know? Every value has a page with its evidence, and every statement one of its own."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lifecluster.web.directory import reads, witness
from lifecluster.web.directory.freshness import today
from lifecluster.web.directory.remembered import remembered
from lifecluster.web.directory.show import addresses, words
from lifecluster.web.directory.show.evidence import Reader
from lifecluster.web.directory.show.presence import badge
from lifecluster.web.directory.show.proper import proper
from lifecluster.web.directory.views.common import answer, loaded, names_of, reader
from lifecluster.web.kit import formats
from lifecluster.web.kit.rendering import EMPTY, format_html
from lifecluster.web.kit.states import Badge
from lifecluster.web.kit.tables import Fact


@require_safe
@loaded
@remembered
def of_property(request: HttpRequest, subject: str, prop: str) -> HttpResponse:
    """The evidence of one property of one thing: as a page, or the panel alone for a script that shows it in place."""
    who = reader(request)
    values = reads.values([subject], who, property=prop)
    stated = values.of(subject, prop)
    if stated is None:
        raise Http404("nothing is stated on this")
    witness.saw(who, values)
    refs = [said.value for said in (*stated.shown, *stated.others)] if stated.type == "ref" else []
    names = names_of([subject, *refs], who)
    panel = Reader(names, today()).panel(stated)
    if request.headers.get("X-Fragment") == "panel":
        return render(request, "kit/evidence_body.html", {"e": panel, "mode": "popover"})
    named = names.get(subject)
    about = addresses.named(subject, names) if named else EMPTY
    return answer(request, "directory/evidence.html", {"e": panel, "about": about, "name": named.name if named else ""})


@require_safe
@loaded
@remembered
def statement(request: HttpRequest, sid: str) -> HttpResponse:
    """One statement, word for word: the address that a citation gives."""
    who = reader(request)
    said = reads.statement(sid, who)
    if said is None:
        raise Http404("no such statement")
    values = reads.values([said.subject], who, property=said.property)
    witness.saw(who, values)
    stated = values.of(said.subject, said.property)
    refs = [said.value] if stated and stated.type == "ref" else []
    names = names_of([said.subject, *refs], who)
    words_of = Reader(names, today())
    value = words_of.word(said.property, stated.type if stated else "text", said.value)
    marks = format_html("{}{}", Badge("sample") if said.sample else EMPTY, badge(said.visibility))
    facts = [
        Fact("About", addresses.named(said.subject, names)),
        Fact("Property", words.label(said.property)),
        Fact("Value", value, badge=marks),
        Fact("As the source writes it", said.original if said.original is not None else said.value),
        Fact("Source", addresses.link(f"{_sources()}#{said.source.source}", said.source.title or said.source.source)),
        Fact("File and row", said.locator or "not from a file"),
        Fact("Record", said.record),
        Fact("Hash of the file", said.source.sha256 or "not from a file"),
        Fact("Licence", said.source.licence_title or said.source.licence),
        Fact("Observed", formats.day(said.observed_on, long=True)),
        Fact("Verified", formats.day(said.verified_on, long=True)),
        Fact("Valid", _valid(said)),
        Fact("Shown?", "Yes" if said.shown else "No: another statement stands before it"),
    ]
    return answer(
        request,
        "directory/statement.html",
        {
            "said": said,
            "facts": facts,
            "label": words.label(said.property),
            "value": value,
            "name": proper(names[said.subject].name) if said.subject in names else "",
        },
    )


def _sources() -> str:
    from django.urls import reverse

    return reverse("pages:sources")


def _valid(said: reads.Said) -> str:
    if said.valid_from or said.valid_to:
        return f"{formats.day(said.valid_from)} to {formats.day(said.valid_to)}"
    return "no dates given"
