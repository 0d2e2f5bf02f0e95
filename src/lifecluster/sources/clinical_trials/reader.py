"""Clinical trials and their sponsors, from one line a trial."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from lifecluster.sources.extract import Extract
from lifecluster.sources.files import InputFile
from lifecluster.sources.holders import holders
from lifecluster.sources.repair import repair_text
from lifecluster.sources.spec import SourceSpec
from lifecluster.sources.tabular import fingerprint, read_table
from lifecluster.sources.tray import Tray

STATES = {"0": "ongoing", "1": "ended", "2": "partly-ended", "3": "other", "4": None}
"""0 ongoing in all countries, 1 completed or stopped in all, 2 in some, 3 otherwise, 4 not stated."""
PHASES = {"0": None, "1": "1", "2": "2", "3": "3", "4": "4"}
"""0 means that the countries differ or that the trial has several phases: not known here."""
SPONSORS = {"0": "non-commercial", "1": "commercial"}
REGISTER = "https://www.clinicaltrialsregister.eu/ctr-search/search?query=eudract_number:"


def read(files: Sequence[InputFile], spec: SourceSpec) -> Extract:
    """Records of kind trial (keyed by EudraCT number) and organisation (one for each spelling of a sponsor).

    Spellings that differ in case and blanks only are one; whether two sponsors are the same is left to linkage.
    """
    problems = Tray()

    def derive(trials: pl.DataFrame) -> dict[str, pl.DataFrame]:
        for column, known in (("state", STATES), ("phase", PHASES)):
            odd = trials.filter(pl.col(column).is_not_null() & ~pl.col(column).is_in(list(known)))
            for file, row, raw in odd.select("file", "row", column).iter_rows():
                problems.add(file, row, column, "a code that this source does not know", raw)
            trials = trials.with_columns(pl.col(column).replace_strict(known, default=None, return_dtype=pl.String))
        names = repair_text(trials["_name_of_sponsor"].str.replace_all("\\", "", literal=True))
        names = names.str.replace_all(r"\s+", " ").str.strip_chars(' "')
        names = names.set((names == "").fill_null(False), None)
        keys = {name: fingerprint((name,)) for name in names.unique() if name is not None}
        trials = trials.with_columns(names.alias("_sponsor"), names.replace_strict(keys, default=None).alias("_key"))
        sponsors = holders(trials, key="_key", name="_sponsor").join(_types(trials), on="key", how="left")
        for file, row in trials.filter(pl.col("_key").is_null()).select("file", "row").iter_rows():
            problems.add(file, row, "name_of_sponsor", "no sponsor is named; the trial has no holder", None, kept=True)
        holder = pl.when(pl.col("_key").is_not_null()).then(pl.concat_list("organisation:" + pl.col("_key")))
        trials = trials.with_columns(holder=holder, url=REGISTER + pl.col("reference"))
        return {"trial": trials, "organisation": sponsors}

    return read_table(files, spec, derive=derive, keep=("name_of_sponsor", "sponsor_status"), problems=problems)


def _types(trials: pl.DataFrame) -> pl.DataFrame:
    """`trial-sponsor`, and commercial or not where all trials of a sponsor say the same."""
    status = pl.col("_sponsor_status").replace_strict(SPONSORS, default=None, return_dtype=pl.String)
    seen = trials.filter(pl.col("_key").is_not_null()).group_by(pl.col("_key").alias("key")).agg(status.unique())
    single = pl.when(pl.col("_sponsor_status").list.len() == 1).then(pl.col("_sponsor_status").list.first())
    return seen.select("key", organisation_type=pl.concat_list(pl.lit("trial-sponsor"), single).list.drop_nulls())
