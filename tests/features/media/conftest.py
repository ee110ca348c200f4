"""One application a module."""

from tests.support.one_app import app, house, person, sign_in

__all__ = ["app", "house", "person", "sign_in"]
