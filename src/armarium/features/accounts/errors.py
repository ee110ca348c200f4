"""Why an account request is refused."""

from armarium.platform.errors import Conflict, Forbidden, Invalid, Problem, Unauthenticated


class WrongCredentials(Unauthenticated):
    """E-mail address or password is wrong."""

    code = "wrong_credentials"


class WrongPassword(Invalid):
    """The current password is wrong."""

    code = "wrong_password"


class InvalidToken(Unauthenticated):
    """The access token is not valid, or has expired. Refresh it or log in again."""

    code = "invalid_token"


class InvalidRefreshToken(Unauthenticated):
    """The refresh token is not valid, or has expired. Log in again."""

    code = "invalid_refresh_token"


class RefreshTokenReused(Unauthenticated):
    """This refresh token was used before, so its session was ended for safety. Log in again."""

    code = "refresh_token_reused"


class EmailTaken(Conflict):
    """There is an account with this e-mail address already. Log in instead."""

    code = "email_taken"


class RegistrationClosed(Forbidden):
    """This server takes no registrations. Ask its owner for an account."""

    code = "registration_closed"


class WeakPassword(Invalid):
    """The password is not strong enough."""

    code = "weak_password"


class InvalidEmail(Invalid):
    """This is not an e-mail address."""

    code = "invalid_email"


class TooManyAttempts(Problem):
    """Too many failed attempts. Wait a little, then try again."""

    code = "too_many_attempts"
    status = 429
    title = "Slow down"
