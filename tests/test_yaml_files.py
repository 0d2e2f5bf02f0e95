"""Reading YAML that people write."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from lifecluster.errors import InputError
from lifecluster.yaml_files import DEPTH, load_yaml, read_model, read_yaml


class Small(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    at: date | None = None


LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join(['*' + old] * 9)}]\n" for old, new in zip("abcdefg", "bcdefgh", strict=True)
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("a: [", "not valid YAML: line 1, column 5: expected the node content", id="unfinished"),
        pytest.param("a: 1\nb: 2\na: 3\n", "line 3, column 1: the key 'a' stands there twice", id="twice"),
        pytest.param("x:\n  a: 1\n  a: 1\n", "line 3, column 3: the key 'a' stands there twice", id="twice below"),
        pytest.param("a: 2026-02-30\n", "line 1, column 4: '2026-02-30' cannot be read as date", id="no date"),
        pytest.param("a: !!int many\n", "'many' cannot be read as int", id="no number"),
        pytest.param("a: !!timestamp soon\n", "'soon' cannot be read as date", id="no time"),
        pytest.param("a: !!bool maybe\n", "'maybe' cannot be read as bool", id="neither yes nor no"),
        pytest.param("[" * 4000, f"column {DEPTH}: more than {DEPTH} levels deep", id="deep"),
        pytest.param("a: " + "{b: " * 2000, f"more than {DEPTH} levels deep", id="deep mappings"),
        pytest.param(LAUGHS, "more than 200,000 values", id="aliases of aliases"),
        pytest.param("a: &a [*a]\n", "holds itself", id="loop"),
        pytest.param("!!python/object/apply:os.system ['true']\n", "could not determine a constructor", id="program"),
        pytest.param("a: 1\n---\nb: 2\n", "another document", id="two documents"),
        pytest.param("? [a]\n: 1\n", "unhashable", id="a list as key"),
        pytest.param("a: \x01\n", "special characters are not allowed", id="control character"),
        pytest.param(b"a: 1\nb: caf\xe9\n", "line 2: not UTF-8", id="another encoding"),
    ],
)
def test_every_mistake_is_named_with_its_place(text: str | bytes, message: str) -> None:
    with pytest.raises(InputError) as caught:
        load_yaml(text, file="mine.yml")
    assert caught.value.place.file == "mine.yml"
    assert message in caught.value.message
    assert "\n" not in caught.value.message


def test_plain_values_come_through() -> None:
    text = "a: [1, 2.5, yes, null, 2026-01-31, 'x']\nb: &b {c: d}\ne: *b\n"
    expected = {"a": [1, 2.5, True, None, date(2026, 1, 31), "x"], "b": {"c": "d"}, "e": {"c": "d"}}
    assert load_yaml(text, file="x") == load_yaml(b"\xef\xbb\xbf" + text.encode(), file="x") == expected
    assert load_yaml("", file="x") is None


def test_merge_keys_may_be_overridden() -> None:
    assert load_yaml("a: &a {x: 1, y: 2}\nb: {<<: *a, x: 3}\n", file="x")["b"] == {"x": 3, "y": 2}


def test_files_and_models(tmp_path: Path) -> None:
    path = tmp_path / "small.yml"
    path.write_text("name: Zorbix\nat: 2026-01-31\n", "utf-8")
    assert read_model(Small, path) == Small(name="Zorbix", at=date(2026, 1, 31))
    path.write_text("name: [a]\ncolour: red\n", "utf-8")
    with pytest.raises(InputError, match=r"^own/small\.yml: name: .*valid string; colour: Extra inputs"):
        read_model(Small, path, file="own/small.yml")
    with pytest.raises(InputError, match="cannot be read"):
        read_yaml(tmp_path / "none.yml")


words = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=8)  # line ends are folded by YAML itself
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.dates() | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=12,
)


@given(plain)
def test_what_was_written_is_read_as_the_safe_loader_does(value: object) -> None:
    text = yaml.safe_dump(value, allow_unicode=True)
    assert load_yaml(text, file="x") == yaml.safe_load(text) == value


@given(st.text(st.sampled_from("[]{}:,-?&*!|>'\"#%@` \nab1<"), max_size=60))
def test_any_text_gives_a_value_or_an_input_error(text: str) -> None:
    try:
        load_yaml(text, file="x")
    except InputError as error:
        assert error.place.file == "x"
