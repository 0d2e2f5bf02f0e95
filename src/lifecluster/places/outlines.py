"""Coarse outlines of authorities, for drawing a region: kept as the lines between areas, so that neighbours fit.

The table is made by scripts/derive_outlines.py; source and licence stand in reference/areas/outlines.yml. Good to about
a kilometre: never for deciding which area a place lies in.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

Line = list[tuple[int, int]]
Ring = list[tuple[float, float]]
BASE = 63
"""Where the letters of a packed line begin; 5 bits each, as in encoded polylines."""


def pack(line: Line) -> str:
    """A line of whole steps as text: differences from place to place, zigzag, five bits a letter, least first."""
    letters = []
    last_x = last_y = 0
    for x, y in line:
        for step in (x - last_x, y - last_y):
            left = (step << 1) ^ (step >> 63)
            while left >= 32:
                letters.append(chr((left & 31 | 32) + BASE))
                left >>= 5
            letters.append(chr(left + BASE))
        last_x, last_y = x, y
    return "".join(letters)


def unpack(text: str) -> Line:
    """What `pack` packed."""
    numbers, value, shift = [], 0, 0
    for letter in text:
        bits = ord(letter) - BASE
        value |= (bits & 31) << shift
        shift += 5
        if bits < 32:
            numbers.append(value >> 1 ^ -(value & 1))
            value = shift = 0
    line: Line = []
    x = y = 0
    for i in range(0, len(numbers), 2):
        x, y = x + numbers[i], y + numbers[i + 1]
        line.append((x, y))
    return line


@dataclass(frozen=True, slots=True)
class Outlines:
    """`lines` in metres (EPSG:27700); `areas` by active code as rings of line numbers, ~number for a reversed one."""

    lines: list[Ring]
    areas: dict[str, list[list[int]]]

    def merged(self, codes: Iterable[str]) -> list[Ring]:
        """Outline of several authorities together: rings of the lines that only one of them has. Unknown codes are
        left out: an area without an outline cannot be drawn."""
        chosen = [line for code in sorted(set(codes)) for ring in self.areas.get(code, ()) for line in ring]
        often = Counter(line if line >= 0 else ~line for line in chosen)
        return self._chained([line for line in chosen if often[line if line >= 0 else ~line] == 1])

    def near(self, west: float, south: float, east: float, north: float) -> list[str]:
        """Codes of the authorities whose outline comes into a box in metres."""
        found = []
        for code, rings in self.areas.items():
            places = [place for ring in rings for line in ring for place in self._line(line)]
            xs, ys = [x for x, _ in places], [y for _, y in places]
            if min(xs) <= east and max(xs) >= west and min(ys) <= north and max(ys) >= south:
                found.append(code)
        return found

    def _line(self, number: int) -> Ring:
        return self.lines[number] if number >= 0 else self.lines[~number][::-1]

    def _chained(self, lines: list[int]) -> list[Ring]:
        """Lines put end to end until they close."""
        starts: dict[tuple[float, float], list[int]] = defaultdict(list)
        for number in lines:
            starts[self._line(number)[0]].append(number)
        rings = []
        left = dict.fromkeys(lines)
        for first in lines:
            if first not in left:
                continue
            del left[first]
            ring = list(self._line(first))
            while ring[-1] != ring[0]:
                after = next((n for n in starts[ring[-1]] if n in left), None)
                if after is None:
                    break
                del left[after]
                ring += self._line(after)[1:]
            rings.append(ring)
        return rings


@cache
def outlines() -> Outlines:
    """The table shipped with the library."""
    data = json.loads(resources.files("lifecluster.reference").joinpath("areas", "outlines.json").read_text("utf-8"))
    step = float(data["step"])
    return Outlines([[(x * step, y * step) for x, y in unpack(line)] for line in data["lines"]], data["areas"])
