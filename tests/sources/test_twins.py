"""Each fast reading held against a slow one written straight from the rule."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster.reference.properties import vocabulary
from lifecluster.sources.companies_house.number import PREFIXES
from lifecluster.sources.holders import holders
from lifecluster.sources.tabular import read_table
from lifecluster.sources.values import DATE_FORMATS, tidy_company_numbers, tidy_numbers, tidy_postcodes, tidy_urls
from tests.sources.kit import input_file, read_as, spec

characters = st.text(st.sampled_from("0123456789SCNIOR abE+.,-£ "), max_size=12)


def series(texts):
    return pl.Series(texts, dtype=pl.String)


def plain_company_number(text):
    number = re.sub(r"[\s.]", "", text.upper())
    number = re.sub(r"^0+([A-Z])", r"\1", number)
    if re.fullmatch(r"[0-9]{4,8}", number):
        number = number.zfill(8)
        return None if number in {"00000000", "99999999"} else number
    if re.fullmatch(r"[A-Z]{2}[0-9]{1,6}", number) and (len(number) == 8 or number[:2] in PREFIXES):
        return number[:2] + number[2:].zfill(6)
    return number if re.fullmatch(r"[A-Z]{2}[0-9]{5}[A-Z]", number) else None


@given(st.lists(characters | st.from_regex(r"(SC|NI|0SC|ZZ|QQ)?[0-9]{1,9}", fullmatch=True), max_size=20))
def test_company_numbers(texts):
    assert tidy_company_numbers(series(texts)).to_list() == [plain_company_number(t) for t in texts]


@given(st.lists(st.from_regex(r"(SC|NI)?[0-9]{4,8}", fullmatch=True), max_size=20))
def test_tidy_company_numbers_stay_as_they_are(texts):
    once = tidy_company_numbers(series(texts))
    assert tidy_company_numbers(once).to_list() == once.to_list()


def plain_postcode(text):
    squeezed = re.sub(r"[^A-Z0-9]", "", text.upper())
    found = re.fullmatch(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})", squeezed)
    return f"{found.group(1)} {found.group(2)}" if found else None


@given(st.lists(st.text(st.sampled_from("abEC1290 -W"), max_size=9), max_size=20))
def test_postcodes(texts):
    assert tidy_postcodes(series(texts)).to_list() == [plain_postcode(t) for t in texts]


def plain_number(text):
    if not re.fullmatch(r"[-+]?£?\s*([0-9]+|[0-9]{1,3}([, ][0-9]{3})+)(\.[0-9]+)?", text):
        return None
    return float(re.sub(r"[,£\s]", "", text))


@given(st.lists(characters | st.integers(-(10**9), 10**9).map("{:,}".format), max_size=20))
def test_numbers(texts):
    assert tidy_numbers(series(texts)).to_list() == [plain_number(t) for t in texts]


@given(st.lists(st.text(max_size=20) | st.from_regex(r"[a-z]{1,5}\.(com|uk)(/[a-z]*)?", fullmatch=True), max_size=10))
def test_web_addresses_have_a_scheme_and_no_blanks(texts):
    for written, url in zip(texts, tidy_urls(series(texts)).to_list(), strict=True):
        assert url is None or (re.match(r"(?i)https?://", url) and not re.search(r"\s", url) and written in url)


def plain_date(text):
    for form in DATE_FORMATS:
        try:
            found = datetime.strptime(text, form.replace("%#z", "%z")).date()  # noqa: DTZ007  # the day as written
        except ValueError:
            continue
        return found if 1200 <= found.year <= 2200 else None
    return None


days = st.dates(date(1201, 1, 1), date(2199, 12, 31))
styles = st.sampled_from([f for f in DATE_FORMATS if "T" not in f])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(lambda d, f: d.strftime(f).zfill(8), days.filter(lambda d: d.year > 1900), styles),
        min_size=1,
        max_size=8,
    )
)
def test_dates_in_a_table(written):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_text("name,number,opened,staff\n" + "".join(f"F{i},,{w},\n" for i, w in enumerate(written)), "utf-8")
        found = read_table([input_file(path)], spec()).records["organisation"]["opened_on"].to_list()
    assert found == [plain_date(w) for w in written]


names = st.sampled_from(["Acme", "ACME", "Bolt", "Cog", None])


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c", None]), names), max_size=25))
def test_holders_are_one_for_each_key_with_its_commonest_name(rows):
    frame = pl.DataFrame(
        [(k, "f.csv", i, n) for i, (k, n) in enumerate(rows, 1)],
        schema={"k": pl.String, "file": pl.String, "row": pl.UInt32, "n": pl.String},
        orient="row",
    )
    expected = {}
    for number, (key, name) in enumerate(rows, 1):
        if key is not None and name is not None:
            _, seen = expected.setdefault(key, (number, Counter()))
            seen[name] += 1
    found = holders(frame, key="k", name="n")
    assert found.columns == ["key", "file", "row", "name"]
    assert list(found.select("key", "row", "name").iter_rows()) == [
        (key, first, min(seen, key=lambda n: (-seen[n], n))) for key, (first, seen) in expected.items()
    ]


cells = st.sampled_from(
    ["", "Acme", " Acme ", "Bolt", "4142000", "SC1", "x", "2020-01-02", "03/02/2001", "7", "1,200", "1.5"]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(cells, min_size=3, max_size=5), max_size=15))
def test_a_table_read_row_by_row(rows):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(
        [["name", "number", "opened", "staff"], *rows]
    )
    accepted, rejected, seen = [], [], set()
    for number, row in enumerate(rows, 2):
        mark = tuple(c.strip().casefold() for c in row)
        if len(row) != 4 or not row[0].strip() or mark in seen:
            rejected.append(number)
            continue
        seen.add(mark)
        staff = plain_number(row[3].strip())
        whole = int(staff) if staff is not None and staff == int(staff) else None
        accepted.append((row[0].strip(), plain_company_number(row[1]), plain_date(row[2].strip()), whole))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_text(out.getvalue(), "utf-8")
        extract = read_table([input_file(path)], spec())
    columns = ["name", "company_number", "opened_on", "employees"]
    assert list(extract.records["organisation"].select(columns).iter_rows()) == accepted
    assert sorted(extract.rejected["row"]) == rejected


values = st.tuples(
    st.sampled_from(["organisation", "award"]),
    st.sampled_from("ab"),
    st.sampled_from(["name", "sic", "holder", "employees"]),
    st.sampled_from(["1", "2", "x", "organisation:a", "award:b"]),
    st.sampled_from(["", "2023-01-01", "2024-01-01"]),
)


def plain_exchange(rows):
    """(kind, key, property) -> values accepted: unknown, unreadable, older and dangling rows go."""
    known = vocabulary()
    left = []
    for number, (kind, key, name, value, day) in enumerate(rows, 1):
        readable = name != "employees" or value in {"1", "2"}
        if name in known.of(kind) and readable:
            left.append((number, kind, key, name, value, day))
    kept = []
    for row in left:
        rivals = [r for r in left if r[1:4] == row[1:4] and (not known.properties[row[3]].many or r[4] == row[4])]
        best = max(rivals, key=lambda r: (r[5], -r[0]))
        if best == row:
            kept.append(row)
    while True:
        there = {f"{r[1]}:{r[2]}" for r in kept}
        fewer = [r for r in kept if known.properties[r[3]].type != "ref" or r[4] in there]
        if fewer == kept:
            break
        kept = fewer
    found = {}
    for row in kept:
        found.setdefault(row[1:4], []).append(row[4])
    return found


@settings(max_examples=80, deadline=None)
@given(st.lists(values, max_size=14))
def test_exchange_row_by_row(rows):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([["kind", "key", "property", "value", "observed_on"], *rows])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        path.write_text(out.getvalue(), "utf-8")
        extract = read_as("exchange", path)
    found = {}
    for kind, frame in extract.records.items():
        for row in frame.iter_rows(named=True):
            for name in (n for n in ("name", "sic", "holder", "employees") if row.get(n) is not None):
                value = row[name]
                found[(kind, row["key"], name)] = value if isinstance(value, list) else [str(value)]
    assert found == plain_exchange(rows)
