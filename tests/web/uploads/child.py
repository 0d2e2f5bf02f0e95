"""What tests run in a process of its own: take rows of a list, and perhaps die before the transaction ends."""

from __future__ import annotations

import sys

import django

from tests.web.directory.child import NOW, die


def accept(key: str, when: str) -> None:
    """Take all rows of a list that are ready and die: once they are in the log ("proposed"), once they are shown
    ("shown"), once all is written ("written"); or say how many were taken."""
    from lifecluster.web.accounts import audit
    from lifecluster.web.directory import adding
    from lifecluster.web.directory.viewer import Viewer
    from lifecluster.web.uploads import actions
    from lifecluster.web.uploads.models import Upload

    show = adding.show_decided

    def show_and_die(*args: object) -> None:
        show(*args)  # type: ignore[arg-type]  # passed through
        die()

    if when == "proposed":
        adding.show_decided = lambda *_: die()
    elif when == "shown":
        adding.show_decided = show_and_die
    elif when == "written":
        audit.write = lambda *_, **__: die()
    desk = Viewer(frozenset({"desk"}), actor="user:child")
    taken = actions.accept_rows(upload=Upload.objects.get(key=key), numbers=None, viewer=desk, at=NOW)
    sys.stdout.write(f"{len(taken)} taken\n")


if __name__ == "__main__":
    django.setup()
    accept(*sys.argv[1:])
