"""The real parent of `armarium up` with small children in place of ours: `… PLAN DIARY`.

Each child writes one line into DIARY when it begins and one when it was asked to end.
"""

import functools
import os
import sys
from pathlib import Path

from armarium.entry import activation, parent
from armarium.platform.postgres import EmbeddedPostgres


def main() -> int:
    diary = sys.argv[2]
    os.environ["PYTHONPATH"] = os.pathsep.join(place for place in sys.path if place)
    os.environ["DIARY"] = diary
    parent.API = ("tests.support.small_child", "api")
    parent.WORKER = ("tests.support.small_child", "worker")
    parent.PREPARATION = ("tests.support.small_child", "prepare")
    activation.MODULE = "tests.support.small_inference"
    parent.EmbeddedPostgres = functools.partial(EmbeddedPostgres, overrides={"fsync": "off"})
    Path(diary).touch()
    return parent.main()


if __name__ == "__main__":
    sys.exit(main())
