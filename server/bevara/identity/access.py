"""Which role may reach which endpoint: the one table. What is not in it is refused to everybody.

The owner of *en dator* has every role. A page's menus, lines and forms ask here too (`may`), so
that nobody is led to what they may not do.
"""

from __future__ import annotations

from bevara.web.navigation import (
    ADMINISTRATOR,
    ARCHIVIST,
    DATA_PROTECTION_OFFICER,
    EVERYONE,
    INFORMATION_OFFICER,
    MANAGER,
    MODERATOR,
    REGISTRAR,
    WEB_OFFICER,
)

Roles = frozenset[str]
OPEN = frozenset({"static", "identity.start", "identity.control", "health"})
"""Look, version, and what is behind a key of its own."""
SIGNING_IN = frozenset({"signing.enter", "signing.sign_in", "signing.choose", "signing.chosen"})
"""Open too where there are users to sign in."""
UNPAIRED = frozenset({"identity_api.hello", "identity_api.pair"})
"""What a browser may say before it is paired; pairing carries a signature of its own."""
DEVICES = frozenset({
    "identity_api.heartbeat", "accounts_api.get_setup", "accounts_api.put_identifiers",
    "accounts_api.put_question", "capture_api.delete_screen", "capture_api.put_blob",
    "capture_api.put_capture", "capture_api.put_comment_outcome", "capture_api.put_outcome",
    "capture_api.put_reason", "capture_api.put_screen", "oversight_api.put_incident",
})
"""What a paired browser may call."""
PRACTICE = frozenset({"practice.act", "practice.comments", "practice.page", "practice.requests",
                      "practice.reset", "practice.static"})
"""The little platform, on an address of its own and only on one computer."""

READERS = EVERYONE - {ADMINISTRATOR}
"""Whoever looks after the server has no need to read what people wrote."""
TRUSTED = READERS - {MODERATOR, WEB_OFFICER}
REGISTRARS = frozenset({REGISTRAR})
HANDING_OVER = frozenset({REGISTRAR, INFORMATION_OFFICER})
REASONING = frozenset({MODERATOR, REGISTRAR, INFORMATION_OFFICER})
OF_ACCOUNTS = frozenset({INFORMATION_OFFICER, WEB_OFFICER, ADMINISTRATOR})
ARCHIVING = frozenset({ARCHIVIST, INFORMATION_OFFICER})
SETTING_UP = frozenset({INFORMATION_OFFICER, ADMINISTRATOR})
ADMINISTRATORS = frozenset({ADMINISTRATOR})

_TABLE: dict[Roles, str] = {
    EVERYONE: """identity.home identity.state identity.show_code profile.guideline web.guide
        web.accessibility web.choose_language signing.sign_out signing.own signing.change""",
    READERS: """records.queue records.record records.fragment records.picture
        records.practice_guide erasure.ask erasure.do erasure.status""",
    TRUSTED: """records.view records.proof reading.reading_copy diary.in_order erasure.look
        erasure.approve disclosure.page disclosure.copied police.page police.made
        name_search.page name_search.found""",
    REASONING: "records.reason records.reasons inform.page inform.informed",
    REGISTRARS: """diary.assessment diary.decision diary.number diary.page secrecy.breach
        secrecy.page secrecy.put secrecy.handover secrecy.add secrecy.listing
        many.page many.decide""",
    HANDING_OVER: """diary.csv diary.one_card diary.pasted diary.waits delivery.answer
        delivery.as_mail delivery.hand_over delivery.listed delivery.one delivery.settled
        diary_templates.change diary_templates.listed diary_templates.one
        oversight.check oversight.listing erasure.begin""",
    SETTING_UP: """delivery.change_diaries delivery.choose delivery.diary delivery.try_out
        delivery.pause identity.moderators identity.add_name identity.remove_name""",
    ARCHIVING: """archive.listed archive.deliver archive.pause archive.one archive.package
        archive.answer""",
    ARCHIVING | ADMINISTRATORS: """archive_settings.page archive_settings.change
        archive_settings.try_out""",
    OF_ACCOUNTS: """accounts.add accounts.listing accounts.account accounts.public
        accounts.public_file accounts.not_ours accounts.put_documentation accounts.put_people
        elected.listing elected.add elected.file elected.remove""",
    OF_ACCOUNTS | {MANAGER}: "applications.listing applications.apply",
    frozenset({INFORMATION_OFFICER, MANAGER}): "applications.answer",
    frozenset({INFORMATION_OFFICER}): """identity.permit identity.permit_no_more
        identity.permitted_persons""",
    ADMINISTRATORS | {ARCHIVIST, INFORMATION_OFFICER, DATA_PROTECTION_OFFICER}:
        "upkeep.ask upkeep.run",
    ADMINISTRATORS: """capture.ask capture.choose upkeep.choose upkeep.computer upkeep.copy_now
        upkeep.destroyed upkeep.second_copy identity.browsers identity.revoke
        users.listed users.add users.roles users.close users.invite users.sign_out""",
}
ALLOWED: dict[str, Roles] = {endpoint: roles for roles, names in _TABLE.items()
                             for endpoint in names.split()}
"""Every endpoint of the desk with the roles that may reach it."""


def may(roles: Roles, endpoint: str) -> bool:
    """Tell whether somebody with these roles may reach an endpoint."""
    return bool(roles & ALLOWED.get(endpoint, frozenset()))
