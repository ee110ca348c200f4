"""What the audit log knows to tell; docs/reference/audit.md is generated from here."""

from enum import StrEnum
from typing import Self


class Action(StrEnum):
    """An act worth proving later. The value is stable; it is never reused for another act."""

    meaning: str

    def __new__(cls, value: str, meaning: str) -> Self:
        """The second member of each pair explains it in the reference."""
        made = str.__new__(cls, value)
        made._value_ = value
        made.meaning = meaning
        return made

    REGISTERED = "account.registered", "Somebody made an account."
    INVITED = "account.invited", "Somebody was invited to the server."
    INVITATION_REVOKED = "account.invitation_revoked", "An invitation to the server was withdrawn."
    INVITATION_ACCEPTED = "account.invitation_accepted", "An invitation to the server was used."
    ROLE_CHANGED = "account.role_changed", "A person's role on the server changed."
    DISABLED = "account.disabled", "An account was locked by an administrator."
    ENABLED = "account.enabled", "A locked account was opened again."
    DELETION_REQUESTED = "account.deletion_requested", "A person asked for their erasure."
    DELETION_CANCELLED = "account.deletion_cancelled", "An asked-for erasure was taken back."
    DELETED = "account.deleted", "An account and all that it held was erased."
    PROFILE_CHANGED = "account.profile_changed", "Name or preferences changed."

    LOGIN = "auth.login", "Somebody logged in."
    LOGIN_FAILED = "auth.login_failed", "A login was refused."
    LOCKED = "auth.locked", "Too many failures: logins from one place have to wait."
    LOGOUT = "auth.logout", "A session was ended by its person."
    SESSION_REVOKED = "auth.session_revoked", "A session was ended from elsewhere."
    REFRESH_REUSED = "auth.refresh_reused", "A refresh token came twice; its session was ended."
    PASSWORD_CHANGED = "auth.password_changed", "A password was changed."
    PASSWORD_RESET_REQUESTED = "auth.password_reset_requested", "A reset letter was asked for."
    PASSWORD_RESET = "auth.password_reset", "A password was set by a reset letter."
    EMAIL_CHANGE_REQUESTED = "auth.email_change_requested", "A new e-mail address was asked for."
    EMAIL_CHANGED = "auth.email_changed", "An e-mail address was changed."
    EMAIL_VERIFIED = "auth.email_verified", "An e-mail address was proved."
    SECOND_FACTOR_ADDED = "auth.second_factor_added", "A second factor was set up."
    SECOND_FACTOR_REMOVED = "auth.second_factor_removed", "A second factor was taken away."
    SECOND_FACTOR_FAILED = "auth.second_factor_failed", "A second factor was wrong."
    RECOVERY_CODES_MADE = "auth.recovery_codes_made", "New recovery codes replaced the old."
    RECOVERY_CODE_USED = "auth.recovery_code_used", "A recovery code stood in for a factor."
    PASSKEY_ADDED = "auth.passkey_added", "A passkey was registered."
    PASSKEY_REMOVED = "auth.passkey_removed", "A passkey was removed."
    API_KEY_MADE = "auth.api_key_made", "An API key was made."
    API_KEY_REVOKED = "auth.api_key_revoked", "An API key was revoked."
    OUTSIDE_LOGIN = "auth.outside_login", "Somebody logged in through another provider."
    OUTSIDE_LINKED = "auth.outside_linked", "An outside identity was linked to an account."
    OUTSIDE_UNLINKED = "auth.outside_unlinked", "An outside identity was unlinked."
    CLIENT_REGISTERED = "auth.client_registered", "A program may ask people to log in here."
    CLIENT_REMOVED = "auth.client_removed", "A program may no longer ask people to log in here."
    CONSENT_GIVEN = "auth.consent_given", "A person let a program act for them."
    CONSENT_REVOKED = "auth.consent_revoked", "A person took a program's permission back."

    SPACE_CREATED = "space.created", "A space was made."
    SPACE_CHANGED = "space.changed", "A space's name or settings changed."
    SPACE_DELETED = "space.deleted", "A space was deleted."
    MEMBER_INVITED = "space.member_invited", "Somebody was invited into a space."
    MEMBER_INVITATION_REVOKED = "space.member_invitation_revoked", "Such an invitation was undone."
    MEMBER_ADDED = "space.member_added", "Somebody became a member of a space."
    MEMBER_CHANGED = "space.member_changed", "A member's role or sight of prices changed."
    MEMBER_REMOVED = "space.member_removed", "Somebody is no longer a member of a space."
    VISIBILITY_CHANGED = "collection.visibility_changed", "Who sees a collection changed."
    COLLECTION_DELETED = "collection.deleted", "A collection was deleted; its items stayed."
    GRANTED = "collection.granted", "Somebody may see or edit one collection."
    GRANT_CHANGED = "collection.grant_changed", "What somebody may do in a collection changed."
    GRANT_REVOKED = "collection.grant_revoked", "Somebody may no longer see a collection."
    SHARE_MADE = "share.made", "A share link was made."
    SHARE_REVOKED = "share.revoked", "A share link was revoked."
    SHARE_WITH_PRICES = "share.with_prices", "A share link shows prices."
    PROFILE_PUBLISHED = "share.profile_published", "A public profile was opened."
    PROFILE_HIDDEN = "share.profile_hidden", "A public profile was closed."

    EXPORTED = "data.exported", "Data of a space left by an export or an archive."
    IMPORTED = "data.imported", "An archive was brought in."
    ERASED = "data.erased", "Data of a space was erased for good."
    ITEMS_DELETED = "data.items_deleted", "Items were deleted: many at once, or for good."
    CATALOGUE_IMPORTED = "catalogue.imported", "A catalogue file was brought in."
    CATALOGUE_REMOVED = "catalogue.removed", "A catalogue was deleted with its entries."

    QUOTA_CHANGED = "admin.quota_changed", "A space's quota was changed."
    JOB_REDRIVEN = "admin.job_redriven", "Failed jobs were sent round again."
    JOB_DISMISSED = "admin.job_dismissed", "A failed job was taken off the list."
    STORAGE_REPAIRED = "admin.storage_repaired", "Stored objects without a record were deleted."
    IMPERSONATION_STARTED = "admin.impersonation_started", "An administrator acts as somebody."
    IMPERSONATED = "admin.impersonated", "An administrator changed something as somebody else."
    IMPERSONATION_ENDED = "admin.impersonation_ended", "An impersonation ended."
    KEYS_ROTATED = "admin.keys_rotated", "Encryption or signing keys were renewed."
    KEY_SHREDDED = "admin.key_shredded", "A space's data key was destroyed."
    AUDIT_EXPORTED = "audit.exported", "Entries of this log left by an export."
    AUDIT_PURGED = "audit.purged", "Entries older than the retention were removed."
