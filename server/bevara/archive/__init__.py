"""To the archive: packages that anyone can open, delivered so that nothing is lost."""
