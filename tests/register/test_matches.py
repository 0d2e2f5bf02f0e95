"""Why an organisation was found: every word of the query is told of one text that has it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lifecluster.register.matches import TEXT, by_words, folded, nearly, wanted_words

WORDS = ("sterile", "bio", "film", "nova", "x-ray", "Kit")
texts = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)
rows = st.fixed_dictionaries({name: st.one_of(st.none(), texts if name in {"name", "description"}
                                              else st.lists(texts, max_size=2)) for name in TEXT})  # fmt: skip


@given(rows, st.lists(st.sampled_from([*WORDS, "sterlie", "absent"]), max_size=4).map(" ".join))
def test_each_word_stands_with_the_first_text_that_has_it(row, query):
    words = wanted_words(query)
    told = [(word, match.by, match.value) for match in by_words(row, words) for word in match.words]
    flat = [(name, one) for name in TEXT
            for one in ([row[name]] if isinstance(row[name], str) else row[name] or [])]  # fmt: skip
    for word in words:
        twin = next((hit for hit in flat if word in folded(hit[1])), None)
        twin = twin or next((hit for hit in flat if nearly(folded(hit[1]), word)), None)
        assert [hit for one, *hit in told if one == word][:1] == ([list(twin)] if twin else [])


def test_of_a_long_text_the_part_around_the_word_is_told():
    (match,) = by_words({"description": f"{'before ' * 30}the Sterile film {'after ' * 30}"}, ["sterile"])
    assert "Sterile film" in match.value and match.value[0] == match.value[-1] == "…"
    assert len(match.value) < 100 and match.said().startswith("description …")
