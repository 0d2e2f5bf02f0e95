"""Cluster statistics of a region: specialisation, concentration, hot spots, networks, benchmark.

Sites have projected coordinates in metres, and every statement of chance names its universe.
"""

from lifecluster.atlas.between import kd_between, m_between
from lifecluster.atlas.curve import Curve
from lifecluster.atlas.kd import kd
from lifecluster.atlas.m import m_function
from lifecluster.atlas.points import AtlasError, CannotTellError
from lifecluster.atlas.result import Finding, Interval
from lifecluster.atlas.universe import Universe, universe

__all__ = [
    "AtlasError",
    "CannotTellError",
    "Curve",
    "Finding",
    "Interval",
    "Universe",
    "kd",
    "kd_between",
    "m_between",
    "m_function",
    "universe",
]
