"""The command `armarium worker`."""


def worker() -> None:
    """Run background jobs alone."""
    from armarium.entry.worker import main  # noqa: PLC0415  # only this command needs it

    main()
