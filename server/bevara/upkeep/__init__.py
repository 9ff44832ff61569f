"""Look after what is stored."""
