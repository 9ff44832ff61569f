"""From a saved comment to the diary, or kept in order with a ground."""
