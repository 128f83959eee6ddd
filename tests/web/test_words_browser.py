"""The browser counts words as the service does."""

import json
from pathlib import Path

import pytest

from panel.config import ROOT
from panel.web.text import count_words
from tests.browser import chromium

SAMPLES = (
    "",
    "one two  three",
    "first line\r\nsecond\u2028third",
    "twenty-one don’t O'Neill",
    "and/or yes–no — …",
    "• 3 points\n• 4",
    "a\u00a0b\u2003c\u3000d",
    "zero\u200bwidth soft\u00adhyphen \ufeffmark",
    "\u00e9 e\u0301 \u1e9b\u0323",
    "½ ² Ⅻ ١٢٣ 五",
    "\U0001f600 \U0001f468\u200d\U0001f469 ok",
    "\x00\x1f\x7f control\x85here",
    "\u3164 \u2800 \ue000 \U000e0101",
    "!?! ... -- '",
)


@pytest.mark.browser
def test_browser_and_service_count_the_same_words() -> None:
    source = Path(ROOT / "panel" / "static" / "words.js").read_text("utf-8").replace("export ", "")
    with chromium() as browser:
        page = browser.new_page()
        counted = page.evaluate(f"{source}; JSON.parse({json.dumps(json.dumps(SAMPLES))}).map(countWords)")
    assert counted == [count_words(text) for text in SAMPLES]
