"""No real source is read before the privacy papers are recorded: said in one go, before anything is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.config import ConfigError, load_config
from flows.privacy import real_sources, require_papers
from flows.scanning import scan_now
from tests.conftest import Acto
from tests.flows.channel import PAPERS

REAL = '[sources.page]\nplatform = "facebook"\npage_id = "1"\n'
HERE = '[sources.here]\nplatform = "facebook"\npage_id = "1"\nbase_url = "{}"\n'


def write(home: Path, text: str) -> Path:
    (home / "acto.toml").write_text(text, encoding="utf-8")
    return home


def test_a_scan_of_a_real_source_is_refused(acto: Acto, home: Path) -> None:
    """Whoever reads people's words unlawfully cannot take it back: what is missing, why, where it lies, how it is mended."""
    write(home, REAL)
    done = acto("scan", ACTO_FACEBOOK_TOKEN="a-token-of-some-length")
    assert done.returncode == 2
    for words in ("no privacy papers are recorded", "UK GDPR", "docs/privacy/", "acto.toml", "recorded_on = ", "page"):
        assert words in done.stderr, done.stderr
    assert not (home / "warehouse").exists() and not (home / "keys").exists(), "nothing was begun"


@pytest.mark.parametrize(("sources", "dry_run"), [([], True), (["page"], False)])
def test_so_is_a_part_of_it_or_a_trial(
    sources: list[str], dry_run: bool, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dry run keeps nothing, but reads all the same."""
    monkeypatch.setenv("ACTO_HOME", str(write(home, REAL)))
    with pytest.raises(ConfigError, match="no privacy papers"):
        scan_now(sources, None, None, email=False, dry_run=dry_run, as_json=False)


def test_the_nightly_flow_is_refused_too(home: Path) -> None:
    """Prefect starts the flow without the command."""
    from flows.scan import run_scan

    config = load_config(write(home, REAL))
    with pytest.raises(ConfigError, match="no privacy papers"):
        run_scan(home, config, sources=[], since=None, until=None, email=True)
    assert not (home / "warehouse").exists()


@pytest.mark.parametrize(
    ("text", "real"),
    [
        (REAL, ["page"]),
        (HERE.format("http://127.0.0.1:9000"), []),
        (HERE.format("http://[::1]:9000"), []),
        (HERE.format("http://localhost:9000"), []),
        (HERE.format("https://127.0.0.1.example.org"), ["here"]),
        (HERE.format("https://localhost.example.org"), ["here"]),
        ('[sources.blog]\nplatform = "feed"\nurl = "http://127.0.0.1:9000/feed.xml"\n', []),
        ('[sources.blog]\nplatform = "feed"\nurl = "https://blog.example.org/?127.0.0.1"\n', ["blog"]),
        ('[sources.blog]\nplatform = "feed"\nurl = "https://127.0.0.1@blog.example.org/"\n', ["blog"]),
        (
            '[sources.blog]\nplatform = "feed"\nurl = "https://blog.example.org/"\nbase_url = "http://127.0.0.1:9000"\n',
            [],
        ),
        ('[sources.blog]\nplatform = "feed"\nurl = "http://127.0.0.1/"\nbase_url = "https://example.org"\n', ["blog"]),
        ('[sources.blog]\nplatform = "feed"\nurl = "http://[broken/"\n', ["blog"]),
    ],
)
def test_what_is_real(text: str, real: list[str], home: Path) -> None:
    """The sandbox and tests go on; an address that only looks like this machine does not pass for it."""
    config = load_config(write(home, text))
    assert real_sources(config) == real
    if not real:
        require_papers(config)


def test_with_the_papers_recorded_it_is_read(home: Path) -> None:
    require_papers(load_config(write(home, PAPERS + REAL)))


def test_only_the_sources_that_are_asked_for_count(home: Path) -> None:
    """The sandbox may be tried beside a source that is being set up."""
    config = load_config(write(home, REAL + HERE.format("http://127.0.0.1:9000")))
    require_papers(config, ["here"])
    with pytest.raises(ConfigError):
        require_papers(config, ["here", "page"])


@pytest.mark.parametrize(
    "text",
    [
        "[privacy]\nrecorded_on = 2026-11-26\n",
        '[privacy]\nrecorded_by = "Jane Doe, trustee"\n',
        '[privacy]\nrecorded_on = 2026-11-26\nrecorded_by = "Name, role"\n',
        '[privacy]\nrecorded_on = 2026-11-26\nrecorded_by = "[name, role]"\n',
        '[privacy]\nrecorded_on = 2026-11-26\nrecorded_by = "  "\n',
        '[privacy]\nrecorded_on = "soon"\nrecorded_by = "Jane Doe, trustee"\n',
    ],
)
def test_half_a_record_is_a_mistake(text: str, home: Path) -> None:
    """A template that was pasted as it is must not open the door."""
    with pytest.raises(ConfigError, match="privacy"):
        load_config(write(home, text))
