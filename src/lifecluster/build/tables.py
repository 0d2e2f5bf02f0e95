"""The tables of a package: what each holds, in words, and the columns that are computed rather than stated."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from lifecluster.reference import computed
from lifecluster.reference.properties import vocabulary
from lifecluster.register import assembly, jobs
from lifecluster.register.package import Table
from lifecluster.register.presence import rank

DESCRIPTIONS = {
    "organisations": "Organisations of the register: the shown value of each property, and where and why they count.",
    "sites": "Places where organisations work, with their share of jobs and its range.",
    "groups": "Owners of several organisations.",
    "licences": "Licences and certificates that organisations hold.",
    "awards": "Grants and research awards.",
    "contracts": "Public contracts.",
    "trials": "Clinical trials with their sponsors.",
    "collaborations": "Organisations that work together.",
    "products": "Products and services.",
    "vacancies": "Open positions.",
    "needs": "What organisations look for.",
    "offers": "What organisations offer to others.",
    "facilities": "Premises and plant: laboratories, cleanrooms, test beds, space to let.",
    "statements": "Every value with its source, row, licence and dates; `shown` marks those that the tables show.",
    "tombstones": "Statements that were taken out, by their hash: what they said is gone, that they were there is not.",
    "records": "Which record of which source belongs to which organisation, site or other thing.",
    "segments": "Each organisation under each definition: segment, role, probability and the evidence for it.",
    "links": "What linkage found for each record: the best organisation, probability, band and reasons in words.",
    "linked_records": "What the records of links and of the register say of themselves: what a person judges by.",
    "judgements": "What people decided about two records that are here, who and why: left and right are records.",
    "conflicts": "Links that were not made because a person or a company number stands against them.",
    "identities": "The ledger of identifiers: every one ever issued and what became of it.",
    "identity_members": "The id each record had when it was last seen.",
    "identity_shapes": "The id that every set of records had which ever was one thing: makes an undo exact.",
    "presence": "The most public level at which each id ever was in the register: who may know that it was issued.",
    "universe": "All companies of the region: the background against which clusters are measured.",
    "surroundings": "Companies beyond the border of the region, up to 20 km from one inside: neighbours, of which the "
    "register itself knows nothing.",
    "surroundings_segments": "Which definitions count the companies beyond the border: segment and probability.",
    "hubs": "Addresses with more than 50 registrations at one postcode and number.",
    "sources": "The files this package was built from: licence, hash, rows read, accepted, rejected.",
    "rejected": "Rows that could not be used: file, row as a spreadsheet numbers it (header and blank lines counted; "
    "`line`: of the file, where cells with line breaks make it another), reason, and what may be shown of it: 200 "
    "characters of each cell in use, 500 of a line that is no JSON; no persons, and nothing of a source that is not "
    "public. `presence`: who may know of it, as of its source.",
    "problems": "Cells that could not be read, whose rows were used without them; `kept` marks those that were used as "
    "they stand and are only noted.",
    "left": "Files of the folder that no source recognised or that were given twice, with the reason.",
}

COMPUTED = {**computed.COMPUTED, "jobs_method": "; ".join(f"{k}: {v}" for k, v in jobs.METHODS.items())}


REQUIRED = {
    "organisations": frozenset({"sites", "records", "presence", "sample"}),
    "segments": frozenset({"presence"}),
    "presence": frozenset({"presence"}),
    "statements": frozenset({"subject", "property", "value", "source", "record", "place", "shown", "sample"}),
    "identities": frozenset({"seq", "event", "id"}),
    "sources": frozenset({"bytes", "read", "accepted", "rejected", "problems", "presence"}),
}
"""Columns that hold a value in every row."""


def make(name: str, frame: pl.DataFrame, key: tuple[str, ...] = ()) -> Table:
    """A table with its description and the descriptions of its computed columns."""
    described = {c: COMPUTED[c] for c in frame.columns if c in COMPUTED}
    return Table(frame, DESCRIPTIONS[name], key, described, REQUIRED.get(name, frozenset()))


def assembled(ordered: pl.DataFrame, extra: Mapping[str, pl.DataFrame],
              presence: pl.DataFrame | None = None) -> dict[str, Table]:  # fmt: skip
    """The table of each kind: shown values, then the computed columns of `extra[kind]` (joined on `id`), then the
    `presence` of each row (columns `id`, `presence`), where it is given.

    A computed column of the same name replaces the stated one (coordinates, jobs), which stays among the statements.
    """
    tables = {}
    for kind, entry in vocabulary().kinds.items():
        frame = assembly.table(ordered, kind)
        if kind in extra:
            added = extra[kind]
            frame = frame.drop([c for c in added.columns if c in frame.columns and c != "id"])
            frame = frame.join(added, on="id", how="left", maintain_order="left")
        if presence is not None:
            frame = frame.join(presence, on="id", how="left", maintain_order="left")
        frame = frame.select(pl.exclude("sample"), "sample")
        tables[entry.table] = make(entry.table, frame, ("id",))
    return tables


def with_jobs(sites: pl.DataFrame, organisations: pl.DataFrame) -> pl.DataFrame:
    """`sites` (columns `id`, `organisation`, `presence`) with jobs, their range and method.

    Parameters: `sites` also has `jobs` as stated; `organisations` columns `id`, `employees`, `presence`. A site that is
    for fewer people than its organisation has no share of the total: the others' shares would tell that it is there.
    """
    staff = organisations.select(organisation="id", employees="employees").drop_nulls()
    whose = sites.join(organisations.select(organisation="id", _whose=rank()), on="organisation", how="left",
                       maintain_order="left")  # fmt: skip
    beyond = whose.select(b=(rank() > pl.col("_whose")).fill_null(value=False))["b"]
    mine = sites.select("id", "organisation", "jobs")
    shares = pl.concat([jobs.allocate(mine.filter(~beyond), staff), jobs.allocate(mine.filter(beyond), staff.clear())])
    return sites.drop("jobs").join(shares, on="id", how="left", maintain_order="left")
