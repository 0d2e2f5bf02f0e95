"""What the scorer learnt from judgements, and how many wait to be learnt from, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings

from lifecluster.errors import LifeclusterError
from lifecluster.register.deciding import SCORED
from lifecluster.register.linkage.learnt import TRAINING
from lifecluster.register.linkage.learnt import last as last_training
from lifecluster.web.kit.formats import plural
from lifecluster.web.links.show.words import on
from lifecluster.web.links.standing import Standing
from lifecluster.workspace import Workspace

LEARNT_FROM = frozenset({"judgement.same", "judgement.different"})


@dataclass(frozen=True, slots=True)
class Learning:
    """`told` what the last training came to; `rows` its measures (what, shipped scorer, since) where there are any;
    `waits` judgements that it did not have."""

    told: str
    rows: tuple[tuple[str, str, str], ...]
    waits: str


class _Kept:
    """The file of the last training, as long as it stays as it is."""

    key: ClassVar[tuple[str, int, int] | None] = None
    found: ClassVar[Mapping[str, Any] | None] = None


def _training() -> Mapping[str, Any] | None:
    folder = Workspace(settings.HOME).learnt
    try:
        stated = (folder / TRAINING).stat()
    except OSError:
        return None
    key = (str(folder), stated.st_mtime_ns, stated.st_size)
    if _Kept.key != key:
        try:
            _Kept.found = last_training(folder)
        except LifeclusterError:
            _Kept.found = None
        _Kept.key = key
    return _Kept.found


def last(standing: Standing) -> Learning:
    """The last training, and what it does not know of the judgements that hold."""
    training = _training()
    learnt = frozenset(training["learnt"]) if training else frozenset()
    fresh = sum(
        one.action in LEARNT_FROM and SCORED in one.evidence and one.id not in learnt
        for one in standing.judgements.live.values()
    )
    waits = f"{plural(fresh, 'judgement')} {'waits' if fresh == 1 else 'wait'} to be learnt from" if fresh else ""
    return Learning(_told(training), _rows(training), waits)


def _told(training: Mapping[str, Any] | None) -> str:
    if training is None:
        return "Nothing has been learnt from judgements yet."
    before = f"Last training {on(str(training['at'])[:10])}, {plural(training['judgements'], 'judgement')}"
    gain = training.get("gain")
    if not gain:
        return f"{before}: {training['why']}."
    better = f"log-loss on pairs held out better by {gain[0]:.3f} (95 % interval {gain[1]:.3f} to {gain[2]:.3f})"
    if training["accepted"]:
        return f"{before}: {better}. The next build uses it."
    return f"{before}: {training['why']}. Builds use the shipped scorer."


def _rows(training: Mapping[str, Any] | None) -> tuple[tuple[str, str, str], ...]:
    if not training or not training.get("before") or not training.get("after"):
        return ()
    names = (("Log-loss (smaller is better)", "log_loss"), ("Brier score (smaller is better)", "brier"),
             ("F1 at one half", "f1"))  # fmt: skip
    return tuple((title, *(f"{training[when][key]:.3f}" for when in ("before", "after"))) for title, key in names)  # type: ignore[misc]  # three
