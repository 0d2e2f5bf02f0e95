"""The sources there are, and which of them a file belongs to, told by its header and layout, never by its name."""

from __future__ import annotations

import csv
import importlib
import importlib.util
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl

from lifecluster.errors import InputError, LifeclusterError
from lifecluster.sources.editions import Edition, ListFile, settle
from lifecluster.sources.extract import Extract, ReferenceExtract, Snapshot
from lifecluster.sources.files import InputFile, head, members, sniff
from lifecluster.sources.inputs_file import INPUTS_FILE, Note, check_names, note_of, read_notes
from lifecluster.sources.mapping import SUFFIX, load_mapping, require_confirmed
from lifecluster.sources.mapping_files import find_mappings, list_of
from lifecluster.sources.shipped import shipped
from lifecluster.sources.spec import REFERENCE, Recognise, Rows, SourceSpec, check_column, load_spec
from lifecluster.sources.tabular import read_table
from lifecluster.sources.walk import walk

Reader = Callable[[Sequence[InputFile], SourceSpec], Extract | ReferenceExtract]
REGISTRAR = 0
"""Anchor of the company register, by whose numbers the ids of organisations go."""


@dataclass(frozen=True)
class Source:
    """One folder of a source: its specification and its reader (imported on first use).

    `module`: name of the reader's module, or None for a source that needs none (its columns say all).
    `path`: file of the reader, for sources outside the package.
    """

    spec: SourceSpec
    module: str | None
    path: Path | None = None

    def reader(self) -> Reader:
        """The function that reads files of this source. Raises InputError if its file cannot be imported."""
        if self.path is not None:
            return _load_reader(self.path)
        if self.module is None:
            return read_table
        reader: Reader = importlib.import_module(self.module).read
        return reader

    def read(self, files: Sequence[InputFile], *, rows: Rows | None = None) -> Extract | ReferenceExtract:
        """Read files of this source; raises LifeclusterError where the number of rows is out of bounds."""
        extract = self.reader()(newest_first(distinct(files)), self.spec)
        check_rows(extract, files, rows)
        return extract


def newest_first(files: Sequence[InputFile]) -> list[InputFile]:
    """The newest edition first, so that its rows stand and those of older editions repeat them; parts by name."""
    by_name = sorted(files, key=lambda f: f.name.split("/"))
    return sorted(by_name, key=lambda f: f.snapshot.observed_on or date.min, reverse=True)


def distinct(files: Sequence[InputFile]) -> list[InputFile]:
    """The same files, those that share a name called by the beginning of their hash as well.

    Rows are joined to their snapshot by the name of the file. Raises InputError for the same content twice.
    """
    names = Counter(f.name for f in files)
    out, seen = [], set()
    for file in files:
        if names[file.name] == 1:
            out.append(file)
            continue
        if file.snapshot.sha256 in seen:
            raise InputError("the same file twice", file=file.name)
        seen.add(file.snapshot.sha256)
        called = f"{file.name} ({file.snapshot.sha256[:8]})"
        out.append(replace(file, snapshot=replace(file.snapshot, file=called)))
    return out


def check_rows(extract: Extract | ReferenceExtract, files: Sequence[InputFile], rows: Rows | None = None) -> None:
    """Raise LifeclusterError where the number of rows is out of bounds (`rows`, else those of the source)."""
    bounds = rows or extract.spec.rows
    if not bounds.min <= extract.read <= bounds.max:
        names = ", ".join(f.name for f in files)
        raise LifeclusterError(
            f"{names}: {extract.read:,} rows, but {extract.spec.name} has between {bounds.min:,} and {bounds.max:,}; "
            "a cut or wrong file? (bounds: source.yml, or rows: in inputs.yml)"
        )


