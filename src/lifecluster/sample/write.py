"""Writing the sample region: every theme in turn, one folder of input files, a truth file elsewhere if wanted."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from lifecluster.errors import LifeclusterError
from lifecluster.sample.model import AS_OF, World
from lifecluster.sample.streams import Stream
from lifecluster.sample.theme import HEADER, File, Output, Truth
from lifecluster.sample.themes import (
    contracts,
    estate,
    lists,
    market,
    permits,
    premises,
    profile,
    registers,
    research,
    ties,
)
from lifecluster.sample.world import build_world

Theme = Callable[[World, Stream], Output]
Progress = Callable[[str, int, int], None]
"""Called before each theme with its name, how many are done, and how many there are."""
THEMES: Mapping[str, Theme] = {
    "companies": registers.companies,
    "postcodes": registers.postcodes,
    "trusts": registers.trusts,
    "boards": registers.boards,
    "universities": registers.universities,
    "contracts": contracts.contracts,
    "trials": research.trials,
    "projects": research.projects,
    "members": lists.members,
    "named-sites": lists.named_sites,
    "identities": profile.identities,
    "groups": profile.groups,
    "sites": estate.sites,
    "profiles": profile.profiles,
    "head-counts": profile.head_counts,
    "capabilities": profile.capabilities,
    "licences": permits.licences,
    "products": permits.products,
    "awards": ties.awards,
    "collaborations": ties.collaborations,
    "vacancies": market.vacancies,
    "needs": market.needs,
    "offers": market.offers,
    "facilities": premises.facilities,
}
"""Name of a theme -> its maker; the name seeds its stream, so it never changes. New themes go to the end."""
EXCHANGE = "exchange-sample.csv"
INPUTS = "inputs.yml"
TRUTH_HEADER = ("file", "row", "written", "noise", "organisation")


class _Plain(yaml.SafeDumper):
    """Writes a date that occurs twice in full both times."""

    def ignore_aliases(self, data: object) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class SampleSummary:
    """What was written: seed, organisations (in the region, beyond it), sites, data rows by file, values by kind."""

    seed: int
    organisations: int
    beyond: int
    companies: int
    background: int
    sites: int
    jobs: int
    rows: Mapping[str, int]
    values: Mapping[str, int]
    names_to_link: int


def write_sample(
    folder: Path,
    *,
    seed: int = 1,
    truth: Path | None = None,
    without: frozenset[str] = frozenset(),
    progress: Progress | None = None,
) -> SampleSummary:
    """Write the sample region as input files into `folder` (made if absent; files of the same names are replaced).

    Parameters: `seed` decides every byte. `truth`: a CSV file outside `folder` that says who the names in the lists
    are (for tests of linkage). `without`: names of THEMES to leave out. `progress`: see Progress.
    Raises LifeclusterError for an unknown theme, a negative seed, or a truth file inside the folder.
    """
    if unknown := sorted(without - set(THEMES)):
        raise LifeclusterError(f"no such theme of the sample: {', '.join(unknown)}")
    if seed < 0:
        raise LifeclusterError(f"the seed of the sample is {seed}: it must not be negative")
    if truth is not None and folder.resolve() in truth.resolve().parents:
        raise LifeclusterError("the truth file must lie outside the folder of inputs: it would be read as one of them")
    world = build_world(seed)
    made: dict[str, Output] = {}
    for done, (name, theme) in enumerate(THEMES.items()):
        if progress is not None:
            progress(name, done, len(THEMES))
        if name not in without:
            made[name] = theme(world, Stream(seed, name))
    files = [file for output in made.values() for file in output.files]
    sheet = [row for output in made.values() for row in output.sheet.rows]
    files.append(_exchange(sheet))
    _save(folder, files)
    truths = [row for output in made.values() for row in output.truth]
    if truth is not None:
        truth.parent.mkdir(parents=True, exist_ok=True)
        truth.write_bytes(_truth(truths))
    return _summary(world, files, sheet, len(truths))


def _exchange(rows: list[tuple[str, str, str, str, str]]) -> File:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(rows)
    return File(EXCHANGE, out.getvalue().encode(), "exchange", AS_OF, len(rows))


def _save(folder: Path, files: list[File]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        (folder / file.name).write_bytes(file.content)
    (folder / INPUTS).write_text(inputs_yml(files), "utf-8", newline="\n")


def inputs_yml(files: list[File]) -> str:
    """Text of inputs.yml: every file is a sample, with its source, the date of its content and its row count."""
    stated: dict[str, dict[str, object]] = {}
    for file in sorted(files, key=lambda f: f.name):
        if file.note is not None:
            stated[file.name] = {"skip": file.note}
            continue
        entry: dict[str, object] = {"source": file.source} if file.source is not None else {}
        entry |= {"observed_on": file.observed_on, "sample": True}
        if file.rows is not None:
            entry["rows"] = {"min": file.rows, "max": file.rows}
        stated[file.name] = entry
    head = "# The sample region: everything in these files is invented.\n"
    return head + yaml.dump(stated, Dumper=_Plain, sort_keys=False)


def _truth(rows: list[Truth]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(TRUTH_HEADER)
    writer.writerows((t.file, t.row, t.written, t.noise, t.organisation or "") for t in rows)
    return out.getvalue().encode()


def _summary(world: World, files: list[File], sheet: list[tuple[str, str, str, str, str]], names: int) -> SampleSummary:
    rows = {file.name: file.rows for file in files if file.rows is not None}
    companies = world.of("company")
    beyond = len(world.of("outside"))
    return SampleSummary(
        seed=world.seed, organisations=len(world.organisations) - beyond, beyond=beyond, companies=len(companies),
        background=max(0, rows.get("BasicCompanyData-sample.csv", len(companies)) - len(companies)),
        sites=len(world.sites), jobs=sum(body.jobs for body in companies),
        rows=rows, values=dict(Counter(row[0] for row in sheet)), names_to_link=names,
    )  # fmt: skip
