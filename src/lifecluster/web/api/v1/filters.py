"""Parameters of lists. Those of organisations are the directory's own: its addresses are questions here."""

from __future__ import annotations

from typing import Any, Literal

from ninja import Field

from lifecluster.reference.properties import vocabulary
from lifecluster.web.api.v1.paging import Slice

THINGS = tuple(k for k in vocabulary().kinds if k not in {"organisation", "site", "group"})
LONGEST = 200


def _many(words: str) -> Any:
    """A parameter that may be repeated; stands for its default, as fields of pydantic do."""
    return Field(default_factory=list, max_length=50, description=f"{words}; may be repeated")


class OrganisationFilter(Slice):
    """The query of the directory. Several values of one filter: any of them; several filters: all of them."""

    q: str = Field("", max_length=LONGEST, description="words of the name, what it does and can do; slips are forgiven")
    definition: str = Field("", max_length=LONGEST, description="a definition (see /definitions); empty: all")
    counted: list[Literal["yes", "unknown", "no"]] = _many("whether the definition counts it; default yes")
    segment: list[str] = _many("segment under the definition")
    place: list[str] = _many("area code of a place")
    size: list[str] = _many("size band")
    capability: list[str] = _many("capability")
    licence: list[str] = _many("type of a licence it holds, e.g. MIA")
    ownership: list[str] = _many("ownership")
    mission: list[str] = _many("healthcare mission of the Life Sciences Vision")
    member: list[str] = _many("body it is a member of")
    activity: list[str] = _many("activity")
    type: list[str] = _many("type of organisation")
    near: str = Field("", max_length=LONGEST, description="a postcode, an outward code, a town or a local authority")
    within: float = Field(25.0, gt=0, le=1000, description="kilometres from `near`")
    sort: Literal["", "best", "name", "size", "recent", "distance"] = Field("", description="order")
    ended: bool = Field(False, description="also organisations that exist no more")


class ThingFilter(Slice):
    """Things by kind and holder."""

    kind: list[Literal[THINGS]] = _many("kind of thing")  # type: ignore[valid-type]  # the vocabulary is data
    holder: list[str] = _many("id of an organisation or site that has a part in it")
    live: bool | None = Field(None, description="whether it has not ended")
    ends_before: str = Field("", pattern=r"^(\d{4}-\d{2}-\d{2})?$", description="ends before this day (YYYY-MM-DD)")


class SiteFilter(Slice):
    """Sites by organisation, postcode and area."""

    organisation: list[str] = _many("id of an organisation")
    postcode: str = Field("", max_length=12, description="beginning of the postcode")
    lad: list[str] = _many("code of a local authority district")


class SegmentFilter(Slice):
    """Organisations under definitions."""

    organisation: list[str] = _many("id of an organisation")
    definition: str = Field("", max_length=LONGEST, description="name of a definition")
    segment: str = Field("", max_length=LONGEST, description="code of a segment")
    state: Literal["", "yes", "no", "unknown"] = Field("", description="whether it counts")


class StatementFilter(Slice):
    """Statements by subject, property and source."""

    subject: list[str] = _many("id of an organisation, site or thing")
    property: list[str] = _many("property, see reference/properties.yml")
    source: list[str] = _many("name of a source")
