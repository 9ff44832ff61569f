"""What never loses anything: the store, the ledger, the keys."""
