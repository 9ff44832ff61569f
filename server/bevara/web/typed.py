"""What a person typed in a form that could not be kept, for the page of the error to give back.

Nothing is stored for it: the browser sent the form, and gets it back in the answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import request

from bevara.errors import BevaraError
from bevara.kernel.text import storable

TOKEN, SEEN = "csrf", "sett"
"""What nobody types: the session gives the token anew; what was seen when it was written stays."""
CODE = re.compile(r"[a-z_]*|[0-9a-f-]{36}|[0-9]+")
"""What choices and hidden fields hold. Sent again, and no text to copy."""


@dataclass(frozen=True)
class Typed:
    """A form: where it goes, every field to send again, and what of it is text to copy."""

    action: str
    fields: tuple[tuple[str, str], ...]
    text: str


def kept(error: BevaraError) -> Typed | None:
    """Return the form that failed for a reason which may pass; None when there is none of it.

    What a person can mend herself (4xx) is shown in the form, by the page that it belongs to.
    """
    if request.method != "POST" or error.status < 500 or not request.form:
        return None
    fields = tuple((name, storable(value)) for name, value in request.form.items(multi=True)
                   if name != TOKEN)
    text = "\n\n".join(value for name, value in fields
                       if name != SEEN and not CODE.fullmatch(value))
    return Typed(request.full_path.rstrip("?"), fields, text)
