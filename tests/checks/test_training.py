"""Training the scorer anew is seeded: who does it elsewhere gets the judge that is described in its model card."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed: uv sync --group training")

from checks.scorer import background as talk  # noqa: E402
from checks.scorer import batches  # noqa: E402
from checks.scorer import train as training  # noqa: E402
from checks.scorer.labelled import read_all  # noqa: E402
from checks.scorer.network import Network  # noqa: E402

EXAMPLES = [one for one in read_all() if len(one.text) < 100][:24]
TALK = "".join(f"Lovely afternoon for the {what}, [NAME]\t0\tid\n" for what in ("allotment", "match", "beach", "dog"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of everyday talk, a few lines of it."""
    for name in talk.FILES:
        (tmp_path / name).write_text(TALK)
    monkeypatch.setattr(talk, "FILES", dict.fromkeys(talk.FILES, hashlib.sha256(TALK.encode()).hexdigest()))
    # Few examples, yet several batches, so that their order counts.
    monkeypatch.setattr(training, "EPOCHS", 2)
    monkeypatch.setattr(training, "BATCH", 4)
    monkeypatch.setattr(batches, "BATCH", 4)
    monkeypatch.setattr(training, "BACKGROUND", 8)
    return tmp_path


def trained(folder: Path, seed: int) -> Network:
    background, reader, network, chance = training.seeded(EXAMPLES, folder, seed)
    return training.train_twice(EXAMPLES, background, reader, network, chance)


def weights(network: Network) -> torch.Tensor:
    return torch.cat([value.flatten() for value in network.state_dict().values()])


def test_the_same_seed_trains_the_same_network(folder: Path) -> None:
    """Otherwise nobody could check where the figures in the model card come from."""
    once, again, otherwise = (weights(trained(folder, seed)) for seed in (5, 5, 6))
    assert torch.allclose(once, again, atol=1e-5)
    assert not torch.allclose(once, otherwise, atol=1e-3)


def test_a_training_that_breaks_off_leaves_the_judge_in_use(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the next night judges with a network whose thresholds are not its own."""
    into = tmp_path_factory.mktemp("model")
    (into / "model.json").write_text("the one in use")

    def broken_off(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(training, "load_checks", list)
    monkeypatch.setattr(training, "read_all", lambda: EXAMPLES)
    monkeypatch.setattr(training, "GLANCED", 8)
    monkeypatch.setattr(training, "calibrate", broken_off)
    with pytest.raises(KeyboardInterrupt):
        training.main(["--background", str(folder), "--into", str(into)])
    assert [(one.name, one.read_text()) for one in into.iterdir()] == [("model.json", "the one in use")]


def test_only_the_texts_own_words_are_covered() -> None:
    """What is answered, and where a text stands, must stay readable: else the network learns to do without."""
    ids = torch.arange(1, 10_001).reshape(10, 1000)
    own = (torch.arange(1000) >= 500).long().expand(10, 1000)
    covered = training.covered(ids, own)
    assert bool((covered[:, :500] == ids[:, :500]).all())
    share = (covered[:, 500:] != ids[:, 500:]).float().mean().item()
    assert 0.08 < share < 0.16


def test_answers_that_agree_cost_nothing() -> None:
    """The more two readings of the same text differ, the more it costs: else agreeing would teach nothing."""
    said = torch.tensor([[2.0, -3.0, 0.0]])
    assert training.apart(said, said).item() == 0
    assert 0 < training.apart(said, said + 0.5) < training.apart(said, said + 2.0)
