"""Who may go where: the matrix of all addresses and all roles, declared here and kept by `accounts.middleware`.

Every named address of the web app stands here with its door; one without is shut. What is shown behind an open door
still depends on who looks: `visible_to` decides that for every row. Operations of the API that ask for a token declare
what they need beside their code (`web/api/writing`), and stand in the same reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from lifecluster.policy import roles
from lifecluster.web.directory.viewer import Viewer


class Outcome(StrEnum):
    """What becomes of a request at a door."""

    ALLOWED = "allowed"
    HIDDEN = "hidden"
    SIGN_IN = "sign in"
    SECOND_STEP = "second step"
    LED_ON = "led on"


MEANINGS: Mapping[Outcome, str] = {
    Outcome.ALLOWED: "the page or answer itself, with what this role may see in it",
    Outcome.HIDDEN: "answers as an address that does not exist",
    Outcome.SIGN_IN: "leads to signing in, and back",
    Outcome.SECOND_STEP: "leads to setting up or giving the second step",
    Outcome.LED_ON: "is for who is not signed in; leads to one's own account",
}
OPEN, GUEST, PERSON = "open", "guest", "person"
"""Doors: for everybody; for who is not signed in; for who is. Any other door is the name of a permission."""


def _all(namespace: str, names: str, door: str) -> dict[str, str]:
    """Addresses of a namespace (empty for none), separated by spaces, with the same door."""
    before = f"{namespace}:" if namespace else ""
    return {f"{before}{name}": door for name in names.split()}


DOORS: Mapping[str, str] = {
    **_all("", "home health theme", OPEN),
    **_all("directory", "index points names ground suggest embed organisation organisation_page site group thing "
           "evidence statement", OPEN),
    **_all("pages", "definitions sources package about accessibility privacy", OPEN),
    **_all("figures", "index claim publication sealed", OPEN),
    **_all("atlas", "index areas benchmark network segment cluster publication take", OPEN),
    **_all("api", "index identifier reconcile suggest flyout propose preview", OPEN),
    **_all("api-v1", "openapi-json root api-root package sources definitions changes ids organisations facets "
           "organisation search suggest sites site things thing groups group segments statements statement claims "
           "claim atlas atlas_segment atlas_cluster atlas_areas atlas_benchmark atlas_network", OPEN),
    **_all("exports", "view", OPEN),
    **_all("premises", "index", OPEN),
    **_all("feeds", "changes search organisation dates oembed robots sitemap sitemap_part", OPEN),
    **_all("style", "index part form embed error evidence", OPEN),
    **_all("", "account_login account_signup mfa_login_webauthn mfa_authenticate socialaccount_signup", GUEST),
    **_all("accounts", "openid_sign_in", GUEST),
    **_all("", "account_logout account_inactive account_email_verification_sent account_confirm_email "
           "account_reset_password account_reset_password_done account_reset_password_from_key "
           "account_reset_password_from_key_done", OPEN),
    **_all("", "account_reauthenticate account_change_password account_set_password mfa_index mfa_reauthenticate "
           "mfa_activate_totp mfa_deactivate_totp mfa_view_recovery_codes mfa_generate_recovery_codes "
           "mfa_download_recovery_codes mfa_list_webauthn mfa_add_webauthn mfa_reauthenticate_webauthn "
           "mfa_remove_webauthn", PERSON),
    **_all("accounts", "index name sessions end_session data delete messages tokens make_token revoke_token address "
           "confirm_address ask_mail mail_reached connections disconnect openid_connect openid_again", PERSON),
    **_all("accounts", "stop openid_return", OPEN),
    **_all("accounts", "people person grant revoke", "role.grant"),
    **_all("accounts", "audit", "log.read"),
    **_all("members", "log", "log.read"),
    **_all("desk", "index cases closed_cases add_case case edit_case move_case note_case add_task add_interaction "
           "tasks edit_task finish_task edit_interaction organisations organisation add_contact add_case_of "
           "add_task_of add_interaction_of add_note_of add_membership contact edit_contact consent erase_contact "
           "withdraw_consent memberships membership enquiries answer_enquiry add_referral referral edit_referral "
           "consent_referral send_referral answer_referral withdraw_referral imports deal_import "
           "reopen_import", "case.edit"),
    **_all("links", "index pair judge undo judged", "link.judge"),
    **_all("merges", "index alike history merge split act undo", "link.judge"),
    **_all("members", "index value join claim give_up invitation", PERSON),
    **_all("members", "organisation confirm withdraw undo seen", "organisation.edit:own"),
    **_all("members", "colleagues dismiss take_back", "organisation.invite:own"),
    **_all("members", "queue decide retract additions addition stale ask", "edit.review"),
    **_all("members", "claims codes admit", "organisation.admit"),
    **_all("desk", "bulk batch undo_batch", "edit.review"),
    **_all("enquiries", "ask mine forget", OPEN),
    **_all("uploads", "index upload row undo file template", PERSON),
    **_all("uploads", "queue", "edit.review"),
    **_all("news", "index item atom dates bulletins bulletin subscribe confirm stop", OPEN),
    **_all("news", "follow", PERSON),
    **_all("news", "propose mine change remove", "member.read"),
    **_all("news", "desk post decide desk_bulletins desk_bulletin send", "edit.review"),
}  # fmt: skip
"""Door by name of the address."""


def outcome(door: str, viewer: Viewer, *, signed_in: bool, waiting: frozenset[str] = frozenset()) -> Outcome:
    """What becomes of a reader at a door.

    Parameters: `door` a value of DOORS; `viewer` the reader of this session; `signed_in` whether it is a person;
    `waiting` roles of that person that the session lacks the second step for. Raises ValueError for a door that is
    neither one of the three nor a permission.
    """
    if door == OPEN:
        return Outcome.ALLOWED
    if door == GUEST:
        return Outcome.LED_ON if signed_in else Outcome.ALLOWED
    if door == PERSON:
        return Outcome.ALLOWED if signed_in else Outcome.SIGN_IN
    if viewer.may(door):
        return Outcome.ALLOWED
    if not signed_in:
        return Outcome.SIGN_IN
    return Outcome.SECOND_STEP if door in roles.permissions(waiting) else Outcome.HIDDEN
