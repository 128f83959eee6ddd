"""Where tests write: memory when it has room. A thousand databases on a slow disk would be most of the run."""

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - every folder in it is made by mkdtemp
ROOM = 4 * 2**30


def write_to_memory() -> None:
    """Before the first temporary folder is made; whoever sets TMPDIR has chosen for herself."""
    if "TMPDIR" in os.environ or not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM:
        return
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)
