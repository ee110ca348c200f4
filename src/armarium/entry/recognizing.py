"""Wires the recognition room."""

from armarium.entry.doors import Routes
from armarium.entry.house import House
from armarium.features import recognition
from armarium.features.catalogue import CatalogueService
from armarium.features.collection import ItemExtensions, ItemReader, ItemWriter
from armarium.features.media import MediaKeeper, MediaPipeline, MediaService
from armarium.features.recognition import workflows
from armarium.features.recognition.service.acts import Acts
from armarium.features.recognition.service.analyses import AnalysisReader
from armarium.features.recognition.service.drafts import DraftService
from armarium.features.recognition.service.following import JobFollower
from armarium.features.recognition.service.origins import ItemOrigins
from armarium.platform.events import Events
from armarium.platform.owned import OwnedRegister
from armarium.platform.workflows import Flows
from armarium.ports.ocr import TextReader
from armarium.ports.vision import VisionModel

routes = Routes("armarium.features.recognition")


def recognition_room(house: House) -> None:
    """Services, routes and workflows of scans and the inbox."""
    database, flows = house.database, house.get(Flows)
    media, pictures = house.get(MediaService), house.get(MediaPipeline)
    keeper, items = house.get(MediaKeeper), house.get(ItemWriter)
    catalogue, vision = house.get(CatalogueService), house.get(VisionModel)
    acts = Acts()
    drafts = DraftService(catalogue=catalogue, items=items)
    identification = house.add(
        recognition.IdentificationService(catalogue=catalogue, vision=vision)
    )
    house.add(
        recognition.ScanService(
            database=database,
            flows=flows,
            media=media,
            keeper=keeper,
            identification=identification,
        )
    )
    house.add(
        recognition.ReviewService(
            database=database,
            acts=acts,
            drafts=drafts,
            items=items,
            keeper=keeper,
            identification=identification,
        )
    )
    cuts = house.add(
        recognition.CutService(
            database=database,
            flows=flows,
            media=media,
            pictures=pictures,
            keeper=keeper,
            vision=vision,
            acts=acts,
        )
    )
    pipeline = house.add(
        recognition.PhotoPipeline(
            database=database,
            media=media,
            pictures=pictures,
            keeper=keeper,
            vision=vision,
            reader=house.get(TextReader),
            identification=identification,
            drafts=drafts,
        )
    )
    workflows.register(
        flows,
        house.get(Events),
        pipeline=pipeline,
        cuts=cuts,
        follower=JobFollower(database=database),
    )
    house.get(ItemExtensions).append(ItemOrigins())
    house.add(AnalysisReader(database=database, items=house.get(ItemReader)))
    keeper.uses.append(recognition.picture_uses)
    house.get(OwnedRegister).append(recognition.OWNED)
    house.routers.append(routes.router)
