"""What must not pass unseen."""
