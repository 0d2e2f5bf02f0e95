"""What browser tests with people share: accounts, signing in, mail over a real conversation, a look at a page."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence

from tests.e2e import harness
from tests.web.accounts.smtp import Inbox
from tests.web.accounts.totp import code

PASSWORD = "a sentence that is long enough"
MAKE = """
import sys
from datetime import UTC, datetime
from lifecluster.web.directory.operate import open_web
open_web()
from lifecluster.web.accounts import actions
from lifecluster.web.directory.viewer import OPERATOR
at = datetime(2026, 11, 1, tzinfo=UTC)
who = actions.add_person(email=sys.argv[1], password=sys.argv[2], viewer=OPERATOR, at=at, name="Stewart Sample")
for role in sys.argv[3:]:
    actions.grant_role(person=who, role=role, viewer=OPERATOR, at=at, why="for a test")
"""
SECOND = """
import sys
from lifecluster.web.directory.operate import open_web
open_web()
from allauth.mfa.totp.internal.auth import TOTP
from lifecluster.web.accounts.models import Person
TOTP.activate(Person.objects.get(email=sys.argv[1]), sys.argv[2])
"""
SECRET = "JBSWY3DPEHPK3PXP"
VIEWS = (("light", 1440), ("dark", 320))
"""Theme and width in which a page is looked at."""


def make(server: harness.Server, email: str, *roles: str) -> None:
    """Somebody with an account."""
    harness.run(server.environment, MAKE, email, PASSWORD, *roles)


def sign_in(visitor: harness.Visitor, email: str, path: str = "/account/sign-in") -> harness.Visitor:
    """By keyboard, from a page that asks for it."""
    visitor.go(path)
    fill(visitor, login=email, password=PASSWORD)
    return visitor


def at_the_desk(visitor: harness.Visitor, email: str, *roles: str) -> harness.Visitor:
    """Somebody of the desk (or with other roles), signed in with the second step that they have."""
    make(visitor.server, email, *(roles or ("desk",)))
    harness.run(visitor.server.environment, SECOND, email, SECRET)
    sign_in(visitor, email)
    fill(visitor, code=code(SECRET))
    return visitor


def fill(visitor: harness.Visitor, **fields: str) -> None:
    """Type into fields, by keyboard, and send the form with Enter."""
    for name, text in fields.items():
        visitor.tab_to(f"[name={name}]")
        visitor.page.keyboard.type(text)
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")


def deliver(server: harness.Server, post: Inbox) -> None:
    """Send the mail that waits."""
    env = {**server.environment, "LIFECLUSTER_MAIL": f"smtp+plain://127.0.0.1:{post.server.port}"}
    subprocess.run([sys.executable, "-m", "lifecluster.cli", "mail"], env=env, check=True, capture_output=True)


def by_link(visitor: harness.Visitor, post: Inbox, email: str) -> str:
    """The latest link that shows that mail arrives."""
    deliver(visitor.server, post)
    links = [re.findall(r"http://\S+/account/mail/\S+", one.get_content()) for one in post.to(email)]
    return str(next(found[0] for found in reversed(links) if found))


def looked_at(visitor: harness.Visitor, name: str, views: Sequence[tuple[str, int]] = VIEWS) -> None:
    """The page is right for all: light and dark, wide and narrow. The window is left as it was."""
    size = visitor.page.viewport_size
    for theme, width in views:
        visitor.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of two words
        visitor.page.set_viewport_size({"width": width, "height": 900})
        assert visitor.axe() == [], (name, theme, width)
        if "LIFECLUSTER_PICTURES" in os.environ:
            visitor.picture(f"{name}-{theme}-{width}")
    assert visitor.overflow(320) == "", name
    visitor.page.emulate_media(color_scheme="light")
    if size is not None:
        visitor.page.set_viewport_size(size)
