"""Nothing is locked in: everything out in open formats, and into an empty Bevara again."""
