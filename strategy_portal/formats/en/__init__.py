"""English as the Council writes it."""
