"""The forms that a delivery package can have: SIP, BagIt, and a plain ZIP."""
