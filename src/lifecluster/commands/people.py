"""`lifecluster people` and `lifecluster mail`: accounts and rights of the web app of this workspace, and its mail."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from lifecluster.commands.common import out
from lifecluster.errors import LifeclusterError

app_people = typer.Typer(help="People of the web app: accounts, roles and organisations. All of it is audited.",
                         no_args_is_help=True)  # fmt: skip
EmailArgument = Annotated[str, typer.Argument(help="The e-mail address of the person.", metavar="EMAIL")]
RoleArgument = Annotated[str, typer.Argument(help="A role: docs/reference/permissions.md lists them.", metavar="ROLE")]
OrganisationArgument = Annotated[str, typer.Argument(help="The id of an organisation.", metavar="ORGANISATION")]
WhyOption = Annotated[str, typer.Option("--why", help="The reason, kept for ever: name no person in it.")]
PATH = "/account/password/forgotten"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(app_people, name="people")
    app.command()(mail)


def _open() -> None:
    from lifecluster.web.directory.operate import open_web, require_web

    require_web()
    open_web()


@app_people.command("list")
def list_people() -> None:
    """List everybody with an account, with their roles and organisations."""
    _open()
    from lifecluster.web.accounts.models import Person
    from lifecluster.web.accounts.rights import held_by, moment

    now = moment()
    table = Table("e-mail", "name", "roles", "organisations")
    people = list(Person.objects.order_by("email"))
    roles = held_by(people, now)
    for person in people:
        belongs = person.memberships.at(now).order_by("organisation").values_list("organisation", flat=True)
        said = (person.email, person.name, ", ".join(sorted(roles[person.pk])), ", ".join(belongs))
        table.add_row(*(Text(cell) for cell in said))  # as text: people choose their names, and brackets are markup
    out.print(table)


@app_people.command()
def add(
    email: EmailArgument,
    name: Annotated[str, typer.Option(help="What others are shown.")] = "",
) -> None:
    """Make an account. The person chooses a password by "forgotten password" on the page to sign in."""
    _open()
    from lifecluster.web.accounts import actions
    from lifecluster.web.accounts.rights import moment
    from lifecluster.web.directory.viewer import OPERATOR

    person = actions.add_person(email=email, name=name, viewer=OPERATOR, at=moment())
    out.print(f"{person.email} has an account, without a password. They choose one at {PATH}.", soft_wrap=True)


@app_people.command()
def grant(
    email: EmailArgument,
    role: RoleArgument,
    why: WhyOption,
    until: Annotated[str | None, typer.Option(help="The day from which it ends.", metavar="YYYY-MM-DD")] = None,
) -> None:
    """Give a role to a person."""
    _open()
    from lifecluster.web.accounts import actions, operate
    from lifecluster.web.accounts.rights import moment
    from lifecluster.web.directory.viewer import OPERATOR

    ends = _day(until)
    given = actions.grant_role(
        person=operate.find(email), role=role, viewer=OPERATOR, at=moment(), why=why, ends_at=ends
    )
    end = f" until {given.ends_at:%Y-%m-%d}" if given.ends_at else ""
    out.print(f"{email} holds the role {role}{end}.", markup=False)


def _day(text: str | None) -> datetime | None:
    """Midnight of a day. Raises LifeclusterError for a text that is none."""
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise LifeclusterError(f"--until {text!r} is no date (YYYY-MM-DD)") from None


@app_people.command()
def revoke(email: EmailArgument, role: RoleArgument, why: WhyOption) -> None:
    """Take a role from a person, from their next page on."""
    _open()
    from lifecluster.web.accounts import actions, operate
    from lifecluster.web.accounts.rights import moment
    from lifecluster.web.directory.viewer import OPERATOR

    actions.revoke_role(person=operate.find(email), role=role, viewer=OPERATOR, at=moment(), why=why)
    out.print(f"{email} no longer holds the role {role}.", markup=False)


@app_people.command()
def join(
    email: EmailArgument,
    organisation: OrganisationArgument,
    why: WhyOption,
    administrator: Annotated[bool, typer.Option("--administrator", help="Also speaks for it.")] = False,
) -> None:
    """Let a person belong to an organisation of the register."""
    _open()
    from lifecluster.web.accounts import actions, operate
    from lifecluster.web.accounts.rights import moment
    from lifecluster.web.directory.viewer import OPERATOR

    actions.join(person=operate.find(email), organisation=organisation, administrator=administrator, viewer=OPERATOR,
                 at=moment(), why=why)  # fmt: skip
    out.print(f"{email} belongs to {organisation}{', and speaks for it' if administrator else ''}.", markup=False)


@app_people.command()
def leave(email: EmailArgument, organisation: OrganisationArgument, why: WhyOption) -> None:
    """End that a person belongs to an organisation."""
    _open()
    from lifecluster.web.accounts import actions, operate
    from lifecluster.web.accounts.rights import moment
    from lifecluster.web.directory.viewer import OPERATOR

    actions.leave(person=operate.find(email), organisation=organisation, viewer=OPERATOR, at=moment(), why=why)
    out.print(f"{email} no longer belongs to {organisation}.", markup=False)


@app_people.command()
def remove(email: EmailArgument, why: WhyOption) -> None:
    """Delete an account with all that is kept about the person; the audit keeps an opaque name."""
    _open()
    from lifecluster.web.accounts import actions, operate
    from lifecluster.web.accounts.rights import moment
    from lifecluster.web.directory.viewer import OPERATOR

    actions.delete_person(person=operate.find(email), viewer=OPERATOR, at=moment(), why=why)
    out.print(f"{email} has no account any more.", markup=False)


@app_people.command()
def sample() -> None:
    """Make the sign-ins of the sample region anew, one for each role, and show them once."""
    _open()
    from lifecluster.web.accounts import operate

    words = operate.sample_sign_ins(again=True)
    if not words:
        raise LifeclusterError("no sample region is shown here: `lifecluster people add` makes accounts")
    out.print(words, markup=False, soft_wrap=True)


def mail(
    show: Annotated[bool, typer.Option("--show", help="Print messages that wait instead of sending them.")] = False,
) -> None:
    """Send the mail that is due, through the server that LIFECLUSTER_MAIL names; `serve` does it by itself.

    LIFECLUSTER_MAIL=smtp://user:password@host:587 (also smtps:// and smtp+plain://); LIFECLUSTER_MAIL_FROM the sender.
    """
    _open()
    from lifecluster.web.accounts import operate

    if show:
        for message in operate.pending():
            out.print(f"To {message.to}: {message.subject}", markup=False)
            out.print(message.text, markup=False, soft_wrap=True)
        return
    done = operate.deliver()
    waiting = len(operate.pending())
    out.print(f"{done.sent:,} sent, {waiting:,} wait{'s' if waiting == 1 else ''}, {done.refused:,} refused for good.")
