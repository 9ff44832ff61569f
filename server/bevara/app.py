"""Put the house together."""

from __future__ import annotations

import secrets
from pathlib import Path

from flask import Flask, Response
from flask_cors import CORS

from bevara import __version__
from bevara.accounts import api as accounts_api
from bevara.accounts import views as accounts_views
from bevara.capture import api as capture_api
from bevara.config import Config
from bevara.identity import api as identity_api
from bevara.identity import devices, guard
from bevara.identity import views as identity_views
from bevara.identity.pairing import Pairing
from bevara.identity.sessions import Sessions
from bevara.kernel.clock import Clock
from bevara.kernel.ephemeral import Ephemeral
from bevara.kernel.keys import Keys, write_private
from bevara.kernel.store import Store
from bevara.oversight import api as oversight_api
from bevara.oversight import views as oversight_views
from bevara.practice import views as practice_views
from bevara.records import views as records_views
from bevara.upkeep import views as upkeep_views
from bevara.web import answers, headers, hosts, pages
from bevara.web.rooms import Rooms
from bevara.web.signatures import SignAnswers

API_ROOMS = (identity_api, capture_api, accounts_api, oversight_api)
PAGE_ROOMS = (
    identity_views, records_views, accounts_views, oversight_views, upkeep_views, practice_views,
)
REQUEST_LIMIT = 17 << 20


def create_app(config: Config, clock: Clock | None = None) -> Flask:
    """Return the application over the stores in `config.data_dir`, which it holds until closed.

    Raises `Busy` when another process holds them.
    """
    app = Flask(__name__, template_folder="web/templates", static_folder="web/static")
    app.config["MAX_CONTENT_LENGTH"] = REQUEST_LIMIT
    built = open_rooms(config, clock or Clock())
    app.extensions["bevara"] = built
    hosts.guard(app)
    guard.guard(app)
    headers.protect(app)
    answers.handle_errors(app)
    pages.prepare(app)
    for room in API_ROOMS:
        app.register_blueprint(room.blueprint, url_prefix="/api/v1")
    for page in PAGE_ROOMS:
        app.register_blueprint(page.blueprint)
    app.add_url_rule("/health", "health", lambda: Response(__version__, mimetype="text/plain"))
    CORS(app, resources={r"/(api/v1/setup|health)": {
        "origins": sorted(devices.bound_origins(built.real_store)) or ["null.invalid"]}})
    signed = SignAnswers(app.wsgi_app, built.keys, built.real_store.clock)
    app.wsgi_app = signed  # type: ignore[method-assign,assignment]
    return app


def open_rooms(config: Config, clock: Clock) -> Rooms:
    """Open the stores and the keys; make them at first start."""
    config.data_dir.mkdir(parents=True, exist_ok=True)
    real = _store(config.data_dir, "register", clock)
    keys = real.keys
    practice = Store(config.data_dir / "practice", keys, clock)
    token = secrets.token_urlsafe(32)
    write_private(config.data_dir / "control.token", token.encode())
    return Rooms(
        config=config, keys=keys, instance=_instance(config.data_dir), real_store=real,
        practice_store=practice, ephemeral=Ephemeral(), pairing=Pairing(keys.public),
        sessions=Sessions(), control_token=token,
    )


def _store(folder: Path, name: str, clock: Clock) -> Store:
    return Store(folder / name, Keys(folder), clock)


def _instance(folder: Path) -> str:
    path = folder / "instance"
    if not path.exists():
        write_private(path, f"b{secrets.token_hex(8)}".encode())
    return path.read_text()
