"""Invented universities, trusts, boards and charities of the region, and organisations beyond it."""

from __future__ import annotations

from datetime import date

from lifecluster.sample.firms import Ground
from lifecluster.sample.model import Organisation
from lifecluster.sample.names import coined, rooted
from lifecluster.sample.places import outwards
from lifecluster.sample.streams import Stream
from lifecluster.sample.words import phrases, place_words

UNIVERSITIES, INSTITUTES, TRUSTS, BOARDS, CHARITIES, BEYOND = 11, 5, 15, 6, 13, 90
TRUST_PREFIX, BOARD_PREFIX = "RZ", "QZ"
"""No trust and no board has had an ODS code that begins so."""
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXY"
UKPRN_START = 19_900_001
"""Eight digits as a UKPRN; the real ones begin with 100."""


def bodies(seed: int, ground: Ground) -> list[Organisation]:
    """Organisations that are no companies: universities, institutes, trusts, boards, charities, those beyond."""
    stream, words = Stream(seed, "spine/bodies"), phrases()["bodies"]
    settle = _Settler(stream, ground)
    found: list[Organisation] = []
    for i in range(UNIVERSITIES):
        head = rooted(stream)
        name = f"University of {head}" if stream.chance(0.6) else f"{head} University"
        found.append(settle.at_park(i, key=str(UKPRN_START + i), kind="university", name=name, head=head))
    for i in range(INSTITUTES):
        head = coined(stream)
        found.append(
            settle.at_park(3 * i, key=f"R{i + 1:05d}", kind="rto", name=f"{head} {words['rto'][i]}", head=head)
        )
    for i in range(TRUSTS):
        head = rooted(stream)
        form = "NHS FOUNDATION TRUST" if stream.chance(0.6) else "NHS TRUST"
        name = f"{head} SAMPLE {words['trust'][i % len(words['trust'])]} {form}".upper()
        found.append(settle.at_park(i, key=f"{TRUST_PREFIX}{LETTERS[i]}", kind="nhs-trust", name=name, head=head))
    for i in range(BOARDS):
        head = rooted(stream)
        name = f"NHS {head} SAMPLE INTEGRATED CARE BOARD".upper()
        found.append(settle.at_park(2 * i, key=f"{BOARD_PREFIX}{LETTERS[i]}", kind="icb", name=name, head=head))
    for i in range(CHARITIES):
        head = rooted(stream)
        outward = stream.one(list(outwards()))
        name = f"The {head} {stream.one(words['charity'])}"
        found.append(settle(outward, key=f"C{i + 1:05d}", kind="charity", name=name, head=head))
    return found + _beyond(stream)


class _Settler:
    """Gives a body an address in a district, or in the district of the i-th park."""

    def __init__(self, stream: Stream, ground: Ground) -> None:
        self._stream, self._ground = stream, ground
        self._parks = [park.outward for park in place_words().parks]

    def __call__(self, outward: str, *, key: str, kind: str, name: str, head: str) -> Organisation:
        stream = self._stream
        postal = stream.one(self._ground.ordinary[outward])
        jobs = stream.whole(1800, 12500) if kind == "nhs-trust" else 0
        return Organisation(
            key=key, kind=kind, name=name, head=head, jobs=jobs, postal=postal,
            line=f"{stream.whole(1, 90)} {postal.street}", founded=stream.day(date(1948, 7, 5), date(2019, 4, 1)),
            ownership="charity" if kind == "charity" else "public",
        )  # fmt: skip

    def at_park(self, i: int, *, key: str, kind: str, name: str, head: str) -> Organisation:
        return self(self._parks[i % len(self._parks)], key=key, kind=kind, name=name, head=head)


def _beyond(stream: Stream) -> list[Organisation]:
    """Partners outside the region: no place in it and no company number."""
    found, words = [], phrases()["bodies"]
    for i in range(BEYOND):
        head = coined(stream)
        home = "United Kingdom" if stream.chance(0.55) else stream.one(phrases()["countries"])
        name = f"{head} {stream.one(words['beyond'].get(home, words['elsewhere']))}"
        found.append(Organisation(f"X{i + 1:05d}", "outside", name, head, 0, country=home))
    return found
