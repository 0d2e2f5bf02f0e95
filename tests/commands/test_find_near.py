"""A town that is written wrong is answered with the towns that look most like it."""

from __future__ import annotations

import pytest

from .tiny import refused, run


@pytest.mark.parametrize(("wrong", "right"), [("Nottinghm", "Nottingham"), ("leicestre", "Leicester")])
def test_the_nearest_names_are_proposed(tiny_packages, wrong, right):
    refused(run("find", "--near", wrong, "--package", tiny_packages), wrong, "did you mean", right)


def test_nothing_is_proposed_for_what_looks_like_nothing(tiny_packages):
    ran = run("find", "--near", "Xyzzyqux", "--package", tiny_packages)
    refused(ran, "Xyzzyqux")
    assert "did you mean" not in ran.err
