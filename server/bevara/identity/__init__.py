"""Who may speak with Bevara: paired browsers, and the person at this computer."""
