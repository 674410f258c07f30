"""Training the scorer anew is seeded: who does it elsewhere gets the judge that is described in its model card."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed: uv sync --group training")

from checks.scorer import background as talk  # noqa: E402
from checks.scorer import batches  # noqa: E402
from checks.scorer import train as training  # noqa: E402
from checks.scorer.labelled import Labelled, read_all  # noqa: E402
from checks.scorer.network import Network  # noqa: E402
from checks.scorer.progress import Progress, beginning  # noqa: E402

EXAMPLES = [one for one in read_all() if len(one.text) < 100][:24]
TALK = "".join(f"Lovely afternoon for the {what}, [NAME]\t0\tid\n" for what in ("allotment", "match", "beach", "dog"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of everyday talk, a few lines of it."""
    for name in talk.FILES:
        (tmp_path / name).write_text(TALK)
    monkeypatch.setattr(talk, "FILES", dict.fromkeys(talk.FILES, hashlib.sha256(TALK.encode()).hexdigest()))
    # Threads that wait for each other on a busy machine take minutes.
    torch.set_num_threads(1)
    # Few examples, yet several batches, so that their order counts.
    monkeypatch.setattr(training, "EPOCHS", 2)
    monkeypatch.setattr(training, "BATCH", 4)
    monkeypatch.setattr(batches, "BATCH", 4)
    monkeypatch.setattr(training, "BACKGROUND", 8)
    return tmp_path


@pytest.fixture
def stop_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], list[int]]:
    """Has training break off at so many batches from now (0: never), and counts those it reads."""
    covered = training.covered

    def set_up(count: int) -> list[int]:
        read: list[int] = []

        def stopping(ids: Any, own: Any) -> Any:
            read.append(len(ids))
            if len(read) == count:
                raise KeyboardInterrupt
            return covered(ids, own)

        monkeypatch.setattr(training, "covered", stopping)
        return read

    return set_up


def trained(folder: Path, seed: int, kept: Path, examples: Sequence[Labelled] = EXAMPLES) -> Network:
    background, reader, network, chance = training.seeded(examples, folder, seed)
    return training.train_twice(examples, background, reader, network, chance, kept)


def weights(network: Network) -> torch.Tensor:
    return torch.cat([value.flatten() for value in network.state_dict().values()])


def test_the_same_seed_trains_the_same_network(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Otherwise nobody could check where the figures in the model card come from."""
    once, again, otherwise = (weights(trained(folder, seed, tmp_path_factory.mktemp("kept"))) for seed in (5, 5, 6))
    assert torch.allclose(once, again, atol=1e-5)
    assert not torch.allclose(once, otherwise, atol=1e-3)


def test_a_training_goes_on_after_the_last_whole_epoch(
    folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
    stop_at: Callable[[int], list[int]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """To the very network that it would have come to: it takes 11 hours on two cores, and machines restart."""
    # So that the mean has begun after the first of two epochs, which have eight batches each.
    monkeypatch.setattr(training, "KEPT", 0.7)
    through = weights(trained(folder, 5, tmp_path_factory.mktemp("kept")))
    kept = tmp_path_factory.mktemp("kept")
    for count in (8 + 4, 8 + 8 + 4):  # in the second epoch of the first network, and from there in that of the second
        stop_at(count)
        with pytest.raises(KeyboardInterrupt):
            trained(folder, 5, kept)
    capsys.readouterr()
    read = stop_at(0)
    assert torch.equal(weights(trained(folder, 5, kept)), through)
    assert len(read) == 8
    said = capsys.readouterr().out
    assert f"Going on after epoch 2, from {kept / 'progress-1.pt'}." in said
    assert f"Going on after epoch 1, from {kept / 'progress-2.pt'}." in said


def test_with_other_examples_training_begins_anew(
    folder: Path, stop_at: Callable[[int], list[int]], capsys: pytest.CaptureFixture[str]
) -> None:
    """What was kept has learned from examples that are no longer there, and the model card would say otherwise."""
    for examples, count in ((EXAMPLES, 8 + 1), (EXAMPLES[1:], 1)):
        stop_at(count)
        with pytest.raises(KeyboardInterrupt):
            trained(folder, 5, folder, examples)
    said = capsys.readouterr().out
    assert f"{folder / 'progress-1.pt'} is of other examples or another recipe: this network is trained anew." in said
    assert "Going on" not in said


def test_what_was_kept_is_of_its_examples_and_seed() -> None:
    """The same again only where both are the same."""
    said = [beginning(EXAMPLES, random.Random(5)) for _ in range(2)]
    others = [beginning(EXAMPLES[1:], random.Random(5)), beginning(EXAMPLES, random.Random(6))]
    assert said[0] == said[1]
    assert len({said[0], *others}) == 3


@pytest.mark.parametrize("share", [0, 0.5, 0.99])
def test_what_was_kept_and_cut_short_is_not_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], share: float
) -> None:
    """A full disk or a copy that broke off: training says so and begins anew."""
    progress, layer, chance = Progress(tmp_path / "progress-1.pt", "a"), torch.nn.Linear(2, 2), random.Random(5)
    progress.keep(1, {"network": layer}, chance)
    whole = progress.path.read_bytes()
    progress.path.write_bytes(whole[: int(len(whole) * share)])
    assert progress.restore({"network": layer}, chance) == 0
    assert capsys.readouterr().out == f"{progress.path} cannot be read: this network is trained anew.\n"


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

    # Begun again it goes on to the end: everybody may read what it writes, as what was there, and nothing kept is left.
    before = into.joinpath("model.json").stat().st_mode
    monkeypatch.setattr(training, "calibrate", lambda *_: None)
    monkeypatch.setattr(training, "Scorer", lambda *_: None)
    monkeypatch.setattr(training, "judge_labelled", lambda *_: None)
    monkeypatch.setattr(training, "by_clause", lambda *_: pd.DataFrame())
    monkeypatch.setattr(training, "in_sum", lambda *_: {})
    assert training.main(["--background", str(folder), "--into", str(into)]) == 0
    assert {one.name: one.stat().st_mode for one in into.iterdir()} == dict.fromkeys(
        ("first.onnx", "rest.onnx", "tokenizer.json", "model.json"), before
    )
    assert sorted(one.name for one in folder.iterdir()) == sorted(talk.FILES)


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
