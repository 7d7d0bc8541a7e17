"""Each stage takes steps, changes what it should and nothing else, and resumes where it stopped."""

import numpy as np
import pytest
import torch

from rasr_training import train_autoencoder, train_reference, train_sisr
from rasr_training.autoencoder import Autoencoder
from rasr_training.checkpoints import PART_BYTES, CheckpointError, load_checkpoint, save_checkpoint
from rasr_training.generator import Generator
from rasr_training.lessons import Lessons
from rasr_training.losses import RestorationLoss, charbonnier
from rasr_training.pairs import PairSampler, ReferenceKind
from rasr_training.soup import soup
from rasr_training.training import LoopOptions, learning_rate_at, load_ema_weights

CPU = torch.device("cpu")


def options(folder, steps: int, learning_rate: float = 1e-3) -> LoopOptions:
    return LoopOptions(folder, steps, None, learning_rate)


def snapshot(module) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in module.state_dict().items()}


def changed(module, before: dict[str, torch.Tensor]) -> set[str]:
    return {name for name, value in module.state_dict().items() if not torch.equal(value, before[name])}


def test_batches_depend_only_on_seed_and_step(cache):
    one, two = (PairSampler(cache, 64, 4, 7, 64) for _ in range(2))
    assert torch.equal(one.draw(5).clean, two.draw(5).clean)
    assert torch.equal(one.draw(5).reference, two.draw(5).reference)
    assert not torch.equal(one.draw(5).clean, one.draw(6).clean)
    kinds = np.concatenate([one.draw(step).kinds for step in range(40)])
    assert set(kinds) == set(map(int, ReferenceKind))


def test_the_autoencoder_stage_lowers_the_loss(cache, tmp_path):
    module = Autoencoder()
    sampler = PairSampler(cache, 64, 4, 1)
    clean = sampler.draw(999).clean
    before = charbonnier(module(clean), clean)
    train_autoencoder.train(module, sampler, sampler, options(tmp_path, 60, 3e-3), CPU)
    assert charbonnier(module(clean), clean) < before
    assert (tmp_path / "samples.png").is_file()


def test_the_sisr_stage_trains_unet_and_decoder_only(cache, tmp_path):
    module = Generator(with_reference=False)
    before = snapshot(module)
    sampler = PairSampler(cache, 64, 4, 1)
    lessons, loss = Lessons(sampler, train_sisr.SHARES), RestorationLoss(None, 0, 0)
    train_sisr.train(module, lessons, sampler, loss, options(tmp_path, 3), CPU)
    names = changed(module, before)
    assert not any(name.startswith("autoencoder.encoder") for name in names)
    assert any(name.startswith("autoencoder.decoder") for name in names)
    assert any(name.startswith("unet.head") for name in names)


def test_the_reference_stage_leaves_the_base_frozen(cache, tmp_path):
    generator = Generator(with_reference=False)
    with torch.no_grad():  # an untrained UNet predicts zero and passes no gradient on
        generator.unet.head.weight.normal_(0, 0.05)
    model = train_reference.ReferenceModel(generator)
    before = snapshot(model)
    sampler = PairSampler(cache, 64, 4, 1, reference_size=64)
    lessons, loss = Lessons(sampler, train_reference.SHARES), RestorationLoss(None, 0, 0)
    train_reference.train(model, lessons, sampler, loss, {}, options(tmp_path, 4), CPU)
    names = changed(model, before)
    allowed = ("generator.injection.", "reference_encoder.branch.")
    assert names and all(name.startswith(allowed) for name in names)
    assert any("zero_conv" in name for name in names)
    assert any(name.startswith("reference_encoder.branch.") for name in names)


def test_the_reference_stage_goes_on_from_another_runs_readers(cache, tmp_path):
    first, second = (train_reference.ReferenceModel(Generator(with_reference=False)) for _ in range(2))
    before = snapshot(second)
    save_checkpoint(tmp_path, {"model": first.state_dict(), "ema": {}, "counters": {}})
    train_reference.take_reference_parts(second, tmp_path)
    parts = ("generator.injection.", "reference_encoder.branch.")
    assert changed(second, before) == {name for name in changed(second, before) if name.startswith(parts)}
    assert all(
        torch.equal(v, first.state_dict()[n]) for n, v in second.state_dict().items() if n.startswith(parts)
    )