def sources(extra: Path | None = None) -> Mapping[str, Source]:
    """All sources by name: those shipped with the library, and those in the folders below `extra`.

    An instance keeps sources of its own in `sources/` of its workspace, in the same form as the shipped ones. Their
    readers are programs that run with the rights of whoever builds, so `extra` is only ever the owner's own folder.
    Raises InputError for a source.yml that is wrong, or a name that is taken.
    """
    found = dict(_shipped())
    if extra is None or not extra.is_dir():
        return found
    for folder in sorted(extra.iterdir()):
        if (folder / "source.yml").is_file():
            spec = load_spec(folder / "source.yml")
            if spec.name in found:
                raise InputError(f"there is a source {spec.name} already", file=f"{folder.name}/source.yml")
            reader = folder / "reader.py"
            _check_own(spec, reader.is_file(), f"{folder.name}/source.yml")
            found[spec.name] = Source(spec, None, reader if reader.is_file() else None)
    return found


def _check_own(spec: SourceSpec, has_reader: bool, file: str) -> None:
    """Raise InputError for what only shipped sources may claim, and for what a source without a reader cannot do."""
    if spec.anchor == REGISTRAR:
        raise InputError(f"anchor: {REGISTRAR} is that of the company register; take a larger number", file=file)
    if has_reader:
        return
    if spec.kind == REFERENCE:
        raise InputError("kind: a source of reference tables needs a reader.py beside it", file=file)
    properties = {column.property for column in spec.columns.values()}
    if spec.key is not None and spec.key not in {*spec.columns, *properties}:
        raise InputError(f"key: {spec.key!r} is neither a column of the source nor a property of one", file=file)
    try:
        for header, column in spec.columns.items():
            if column.property is not None:
                check_column(header, column.property, (spec.kind,), split=column.split, form=column.format)
    except ValueError as error:
        raise InputError(str(error), file=file) from error


@cache
def _shipped() -> Mapping[str, Source]:
    return {spec.name: Source(spec, f"lifecluster.sources.{folder}.reader") for folder, spec in shipped().items()}


def _load_reader(path: Path) -> Reader:
    place = f"{path.parent.name}/{path.name}"
    found = importlib.util.spec_from_file_location(f"lifecluster_extra_{path.parent.name}", path)
    if found is None or found.loader is None:
        raise InputError("cannot be imported", file=place)
    module = importlib.util.module_from_spec(found)
    try:
        found.loader.exec_module(module)
        reader: Reader = module.read
    except Exception as error:  # whatever the owner's own program raises, with its name for the owner
        raise InputError(f"cannot be imported ({type(error).__name__}: {error})", file=place) from error
    return reader


def describe(extra: Path | None = None) -> pl.DataFrame:
    """One row a source: name, title, publisher, licence, refresh, kind, rank, url, rows_min, rows_max, fetch, own.

    `fetch`: whether `lifecluster fetch` can download it; `own`: whether it lies in the folder `extra`.
    """
    rows = [
        {
            "name": s.spec.name, "title": s.spec.title, "publisher": s.spec.publisher, "licence": s.spec.licence.id,
            "refresh": s.spec.refresh, "kind": s.spec.kind, "rank": s.spec.rank, "url": s.spec.url,
            "rows_min": s.spec.rows.min, "rows_max": s.spec.rows.max, "fetch": bool(s.spec.downloads),
            "own": s.spec.name not in _shipped(),
        }
        for s in sources(extra).values()
    ]  # fmt: skip
    return pl.DataFrame(rows)


def matches(text: str, rule: Recognise, *, delimiter: str | None = None) -> bool:
    """Whether the leading text of a file fits a source's `recognise` rule."""
    if rule.starts is not None and not re.match(rule.starts, text.lstrip()):
        return False
    if not (rule.header or rule.columns or rule.pattern):
        return rule.starts is not None
    rows = _rows(text, delimiter or sniff(text))
    if not rows:
        return False
    if rule.header and not {name.strip() for name in rows[0]} >= set(rule.header):
        return False
    if rule.columns is not None and any(len(row) != rule.columns for row in rows[:5]):
        return False
    return all(
        re.search(pattern, row[index]) is not None
        for index, pattern in rule.pattern.items()
        for row in rows[:5]
        if index < len(row)
    )


