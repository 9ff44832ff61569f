"""The account register as a record of its own in a package: which accounts there are, and when each
was documented.
"""

from __future__ import annotations

from uuid import UUID, uuid5

from bevara.accounts import documentation, public_list, register
from bevara.archive.packages.parts import Item, held
from bevara.kernel.store import Store
from bevara.web import dates, sheets
from bevara.web.pages import PLATFORMS

TYPE, DOCUMENT_TYPE = "accounts", "Förteckning över konton"
LIST, PAGE, ROUNDS = "forteckning.csv", "forteckning.html", "dokumentation.csv"
HEADS = ("Konto", "Dokumenterat", "Var det ligger", "Av")


def item(store: Store, package_id: str, at: str) -> Item:
    """Return the register as it is now, for a package that was asked for at a stored time."""
    accounts = register.all_accounts(store)
    shown, day = public_list.rows(accounts, PLATFORMS), dates.local_day(at).isoformat()
    rounds = documentation.of_each(store)
    told = [(one["name"], each.on, each.place, each.by)
            for one in accounts for each in rounds.get(one["id"], [])]
    return Item(
        id=str(uuid5(UUID(package_id), TYPE)), reference="", number="",
        title=f"{DOCUMENT_TYPE} i sociala medier, {day}", sender="", author="", platform="",
        account="", address="", document_type=DOCUMENT_TYPE, classification="",
        direction="drawn_up", exit="", received_on=day, published="", captured=at,
        retention="keep", possible_secrecy=False, provision="", provision_on="", provision_by="",
        events=(), files=(
            held(LIST, "text/csv", sheets.as_csv(public_list.HEADS, shown)),
            held(PAGE, "text/html", public_list.as_html(shown)),
            held(ROUNDS, "text/csv", sheets.as_csv(HEADS, told))))
