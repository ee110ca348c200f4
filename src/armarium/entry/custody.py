"""Wires what guards people's data: archives, the end of accounts, keys, administration."""

from datetime import timedelta

from armarium.entry.doors import Routes
from armarium.entry.house import House
from armarium.entry.settings_view import effective
from armarium.features import accounts, collection, media, operations, spaces
from armarium.features.operations import workflows
from armarium.platform.observability import this_build
from armarium.platform.owned import OwnedRegister
from armarium.platform.vault import OWNED as VAULT_OWNED
from armarium.platform.workflows import Flows
from armarium.platform.workflows.jobs import Jobs
from armarium.ports.blobs import BlobStore

administration = Routes("armarium.features.accounts.routes", "administration")
routes = Routes("armarium.features.operations.routes", "custody")
overview = Routes("armarium.features.operations.routes", "overview")


def custody(house: House) -> None:
    """Over all other rooms: whatever they own goes into archives, and is erased."""
    database, flows, owned = house.database, house.get(Flows), house.get(OwnedRegister)
    owned += [VAULT_OWNED, operations.OWNED]
    archives = house.add(
        operations.Archives(
            database=database,
            flows=flows,
            owned=owned,
            media=house.get(media.MediaTransfer),
            blobs=house.services[BlobStore],
            profiles=house.get(accounts.Profiles),
            keeper=house.get(spaces.SpaceKeeper),
            jobs=house.get(Jobs),
            release=this_build().label,
            folder=house.settings.data / "tmp",
        )
    )
    archives.extras.append(house.get(collection.PrivateDetails))
    importer = house.add(
        operations.ArchiveImport(
            database=database,
            owned=owned,
            media=house.get(media.MediaTransfer),
            items=house.get(collection.ItemTransfer),
            archives=archives,
            quotas=house.get(spaces.Quotas),
            keeper=house.get(spaces.SpaceKeeper),
        )
    )
    uploads = house.add(
        operations.ArchiveUploads(
            database=database,
            flows=flows,
            jobs=house.get(Jobs),
            blobs=house.services[BlobStore],
            importer=importer,
            folder=house.settings.data / "tmp",
            max_bytes=house.settings.max_upload_bytes,
        )
    )
    closings = house.add(
        accounts.Closings(database=database, sessions=house.get(accounts.Sessions))
    )
    erasure = house.add(
        operations.AccountErasure(
            database=database,
            flows=flows,
            owned=owned,
            archives=archives,
            closings=closings,
            proofs=house.get(accounts.Proofs),
            letters=house.get(accounts.Letters),
            spaces=house.get(spaces.Spaces),
            keeper=house.get(spaces.SpaceKeeper),
            grace=timedelta(days=house.settings.account_grace_days),
        )
    )
    house.add(
        operations.Overview(
            database=database,
            quotas=house.get(spaces.Quotas),
            settings=lambda: effective(house.settings),
        )
    )
    house.add(
        accounts.Administration(
            database=database,
            sessions=house.get(accounts.Sessions),
            factors=house.get(accounts.Factors),
            letters=house.get(accounts.Letters),
        )
    )
    house.routers += [routes.router, administration.router, administration.own, overview.router]
    workflows.register(flows, archives=archives, uploads=uploads, erasure=erasure)
