"""The public body's own guideline, as data."""
