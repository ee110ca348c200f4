"""Composes letters: every word from one catalogue, as plain text and as simple HTML."""

from armarium.platform.mail.compose import compose, languages, templates

__all__ = ["compose", "languages", "templates"]
