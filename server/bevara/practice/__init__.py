"""The practice page: a little platform of its own to learn on."""
