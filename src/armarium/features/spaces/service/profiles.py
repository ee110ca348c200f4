"""What a person shows to everyone, under a name of their choice; nothing until they say so."""

from dataclasses import dataclass

from armarium.features.accounts import people_by_id
from armarium.features.spaces.errors import HandleTaken, InvalidSharing, NoSuchProfile
from armarium.features.spaces.models import Profile
from armarium.features.spaces.policy import MAX_NAME, MAX_TEXT, handle_of
from armarium.features.spaces.store import links as store
from armarium.features.spaces.tables import ProfileRow
from armarium.platform.audit import Action, AuditEntry, record
from armarium.platform.database import Database, Scope
from armarium.platform.http import Principal, check_version


@dataclass(frozen=True, slots=True)
class ProfileDraft:
    """All of a profile, as its person writes it."""

    handle: str
    display_name: str = ""
    about: str = ""
    is_public: bool = False
    shows_wishes: bool = False
    indexed: bool = False


class PublicProfiles:
    """Everyone's own page."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def mine(self, caller: Principal) -> Profile:
        """The caller's own, public or not."""
        async with self._database.transaction(Scope(user_id=caller.user_id)) as session:
            row = await store.profile(session, caller.user_id)
            if row is None:
                raise NoSuchProfile("You have no public profile yet.")
            return store.profile_of(row)

    async def save(self, caller: Principal, draft: ProfileDraft, expected: int | None) -> Profile:
        """Make or replace the caller's own."""
        handle = handle_of(draft.handle)
        if len(draft.display_name) > MAX_NAME:
            raise InvalidSharing(f"At most {MAX_NAME} characters.", pointer="/display_name")
        if len(draft.about) > MAX_TEXT:
            raise InvalidSharing(f"At most {MAX_TEXT} characters.", pointer="/about")
        async with self._database.transaction(Scope(user_id=caller.user_id)) as session:
            holder = await store.by_handle(session, handle)
            if holder is not None and holder.user_id != caller.user_id:
                raise HandleTaken(pointer="/handle")
            row = await store.profile(session, caller.user_id)
            was_public = row is not None and row.is_public
            if row is None:
                row = ProfileRow(user_id=caller.user_id, version=0)
                session.add(row)
            else:
                check_version(expected, row.version)
            row.handle = handle
            row.display_name = draft.display_name.strip()
            row.about = draft.about.strip()
            row.is_public = draft.is_public
            row.shows_wishes = draft.shows_wishes
            row.indexed = draft.indexed
            row.version += 1
            await session.flush()
            if was_public != draft.is_public:
                await record(
                    session,
                    AuditEntry(
                        action=Action.PROFILE_PUBLISHED
                        if draft.is_public
                        else Action.PROFILE_HIDDEN,
                        actor=caller.user_id,
                        impersonator=caller.impersonator,
                        space_id=caller.user_id,
                        target_type="profile",
                        target_id=caller.user_id,
                    ),
                )
            return store.profile_of(row)

    async def public(self, handle: str) -> Profile:
        """Somebody's, if they show it."""
        async with self._database.transaction(Scope()) as session:
            row = await store.by_handle(session, handle.strip().lower()[:64])
            if row is None or not row.is_public:
                raise NoSuchProfile
            person = (await people_by_id(session, [row.user_id])).get(row.user_id)
            if person is None or person.closes_at is not None:
                raise NoSuchProfile
            return store.profile_of(row)
