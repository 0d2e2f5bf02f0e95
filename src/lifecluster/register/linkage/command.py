"""What the command `lifecluster link` does, as a plain function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from lifecluster.errors import InputError
from lifecluster.register.linkage.evaluation import Evaluation, evaluate
from lifecluster.register.linkage.index import build_index
from lifecluster.register.linkage.link import LINKS, link
from lifecluster.register.linkage.read import read_answers, read_labels, read_queries, read_register, require_file
from lifecluster.register.package import Package
from lifecluster.scratch import scratch

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class LinkSummary:
    """Counts of one run: `register` rows, `queries`, and answers by band."""

    register: int
    queries: int
    auto: int
    review: int
    none: int

    def as_dict(self) -> dict[str, int]:
        """For JSON."""
        return asdict(self)


def run_link(
    queries: Path, register: Path, out: Path, *, lost_zeros: bool = False, progress: Progress | None = None
) -> LinkSummary:
    """Link a file of queries to a register and write the answer.

    Parameters: `queries`, CSV or Parquet with `id,name` and optionally
    `postcode,address,town,country,company_number`;
    `register`, the official BasicCompanyData CSV, our own layout, or the folder of a package; `out`, the CSV to write
    (written whole or not at all); `lost_zeros`, whether the queries are known to have lost the zeros that company
    numbers begin with, which are then put back; `progress(stage, done, total)`.
    Returns the counts. Raises InputError for an input that cannot be used, before anything is written.
    """
    require_file(queries, "queries")
    asked = read_queries(queries).with_columns(lost_zeros=pl.lit(lost_zeros))
    answer, rows = link_frame(asked, register, progress=progress)
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(f".{out.name}.part")
    answer.write_csv(part)
    part.replace(out)
    bands = dict(answer["band"].value_counts().iter_rows())
    return LinkSummary(rows, answer.height, bands.get("auto", 0), bands.get("review", 0), bands.get("none", 0))


def link_frame(asked: pl.DataFrame, register: Path, *, progress: Progress | None = None) -> tuple[pl.DataFrame, int]:
    """The answers to a frame of queries, and how many organisations they were looked for among; see `run_link`."""
    package = Package(register) if register.is_dir() else None
    if package is None:
        require_file(register, "the register")
    known = read_register(register) if package is None else organisations_of(package)
    with scratch("index") as folder:
        index = build_index(known, folder, progress=progress)
        if package is None:
            del known
        answer = link(asked, index, progress=(lambda d, t: progress("link", d, t)) if progress is not None else None)
        rows = index.rows
    return (answer if package is None else _with_ids(answer, known)), rows


def organisations_of(package: Package) -> pl.DataFrame:
    """The organisations of a package as an index takes them; the key is the company number, else the id."""
    frame = package.table("organisations")
    return frame.select(
        "id", "name", "status", own_number="company_number",
        company_number=pl.coalesce("company_number", "id"),
        postcode=pl.coalesce("postcode", "registered_postcode"), address=pl.coalesce("address", "registered_address"),
        town=pl.coalesce("town", "registered_town"), previous_names="previous_name", trading_names="trading_name",
    ).unique("company_number", keep="first", maintain_order=True)  # fmt: skip


def _with_ids(answer: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Answers with the ids of the package, and company numbers only where there are such."""
    back = known.select("company_number", "id", "own_number").rename({"id": "_id"})
    found = answer.join(back, on="company_number", how="left", maintain_order="left")
    ids = {"organisation_id": pl.col("_id").fill_null(""), "company_number": pl.col("own_number").fill_null("")}
    return found.with_columns(**ids).select(answer.columns)


def evaluate_files(labels: Path, *, links: Path | None = None, queries: Path | None = None,
                   register: Path | None = None, meta: Path | None = None) -> Evaluation:  # fmt: skip
    """Evaluate a file of answers, or of queries that are linked first, against a file of labels.

    Parameters: `labels` with `id,company_number`; `links` as written by `run_link`, or `queries` and `register`;
    `meta` with `id,noise_class,kind`. Raises InputError for a missing file or column.
    """
    for path, what in ((labels, "labels"), (links, "links"), (queries, "queries"), (meta, "noise classes")):
        if path is not None:
            require_file(path, what)
    known = read_labels(labels)
    if links is not None:
        answers = read_answers(links, tuple(LINKS))
    elif queries is not None and register is not None:
        answers, _ = link_frame(read_queries(queries), register)
    else:
        raise InputError("neither links nor queries with a register are given", file=labels.name)
    return evaluate(answers, known, None if meta is None else read_answers(meta, ("id", "noise_class", "kind")))
