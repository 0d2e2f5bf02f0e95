"""Results as Markdown tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any


def markdown(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; the first column is text, the others are numbers."""
    lines = ["| " + " | ".join(header) + " |", "|" + "|".join([" --- "] + [" ---: "] * (len(header) - 1)) + "|"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def _three(value: float) -> str:
    return f"{value:.3f}"


def summary(runs: Sequence[dict[str, Any]]) -> str:
    """One row per tool and register size.

    Args:
        runs: the ``runs`` list of the driver's JSON.
    """
    header = (
        "register, tool", "P", "R", "F1", "95 %", "R@P99 (test P)", "oracle R@P99", "sibling links", "s", "MB",
    )  # fmt: skip
    rows = []
    for run in runs:
        m = run["measures"]
        low, high = m["f1_interval"]
        rows.append(
            (
                f"{run['size']:,} {run['tool']}",
                _three(m["precision"]),
                _three(m["recall"]),
                _three(m["f1"]),
                f"{_three(low)}-{_three(high)}",
                f"{_three(m['r_at_p99']['recall'])} ({_three(m['r_at_p99']['precision'])})" if "r_at_p99" in m else "",
                _three(m["r_at_p99_oracle"]["recall"]) if "r_at_p99_oracle" in m else "",
                f"{m['sibling_false_links']:.1%}",
                f"{run['seconds']:.0f}",
                f"{run['peak_mb']:,.0f}",
            )
        )
    return markdown(header, rows)


def by_class(runs: Sequence[dict[str, Any]], column: str) -> str:
    """F1 by class, one column per run.

    Args:
        runs: the ``runs`` list of the driver's JSON.
        column: ``noise_class`` or ``address_class``.
    """
    tables = [run["measures"][f"f1_by_{column}"] for run in runs]
    classes = sorted({name for table in tables for name in table})
    header = (column, *(f"{run['size']:,} {run['tool']}" for run in runs))
    return markdown(header, [(name, *(_three(t[name]) if name in t else "" for t in tables)) for name in classes])
