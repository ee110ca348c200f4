"""Armarium: the cabinet for people who collect."""
