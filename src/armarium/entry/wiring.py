"""Builds the one graph of services of a process; the only importer of adapters.

Nothing here does I/O: pools open on first use, so that the OpenAPI document can be made without
a database. Each room has one function that adds its services, its routes and its workflows.
"""

from collections.abc import Callable

from armarium.adapters.fetch import GuardedFetch
from armarium.adapters.images import VipsImages
from armarium.adapters.inference import InferenceClient
from armarium.entry import probes
from armarium.entry.blobs import blob_store, bucket_name
from armarium.entry.custody import custody
from armarium.entry.doors import Routes
from armarium.entry.house import House
from armarium.entry.identity import accounts_room
from armarium.entry.limiting import limit_store
from armarium.entry.outside import outside_identity, own_issuer
from armarium.entry.recognizing import recognition_room
from armarium.entry.renewing import renewing
from armarium.entry.settings import Settings
from armarium.entry.sharing import shelves, spaces_room
from armarium.features import (
    accounts,
    catalogue,
    collection,
    media,
    operations,
    search,
    spaces,
    templates,
)
from armarium.features.catalogue import workflows as catalogue_workflows
from armarium.features.collection import workflows as collection_workflows
from armarium.features.media import workflows as media_workflows
from armarium.features.search import workflows as search_workflows
from armarium.platform.audit import AuditLog
from armarium.platform.audit import keeping as audit_keeping
from armarium.platform.cache import Cache
from armarium.platform.database import Database
from armarium.platform.events import OWNED as EVENTS_OWNED
from armarium.platform.events import Events
from armarium.platform.events.stream import EventStream
from armarium.platform.observability import this_build
from armarium.platform.owned import OwnedRegister
from armarium.platform.postgres.urls import DatabaseUrls, libpq
from armarium.platform.secret import ServerSecret
from armarium.platform.vault import Rotation, Vault
from armarium.platform.workflows import Flows, maintenance
from armarium.platform.workflows.jobs import Jobs
from armarium.ports.blobs import BlobStore
from armarium.ports.embedding import TextEmbedder
from armarium.ports.fetch import WebFetch
from armarium.ports.limits import LimitStore
from armarium.ports.ocr import TextReader
from armarium.ports.vision import VisionModel

catalogue_routes = Routes("armarium.features.catalogue")
collection_routes = Routes("armarium.features.collection")
private_routes = Routes("armarium.features.collection.routes", "private")
media_routes = Routes("armarium.features.media")
operations_routes = Routes("armarium.features.operations")
search_routes = Routes("armarium.features.search")
templates_routes = Routes("armarium.features.templates")


def build(
    settings: Settings,
    urls: DatabaseUrls,
    *,
    vision: VisionModel | None = None,
    reader: TextReader | None = None,
) -> House:
    """Wire the whole house, room by room from the ground up.

    `vision` and `reader` stand in for the offline models.
    """
    house = House(settings=settings, urls=urls, database=Database(urls.app))
    if vision is not None:
        house.services[VisionModel] = vision
    if reader is not None:
        house.services[TextReader] = reader
    for room in ROOMS:
        room(house)
    return house


def _pipes(house: House) -> None:
    house.add(OwnedRegister([EVENTS_OWNED]))
    flows = house.add(Flows())
    maintenance.declare(flows)
    house.add(Events(flows))
    house.add(Jobs(house.database))
    stream = house.add(EventStream(libpq(house.urls.app)))
    house.starts.append(stream.start)
    house.stops.append(stream.stop)
    house.exits.append(stream.close_soon)
    cache = house.add(Cache(libpq(house.urls.app)))
    house.starts.append(cache.start)
    house.stops.append(cache.stop)
    secret, previous = house.settings.secret_key, house.settings.secret_key_previous
    house.add(
        ServerSecret(
            value=None if secret is None else secret.get_secret_value(),
            file=house.settings.data / "keys" / "server-secret",
            previous=None if previous is None else previous.get_secret_value(),
        )
    )


def _safety(house: House) -> None:
    vault = house.add(Vault(secret=house.get(ServerSecret)))
    house.add(Rotation(database=house.database, vault=vault))
    limits = limit_store(house.settings)
    house.add(limits, LimitStore)
    house.stops.append(limits.close)
    fetch = house.settings.fetch
    house.add(
        GuardedFetch(allowed_networks=fetch.allowed_networks, allowed_ports=fetch.allowed_ports),
        WebFetch,
    )
    log = house.add(AuditLog(database=house.database))
    audit_keeping.declare(house.get(Flows), log, days=house.settings.audit_retention_days)


def _media(house: House) -> None:
    database, flows = house.database, house.get(Flows)
    limits = media.MediaLimits()
    blobs = house.add(blob_store(house.settings, house.get(ServerSecret)), BlobStore)
    images = VipsImages(max_pixels=media.MAX_UPLOAD_PIXELS)
    keeper = house.add(
        media.MediaKeeper(database=database, blobs=blobs, flows=flows, limits=limits)
    )
    pipeline = house.add(
        media.MediaPipeline(
            database=database, blobs=blobs, images=images, bucket=bucket_name(house.settings)
        )
    )
    house.add(
        media.MediaService(
            database=database,
            blobs=blobs,
            images=images,
            pipeline=pipeline,
            keeper=keeper,
            flows=flows,
            limits=limits,
            quotas=house.get(spaces.Quotas),
        )
    )
    house.get(spaces.Quotas).meters[spaces.Resource.STORAGE] = media.stored_bytes
    house.add(media.ServedBlobs(blobs=blobs))
    house.add(
        media.MediaTransfer(
            database=database,
            blobs=blobs,
            images=images,
            keeper=keeper,
            flows=flows,
            limits=limits,
        )
    )
    house.get(OwnedRegister).append(media.OWNED)
    house.get(spaces.SpaceKeeper).afterwards.append(keeper.erase_objects)
    house.routers.append(media_routes.router)
    media_workflows.register(flows, pipeline=pipeline, keeper=keeper)