def _holds(names: Sequence[str], rule: Recognise) -> bool:
    """Whether some file of an archive of several is named as the rule says."""
    return rule.members is not None and any(re.search(rule.members, name) for name in names)


def _rows(text: str, delimiter: str) -> list[list[str]]:
    lines = text.splitlines(keepends=True)[:8]
    try:
        return [row for row in csv.reader(lines, delimiter=delimiter) if row][:6]
    except csv.Error:
        return []


def recognise(path: Path, *, extra: Path | None = None) -> Source | None:
    """The source that `path` belongs to, or None. Raises InputError where two claim it or it can't be opened."""
    inside, known = members(path), sources(extra).values()
    if len(inside) > 1:
        claims = [s for s in known if _holds(inside, s.spec.recognise)]
    else:
        text = head(path)
        claims = [s for s in known if matches(text, s.spec.recognise, delimiter=s.spec.delimiter)]
    if len(claims) > 1:
        names = " and ".join(s.spec.name for s in claims)
        raise InputError(f"looks like {names}; name its source in {INPUTS_FILE}", file=path.name)
    return claims[0] if claims else None


@dataclass(frozen=True)
class Inputs:
    """A folder sorted: files by source, lists with their mappings, and every other file with the reason.

    `lists`: name below the folder -> the list and its confirmed mapping. `left`: the same name -> why it was not read.
    `packages`: folders that hold packages of ours, which are passed over.
    """

    files: Mapping[str, tuple[InputFile, ...]]
    left: Mapping[str, str]
    rows: Mapping[str, Rows] = field(default_factory=dict)
    lists: Mapping[str, ListFile] = field(default_factory=dict)
    packages: tuple[str, ...] = ()


@dataclass
class _Sorting:
    known: Mapping[str, Source]
    extra: Path | None
    mappings: Path | None
    at: date | None
    files: dict[str, list[InputFile]] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    rows: dict[str, Rows] = field(default_factory=dict)
    lists: dict[str, Edition] = field(default_factory=dict)
    seen: dict[tuple[str, str | None], str] = field(default_factory=dict)


def gather(folder: Path, *, extra: Path | None = None, mappings: Path | None = None, at: date | None = None) -> Inputs:
    """Sort all files below `folder`; the same content twice counts once, and so do two editions of one list.

    A file with `<file>.mapping.yml` beside it, or in the folder `mappings`, is a list; a mapping that is wrong or not
    confirmed leaves it out with the reason. Links to folders are followed; hidden files and folders, and packages that
    Lifecluster wrote, are no inputs. `at`: the day of the build; what speaks of a later one is left. `extra`: see
    `sources`. Raises InputError for a bad `inputs.yml`.
    """
    if not folder.is_dir():
        raise InputError("there is no such folder", file=folder.name)
    known = sources(extra)
    notes = read_notes(folder, known)
    walked = walk(folder)
    names = [name for name, _ in walked.files]
    check_names(notes, (*names, *walked.left))
    out = _Sorting(known, extra, mappings, at, left=walked.left)
    for name, path in walked.files:
        note, aside = note_of(name, notes), _beside(name, set(names))
        if aside == "":
            continue  # it belongs to a file that is here, and nothing is to be said of it
        if note.skip is not None:
            out.left[name] = note.skip
        elif aside is not None:
            out.left[name] = aside
        else:
            with _leaving(path, name, out):
                _sort(path, name, note, out)
    lists, doubled = settle(out.lists)
    out.left |= doubled
    files = {source: tuple(found) for source, found in sorted(out.files.items())}
    left = {name: out.left[name] for name in sorted(out.left, key=lambda n: n.split("/"))}
    return Inputs(files, left, out.rows, lists, tuple(walked.packages))


