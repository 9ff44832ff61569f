"""One delivery to the archive, from the choice of comments to the archive's receipt."""
