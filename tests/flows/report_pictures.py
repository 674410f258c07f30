"""Pictures of the mail on a night with everything in it, on a telephone and on a desk, light and dark: docs/report.
Reduce them to 16 colours before they are committed; they are four times as large otherwise.

python -m tests.flows.report_pictures [FOLDER]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.flows.browser import chromium_path, opened_chromium
from tests.flows.everything import compose_everything, everything
from tests.flows.night import Night
from warehouse.store import open_store


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as home, open_store(Path(home)) as store:
        night = Night(store)
        everything(night)
        report = compose_everything(night)
    folder.mkdir(parents=True, exist_ok=True)
    with opened_chromium(chromium_path()) as browser:
        for width in (380, 700):
            for scheme in ("light", "dark"):
                page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
                page.set_content(report.html)
                page.screenshot(path=folder / f"{width}-{scheme}.png", full_page=True)
                page.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("docs/report"))
