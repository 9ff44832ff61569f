"""Show the whole main job to anyone."""
