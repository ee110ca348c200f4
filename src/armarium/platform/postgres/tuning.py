"""Server settings for one household's machine: durable, quiet, small while idle.

Given on the command line at every start, so that a new Armarium brings its own and a data folder
never keeps an old one's.
"""

import os
import shutil
from pathlib import Path

MEBI = 1024 * 1024
ROOMY_SHM = 512 * MEBI


def server_settings(sockets: Path) -> dict[str, str]:
    """What `postgres -c` is told."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MEBI
    return {
        "listen_addresses": "",
        "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0600",
        "max_connections": "80",
        # Touched pages only count; the upper bound matters on a machine of 2 GB.
        "shared_buffers": "256MB" if memory >= 3500 else "128MB",  # noqa: PLR2004
        "effective_cache_size": f"{max(256, memory // 2)}MB",
        "maintenance_work_mem": f"{min(512, max(64, memory // 16))}MB",
        "work_mem": "8MB",
        "random_page_cost": "1.1",
        "jit": "off",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "max_logical_replication_workers": "0",
        "min_wal_size": "64MB",
        "max_wal_size": "1GB",
        "io_workers": "1",
        "autovacuum_max_workers": "2",
        "autovacuum_worker_slots": "2",
        "max_worker_processes": "6",
        "dynamic_shared_memory_type": _shared_memory(),
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_line_prefix": "%m [%p] ",
        "log_checkpoints": "off",
        "cluster_name": "armarium",
    }


def _shared_memory() -> str:
    """A container's /dev/shm is 64 MB; a parallel index build would fail in it."""
    try:
        roomy = shutil.disk_usage("/dev/shm").total >= ROOMY_SHM  # noqa: S108 # looked at only
    except OSError:
        roomy = False
    return "posix" if roomy else "mmap"
