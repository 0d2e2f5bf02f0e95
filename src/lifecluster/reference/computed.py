"""What the columns say that a build works out: no source states them, so no statement explains them."""

from __future__ import annotations

COMPUTED = {
    "region_by": "what puts it into the region: site, working address, contact address or registered office",
    "scope_by": "definitions that count it, or `source` where being in a source is enough",
    "place_basis": "which of its places the coordinates are of",
    "place_quality": "how exact the coordinates are",
    "easting": "metres, EPSG:27700",
    "northing": "metres, EPSG:27700",
    "lad": "local authority district, active code",
    "hub": "registered where more than 50 companies are",
    "live": "no end date and no status that says it ended",
    "sites": "number of sites in the register",
    "records": "number of source records linked to it",
    "sources": "sources that speak of it",
    "anchor": "the record that its identifier is bound to",
    "scored": "how the scorer came to the probability of a link that waits: model, score in log-odds and its shares, "
    "measures (JSON)",
    "waits": "all its records wait for review: it may turn out to be an organisation that is in the register already",
    "presence": "the most public level at which it is in the register: who may know that it is here",
    "sample": "invented: part of the sample region",
    "jobs_low": "lower end of the range of jobs",
    "jobs_high": "upper end of the range of jobs",
    "holder": "organisations that hold it (ids)",
    "organisation": "the organisation (id)",
}
