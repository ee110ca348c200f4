"""What strangers see: by a shared link, and on a person's public page.

The scope of a link or page holds its target and no more, so the database shows nothing else; of
that, `policy.shown_item` picks what may be shown.
"""

from dataclasses import dataclass
from uuid import UUID

from armarium.features.collection.errors import ItemNotFound
from armarium.features.collection.models import NEWEST_FIRST, ItemFilter, ShownItem
from armarium.features.collection.policy import WISHES, shown_item
from armarium.features.collection.service.reading import ItemReader
from armarium.features.collection.store import ItemLists, ItemStore
from armarium.features.media import Media, MediaNotFound, MediaService, Picture
from armarium.features.spaces import (
    Collection,
    Link,
    NamedCollections,
    NewLink,
    NotAnOwner,
    Opened,
    Profile,
    PublicProfiles,
    ShareLinks,
)
from armarium.kinds import ITEM_STATUSES, is_owned
from armarium.platform.database import Database, Scope
from armarium.platform.http import Principal
from armarium.platform.paging import Page, PageParams

VARIANTS = ("128", "256", "512", "display")
"""Never the original: it may know where and with which camera it was taken."""

OWNED = tuple(each for each in ITEM_STATUSES.values if is_owned(each))


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody without an account may look at."""

    space_id: UUID
    scope: Scope
    chosen: ItemFilter
    with_prices: bool = False


@dataclass(frozen=True, slots=True)
class SharedPage:
    """The first page of a link."""

    link: Link
    title: str
    description: str
    key: str | None
    item: ShownItem | None


@dataclass(frozen=True, slots=True)
class PublicPage:
    """A person's public page."""

    profile: Profile
    collections: tuple[Collection, ...]


class Showing:
    """Makes links to items, collections and spaces, and shows what they lead to."""

    def __init__(
        self,
        *,
        database: Database,
        links: ShareLinks,
        profiles: PublicProfiles,
        collections: NamedCollections,
        reader: ItemReader,
        media: MediaService,
    ) -> None:
        self._database = database
        self._links = links
        self._profiles = profiles
        self._collections = collections
        self._reader = reader
        self._media = media

    async def share(self, caller: Principal, new: NewLink) -> Link:
        """Make a link; a whole space is shared by its owners only."""
        match new.target:
            case "item":
                item = await self._reader.get(caller.scope, new.target_id)
                if item.deleted_at is not None:
                    raise ItemNotFound
                if item.room_id is not None:
                    await self._collections.demand_sharing(caller, item.room_id)
            case "collection":
                await self._collections.demand_sharing(caller, new.target_id)
            case "space":
                if caller.space_role != "owner" or caller.is_guest:
                    raise NotAnOwner
                new = NewLink(
                    "space",
                    caller.space_id,
                    new.label,
                    new.days,
                    new.password,
                    new.with_prices,
                )
        return await self._links.create(caller, new)

    async def page(self, opened: Opened) -> SharedPage:
        """What a link leads to; counts the look."""
        link, title, description, item = opened.link, opened.link.label, "", None
        if link.target == "collection":
            found = await self._collections.of_link(opened.scope, link.space_id, link.target_id)
            title, description = title or found.name, found.description
        elif link.target == "item":
            item = await self.item(sight_of(opened), link.target_id)
            title = title or item.title
        await self._links.count(opened)
        return SharedPage(link, title, description, opened.key, item)

    async def person(self, handle: str) -> PublicPage:
        """A public page with its public collections."""
        profile = await self._profiles.public(handle)
        shown = await self._collections.public(profile.user_id)
        return PublicPage(profile, tuple(shown))

    async def person_sight(self, handle: str, collection_id: UUID | None = None) -> Sight:
        """Sight of all public collections of a person, or of one."""
        page = await self.person(handle)
        ids = tuple(each.id for each in page.collections)
        if collection_id is not None:
            ids = tuple(each for each in ids if each == collection_id)
        statuses = (*OWNED, *sorted(WISHES)) if page.profile.shows_wishes else OWNED
        scope = Scope(guest=page.profile.user_id, collections=ids, writable=(), money=())
        return Sight(
            space_id=page.profile.user_id,
            scope=scope,
            chosen=ItemFilter(statuses=statuses, collections=ids),
        )

    async def items(self, sight: Sight, params: PageParams) -> Page[ShownItem]:
        """Items in sight, newest first; nothing where no collection is public."""
        if not (sight.scope.spaces or sight.scope.collections or sight.scope.item):
            return Page([])
        async with self._database.transaction(sight.scope) as session:
            lists = ItemLists(session, sight.space_id, within=sight.scope.collections)
            page = await lists.page(sight.chosen, (), NEWEST_FIRST, params)
        return page.map(lambda item: shown_item(item, with_price=sight.with_prices))

    async def item(self, sight: Sight, item_id: UUID) -> ShownItem:
        """One item in sight."""
        async with self._database.transaction(sight.scope) as session:
            found = (await ItemStore(session).many([item_id])).get(item_id)
        if found is None or found.deleted_at is not None or found.space_id != sight.space_id:
            raise ItemNotFound
        if sight.chosen.statuses and found.status not in sight.chosen.statuses:
            raise ItemNotFound
        return shown_item(found, with_price=sight.with_prices)

    async def media(self, sight: Sight, items: list[ShownItem]) -> dict[UUID, Media]:
        """The pictures of these items, for their sizes."""
        ids = [image.media_id for item in items for image in item.images]
        return await self._media.many(sight.scope, ids)

    async def picture(self, sight: Sight, item_id: UUID, media_id: UUID, variant: str) -> Picture:
        """A picture of an item in sight, smaller than it was taken."""
        item = await self.item(sight, item_id)
        if variant not in VARIANTS or media_id not in {each.media_id for each in item.images}:
            raise MediaNotFound
        return await self._media.open(sight.scope, media_id, variant)


def sight_of(opened: Opened) -> Sight:
    """What a link shows: of a whole space what is owned, of the rest all that lives."""
    link = opened.link
    statuses = OWNED if link.target == "space" else ()
    return Sight(
        space_id=link.space_id,
        scope=opened.scope,
        chosen=ItemFilter(statuses=statuses),
        with_prices=link.with_prices,
    )
