"""Public contracts in the Open Contracting Data Standard: organisations that buy and supply, and the contracts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from lifecluster.errors import InputError
from lifecluster.sources.contracts_ocds.assemble import contracts_frame, organisations_frame
from lifecluster.sources.contracts_ocds.release import Found, read_release
from lifecluster.sources.extract import PUBLIC, Extract
from lifecluster.sources.files import InputFile, read_text
from lifecluster.sources.spec import SourceSpec
from lifecluster.sources.tray import Tray
from lifecluster.sources.values import check_periods

LOOKED_AT = 100_000
"""Characters of a line in which its ocid and date are looked for."""
Item = tuple[int, object, str]
"""Row number, what stood there (None if it is no JSON), and what may be shown of it."""


def read(files: Sequence[InputFile], spec: SourceSpec) -> Extract:
    """Records of kinds contract (one an award, or one a procedure without award yet) and organisation.

    A row is one release or record: a line of a file of JSON lines, or the n-th in a package.
    Raises InputError for a file that is neither.
    """
    open_ = spec.visibility == PUBLIC
    rejected, problems = Tray(public=open_), Tray(public=open_)
    found, read_rows, warnings = Found(), 0, []
    for file in files:
        text, encoding = read_text(file)
        warnings += [] if encoding == "utf-8" else [f"{file.name}: read as {encoding}"]
        for row, item, shown in items(text, file.name):
            read_rows += 1
            reason = read_release(item, file.name, row, found) if item is not None else "is no valid JSON"
            if reason is not None:
                rejected.add(file.name, row, None, reason, shown)
    kinds = {"contract": contracts_frame(found, problems), "organisation": organisations_frame(found, problems)}
    check_periods(kinds["contract"], problems, warnings)
    return Extract(spec, tuple(f.snapshot for f in files), kinds, rejected.frame(), read_rows,
                   read_rows - len(rejected), tuple(warnings), problems.noted())  # fmt: skip


def items(text: str, file: str) -> Iterator[Item]:
    """Releases or records with their row numbers, from a package, a list, or JSON lines (physical line numbers)."""
    whole = _package(text)
    if whole is not None:
        yield from ((n, item, shown(json.dumps(item, ensure_ascii=False))) for n, item in enumerate(whole, 1))
        return
    if not text.lstrip().startswith("{"):
        raise InputError("neither an OCDS package nor JSON lines", file=file, row=1)
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        item = parse(line)
        inner = _members(item)
        if inner is None:
            yield number, item, shown(line)
        else:
            yield from ((number, one, shown(line)) for one in inner)


def parse(text: str) -> object:
    """JSON text as an object, or None where it is none (also for numbers and depths that Python refuses)."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _package(text: str) -> list[object] | None:
    start = text.lstrip()[:1]
    first, _, rest = text.strip().partition("\n")
    if start == "{" and rest and isinstance(parse(first), dict):
        return None  # several lines, the first complete in itself: JSON lines
    whole = parse(text)
    return whole if isinstance(whole, list) else _members(whole)


def _members(item: object) -> list[object] | None:
    if isinstance(item, dict) and "ocid" not in item:
        for name in ("releases", "records"):
            if isinstance(item.get(name), list):
                return list(item[name])
    return None


def shown(line: str) -> str:
    """What names a release in a line, be it JSON or not: its ocid and date. Of the rest anything may be a person."""
    found = re.findall(r'"(?:ocid|date)"\s*:\s*"[\w.:+-]{1,100}"', line[:LOOKED_AT])
    return ", ".join(dict.fromkeys(found[:4]))
