"""Whatever is written, only a few harmless tags come out, and every word of it is still there."""

from __future__ import annotations

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.web.news.markdown import SCHEMES, TAGS, html, words

PIECES = st.sampled_from([
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "[y](https://a.example)",
    "![p](https://a.example/p.png)", "<a href='data:text/html,x'>", "**", "_", "`", "```\n", "\n\n", "- ", "1. ", "> ",
    "# ", "<!-- ", "-->", "&lt;", "&#106;avascript:", "\\", "<https://b.example>", "<javascript:x>", "\n", "\x00", "\u202e",
    "[a]: javascript:alert(1)\n", "[a]", '"onclick="', "<svg/onload=x>", "]]>", "word ",
])  # fmt: skip


def harmless(markup: str) -> None:
    tree = lxml.html.fragment_fromstring(markup.replace("\x00", ""), create_parent="div")
    for element in tree.iterdescendants():
        assert element.tag in TAGS, element.tag
        allowed = {"a": {"href", "rel"}, "ol": {"start"}}.get(str(element.tag), set())
        assert set(element.attrib) <= allowed
        if "href" in element.attrib:
            assert element.attrib["href"].lower().startswith(SCHEMES)


@given(st.lists(PIECES | st.text(max_size=8), max_size=25).map("".join))
def test_nothing_but_the_list_of_tags_comes_out(text: str) -> None:
    harmless(html(text))
    assert "\n" not in words(text)


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("One\n\ntwo", "<p>One</p>\n<p>two</p>\n"),
        ("# Head\n\n#### Small", "<h3>Head</h3>\n<h4>Small</h4>\n"),
        ("- a\n- b", "<ul><li>a</li>\n<li>b</li>\n</ul>\n"),
        ("**a** *b* `c`", "<p><strong>a</strong> <em>b</em> <code>c</code></p>\n"),
        ("<b>a</b>", "<p>&lt;b&gt;a&lt;/b&gt;</p>\n"),
        ("[w](https://a.example/?a=1&b=2)",
         '<p><a href="https://a.example/?a=1&amp;b=2" rel="nofollow noopener">w</a></p>\n'),
        ("![words](https://a.example/x.png)", "<p>words</p>\n"),
        ("3. c\n4. d", '<ol start="3"><li>c</li>\n<li>d</li>\n</ol>\n'),
    ],
)  # fmt: skip
def test_the_subset(text: str, markup: str) -> None:
    assert html(text) == markup


@given(st.lists(st.text("abcé", min_size=1, max_size=12), min_size=1, max_size=40).map(" ".join), st.integers(5, 60))
def test_words_are_cut_between_words(text: str, most: int) -> None:
    cut = words(text, most)
    assert len(cut) <= most
    assert cut == text or (cut.endswith("…") and text.startswith(cut[:-1]))


def test_deep_nesting_ends() -> None:
    harmless(html("> " * 3000 + "x"))
    harmless(html("*" * 5000 + "[" * 4000))
