"""Live companies of South Yorkshire: read as the basic company data is, with the places that the file brings."""

from __future__ import annotations

from collections.abc import Sequence

from lifecluster.sources.companies_house.reader import Keep, Progress, Scan, scan
from lifecluster.sources.extract import Extract
from lifecluster.sources.files import InputFile
from lifecluster.sources.spec import SourceSpec

__all__ = ["Keep", "Progress", "Scan", "read", "scan"]


def read(files: Sequence[InputFile], spec: SourceSpec) -> Extract:
    """Records of kind organisation keyed by company number, with easting, northing and lad beside.

    Coordinates are used as given if they lie on the National Grid; district codes are given as their active code, with
    the code as it stood in `lad__original`.
    """
    return scan(files, spec).extract()
