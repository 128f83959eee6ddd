"""What the process is made of in which names are opened: a person waits while it starts."""

import subprocess
import sys

import pytest

from panel.config import ROOT

#: Libraries of pages; they would be a third of what it loads, and code beside the keys that nothing there needs.
PAGES = ("flask", "flask_login", "jinja2", "werkzeug", "wtforms")


@pytest.mark.vault("V23")
def test_the_child_loads_nothing_that_pages_are_made_with() -> None:
    said = f"import sys, panel.named.unsealing.child.answering; print(*{{*{PAGES}}} & {{*sys.modules}})"
    ran = subprocess.run([sys.executable, "-c", said], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []
