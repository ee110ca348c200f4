"""The photo's path as workflows: waves of steps, so that a killed worker repeats none."""

from typing import Any

from armarium.features.recognition.models import ProcessPhoto, ReadDetections
from armarium.features.recognition.service.cuts import CutService
from armarium.features.recognition.service.following import JobFollower
from armarium.features.recognition.service.pipeline import Command, PhotoPipeline, turned
from armarium.platform.database import Scope
from armarium.platform.events import Events, JobFailed, JobRedriven
from armarium.platform.workflows import Flow, Flows, Queue, Step

QUEUE = "scans"


def register(
    flows: Flows,
    events: Events,
    *,
    pipeline: PhotoPipeline,
    cuts: CutService,
    follower: JobFollower,
) -> None:
    """Let the worker run what scans and the inbox enqueue, and show what became of it.

    Failing is not written by the workflows themselves: a worker that was killed writes nothing.
    """
    flows.queue(Queue(QUEUE, worker_concurrency=2))

    async def process_photo(flow: Flow, command: ProcessPhoto) -> None:
        scope = Scope.of_space(command.space_id)
        _shown, found = await flow.gather(
            Step("thumbnails", pipeline.thumbnails, (command,)),
            Step("detect", pipeline.detect, (command,)),
        )
        await flow.transaction("found", scope, pipeline.found, command, found)
        results = await understand(flow, pipeline, command, found["detections"])
        await flow.transaction("draft", scope, pipeline.draft, command, results)

    async def read_detections(flow: Flow, command: ReadDetections) -> None:
        scope = Scope.of_space(command.space_id)
        cut = await flow.step("cut", cuts.cut, command)
        results = await understand(flow, pipeline, command, cut)
        await flow.transaction("draft", scope, pipeline.draft, command, results)

    async def follow(flow: Flow, event: JobFailed | JobRedriven) -> None:
        await flow.step("follow", follower.follow, event)

    flows.handle(ProcessPhoto, queue=QUEUE, run=process_photo)
    flows.handle(ReadDetections, queue=QUEUE, run=read_detections)
    events.subscribe(JobFailed, follow, name="recognition.job_failed")
    events.subscribe(JobRedriven, follow, name="recognition.job_redriven")


async def understand(
    flow: Flow, pipeline: PhotoPipeline, command: Command, detections: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Read, describe, identify and turn every crop, in waves."""
    crops = [each["crop_media_id"] for each in detections]
    seen = await flow.gather(
        *(Step(f"read-{n}", pipeline.read, (command, crop)) for n, crop in enumerate(crops)),
        *(Step(f"look-{n}", pipeline.describe, (command, crop)) for n, crop in enumerate(crops)),
    )
    readings, features = seen[: len(crops)], seen[len(crops) :]
    _said, *identified = await flow.gather(
        Step("read", pipeline.step_done, (command, 3, "identifying")),
        *(
            Step(f"identify-{n}", pipeline.identify, (command, reading, feature))
            for n, (reading, feature) in enumerate(zip(readings, features, strict=True))
        ),
    )
    lying = [n for n, answer in enumerate(identified) if answer["rotation"]]
    _said, *raised = await flow.gather(
        Step("identified", pipeline.step_done, (command, 4, "drafting")),
        *(
            Step(f"upright-{n}", pipeline.upright, (command, crops[n], identified[n]["rotation"]))
            for n in lying
        ),
    )
    upright = dict(zip(lying, raised, strict=True))
    shown = [upright.get(n, crop) for n, crop in enumerate(crops)]
    return [
        {
            "id": detection["id"],
            "crop_media_id": crop,
            "reading": turned(
                reading, answer["rotation"], width=feature["width"], height=feature["height"]
            ),
            **answer,
        }
        for detection, crop, reading, feature, answer in zip(
            detections, shown, readings, features, identified, strict=True
        )
    ]
