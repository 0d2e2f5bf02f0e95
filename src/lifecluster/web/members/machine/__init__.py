"""What programs of members do, and of the desk about them; each calls the same action as the pages."""

from lifecluster.web.members.machine import additions, belonging, edits

__all__ = ["additions", "belonging", "edits"]
