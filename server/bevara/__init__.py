"""Bevara: no receipt, no deletion."""

__version__ = "0.1.0"
