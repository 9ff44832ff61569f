"""Erase a withheld comment everywhere, by two people."""
