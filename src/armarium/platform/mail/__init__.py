"""Composes letters: every word from one catalogue, as plain text and as simple HTML."""

from armarium.platform.mail.compose import compose, inert, languages, templates

__all__ = ["compose", "inert", "languages", "templates"]
