"""Send what is due: one attempt at one delivery, and the day's batch when its hour has come."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from bevara.accounts import register
from bevara.config import Config
from bevara.diary import numbers, returned
from bevara.diary.channels import (
    Begin,
    Found,
    Passing,
    Permanent,
    Returned,
    Unknown,
    eml,
    folder,
    place,
    rest,
    smtp,
)
from bevara.diary.delivery import letter, outbox, ready, receipts, settings
from bevara.diary.delivery.letter import Letter
from bevara.diary.delivery.ready import Scope
from bevara.diary.delivery.settings import Settings
from bevara.diary.numbers import Line
from bevara.errors import BevaraError, Conflict, Invalid
from bevara.kernel.store import Store
from bevara.web.translations import N_

Send = Callable[[Letter, Settings, Begin], Returned | None]
Look = Callable[[Row[Any], Settings, Callable[[], None]], Found]
INTERRUPTED = N_("Bevara avbröts medan den skickades.")
BY = "Svar från diariet"
UNFIT = N_("Diariet tog emot den, men numret i svaret passar inte. Kontrollera i diariet, och "
           "klistra in rätt nummer.")
NOTHING_LEFT = N_("Inget av det ska skickas längre.")
OTHER_CHANNEL = N_("Leveranssättet är inte valt längre.")
log = logging.getLogger(__name__)


def by_mail(found: Letter, how: Settings, begin: Begin) -> None:
    """Send a letter by e-mail."""
    smtp.send(eml.message(found, how, draft=False), how, begin)


SENDERS: Mapping[str, Send] = {settings.SMTP: by_mail, settings.FOLDER: folder.send,
                            settings.REST: rest.send}
LOOKS: Mapping[str, Look] = {settings.FOLDER: folder.look, settings.REST: rest.look}
"""The channels that can see what became of a delivery whose worker is gone."""
TRIALS: Mapping[str, Callable[[Settings], str | None]] = {
    settings.EML: lambda _how: None, settings.SMTP: smtp.try_out,
    settings.FOLDER: lambda how: place.try_out(how.folder), settings.REST: rest.rehearsed}
"""Each does all but deliver, and may return what it would have sent."""


@dataclass(frozen=True)
class Worker:
    """What one attempt needs. `lease` is in seconds."""

    config: Config
    store: Store
    senders: Mapping[str, Send]
    lease: float = outbox.LEASE

    def look(self) -> list[str]:
        """Make the batches whose time has come; return the deliveries to attempt now."""
        every = settings.everything(self.config)
        for how in every:
            receipts.collect(self.store, how)
            if how.by_itself:
                self._batches(how)
        return outbox.due(self.store, [how.diary for how in every if how.paused])

    def attempt(self, id_: str) -> None:
        """Try to send one delivery, and keep how it ended."""
        how = settings.read(self.config, str(outbox.read(self.store, id_).diary))
        taken = None if how.paused else outbox.claim(self.store, id_, self.lease)
        if taken is None:
            return
        if taken.row.begun and not self._nothing_came(taken, how):
            return
        if taken.row.channel != how.channel or how.channel not in self.senders:
            outbox.failed(self.store, taken, OTHER_CHANNEL)
            return
        self._send(taken, how)

    def _nothing_came(self, taken: outbox.Claim, how: Settings) -> bool:
        """Tell whether a delivery that had begun may be sent anew; if not, keep how it stands."""
        look = LOOKS.get(how.channel) if taken.row.channel == how.channel else None
        try:
            found = (look(taken.row, how, lambda: outbox.anew(self.store, taken)) if look
                     else Found.UNCLEAR)
        except Passing as error:
            outbox.again(self.store, taken, str(error), begun=True)
            return False
        except Conflict:
            return False
        if found is Found.ALL:
            outbox.sent(self.store, taken)
        if found is Found.UNCLEAR:
            outbox.uncertain(self.store, taken, INTERRUPTED)
        return found is Found.NOTHING

    def _send(self, taken: outbox.Claim, how: Settings) -> None:
        found = letter.compose(self.store, taken.row, how, self._accounts())
        if not found.entries:
            outbox.stopped(self.store, taken, NOTHING_LEFT)
            return
        outbox.composed(self.store, taken.row, found.as_text)
        try:
            answer = self.senders[how.channel](
                found, how, partial(outbox.begin, self.store, taken))
            self._sent(taken, how, answer or Returned({}, None))
        except Passing as error:
            outbox.again(self.store, taken, str(error), begun=error.begun)
        except Permanent as error:
            outbox.failed(self.store, taken, str(error))
        except Unknown as error:
            outbox.uncertain(self.store, taken, str(error))
        except Invalid as error:
            outbox.failed(self.store, taken, error.detail)
        except BevaraError as error:
            log.warning("a delivery was given up: %s", error.code)

    def _sent(self, taken: outbox.Claim, how: Settings, answer: Returned) -> None:
        """Keep that it was sent, with the numbers that came back and fit."""
        lines, wrong = numbers.answered(answer.numbers, how.forms)
        refused: list[Line] = []
        outbox.sent(
            self.store, taken, answer.problem or (UNFIT if wrong else None),
            lambda tx: refused.extend(returned.keep(tx, self.store, lines, BY)[1]))
        if refused:
            outbox.remark(self.store, taken.id, UNFIT)

    def _batches(self, how: Settings) -> None:
        """Make a delivery of what is urgent; and of everything, once each weekday at its hour."""
        day, scope = due_day(self.store.clock.now(), how.hour), Scope(how.diary, how.others)
        with suppress(Conflict):
            ready.hand_over(self.store, how.channel, how.domain, urgent=True, scope=scope)
        if day:
            with suppress(Conflict):
                ready.hand_over(self.store, how.channel, how.domain, day=day, scope=scope)

    def _accounts(self) -> dict[str, str]:
        return register.names(self.store, self.config.port)


def due_day(now: str, hour: str) -> str | None:
    """Return the Swedish day when it is a weekday and the set hour has come, else None."""
    here = datetime.fromisoformat(now).astimezone(ZoneInfo("Europe/Stockholm"))
    come = (here.hour, here.minute) >= tuple(map(int, hour.split(":")))
    return here.date().isoformat() if here.weekday() < 5 and come else None
