"""The address of our stylesheets and scripts holds a digest of them all, so that a browser may keep each for good.

It stands in the path, not behind a question mark: a script that loads its neighbour by a relative address then loads
the neighbour of the same edition.
"""

import hashlib
from pathlib import Path
from typing import Final

KEPT: Final = "public, max-age=31536000, immutable"
_LENGTH: Final = 16


def address(folder: Path) -> str:
    """Where this edition of the folder is served: another one as soon as any file of it differs."""
    edition = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        edition.update(f"{path.relative_to(folder).as_posix()}\0{path.stat().st_size}\0".encode())
        edition.update(path.read_bytes())
    return f"/static/{edition.hexdigest()[:_LENGTH]}"
