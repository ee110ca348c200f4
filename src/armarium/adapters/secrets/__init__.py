"""Managers of secrets."""