def _beside(name: str, names: set[str]) -> str | None:
    """Why a file that stands beside the inputs is not read (empty: nothing to be said); None for an input."""
    if name.endswith(SUFFIX):
        return "" if list_of(name, names) is not None else "a mapping whose list is not here"
    if name.endswith(".part.json"):
        return "" if name.removesuffix(".json") in names else "what is left of an unfinished download"
    if name.endswith(".part"):
        return "an unfinished download"
    if name.rpartition("/")[2] == INPUTS_FILE:
        return "" if name == INPUTS_FILE else f"only the {INPUTS_FILE} of the folder itself is read"
    return None


@contextmanager
def _leaving(path: Path, name: str, out: _Sorting) -> Iterator[None]:
    """Whatever cannot be used is left, with the reason; only mistakes in inputs.yml end the gathering."""
    try:
        yield
    except InputError as error:
        if error.place.file == INPUTS_FILE:
            raise
        out.left[name] = str(error) if error.place.file not in {path.name, name} else error.message
    except OSError as error:
        out.left[name] = f"cannot be opened ({error.strerror or type(error).__name__})"


def _sort(path: Path, name: str, note: Note, out: _Sorting) -> None:
    """Put one file where it belongs. Raises InputError with the reason where it belongs nowhere."""
    kept = find_mappings(path, out.mappings, below=name)
    if kept:
        for n, mapping in enumerate(kept):
            with _leaving(path, name if len(kept) == 1 else f"{name} ({mapping.name})", out):
                _sort_list(path, name, mapping, note, out, several=n > 0)
        return
    source = out.known[note.source] if note.source is not None else recognise(path, extra=out.extra)
    if source is None:
        raise InputError("no source recognises its header or layout", file=path.name)
    vintage = note.observed_on or _vintage(path.name, source.spec)
    _not_after(vintage, out.at, path.name)
    snapshot = Snapshot.of(path, name=name, observed_on=vintage, sample=note.sample)
    _once(path, name, (snapshot.sha256, None), out)
    out.files.setdefault(source.spec.name, []).append(InputFile(path, snapshot, out.at))
    if note.rows is not None:
        out.rows[source.spec.name] = note.rows


def _sort_list(path: Path, name: str, kept: Path, note: Note, out: _Sorting, *, several: bool) -> None:
    """The same for a list; one workbook may hold several, each with a mapping that names its sheet."""
    mapping = load_mapping(kept)
    require_confirmed(mapping, kept)
    for key in ("source", "rows"):
        if key in note.model_fields_set:
            raise InputError(f"{key} of {name}: it has a mapping, which makes it a source of its own", file=INPUTS_FILE)
    if note.observed_on not in {None, mapping.observed_on}:
        raise InputError(f"observed_on of {name}: say it in its mapping, {kept.name}", file=INPUTS_FILE)
    if mapping.name in out.known:
        raise InputError(f"its mapping gives it the name {mapping.name}, which a source of yours has", file=path.name)
    _not_after(mapping.observed_on, out.at, path.name)
    called = f"{name} [{mapping.sheet}]" if several else name
    _once(path, called, (Snapshot.of(path).sha256, mapping.sheet), out)
    out.lists[called] = Edition(ListFile(path, kept, sample=note.sample, name=name), mapping)


def _not_after(day: date | None, at: date | None, file: str) -> None:
    if day is not None and at is not None and day > at:
        raise InputError(f"speaks of {day}, which lies after {at}, the day of the build", file=file)


def _once(path: Path, name: str, content: tuple[str, str | None], out: _Sorting) -> None:
    if content in out.seen:
        raise InputError(f"the same file as {out.seen[content]}: read once", file=path.name)
    out.seen[content] = name


def _vintage(name: str, spec: SourceSpec) -> date | None:
    """Date from the file name by the source's `vintage` pattern (groups y, m, d; a missing part is 1)."""
    match = re.search(spec.vintage, name) if spec.vintage else None
    if match is None:
        return None
    parts = match.groupdict()
    try:
        return date(int(parts["y"]), int(parts.get("m") or 1), int(parts.get("d") or 1))
    except ValueError:
        return None
