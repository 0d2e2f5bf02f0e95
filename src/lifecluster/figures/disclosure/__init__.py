"""Which cells of a table may be shown, so that no hidden one can be worked out; and which questions may be answered."""

from lifecluster.figures.disclosure.auditor import Auditor, Decision
from lifecluster.figures.disclosure.intervals import intervals, primary, unprotected
from lifecluster.figures.disclosure.publish import CONFIDENTIAL, PublicTable, publish
from lifecluster.figures.disclosure.secondary import secondary
from lifecluster.figures.disclosure.table import TOTAL, Cell, Table, tabulate

__all__ = [
    "CONFIDENTIAL", "TOTAL", "Auditor", "Cell", "Decision", "PublicTable", "Table", "intervals", "primary", "publish",
    "secondary", "tabulate", "unprotected",
]  # fmt: skip
