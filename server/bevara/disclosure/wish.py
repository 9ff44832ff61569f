"""What a copy to be handed out should leave out, as a form says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bevara.errors import Invalid
from bevara.kernel.text import storable
from bevara.web.translations import N_

WORDS = "ord"
LONGEST, MOST = 500, 100


@dataclass(frozen=True)
class Wish:
    """`phrases` have to be found; the author's name and address are masked where they stand."""

    phrases: tuple[str, ...] = ()
    author: bool = False
    address: bool = False
    picture: bool = False

    @property
    def masks(self) -> bool:
        """Tell whether anything is masked; then no picture goes, since it may show the same."""
        return bool(self.phrases) or self.author or self.address


def read(form: Mapping[str, str]) -> Wish:
    """Return what a form says; raise `Invalid`."""
    typed = (" ".join(storable(line).split()) for line in form.get(WORDS, "").splitlines())
    phrases = tuple(dict.fromkeys(filter(None, typed)))
    if len(phrases) > MOST or any(len(one) > LONGEST for one in phrases):
        raise Invalid(WORDS, N_("Listan är för lång."),
                      N_("Skriv högst 100 rader, med högst 500 tecken på varje."))
    return Wish(phrases, "namn" in form, "adress" in form, "bild" in form)
