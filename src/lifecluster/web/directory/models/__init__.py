"""The tables of the register. One row belongs to one package; what people read is the current one.

Rows name each other by public ids (uid), not by keys of the database: a uid means the same in every package.
"""

from lifecluster.web.directory.models.journal import Change, LogRow
from lifecluster.web.directory.models.lineage import Kept, Lineage, Member, Regrouped
from lifecluster.web.directory.models.package import Background, Identity, Manifest, Package, SourceFile, State
from lifecluster.web.directory.models.register import Group, Organisation, Segment, Site, Statement, Thing, Tie
from lifecluster.web.directory.models.search import Document, Facet, FacetLabel, Lexicon

__all__ = [
    "Background", "Change", "Document", "Facet", "FacetLabel", "Group", "Identity", "Kept", "Lexicon", "Lineage",
    "LogRow", "Manifest", "Member", "Organisation", "Package", "Regrouped", "Segment", "Site", "SourceFile", "State",
    "Statement", "Thing", "Tie",
]  # fmt: skip

ROWS = (Statement, Facet, Document, Segment, Tie, Thing, Site, Group, Organisation, Identity, FacetLabel, Lexicon,
        SourceFile, Background, Manifest, Member, Lineage, Kept, Regrouped)  # fmt: skip
"""Tables whose rows belong to a package and go with it."""
