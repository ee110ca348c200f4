"""Becomes another program, as another user if asked, tied to the life of its parent thread.

Run by path with `python -I -S`: it imports nothing of the project, so that it starts in
milliseconds and works before any environment does. The order matters: setuid clears the death
signal, so prctl comes after it; the parent may die before prctl, so getppid is looked at last.

Arguments: parent pid, death signal, uid or `-`, gid or `-`, program, its arguments.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1
ORPHANED = 113


def main() -> None:
    """Never returns: the process is the program afterwards, or gone."""
    parent, death_signal, uid, gid, *command = sys.argv[1:]
    if uid != "-":
        os.setgroups([])
        os.setgid(int(gid))
        os.setuid(int(uid))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
    if os.getppid() != int(parent):
        sys.exit(ORPHANED)
    os.umask(0o077)
    os.execv(command[0], command)  # noqa: S606 # the point of this program


if __name__ == "__main__":
    main()
