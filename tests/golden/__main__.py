"""`python -m tests.golden`: make the golden board of the format that this version writes. Refuses to overwrite one.

Once a format was released, the board made then must open for ever: the files are never made again, only added to.
"""

import sys
import tempfile
from pathlib import Path

from panel.sealed.vault.envelope import FORMAT
from tests.golden.making import made

FOLDER = Path(__file__).parent


def main() -> int:
    """Write `format_N.json` and `format_N.zip` beside this file; 1 if there is one already."""
    file, record = FOLDER / f"format_{FORMAT}.json", FOLDER / f"format_{FORMAT}.zip"
    if file.exists() or record.exists():
        sys.stderr.write(f"{file.name} is there already: what was released is never made again.\n")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        written, zipped = made(Path(folder))
    file.write_text(written)
    record.write_bytes(zipped)
    return 0


if __name__ == "__main__":
    sys.exit(main())
