"""Invented worlds, a slow reference that decides them by hand, and the demand that the product agrees."""
