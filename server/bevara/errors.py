"""Every error that Bevara answers with, each with its code from the contract's closed list."""

from __future__ import annotations


class BevaraError(Exception):
    """An error with a code, a status, a sentence for people, and the next step.

    `field` names the input at fault as a JSON pointer or a form field; `detail` and `next_step`
    are Swedish sentences that a moderator can act on.
    """

    code = "internal"
    status = 500
    title = "Något gick fel i Bevara"
    next_step: str | None = None

    def __init__(
        self, detail: str = "", *, field: str | None = None, next_step: str | None = None,
        **extra: object,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.field = field
        self.next_step = next_step or self.next_step
        self.extra = extra


class UnknownHost(BevaraError):
    code, status, title = "unknown_host", 421, "Adressen hör inte till Bevara"


class ForeignOrigin(BevaraError):
    code, status, title = "foreign_origin", 403, "En webbsida får inte anropa Bevara"


class Unsigned(BevaraError):
    code, status, title = "unsigned", 401, "Anropet saknar underskrift"


class BadSignature(BevaraError):
    code, status, title = "bad_signature", 401, "Underskriften stämmer inte"


class StaleSignature(BevaraError):
    code, status, title = "stale_signature", 401, "Underskriften är för gammal"
    next_step = "Kontrollera datorns klocka."


class UnknownDevice(BevaraError):
    code, status, title = "unknown_device", 401, "Webbläsaren är inte kopplad"
    next_step = "Koppla webbläsaren på Bevaras startsida."


class RevokedDevice(BevaraError):
    code, status, title = "revoked_device", 401, "Webbläsarens koppling är återkallad"
    next_step = "Koppla webbläsaren igen på Bevaras startsida."


class BadPairing(BevaraError):
    code, status, title = "bad_pairing", 403, "Koden stämmer inte"
    next_step = "Kontrollera koden på Bevaras startsida och skriv den igen."


class PairingClosed(BevaraError):
    code, status, title = "pairing_closed", 403, "Ingen koppling väntar"
    next_step = "Visa en ny kod på Bevaras startsida."


class NotFound(BevaraError):
    code, status, title = "not_found", 404, "Det finns inte"


class MethodNotAllowed(BevaraError):
    code, status, title = "method_not_allowed", 405, "Så kan adressen inte anropas"


class Invalid(BevaraError):
    code, status, title = "invalid", 422, "Uppgifterna går inte att ta emot"

    def __init__(self, field: str, detail: str, next_step: str | None = None) -> None:
        super().__init__(detail, field=field, next_step=next_step)


class NewerStore(Invalid):
    def __init__(self) -> None:
        super().__init__("data_dir", "Det som är sparat är gjort med en nyare Bevara.",
                         "Installera den versionen och starta den.")


class TooLarge(BevaraError):
    code, status, title = "too_large", 413, "Innehållet är för stort"


class UnsupportedMediaType(BevaraError):
    code, status, title = "unsupported_media_type", 415, "Innehållet har fel typ"


class HashMismatch(BevaraError):
    code, status, title = "hash_mismatch", 422, "Kontrollsumman stämmer inte"


class Conflict(BevaraError):
    code, status, title = "conflict", 409, "Något annat är redan sparat under samma nummer"


class MissingBlobs(BevaraError):
    code, status, title = "missing_blobs", 424, "Bilder som dokumentet nämner saknas"


class UnsupportedContract(BevaraError):
    code, status, title = "unsupported_contract", 426, "Tillägget och Bevara passar inte ihop"
    next_step = "Uppdatera den äldre av dem."


class Quota(BevaraError):
    code, status, title = "quota", 429, "För många anrop väntar"
    wait = 10
    """Seconds after which it is worth to try again."""


class DiskFull(BevaraError):
    code, status, title = "disk_full", 507, "Disken är full"
    next_step = "Frigör plats på disken. Bevara fortsätter av sig självt."


class ReadOnly(BevaraError):
    code, status, title = "read_only", 503, "Bevara får inte skriva i sin mapp"
    next_step = "Be IT att ge Bevara skrivrätt till mappen."


class StoreFailed(BevaraError):
    code, status, title = "store_failed", 503, "Disken svarade med fel"
    next_step = "Starta om Bevara. Innan dess sparas inget."


class Busy(BevaraError):
    code, status, title = "busy", 503, "Bevara är upptaget"


class Erased(BevaraError):
    code, status, title = "erased", 410, "Kommentaren är raderad eller ska raderas"
    next_step = "Kasta det som finns kvar av den. Ta bort den med Misstänkt övergrepp mot barn."


class Withheld(BevaraError):
    code, status, title = "withheld", 403, "Kommentaren är spärrad"


class Closed(BevaraError):
    code, status, title = "closed", 403, "Kommentaren kan innehålla sekretess"
    next_step = "Visa skyddat innehåll på kommentarens sida."


class NotSignedIn(BevaraError):
    code, status, title = "not_signed_in", 401, "Du är inte inloggad"
    next_step = "Öppna Bevara på nytt från Start-menyn eller med bevara open."


class NotAllowed(BevaraError):
    code, status, title = "not_allowed", 403, "Din roll får inte göra det här"
    next_step = "Be en administratör ändra dina roller, eller be en kollega göra det."


class BadCsrf(BevaraError):
    code, status, title = "bad_csrf", 403, "Formuläret var för gammalt"
    next_step = "Ladda om sidan och försök igen."


class NotMade(BevaraError):
    title = "PDF-filen gick inte att göra"
    next_step = "Läs kommentaren i Bevara så länge."


class PressBusy(NotMade, Busy):
    pass


class NotPacked(BevaraError):
    title = "Leveranspaketet gick inte att göra"
    next_step = "Kör bevara verify, och be IT läsa in filen från en säkerhetskopia."
