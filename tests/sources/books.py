"""Workbooks for tests: XLSX by openpyxl, ODS as its few bytes of XML, and their accidents."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl

ODS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
)


def xlsx(path: Path, rows: Sequence[Sequence[Any]], change: Callable[[Any], None] | None = None) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Members"
    for row in rows:
        sheet.append(list(row))
    if change is not None:
        change(book)
    book.save(path)
    return path


def ods(path: Path, sheets: dict[str, str], *, hidden: Sequence[str] = (), lead: str = "") -> Path:
    """`sheets`: name -> the XML of its rows (see `ods_row`)."""
    styles = (
        '<office:automatic-styles><style:style style:name="off"><style:table-properties table:display="false"/>'
        "</style:style></office:automatic-styles>"
    )
    tables = "".join(
        f'<table:table table:name="{escape(name)}" table:style-name="{"off" if name in hidden else "on"}">'
        f"{rows}</table:table>"
        for name, rows in sheets.items()
    )
    content = (
        ODS_HEAD.replace("?>", f"?>{lead}", 1)
        + styles
        + f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return path


def ods_row(*cells: Any, repeat: int = 1) -> str:
    inner = "".join(cell if str(cell).startswith("<table:") else ods_cell(cell) for cell in cells)
    return f'<table:table-row table:number-rows-repeated="{repeat}">{inner}</table:table-row>'


def ods_cell(value: Any, **attributes: Any) -> str:
    more = "".join(f' table:{name.replace("_", "-")}="{v}"' for name, v in attributes.items())
    if value is None:
        return f"<table:table-cell{more}/>"
    if isinstance(value, int | float):
        start = f'<table:table-cell office:value-type="float" office:value="{value}"{more}>'
        return f"{start}<text:p>{value}</text:p></table:table-cell>"
    return (
        f'<table:table-cell office:value-type="string"{more}><text:p>{escape(str(value))}</text:p></table:table-cell>'
    )
