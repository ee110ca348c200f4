"""Refuses what is no address or no good password, with a reason for each rule."""

from armarium.features.accounts.errors import InvalidEmail, WeakPassword
from armarium.features.accounts.policy import MAX_PASSWORD, broken_rules
from armarium.kit.emails import is_email


def check_password(password: str, *, pointer: str, refuse_widespread: bool) -> None:
    """Refuse a password that breaks a rule, naming each rule that it breaks."""
    if len(password) > MAX_PASSWORD:
        raise WeakPassword(f"A password has at most {MAX_PASSWORD} characters.", pointer=pointer)
    if not (broken := broken_rules(password, refuse_widespread=refuse_widespread)):
        return
    errors = [
        {"pointer": pointer, "code": rule.code, "detail": f"The password needs {rule.need}."}
        for rule in broken
    ]
    needs = _listed([rule.need for rule in broken])
    raise WeakPassword(f"The password needs {needs}.", errors=errors)


def check_email(email: str) -> str:
    """The address as typed, without outer spaces."""
    typed = email.strip()
    if not is_email(typed):
        raise InvalidEmail(pointer="/email")
    return typed


def _listed(needs: list[str]) -> str:
    *first, last = needs
    return f"{', '.join(first)} and {last}" if first else last