def _models(house: House) -> None:
    client = house.add(InferenceClient(socket=house.settings.inference_socket))
    for port in (VisionModel, TextReader, TextEmbedder):
        house.services.setdefault(port, client)
    house.stops.append(client.close)


def _search(house: House) -> None:
    database, flows = house.database, house.get(Flows)
    embedder: TextEmbedder = house.services[TextEmbedder]
    index = house.add(search.SearchIndex(changed=search_workflows.embed_later(flows)))
    house.add(search.SearchService(database=database, embedder=embedder))
    house.add(search.SearchAudit(index=index))
    embedding = search.SearchEmbedding(database=database, embedder=embedder, index=index)
    search_workflows.register(flows, embedding=embedding)
    house.get(OwnedRegister).append(search.OWNED)
    house.routers.append(search_routes.router)


def _templates(house: House) -> None:
    house.add(templates.Templates(database=house.database))
    house.get(OwnedRegister).append(templates.OWNED)
    house.routers.append(templates_routes.router)


def _catalogue(house: House) -> None:
    database, blobs, flows = house.database, house.services[BlobStore], house.get(Flows)
    vision: VisionModel = house.services[VisionModel]
    indexer = house.add(catalogue.CatalogueIndexer(database=database))
    identifier = house.add(catalogue.TextIdentifier(database=database, indexer=indexer))
    references = house.add(
        catalogue.CatalogueReferences(database=database, blobs=blobs, vision=vision)
    )
    importer = house.add(
        catalogue.CatalogueImporter(database=database, blobs=blobs, indexer=indexer, flows=flows)
    )
    uploads = house.add(
        catalogue.CatalogueUploads(database=database, blobs=blobs, flows=flows, importer=importer)
    )
    house.add(
        catalogue.CatalogueService(
            database=database, blobs=blobs, identifier=identifier, references=references
        )
    )
    house.add(catalogue.CatalogueCorrections(database=database))
    house.get(OwnedRegister).append(catalogue.OWNED)
    house.routers.append(catalogue_routes.router)
    tidying = house.add(catalogue.CatalogueTidying(database=database, blobs=blobs))
    catalogue_workflows.register(flows, uploads=uploads, references=references, tidying=tidying)


def _collection(house: House) -> None:
    database, own = house.database, house.get(templates.Templates)
    quotas = house.get(spaces.Quotas)
    trash = house.add(collection.TrashPlan(flows=house.get(Flows), days=house.settings.trash_days))
    writer = house.add(
        collection.ItemWriter(
            templates=own,
            index=house.get(search.SearchIndex),
            keeper=house.get(media.MediaKeeper),
            cache=house.get(Cache),
            trash=trash,
            quotas=quotas,
        )
    )
    quotas.meters[spaces.Resource.ITEMS] = collection.kept_items
    purge = collection.TrashPurge(database=database, writer=writer, plan=trash)
    collection_workflows.register(house.get(Flows), trash=house.add(purge))
    house.add(
        collection.Collection(
            database=database,
            writer=writer,
            bulk_writer=collection.BulkWriter(writer=writer),
        )
    )
    reader = house.add(
        collection.ItemReader(
            database=database,
            templates=own,
            media=house.get(media.MediaService),
            cache=house.get(Cache),
            extensions=house.add(collection.ItemExtensions()),
        )
    )
    house.add(collection.ItemExport(database=database, templates=own, reader=reader))
    house.add(
        collection.ItemTransfer(
            index=house.get(search.SearchIndex), cache=house.get(Cache), trash=trash, quotas=quotas
        )
    )
    house.get(media.MediaKeeper).uses.append(collection.picture_uses)
    private = house.add(collection.PrivateDetails(database=database, vault=house.get(Vault)))
    house.get(Rotation).sealed.append(private)
    house.get(OwnedRegister).append(collection.OWNED)
    house.routers.append(private_routes.router)
    house.routers.append(collection_routes.router)


def _operations(house: House) -> None:
    database, jobs = house.database, house.get(Jobs)
    blobs = probes.blobs_probe(house.get(BlobStore), bucket_name(house.settings))
    house.add(
        operations.HealthService(
            checks=[
                operations.Check("database", probes.database_probe(database), is_essential=True),
                operations.Check("blobs", blobs, is_essential=True),
                operations.Check(
                    "auth",
                    probes.auth_probe(house.get(accounts.SigningKeys).public_keys),
                    is_essential=True,
                ),
                operations.Check("workflows", probes.workflows_probe(jobs)),
                operations.Check(
                    "inference", probes.inference_probe(house.settings.inference_socket)
                ),
            ],
            build=this_build(),
            environment=house.settings.environment,
        )
    )
    house.add(operations.JobService(database=database, jobs=jobs, flows=house.get(Flows)))
    house.routers += [
        operations_routes.alive,
        operations_routes.health,
        operations_routes.jobs,
        operations_routes.dead_letters,
        operations_routes.events,
        operations_routes.audit,
        operations_routes.space_audit,
    ]


ROOMS: tuple[Callable[[House], None], ...] = (
    _pipes,
    _safety,
    accounts_room,
    outside_identity,
    own_issuer,
    spaces_room,
    _media,
    _models,
    _search,
    _templates,
    _catalogue,
    _collection,
    shelves,
    recognition_room,
    _operations,
    custody,
    renewing,
)
"""From the ground up, in the order of the rooms: a room may get what an earlier one added."""

__all__ = ["House", "build"]
