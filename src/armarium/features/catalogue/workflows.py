"""Jobs of the catalogue room: import an uploaded file, describe reference images, tidy up."""

from armarium.features.catalogue.models import DescribeReferences, ImportCatalogue, TidyCatalogues
from armarium.features.catalogue.service.references import CatalogueReferences
from armarium.features.catalogue.service.tidying import CatalogueTidying
from armarium.features.catalogue.service.uploading import CatalogueUploads
from armarium.platform.workflows import Flow, Flows, Queue

QUEUE = "catalogue"
BATCH = 8


def register(
    flows: Flows,
    *,
    uploads: CatalogueUploads,
    references: CatalogueReferences,
    tidying: CatalogueTidying,
) -> None:
    """One heavy job of each kind at a time, so that scans keep their share of the machine."""
    flows.queue(Queue(QUEUE, worker_concurrency=1))

    async def run_import(flow: Flow, command: ImportCatalogue) -> None:
        async def tell(done: int, note: str) -> None:
            await flow.progress(done, 0, note)

        async def run(found: ImportCatalogue) -> dict[str, object]:
            return await uploads.run(found, tell)

        await flow.step("import", run, command)
        await flow.step("discard", uploads.discard, command)

    async def describe(flow: Flow, command: DescribeReferences) -> None:
        done = 0
        while True:
            batch = await flow.step(
                f"describe-{done}", references.describe, command.catalogue_id, BATCH
            )
            done += int(batch["done"])
            await flow.progress(done, done + int(batch["left"]), "reference images")
            if not batch["done"]:
                return

    async def tidy(flow: Flow, command: TidyCatalogues) -> None:
        del command
        await flow.step("tidy", tidying.tidy)

    flows.handle(ImportCatalogue, queue=QUEUE, run=run_import)
    flows.handle(DescribeReferences, queue=QUEUE, run=describe)
    flows.handle(TidyCatalogues, queue=QUEUE, run=tidy)
    flows.cron("catalogue.tidy", "0 50 3 * * *", TidyCatalogues())
