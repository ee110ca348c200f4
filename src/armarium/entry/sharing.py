"""Wires the spaces room: who owns, who may see, and what is shown to strangers."""

from armarium.entry.doors import Routes
from armarium.entry.house import House
from armarium.features import accounts, collection, media, spaces
from armarium.features.spaces import workflows as spaces_workflows
from armarium.platform.cache import Cache
from armarium.platform.http import Authenticator
from armarium.platform.owned import OwnedRegister
from armarium.platform.secret import ServerSecret
from armarium.platform.workflows import Flows
from armarium.ports.mailer import Mailer

shelf_routes = Routes("armarium.features.collection", "routes.shelves")
shared_routes = Routes("armarium.features.collection", "routes.shared")
spaces_routes = Routes("armarium.features.spaces")


def spaces_room(house: House) -> None:
    """Services, routes and the erasure of deleted spaces."""
    database, flows = house.database, house.get(Flows)
    service = house.add(
        spaces.Spaces(
            database=database, sessions=house.get(accounts.Sessions), cache=house.get(Cache)
        ),
        Authenticator,
    )
    keeper = house.add(
        spaces.SpaceKeeper(
            database=database, spaces=service, flows=flows, owned=house.get(OwnedRegister)
        )
    )
    house.add(spaces.Members(database=database, spaces=service))
    letters = house.add(
        spaces.InvitationLetters(
            database=database,
            mailer=house.services[Mailer],
            flows=flows,
            site_url=house.settings.base_url,
        )
    )
    offers = house.add(
        spaces.SpaceInvitations(
            database=database, spaces=service, throttle=house.get(accounts.Throttle)
        )
    )
    offers.letters.append(letters.later)
    house.add(spaces.InvitationLookup(database=database, throttle=house.get(accounts.Throttle)))
    house.add(spaces.NamedCollections(database=database, spaces=service))
    house.add(spaces.PublicProfiles(database=database))
    house.add(
        spaces.Quotas(
            database=database,
            spaces=service,
            cache=house.get(Cache),
            defaults={each: getattr(house.settings.quotas, each) for each in spaces.Resource},
        )
    )
    house.add(
        spaces.ShareLinks(
            database=database,
            passwords=house.get(accounts.Passwords),
            throttle=house.get(accounts.Throttle),
            secret=house.get(ServerSecret),
        )
    )
    house.get(accounts.Registration).on_registered.append(service.add_person)
    house.get(OwnedRegister).append(spaces.OWNED)
    house.routers += [
        spaces_routes.router,
        spaces_routes.invitations,
        spaces_routes.grants,
        spaces_routes.profile,
        spaces_routes.quotas,
    ]
    spaces_workflows.register(flows, keeper=keeper, letters=letters)


def shelves(house: House) -> None:
    """Named collections with their items, over the rooms of spaces and items."""
    house.add(
        collection.Shelves(
            database=house.database,
            collections=house.get(spaces.NamedCollections),
            writer=house.get(collection.ItemWriter),
        )
    )
    house.add(
        collection.Showing(
            database=house.database,
            links=house.get(spaces.ShareLinks),
            profiles=house.get(spaces.PublicProfiles),
            collections=house.get(spaces.NamedCollections),
            reader=house.get(collection.ItemReader),
            media=house.get(media.MediaService),
        )
    )
    house.routers += [shelf_routes.router, shared_routes.router]