def test_a_soup_is_the_mean_of_averaged_weights(tmp_path):
    states = [
        {
            "model": {"w": torch.full((2,), 9.0), "fixed": torch.ones(1)},
            "ema": {"w": torch.full((2,), value)},
            "counters": {"step": 3, "seconds": value, "samples": 10},
        }
        for value in (1.0, 3.0)
    ]
    mixed = soup(states)
    assert mixed["model"]["w"].tolist() == [2.0, 2.0] and mixed["model"]["fixed"].tolist() == [1.0]
    assert mixed["counters"] == {"step": 6, "seconds": 4.0, "samples": 20}
    assert soup(states, [3, 1])["model"]["w"].tolist() == [1.5, 1.5]
    for shares in ([1.0], [0.0, 0.0]):
        with pytest.raises(ValueError, match="name one share for each"):
            soup(states, shares)
    save_checkpoint(tmp_path, mixed)
    module = torch.nn.Module()
    module.register_buffer("w", torch.zeros(2))
    module.register_buffer("fixed", torch.zeros(1))
    assert load_ema_weights(module, tmp_path)["samples"] == 20 and module.w.tolist() == [2.0, 2.0]


class PowerCut(Exception):
    pass


class FailingSampler(PairSampler):
    """Fails at one step, as a killed run does."""

    fails_at: int | None = None

    def draw(self, step: int):
        if step == self.fails_at:
            raise PowerCut
        return super().draw(step)


def test_a_resumed_run_equals_an_unbroken_one(cache, tmp_path):
    sampler = FailingSampler(cache, 64, 2, 1)

    def run(folder):
        torch.manual_seed(3)
        every_step = LoopOptions(folder, 6, None, 1e-3, checkpoint_minutes=0)
        train_autoencoder.train(Autoencoder(), sampler, sampler, every_step, CPU)
        return load_checkpoint(folder / "last")

    whole = run(tmp_path / "a")
    sampler.fails_at = 3
    with pytest.raises(PowerCut):
        run(tmp_path / "b")
    assert load_checkpoint(tmp_path / "b" / "last")["counters"]["step"] == 3
    sampler.fails_at = None
    resumed = run(tmp_path / "b")
    assert whole["counters"]["step"] == resumed["counters"]["step"] == 6
    for part in ("model", "ema"):
        for name, value in whole[part].items():
            assert torch.equal(value, resumed[part][name]), name


def test_checkpoints_are_split_and_read_back(tmp_path):
    state = {"model": {"w": torch.randn(6_000_000)}, "counters": {"step": 1}}
    save_checkpoint(tmp_path / "c", state)
    save_checkpoint(tmp_path / "c", state)
    parts = sorted((tmp_path / "c").iterdir())
    assert len(parts) == 2 and all(part.stat().st_size <= PART_BYTES for part in parts)
    assert torch.equal(load_checkpoint(tmp_path / "c")["model"]["w"], state["model"]["w"])
    parts[1].unlink()
    with pytest.raises(CheckpointError, match="incomplete"):
        load_checkpoint(tmp_path / "c")
    with pytest.raises(CheckpointError, match="run the stage"):
        load_checkpoint(tmp_path / "none")


def test_averaged_weights_are_what_later_stages_load(cache, tmp_path):
    module, sampler = Autoencoder(), PairSampler(cache, 64, 2, 1)
    train_autoencoder.train(module, sampler, sampler, options(tmp_path, 3, 1e-2), CPU)
    averaged = Autoencoder()
    assert load_ema_weights(averaged, tmp_path / "last")["samples"] == 6
    assert not torch.equal(averaged.decoder.head.weight, module.decoder.head.weight)


def test_the_learning_rate_warms_up_and_decays():
    assert learning_rate_at(1.0, 0.0, 0) == pytest.approx(0.01)
    assert learning_rate_at(1.0, 0.5, 5000) == pytest.approx(0.51)
    assert learning_rate_at(1.0, 1.0, 5000) == pytest.approx(0.02)
