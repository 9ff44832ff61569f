"""The queue of saved comments."""
