"""What is shown of rows that have lost their shape: enough to find them, nothing that nobody may see."""

from __future__ import annotations

import csv
import io
import json

from hypothesis import given
from hypothesis import strategies as st

from lifecluster.sources.ragged import NAME_REMOVED, cells_shown, parsed
from lifecluster.sources.stream import misshapen_frame, stream_groups
from lifecluster.sources.tabular import read_table
from tests.sources.kit import input_file, spec, write

SHOWN = st.lists(st.booleans(), min_size=1, max_size=8)


@given(shown=SHOWN, data=st.data())
def test_a_cell_of_a_hidden_column_is_never_shown_whichever_cells_are_lost(shown, data):
    """Each cell says which column it is of; any of them are lost: what is shown is of shown columns alone."""
    whole = [f"{i} {'open' if seen else 'HIDDEN'}" for i, seen in enumerate(shown)]
    kept = data.draw(st.lists(st.sampled_from(range(len(whole))), unique=True, max_size=len(whole) - 1).map(sorted))
    told = cells_shown([whole[i] for i in kept], shown)
    assert len(told) == len(kept)
    assert "HIDDEN" not in " ".join(told)
    if all(shown):
        assert told == [whole[i] for i in kept], "where nothing is hidden all is shown"


@given(shown=SHOWN, data=st.data())
def test_nor_when_its_delimiters_were_not_quoted_and_it_fell_into_pieces(shown, data):
    pieces = data.draw(
        st.lists(st.integers(1, 3), min_size=len(shown), max_size=len(shown)).filter(lambda n: max(n) > 1)
    )
    cells = [f"{i} {'open' if seen else 'HIDDEN'}" for i, seen in enumerate(shown) for _ in range(pieces[i])]
    told = cells_shown(cells, shown)
    assert len(told) == len(cells)
    assert "HIDDEN" not in " ".join(told)


def test_cells_beyond_the_last_column_and_names_of_persons_are_not_shown():
    assert cells_shown(["Acme", "x", "y"], [True, True]) == ["Acme", "x", ""]
    assert cells_shown(["Dr Ada Example"], [True, True]) == [NAME_REMOVED]


def test_the_cells_stand_in_the_rejected_rows_of_both_readers(tmp_path):
    lines = ["Acme Ltd,4142000", 'Bolt,1,2001-02-03,7,"too, many"', "Cog Ltd,04142001,2001-02-03,7"]
    path = write(tmp_path / "a.csv", "name,number,opened,staff", *lines)
    slow = read_table([input_file(path)], spec()).rejected
    header = ["name", "number", "opened", "staff"]
    with path.open("rb") as stream:
        fast = [misshapen_frame(group, "a.csv", spec()) for group in stream_groups(stream, header, name="a.csv")]
    told = [json.loads(text) for text in slow["raw"]]
    assert told == [["Acme Ltd", "4142000"], ["Bolt", "1", "2001-02-03", "7", ""]]
    assert [json.loads(text) for frame in fast for text in frame["raw"]] == told
    assert [row for frame in fast for row in frame["row"]] == slow["row"].to_list() == [2, 3]


def test_of_a_source_that_is_not_public_nothing_is_shown(tmp_path):
    path = write(tmp_path / "a.csv", "name,number,opened,staff", "Acme Ltd,4142000", ",,,", "Bolt,,,", "Bolt,,,")
    closed = spec(visibility="members")
    raw = read_table([input_file(path)], closed).rejected["raw"].to_list()
    with path.open("rb") as stream:
        for group in stream_groups(stream, ["name", "number", "opened", "staff"], name="a.csv"):
            raw += misshapen_frame(group, "a.csv", closed)["raw"].to_list()
    assert [json.loads(text) for text in raw] == ["(not public)"] * 4


@given(
    cells=st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\x00\r\n"), max_size=5), min_size=1, max_size=5
    )
)
def test_a_row_is_parsed_as_it_was_written(cells):
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    assert parsed(out.getvalue(), ",", len(cells)) == cells
    assert parsed(out.getvalue(), ",", len(cells) + 1) == [""] * (len(cells) + 1)


@given(shown=SHOWN.filter(lambda seen: not all(seen)), joined=st.sampled_from(["\n", ",", ";", "\t"]), data=st.data())
def test_nor_when_a_quotation_mark_that_was_never_closed_joined_it_to_another(shown, joined, data):
    """Cells of two rows run together in one: where a column is hidden, none that may be several is shown."""
    cells = [f"{i} open" for i in range(data.draw(st.integers(1, len(shown) + 2).filter(lambda n: n != len(shown))))]
    at = data.draw(st.integers(0, len(cells) - 1))
    cells[at] += f"{joined}HIDDEN"
    assert "HIDDEN" not in " ".join(cells_shown(cells, shown))
