"""Segments: which organisations count under which definition, with evidence and probability, and why counts differ."""

from lifecluster.register.segments.classify import classify
from lifecluster.register.segments.compare import Comparison, compare
from lifecluster.register.segments.explain import Explanation, explain

__all__ = ["Comparison", "Explanation", "classify", "compare", "explain"]
