"""How many organisations the register misses, estimated from how its sources overlap (capture-recapture)."""

from lifecluster.figures.completeness.estimate import Completeness, completeness
from lifecluster.figures.completeness.histories import Histories, histories_of

__all__ = ["Completeness", "Histories", "completeness", "histories_of"]
