"""The accounts that the public body answers for."""
