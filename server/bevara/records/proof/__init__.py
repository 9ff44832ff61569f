"""A bundle that anyone can check without Bevara, years later."""
