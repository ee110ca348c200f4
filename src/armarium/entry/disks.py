"""Whether what is written under a folder is encrypted by the operating system before the disk."""

import os
from pathlib import Path

DEVICES = Path("/sys/dev/block")
"""Linux lists its block devices here by number."""
ENCRYPTED = "CRYPT-"
"""How the device mapper begins the ids of what dm-crypt (LUKS, plain) makes."""


def is_encrypted(folder: Path) -> bool | None:
    """Ask the kernel for the devices below `folder`'s file system; None where it does not say.

    It does not for file systems that manage disks themselves (ZFS, Btrfs, overlays), nor on other
    systems than Linux.
    """
    number = folder.stat().st_dev
    device = DEVICES / f"{os.major(number)}:{os.minor(number)}"
    if os.major(number) == 0 or not device.exists():
        return None
    return lies_encrypted(device)


def lies_encrypted(device: Path) -> bool:
    """A device (its folder in sysfs) does, when it or all that it lies on is encrypted."""
    mapped = device / "dm" / "uuid"
    if mapped.exists() and mapped.read_text().startswith(ENCRYPTED):
        return True
    below = device / "slaves"
    found = [lies_encrypted(each) for each in below.iterdir()] if below.is_dir() else []
    return bool(found) and all(found)
