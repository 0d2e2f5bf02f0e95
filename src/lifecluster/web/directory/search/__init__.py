"""Searching the directory: a query from an address, its results with facets and points, and searching as you type."""

from lifecluster.web.directory.loading.facets import FACETS
from lifecluster.web.directory.search.as_typed import Hit, Suggestion, search, suggest
from lifecluster.web.directory.search.known import refuse_unknown, strict, unknown_parameters
from lifecluster.web.directory.search.places import Place, place_of
from lifecluster.web.directory.search.query import Query
from lifecluster.web.directory.search.results import FacetCounts, FacetValue, Page, Point, Row, results

__all__ = [
    "FACETS",
    "FacetCounts",
    "FacetValue",
    "Hit",
    "Page",
    "Place",
    "Point",
    "Query",
    "Row",
    "Suggestion",
    "place_of",
    "refuse_unknown",
    "results",
    "search",
    "strict",
    "suggest",
    "unknown_parameters",
]
