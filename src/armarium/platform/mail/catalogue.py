"""Every word of every letter, by language. `{name}` is filled in when the letter is composed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wording:
    """One kind of letter in one language; `action` is the text of its link, if it has one."""

    subject: str
    paragraphs: tuple[str, ...]
    action: str | None = None


@dataclass(frozen=True, slots=True)
class Language:
    """The letters of a language and the lines that all of them share."""

    letters: dict[str, Wording]
    greeting: str
    footer: str


ENGLISH = Language(
    greeting="Hello,",
    footer="This letter came from Armarium at {site}. Nobody reads answers to it.",
    letters={
        "verify_email": Wording(
            "Confirm your e-mail address",
            (
                "An account was made at {site} with this address. Confirm the address to use it.",
                (
                    "The link is good for 24 hours. If it was not you, ignore this letter; without "
                    "the confirmation nobody can use the account."
                ),
            ),
            "Confirm the address",
        ),
        "account_exists": Wording(
            "You have an account already",
            (
                (
                    "Somebody, perhaps you, asked {site} for an account with this address or "
                    "wanted to change theirs to it. There is an account with this address already."
                ),
                (
                    "Log in as usual. If the password is lost, ask for a new one on the login "
                    "page. If it was not you, there is nothing to do."
                ),
            ),
            "Log in",
        ),
        "account_closing": Wording(
            "Your account will be erased",
            (
                (
                    "You asked {site} to erase your account. Nothing of it is shown any more, and "
                    "an archive of everything is being made for you."
                ),
                (
                    "Log in before the time is over to download the archive, or to take it all "
                    "back. If it was not you, log in now and take it back."
                ),
            ),
            "Log in",
        ),
        "reset_password": Wording(
            "Choose a new password",
            (
                "Somebody, perhaps you, asked for a new password for your account at {site}.",
                (
                    "The link is good for one hour and for one use. If it was not you, ignore this "
                    "letter; your password stays as it is."
                ),
            ),
            "Choose a new password",
        ),
        "password_changed": Wording(
            "Your password was changed",
            (
                (
                    "The password of your account at {site} was just changed. Other devices and "
                    "connected programs were logged out. API keys keep working; you have: {keys}."
                ),
                (
                    "If it was not you, choose a new password at once. That way every key is "
                    "revoked, too."
                ),
            ),
            "Choose a new password",
        ),
        "password_reset_done": Wording(
            "Your password was replaced",
            (
                (
                    "The password of your account at {site} was just replaced by a link that we "
                    "sent to this address."
                ),
                (
                    "Every device was logged out. Every API key and every connected program lost "
                    "its access, since you may not be the one who gave it: make new keys where you "
                    "need them. Passkeys, second factors and logins of other providers stay; look "
                    "through them in the settings under Security."
                ),
                "If it was not you, choose a new password at once.",
            ),
            "Choose a new password",
        ),
        "confirm_email": Wording(
            "Confirm your new e-mail address",
            (
                "You asked {site} to use this address for your account from now on.",
                (
                    "The link is good for 24 hours. Until you confirm, everything stays as it is. "
                    "If it was not you, ignore this letter."
                ),
            ),
            "Use this address",
        ),
        "email_changed": Wording(
            "Your e-mail address was changed",
            (
                "Your account at {site} now uses {new_email} in place of this address.",
                (
                    "If it was not you, take it back within seven days: this address counts again, "
                    "and every device is logged out."
                ),
            ),
            "Take it back",
        ),
        "second_factor_added": Wording(
            "A second factor was added",
            (
                "Your account at {site} now asks for a second factor at each login.",
                "If it was not you, choose a new password and ask whoever runs the server.",
            ),
        ),
        "second_factor_removed": Wording(
            "A second factor was removed",
            (
                "A second factor of your account at {site} was removed.",
                "If it was not you, choose a new password at once.",
            ),
        ),
        "new_login": Wording(
            "Somebody logged in from a new place",
            (
                (
                    "Somebody logged in to your account at {site} from an address that was not "
                    "seen with it before: {device}, {place}, {at}."
                ),
                (
                    "If it was you, there is nothing to do. If it was not, choose a new password "
                    "at once; that logs everybody out."
                ),
            ),
            "Choose a new password",
        ),
        "code_reused": Wording(
            "A code was used twice",
            (
                (
                    "Somebody tried to log in to your account at {site} with a code of your app "
                    "that had been used already, and was refused."
                ),
                (
                    "If it was you, wait for the next code. If it was not, they know your "
                    "password: choose a new one at once."
                ),
            ),
            "Choose a new password",
        ),
        "recovery_code_used": Wording(
            "A recovery code was used",
            (
                (
                    "Somebody logged in to your account at {site} with one of your recovery codes; "
                    "{left} are left."
                ),
                "If it was not you, choose a new password and make new codes at once.",
            ),
        ),
        "invitation": Wording(
            "You are invited to {site}",
            (
                "Whoever runs {site} invites you to make an account there.",
                "The invitation is good until {until}.",
            ),
            "Make an account",
        ),
        "space_invitation": Wording(
            "{who} shares {space} with you",
            (
                "{who} invites you to {space} at {site}.",
                (
                    "Log in with this address to accept or decline; without an account yet, make "
                    "one with it first. The invitation is good until {until}."
                ),
            ),
            "See the invitation",
        ),
    },
)

LANGUAGES = {"en": ENGLISH}
