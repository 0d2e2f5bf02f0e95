"""The sources of a package, each with the level of readers who may know that there is such a source.

To all others a closed list is not there: its name, licence, date and row counts are in nothing that they are shown.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
from django.db.models import Min

from lifecluster.policy.visibility import Visibility
from lifecluster.register import edits
from lifecluster.register.package import Package as Files
from lifecluster.register.presence import PRESENCE, RANKS
from lifecluster.web.directory.models import Package, SourceFile, Statement

FileKey = tuple[str, str | None, str, str]
"""Source, snapshot, licence and rank, as statements name a file; edits have no snapshot."""
_SAID = (
    "title", "publisher", "rank", "licence", "licence_title", "licence_url", "attribution", "url", "refresh", "file",
    "observed_on", "sample",
)  # fmt: skip
_COUNTS = ("read", "accepted", "rejected", "problems")
_TEXTS = {"title", "publisher", "licence_title", "licence_url", "attribution", "url", "refresh", "file"}
UNSAID = int(Visibility.DESK)
"""Of a source that does not say who may know of it, that states nothing, and that is none of those shipped."""


def source_files(package: Package, opened: Files, statements: pl.DataFrame) -> dict[FileKey, int]:
    """Write the sources; returns their keys by source, snapshot, licence and rank, as statements name them.

    Parameters: `statements` those that the package will show. Edits of this web app are one more source, whose snapshot
    is the entry of the log.
    """
    said, levels = opened.whole.table("sources"), source_levels(opened, statements)
    files: dict[FileKey, int] = {}
    for row in said.to_dicts():
        plain = {k: "" if row.get(k) is None and k in _TEXTS else row.get(k) for k in _SAID}
        level = levels.get(row["source"], UNSAID)
        counts = {k: row.get(k) for k in _COUNTS if level == _strictest(row["source"], statements, level)}
        made = SourceFile.objects.create(package=package, source=row["source"], sha256=row["sha256"], level=level,
                                         **plain, **counts)  # fmt: skip
        files[row["source"], row["sha256"], row["licence"], row["rank"]] = made.pk
    named = statements.select("source", "snapshot", "licence", "rank").unique().sort(pl.all())
    for source, snapshot, licence, rank in named.iter_rows():
        level = levels.get(source, UNSAID)
        if source == edits.SOURCE:
            files[source, None, licence, rank] = edit_source(package, level).pk
        elif (source, snapshot, licence, rank) not in files:
            made = SourceFile.objects.create(package=package, source=source, title=source, rank=rank, licence=licence,
                                             sha256=snapshot or "", level=level)  # fmt: skip
            files[source, snapshot, licence, rank] = made.pk
    return files


def _strictest(source: str, statements: pl.DataFrame, level: int) -> int:
    """Of edits the strictest level of any: where that is not the level of the source, their number tells of hidden
    ones. Other sources are of one level."""
    if source != edits.SOURCE:
        return level
    levels = statements.filter(pl.col("source") == source)["visibility"].unique()
    return max((RANKS[label] for label in levels), default=level)


def source_levels(opened: Files, statements: pl.DataFrame) -> dict[str, int]:
    """Source -> the level of readers who may know of it: as the package says, and no stricter than any statement of it.

    Of packages of before, which do not say, the sources that the library ships are as their descriptions have it.
    """
    said = opened.whole.table("sources")
    known: Mapping[str, int]
    if PRESENCE in said.columns:
        known = {source: RANKS[label] for source, label in said.select("source", PRESENCE).iter_rows()}
    else:
        known = _shipped()
    lowest: dict[str, int] = {}
    for source, label in statements.select("source", "visibility").unique().iter_rows():
        lowest[source] = min(RANKS[label], lowest.get(source, RANKS[label]))
    return {
        name: min((levels[name] for levels in (known, lowest) if name in levels), default=UNSAID)
        for name in {*said["source"], *lowest}
    }


def _shipped() -> dict[str, int]:
    """The level of each source that the library ships a description of."""
    from lifecluster.sources.registry import sources

    return {name: int(Visibility.parse(source.spec.visibility)) for name, source in sources().items()}


def edit_source(package: Package, level: int = UNSAID) -> SourceFile:
    """The source that stands for edits made here."""
    said = {"title": edits.TITLE, "publisher": package.title, "rank": edits.RANK, "licence": edits.LICENCE}
    return SourceFile.objects.get_or_create(package=package, source=edits.SOURCE, defaults={**said, "level": level})[0]


def settle_edits(source: SourceFile) -> None:
    """Let those know of the source of edits who may know any of the edits."""
    found = Statement._base_manager.filter(package=source.package, file=source).aggregate(level=Min("level"))["level"]
    SourceFile.objects.filter(pk=source.pk).update(level=UNSAID if found is None else found)
