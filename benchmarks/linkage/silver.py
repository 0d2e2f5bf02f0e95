"""Silver labels: suppliers of public contracts whose notices state a company number, linked with the numbers hidden.

The register is what is at hand: the South Yorkshire extract and the sample of the official product. A number that is
in it makes a known match; a number that is not makes a known absence, since one company has one number. The labels are
only as good as what buyers typed, hence silver. Read from `LIFECLUSTER_DATA`; nothing is trained or tuned on them.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from lifecluster.build.records import organisations
from lifecluster.register.linkage.index import build_index
from lifecluster.register.linkage.link import link
from lifecluster.sources.extract import Extract
from lifecluster.sources.registry import gather, sources

CONTRACTS = "contracts-ocds"
REGISTERS = ("companies-house-south-yorkshire", "companies-house")
SCHEME = "GB-COH-"


@dataclass(frozen=True, slots=True)
class Silver:
    """Counts of suppliers.

    `stated` have an id of the scheme GB-COH, `usable` of them the shape of a company number, `checkable` of those a
    number in the register: linked `right`, `wrong` or not at all (`missed`). Of the `absent`, whose number is not in
    the register, `false_auto` and `false_review` were linked all the same.
    """

    register: int
    suppliers: int
    stated: int
    usable: int
    checkable: int
    right: int
    wrong: int
    missed: int
    right_auto: int
    wrong_auto: int
    absent: int
    false_auto: int
    false_review: int


def read(data: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The suppliers and the companies of the registers among the files below `data`, as `records.organisations` has
    them; of companies in two registers the first is kept."""
    files = gather(data).files
    known = sources()
    found = {name: known[name].read(files[name]) for name in (CONTRACTS, *REGISTERS) if name in files}
    extracts = [extract for extract in found.values() if isinstance(extract, Extract)]
    records = organisations(extracts)
    suppliers = records.filter(
        pl.col("source") == CONTRACTS, pl.col("organisation_type").list.contains("public-supplier")
    )
    companies = records.filter(pl.col("source").is_in(REGISTERS), pl.col("company_number").is_not_null())
    return suppliers, companies.sort("anchor", "record").unique("company_number", keep="first", maintain_order=True)


def judge(suppliers: pl.DataFrame, answers: pl.DataFrame, numbers: pl.Series) -> Silver:
    """Set answers against the numbers that suppliers state.

    Parameters: `suppliers` with `record,company_number,org_id`; `answers` with `id` (the record), `company_number`,
    `band`; `numbers`, those of the register.
    """
    said = answers.select(record="id", said="company_number", band="band")
    frame = suppliers.join(said, on="record", how="left").with_columns(
        stated=pl.col("org_id").list.eval(pl.element().str.starts_with(SCHEME)).list.any().fill_null(value=False),
        known=pl.col("company_number").is_in(numbers.implode()).fill_null(value=False),
        linked=(pl.col("said") != "").fill_null(value=False),
        auto=(pl.col("band") == "auto").fill_null(value=False),
    )
    usable = frame.filter(pl.col("stated"), pl.col("company_number").is_not_null())
    inside = usable.filter("known").with_columns(right=pl.col("linked") & (pl.col("said") == pl.col("company_number")))
    outside = usable.filter(~pl.col("known"), "linked")
    wrong = inside.filter("linked", ~pl.col("right"))
    return Silver(
        register=len(numbers), suppliers=frame.height, stated=int(frame["stated"].sum()), usable=usable.height,
        checkable=inside.height, right=int(inside["right"].sum()), wrong=wrong.height,
        missed=inside.filter(~pl.col("linked")).height, right_auto=inside.filter("right", "auto").height,
        wrong_auto=int(wrong["auto"].sum()), absent=usable.height - inside.height,
        false_auto=int(outside["auto"].sum()), false_review=outside.filter(~pl.col("auto")).height,
    )  # fmt: skip


def measure(data: Path) -> Silver:
    """Link the suppliers below `data`, their numbers hidden, and judge the answers."""
    suppliers, companies = read(data)
    register = companies.select(
        "company_number", "name", "postcode", "address", "town", "status", previous_names="previous_name",
        trading_names="trading_name",
    )  # fmt: skip
    asked = suppliers.select("name", "postcode", "address", "town", id="record")
    with tempfile.TemporaryDirectory() as folder:
        answers = link(asked, build_index(register, Path(folder)))
    return judge(suppliers, answers, companies["company_number"])


def main() -> int:
    """Print the counts as sentences and as JSON."""
    data = os.environ.get("LIFECLUSTER_DATA")
    if not data:
        print("LIFECLUSTER_DATA is not set: there are no notices at hand")
        return 1
    found = measure(Path(data))
    share = found.checkable / max(found.usable, 1)
    print(f"{found.suppliers} suppliers, {found.stated} state a company number, {found.usable} of these a usable one; "
          f"{found.checkable} ({share:.0%}) are among the {found.register:,} companies at hand")  # fmt: skip
    print(f"of the checkable: {found.right} right ({found.right_auto} auto), {found.wrong} wrong, "
          f"{found.missed} not linked")  # fmt: skip
    print(f"of the {found.absent} whose number is not in the register: {found.false_auto} linked, "
          f"{found.false_review} offered for review")  # fmt: skip
    print(json.dumps(asdict(found)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
