"""From the extension's frozen bytes to a durable record and its receipt."""
