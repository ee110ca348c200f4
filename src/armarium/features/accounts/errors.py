"""Why an account request is refused."""

from armarium.platform.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Problem,
    Unauthenticated,
)


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


class InvalidInvitation(Forbidden):
    """The invitation is not valid: it was used, withdrawn, has expired, or is somebody else's."""

    code = "invalid_invitation"


class InvitationNeeded(Forbidden):
    """This server takes people by invitation. Open the link that you were sent."""

    code = "invitation_needed"


class InvalidLink(Invalid):
    """The link is not valid any more: it was used, replaced by a newer one, or has expired."""

    code = "invalid_link"


class EmailNotVerified(Forbidden):
    """Confirm your e-mail address first; a new letter with the link is on its way."""

    code = "email_not_verified"


class SecondFactorRequired(Unauthenticated):
    """The password is right. Now prove your second factor."""

    code = "second_factor_required"


class LoginExpired(Unauthenticated):
    """This login took too long or failed too often. Begin again."""

    code = "login_expired"


class WrongSecondFactor(Unauthenticated):
    """The code or passkey is wrong, or was used before."""

    code = "wrong_second_factor"


class WrongCode(Invalid):
    """The code is wrong, or was used before. Check the clock of the device that shows it."""

    code = "wrong_code"


class TotpAlreadyOn(Conflict):
    """Codes from an app are on already. Turn them off first to set up another app."""

    code = "totp_already_on"


class SecondFactorNeeded(Conflict):
    """This server demands a second factor of you, so the last one stays. Add another first."""

    code = "second_factor_needed"


class ProofRequired(Forbidden):
    """Confirm that it is you: send your password or second factor to `/me/proof`, then repeat."""

    code = "proof_required"


class SessionRequired(Forbidden):
    """Only a person who is logged in may do this, not a program with a key."""

    code = "session_required"


class InvalidPasskey(Invalid):
    """The passkey could not be verified. Try again."""

    code = "invalid_passkey"


class PasskeysNeedAName(Conflict):
    """Passkeys need an address with a name (or localhost), not a number. Open the server by it."""

    code = "passkeys_need_a_name"


class TooManyKeys(Conflict):
    """You have as many of these as one person may have. Remove one that is not in use."""

    code = "too_many_keys"


class InvalidScope(Invalid):
    """There is no scope by this name."""

    code = "invalid_scope"


class UnknownProvider(NotFound):
    """There is no login provider by this name on this server."""

    code = "unknown_provider"


class ProviderUnavailable(Problem):
    """The login provider does not answer properly just now. Try again, or log in another way."""

    code = "provider_unavailable"
    status = 502
    title = "Provider not available"


class OutsideLoginExpired(Invalid):
    """This login took too long, was finished before, or began in another browser. Begin again."""

    code = "outside_login_expired"


class OutsideLoginRefused(Forbidden):
    """The login provider did not let you in. Begin again, or log in another way."""

    code = "outside_login_refused"


class OutsideAnswerInvalid(Unauthenticated):
    """The login provider's answer does not belong to this login, so it was not trusted."""

    code = "outside_answer_invalid"


class OutsideEmailUnverified(Forbidden):
    """The login provider has not verified your e-mail address. Verify it there, then try again."""

    code = "outside_email_unverified"


class OutsideNoAccount(Forbidden):
    """Nobody here belongs to this login, and none may be added. Ask the owner for an account."""

    code = "outside_no_account"


class OutsideAccountExists(Conflict):
    """Your e-mail address has an account here. Log in to it as before, then link this login."""

    code = "outside_account_exists"


class OwnerFirst(Conflict):
    """This server has no owner yet. Make the first account with a password."""

    code = "owner_first"


class IdentityTaken(Conflict):
    """This outside login belongs to another account already. Unlink it there first."""

    code = "identity_taken"


class LastWayIn(Conflict):
    """This is your last way to log in, so it stays. Set a password or add a passkey first."""

    code = "last_way_in"


class NothingWaiting(NotFound):
    """No outside login waits to be linked in this browser."""

    code = "nothing_waiting"


class UnknownClient(Invalid):
    """No program by this id may ask people to log in here."""

    code = "unknown_client"


class RedirectNotAllowed(Invalid):
    """This address is not one that the program may be answered at."""

    code = "redirect_not_allowed"


class ClientsClosed(Forbidden):
    """Programs do not register themselves on this server. Register it in your settings."""

    code = "clients_closed"


class OAuthRefused(Problem):
    """The program's request was refused, in the words of RFC 6749 (`error`)."""

    code = "oauth_refused"
    status = 400
    title = "Request refused"

    def __init__(self, error: str, detail: str) -> None:
        """`error` is one of the registered words, like `invalid_grant`."""
        self.error = error
        super().__init__(detail, error=error)


class LastAdmin(Conflict):
    """Nobody else runs this server. Make another person an administrator first."""

    code = "last_admin"


class NotClosing(Conflict):
    """Nobody asked for the erasure of this account."""

    code = "not_closing"


class ErasureUnderWay(Conflict):
    """The time to take it back is over, and the account is being erased."""

    code = "erasure_under_way"


class NotThisPerson(Conflict):
    """You can't act as an administrator, or as somebody whose account is locked or closing."""

    code = "not_this_person"


class NotImpersonated(Conflict):
    """This session is the person's own."""

    code = "not_impersonated"
