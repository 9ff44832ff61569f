"""Put the house together."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, Response

from bevara import __version__
from bevara.accounts import api as accounts_api
from bevara.accounts import application_views as applications
from bevara.accounts import elected_views as elected
from bevara.accounts import views as accounts_views
from bevara.archive import settings_views as archive_settings
from bevara.archive import views as archive_views
from bevara.capture import api as capture_api
from bevara.capture import views as capture_views
from bevara.config import Config
from bevara.diary import inform_views as diary_inform
from bevara.diary import many_views as diary_many
from bevara.diary import secrecy_views as diary_secrecy
from bevara.diary import template_views as diary_templates
from bevara.diary import views as diary_views
from bevara.diary.delivery import views as delivery_views
from bevara.disclosure import police_views
from bevara.disclosure import views as disclosure_views
from bevara.identity import api as identity_api
from bevara.identity import cors, guard, signing_views, user_views
from bevara.identity import views as identity_views
from bevara.identity.pairing import Pairing
from bevara.identity.passwords import Passwords
from bevara.identity.sessions import Sessions
from bevara.kernel.clock import Clock
from bevara.kernel.ephemeral import Ephemeral
from bevara.kernel.keys import Keys, sweep_private, write_private
from bevara.kernel.store import Store
from bevara.oversight import api as oversight_api
from bevara.oversight import views as oversight_views
from bevara.practice import views as practice_views
from bevara.profile import views as profile_views
from bevara.records import name_search_views as name_search
from bevara.records import views as records_views
from bevara.records.reading import views as reading_views
from bevara.upkeep import views as upkeep_views
from bevara.upkeep import working
from bevara.upkeep.erasure import views as erasure_views
from bevara.web import answers, headers, hosts, limits, navigation, pages, todo, translations
from bevara.web import views as web_views
from bevara.web.rooms import Rooms
from bevara.web.signatures import SignAnswers

API_ROOMS = (identity_api, capture_api, accounts_api, oversight_api)
PAGE_ROOMS = (
    identity_views, signing_views, user_views, name_search, records_views,
    reading_views, diary_secrecy,
    diary_views, diary_many, diary_inform, delivery_views, diary_templates, disclosure_views,
    police_views, archive_views, archive_settings, accounts_views, applications, elected,
    capture_views, oversight_views,
    upkeep_views, erasure_views, practice_views, profile_views, web_views,
)
MAIN_MENU = (
    identity_views.START, records_views.QUEUE, accounts_views.ACCOUNTS, archive_views.ARCHIVE,
)
TODO = (
    records_views.todo, diary_secrecy.todo, diary_views.todo, delivery_views.todo,
    archive_views.todo, oversight_views.todo, accounts_views.todo, identity_views.todo,
)
SETTINGS_MENU = (
    upkeep_views.COMPUTER, identity_views.BROWSERS, capture_views.SCREEN,
    upkeep_views.SECOND_COPY, delivery_views.DIARY, diary_templates.TEMPLATES,
    archive_settings.ARCHIVE_SETTINGS,
    profile_views.GUIDELINE, identity_views.NAMES, identity_views.PERMITTED,
    user_views.USERS, diary_secrecy.PROVISIONS, upkeep_views.LOG,
)


class House(Flask):
    """Flask, told that nothing here is a coroutine: it asks that of each function each time."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return `func` as it is."""
        return func


def create_app(config: Config, clock: Clock | None = None) -> Flask:
    """Return the application over the stores in `config.data_dir`, which it holds until closed.

    Raises `Busy` when another process holds them.
    """
    app = House(__name__, template_folder="web/templates", static_folder="web/static")
    built = open_rooms(config, clock or Clock())
    app.extensions["bevara"] = built
    hosts.guard(app)
    limits.guard(app)
    guard.guard(app)
    headers.protect(app)
    answers.handle_errors(app)
    pages.prepare(app)
    translations.prepare(app)
    navigation.prepare(app, MAIN_MENU, SETTINGS_MENU)
    todo.prepare(app, TODO)
    for room in API_ROOMS:
        app.register_blueprint(room.blueprint, url_prefix="/api/v1")
    for page in PAGE_ROOMS:
        app.register_blueprint(page.blueprint)
    app.add_url_rule("/health", "health", lambda: Response(__version__, mimetype="text/plain"))
    cors.allow(app)
    signed = SignAnswers(app.wsgi_app, built.keys, built.real_store.clock)
    app.wsgi_app = signed  # type: ignore[method-assign,assignment]
    return app


def open_rooms(config: Config, clock: Clock) -> Rooms:
    """Open the stores and the keys; make them at first start."""
    config.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.name == "posix":
        config.data_dir.chmod(0o700)
    real = _store(config.data_dir, "register", clock)
    keys = real.keys
    sweep_private(config.data_dir)
    working.clear(config.data_dir)
    practice = Store(config.data_dir / "practice", keys, clock)
    token = secrets.token_urlsafe(32)
    write_private(config.data_dir / "control.token", token.encode())
    return Rooms(
        config=config, keys=keys, instance=_instance(config.data_dir), real_store=real,
        practice_store=practice, ephemeral=Ephemeral(), pairing=Pairing(keys.public),
        sessions=Sessions(), passwords=Passwords(config.password_memory), control_token=token,
    )


def _store(folder: Path, name: str, clock: Clock) -> Store:
    return Store(folder / name, Keys(folder), clock)


def _instance(folder: Path) -> str:
    path = folder / "instance"
    if not path.exists():
        write_private(path, f"b{secrets.token_hex(8)}".encode())
    return path.read_text()
