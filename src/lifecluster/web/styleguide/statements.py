"""Invented claims and asks for the style guide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html

from lifecluster.web.kit.plots import Interval, Ranks, ReplyClock
from lifecluster.web.kit.states import Answer, Badge, State
from lifecluster.web.kit.tables import Column, Row, Table
from lifecluster.web.styleguide.samples import evidence


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence, what is found, and the verdict."""

    said: str
    found: str
    interval: str
    plot: Interval
    verdict: State
    because: str
    by: str

    def row(self) -> Row:
        """As a row of the table."""
        cells = {
            "said": f"“{self.said}”",
            "found": evidence(f"claim {self.said}", f"Claim: {self.said}", self.found, interval=self.interval),
            "plot": self.plot,
            "verdict": self.verdict,
        }
        return Row(cells, sub={"found": self.interval, "verdict": format_html("{}<br>{}", self.because, self.by)})


CLAIMS = (
    Claim(
        said="Over 1,200 life-science businesses",
        found="1,262",
        interval="1,214 to 1,331",
        plot=Interval(1262, 1140, 1370, 1214, 1331, said=1200, said_as="said: over 1,200"),
        verdict=State(Answer.YES, "True"),
        because="Ninety-eight chances in a hundred that the number is above 1,200.",
        by="Register definition 3",
    ),
    Claim(
        said="33,000 high-skilled jobs",
        found="18,900",
        interval="17,400 to 20,600",
        plot=Interval(18900, 14000, 36000, 17400, 20600, said=33000, said_as="said: 33,000"),
        verdict=State(Answer.NO, "False"),
        because="There are 33,400 jobs; 57 % are in high-skilled occupations.",
        by="SOC 2020 groups 1 to 3",
    ),
    Claim(
        said="The highest number of medical-technology companies",
        found="1st",
        interval="1st to 2nd of 11",
        plot=Ranks.of(1, 11, low=1, high=2, said=1, said_as="said: 1st of 11"),
        verdict=State(Answer.PARTLY, "True only for East + West together"),
        because="Alone, the West is 5th and the East 7th of 12.",
        by="Medtech, core and supply",
    ),
    Claim(
        said="Second-largest employer in medical technology",
        found="2nd",
        interval="1st to 4th of 11",
        plot=Ranks.of(2, 11, low=1, high=4, said=2, said_as="said: 2nd of 11"),
        verdict=State(Answer.UNKNOWN, "Cannot tell"),
        because="Rounding in the survey leaves ranks 1 to 4 open; second or better has 58 chances in 100.",
        by="BRES, SIC 26.60 and 32.50",
    ),
)


def claims() -> Table:
    """Claims with verdicts."""
    columns = (
        Column("said", "What we say", head=True, wide="l"),
        Column("found", "What we find", "figure", wide="s"),
        Column("plot", "Found against said", "plot", wide="m"),
        Column("verdict", "Verdict, and why", "state"),
    )
    rows = [claim.row() for claim in CLAIMS]
    return Table("Headline claims, what is found, and the verdict", columns, rows, name="roomy")


@dataclass(frozen=True, slots=True)
class Ask:
    """An ask, whom it touches, its clock and the reply."""

    ask: str
    to: str
    touches: str
    clock: ReplyClock
    reply: str
    more: Any
    badge: Any = ""

    def row(self) -> Row:
        """As a row of the table."""
        cells = {
            "ask": format_html('<a href="/style">{}</a>', self.ask),
            "touches": evidence(f"ask {self.ask}", self.ask, self.touches),
            "clock": self.clock,
            "reply": format_html("<b>{}</b>", self.reply),
        }
        to = format_html("to: {}<br>{}", self.to, self.badge) if self.badge else f"to: {self.to}"
        return Row(cells, sub={"ask": to, "reply": self.more})


ASKS = (
    Ask(
        ask="Publish batch-release waiting times",
        to="Medicines regulator",
        touches="31 organisations, 4,120 jobs",
        clock=ReplyClock(14),
        reply="Reply due 30 November",
        more="6 working days left",
    ),
    Ask(
        ask="Open a level 5 route for aseptic technicians",
        to="Skills department",
        touches="22 organisations, 190 vacancies",
        clock=ReplyClock(29),
        reply="Reply was due 9 November",
        more=format_html('<span class="warn">{} working days late</span>', 9),
        badge=Badge("chatham"),
    ),
    Ask(
        ask="Name regional test beds in adoption guidance",
        to="Technology assessment body",
        touches="57 products",
        clock=ReplyClock(16, answered=True),
        reply="Partly accepted, 12 November",
        more="Commitment: “by end Q1 2027/28”, read as 30 June 2027. Members told 13 November.",
    ),
)


def asks() -> Table:
    """Asks with reply clocks."""
    columns = (
        Column("ask", "Ask", head=True, wide="l"),
        Column("touches", "Touches"),
        Column("clock", "Reply clock, working days", "plot", wide="m"),
        Column("reply", "Reply"),
    )
    return Table("Open asks with reply clock and reply", columns, [ask.row() for ask in ASKS], name="roomy")
