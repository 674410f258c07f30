"""A timestamp authority signs the history's seal; whatever it does, the night goes on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flows import timestamps
from flows.config import Config
from flows.config_sections import EvidenceSettings
from flows.timestamps import stamp, verify_timestamps
from tests.flows.timestamp_authority import TimestampAuthority
from warehouse.store import Store


@pytest.fixture(scope="module")
def authority() -> Iterator[TimestampAuthority]:
    """A real authority on loopback."""
    with TimestampAuthority() as running:
        yield running


def settings(store: Store, authority: TimestampAuthority) -> Config:
    (store.home / "authority.pem").write_bytes(authority.certificate)
    evidence = EvidenceSettings(timestamp_url=authority.url, timestamp_certificate="authority.pem")  # type: ignore[arg-type]
    return Config(home=store.home, evidence=evidence)


def test_the_seal_is_signed_and_the_signature_holds(store: Store, authority: TimestampAuthority) -> None:
    """Without it nobody outside could say that the history was there on that day."""
    authority.answers = "well"
    config = settings(store, authority)
    assert stamp(store, config) == []
    notes, damage = verify_timestamps(store.connection(), config.timestamp_certificate)
    assert damage == [] and notes[0].startswith("1 timestamp holds; the last is of ")


@pytest.mark.parametrize(
    ("answers", "says"),
    [("late", "did not answer"), ("refused", "HTTP 503"), ("to another question", "Mismatch between messages")],
)
def test_an_authority_that_fails_is_told_and_stops_nothing(
    store: Store, authority: TimestampAuthority, answers: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The Chair's report must not wait for somebody else's server, nor keep a signature that is none."""
    # The others must not fail because the authority is still late with its answer to the first.
    monkeypatch.setattr(timestamps, "PATIENCE", 1 if answers == "late" else 10)
    authority.answers = answers
    (problem,) = stamp(store, settings(store, authority))
    assert "not signed by 127.0.0.1 tonight" in problem and says in problem
    assert store.connection().execute("SELECT count(*) FROM store.timestamp").fetchall() == [(0,)]


def test_a_signature_of_another_history_does_not_hold(store: Store, authority: TimestampAuthority) -> None:
    """A history that was rewritten from its beginning has a whole chain; the signature is what it cannot have."""
    authority.answers = "well"
    config = settings(store, authority)
    stamp(store, config)
    store.connection().execute("UPDATE store.link SET hash = reverse(hash)")
    _, damage = verify_timestamps(store.connection(), config.timestamp_certificate)
    assert [one.says for one in damage] == [
        "The chain has no longer the link that was signed: the history was changed."
    ]


def test_a_signature_by_somebody_else_does_not_hold(store: Store, authority: TimestampAuthority) -> None:
    """Whoever can change the history can also make a certificate."""
    authority.answers = "well"
    config = settings(store, authority)
    stamp(store, config)
    (store.home / "authority.pem").write_bytes(TimestampAuthority().certificate)
    _, damage = verify_timestamps(store.connection(), config.timestamp_certificate)
    assert len(damage) == 1 and "does not hold" in damage[0].says


def test_without_an_authority_nothing_leaves_the_machine(store: Store) -> None:
    assert stamp(store, Config(home=store.home)) == []
