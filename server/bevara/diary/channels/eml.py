"""A letter as an e-mail message (RFC 5322), which a mail program opens or a server sends."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from bevara.diary.delivery.letter import Letter
from bevara.diary.delivery.settings import Settings


def message(letter: Letter, settings: Settings, *, draft: bool) -> bytes:
    """Return the message, the same each time for the same letter.

    A draft opens in Outlook ready to be sent (`X-Unsent`) and has no sender of its own.
    """
    row, made = letter.delivery, EmailMessage(policy=SMTP)
    made["Subject"] = letter.subject
    if settings.to:
        made["To"] = settings.to
    if draft:
        made["X-Unsent"] = "1"
    else:
        made["From"] = settings.sender
    made["Date"] = format_datetime(datetime.fromisoformat(str(row.created_at)))
    made["Message-ID"] = str(row.message_id)
    made.set_content(letter.body, cte="base64")
    for file in letter.files:
        main, _, sub = file.media_type.partition("/")
        charset = {"charset": "utf-8"} if main == "text" else {}
        made.add_attachment(file.data, maintype=main, subtype=sub, filename=file.name,
                            params=charset)
    if made.is_multipart():
        made.set_boundary(f"bevara-{row.token}")
    return made.as_bytes()
