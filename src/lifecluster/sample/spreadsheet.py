"""An XLSX workbook with the same bytes every time: openpyxl stamps the hour, so the parts are packed anew."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence

_STAMP = "2026-03-31T00:00:00Z"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def xlsx(sheet: str, rows: Sequence[Sequence[object]]) -> bytes:
    """One sheet called `sheet` with these rows; text that begins with `=` stays text."""
    from openpyxl import Workbook

    book = Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(list(row))
    raw = io.BytesIO()
    book.save(raw)
    return _fixed(raw.getvalue())


def _fixed(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as after:
        for name in sorted(before.namelist()):
            part = before.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", _STAMP.encode(), part)
            after.writestr(zipfile.ZipInfo(name, _EPOCH), part)
    return out.getvalue()
