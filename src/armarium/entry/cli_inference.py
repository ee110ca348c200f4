"""`armarium inference`: the models in a process of their own, on a socket that one names."""

from pathlib import Path
from typing import Annotated

import typer


def inference(
    socket: Annotated[Path, typer.Option(help="Unix socket to listen on.")],
    *,
    idle_seconds: Annotated[
        float | None, typer.Option(help="End when unused for that long.")
    ] = None,
) -> None:
    """Serve the vision, OCR and embedding models; `armarium up` does so by itself on demand."""
    from armarium.entry.inference import main  # noqa: PLC0415  # the models' libraries

    idle = [] if idle_seconds is None else ["--idle-seconds", str(idle_seconds)]
    main(["--socket", str(socket), *idle])
