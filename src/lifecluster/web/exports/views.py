"""Sending an export."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from lifecluster.errors import LifeclusterError
from lifecluster.web.api import links
from lifecluster.web.api.conditional import conditional
from lifecluster.web.api.problem import problem
from lifecluster.web.directory import reads
from lifecluster.web.directory import search as finding
from lifecluster.web.directory.reads import NoPackageError
from lifecluster.web.directory.viewer import ANYBODY
from lifecluster.web.exports.formats import FORMATS, Format
from lifecluster.web.exports.selection import Selection


@require_safe
def export(request: HttpRequest, name: str) -> HttpResponseBase:
    """A view of the directory as a file: `name` one of FORMATS, `rows` the table, the rest is the directory's query.

    What asks for something that there is not is refused (400): a file has no room to say that it was left out.
    """
    chosen = FORMATS.get(name)
    if chosen is None:
        return problem(404, f"there is no format {name[:40]!r}; there are {', '.join(FORMATS)}")
    table = request.GET.get("rows") or chosen.tables[0]
    if table not in chosen.tables:
        return problem(400, f"{chosen.title} has rows of {', '.join(chosen.tables)}")
    try:
        return _answer(request, chosen, table)
    except NoPackageError as error:
        return problem(503, str(error))
    except LifeclusterError as error:
        return problem(400, str(error))


@conditional
def _answer(request: HttpRequest, chosen: Format, table: str) -> HttpResponseBase:
    query = finding.strict(request.GET, ANYBODY, also=("rows",)).with_(per_page=finding.Query().per_page)
    selection = Selection(query, reads.current(), ANYBODY, links.base(request))
    response: HttpResponseBase
    if chosen.streams is not None:
        selection.uids  # noqa: B018 - what cannot be answered must fail before the first byte is sent
        response = StreamingHttpResponse(chosen.streams(selection, table), content_type=chosen.media)
    else:
        response = FileResponse(_file(chosen, selection, table), content_type=chosen.media)
    part = "" if table == chosen.tables[0] else f"-{table}"
    response["Content-Disposition"] = f'attachment; filename="{selection.name}{part}.{chosen.ending}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _file(chosen: Format, selection: Selection, table: str) -> tempfile._TemporaryFileWrapper[bytes]:
    """The export as an open file that is gone when it is closed."""
    file = tempfile.NamedTemporaryFile(prefix="lifecluster-export-", suffix=f".{chosen.ending}")  # noqa: SIM115 - Django closes it
    if chosen.writes is None:
        raise TypeError(f"{chosen.title} is streamed")
    chosen.writes(selection, table, Path(file.name))
    return file
