"""Hand proposals over to the diary: which are ready, what is sent, and how far it has come."""
