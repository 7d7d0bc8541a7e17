"""The way from faithful to detailed: the modulations, what each sample is asked for, and the adversary."""

from itertools import pairwise
from pathlib import Path

import pytest
import torch
from torch import nn

from rasr_training import train_sisr
from rasr_training.adversary import TAP_CHANNELS, Adversary
from rasr_training.generator import Generator
from rasr_training.lessons import Lessons
from rasr_training.losses import RestorationLoss
from rasr_training.pairs import PairSampler
from rasr_training.training import LoopOptions

CPU = torch.device("cpu")


class Taps(nn.Module):
    """Frozen random features with the shapes of the real ones."""

    def __init__(self):
        super().__init__()
        widths = (3, *TAP_CHANNELS)
        self.layers = nn.ModuleList(nn.Conv2d(a, b, 3, stride=2) for a, b in pairwise(widths))
        self.requires_grad_(False)

    def forward(self, x: torch.Tensor) -> list[torch.Tensor]:
        taps = []
        for layer in self.layers:
            x = torch.relu(layer(x))
            taps.append(x)
        return taps


def awake() -> Generator:
    generator = Generator(with_reference=False)
    with torch.no_grad():
        generator.unet.head.weight.normal_(0, 0.05)
        for name, parameter in generator.named_parameters():
            if "modulation" in name:
                parameter.normal_(0, 0.05)
    return generator.eval()


def test_a_new_network_does_not_know_detail():
    generator, lr = Generator(with_reference=False), torch.rand(1, 3, 16, 16)
    assert torch.equal(generator(lr, detail=torch.ones(1)), generator(lr))


@torch.no_grad()
def test_detail_zero_is_the_network_without_it_and_more_changes_more():
    generator, lr = awake(), torch.rand(2, 3, 16, 24)
    faithful = generator(lr)
    assert torch.equal(generator(lr, detail=torch.zeros(1)), faithful)
    change = [(generator(lr, detail=torch.tensor([d])) - faithful).abs().mean() for d in (0.25, 0.5, 1.0)]
    assert 0 < change[0] < change[1] < change[2]


@torch.no_grad()
def test_every_image_of_a_batch_has_its_own_detail():
    generator, lr = awake(), torch.rand(2, 3, 16, 16)
    mixed = generator(lr, detail=torch.tensor([0.0, 1.0]))
    assert torch.allclose(mixed[:1], generator(lr[:1]), atol=1e-4)
    assert torch.allclose(mixed[1:], generator(lr[1:], detail=torch.ones(1)), atol=1e-4)


def test_samples_ask_for_all_of_the_way():
    detail = torch.cat([train_sisr.draw_detail(8, seed) for seed in range(200)])
    assert (detail == 0).float().mean() == pytest.approx(train_sisr.FAITHFUL_SHARE, abs=0.05)
    assert (detail == 1).float().mean() == pytest.approx(train_sisr.PERCEPTUAL_SHARE, abs=0.05)
    between = detail[(detail > 0) & (detail < 1)]
    assert between.min() < 0.1 and between.max() > 0.9


def test_the_adversary_learns_to_tell_smooth_from_textured():
    taps, adversary, weight = Taps(), Adversary(CPU), torch.ones(4)

    def pictures(seed: int) -> tuple[torch.Tensor, torch.Tensor]:
        real = torch.rand(4, 3, 64, 64, generator=torch.Generator().manual_seed(seed))
        return real, nn.functional.avg_pool2d(real, 5, 1, 2)

    for seed in range(30):
        real, smooth = pictures(seed)
        adversary.learn(taps(smooth), smooth, taps(real), real, weight)
    real, smooth = pictures(99)
    with torch.no_grad():
        assert adversary.realism(taps(real), real).min() > adversary.realism(taps(smooth), smooth).max()


def test_the_judgement_moves_the_picture_and_not_the_judge():
    taps, adversary = Taps(), Adversary(CPU)
    picture = torch.rand(2, 3, 64, 64, requires_grad=True)
    adversary.realism(taps(picture), picture).sum().backward()
    assert picture.grad.abs().sum() > 0
    assert all(parameter.grad is None for parameter in adversary.critic.parameters())


def test_faithful_samples_feel_neither_features_nor_adversary():
    loss = RestorationLoss(Taps(), 1.0, 1.0, Adversary(CPU), 1.0)
    output, target = torch.rand(2, 2, 3, 64, 64)
    nothing = torch.zeros(2)
    assert loss(output, target, 0, nothing, nothing) == RestorationLoss(None, 0, 0)(output, target, 0)
    asked = torch.tensor([1.0, 0.0])
    only_first = loss(output, target, 0, asked)
    assert only_first > loss(output, target, 0, nothing)


def test_a_resumed_stage_goes_on_with_its_adversary(cache, tmp_path):
    sampler = PairSampler(cache, 64, 4, 1)

    def run(folder: Path, steps: int) -> tuple[Generator, Adversary]:
        torch.manual_seed(5)
        module, adversary = Generator(with_reference=False), Adversary(CPU)
        loss = RestorationLoss(Taps(), 0.03, 0.01, adversary, 0.01)
        lessons, options = Lessons(sampler, train_sisr.SHARES), LoopOptions(folder, steps, None, 1e-3)
        train_sisr.train(module, lessons, sampler, loss, options, CPU)
        return module, adversary

    _, first = run(tmp_path, 5)
    _, read_back = run(tmp_path, 5)
    weights = [a.critic.state_dict() for a in (first, read_back)]
    assert all(torch.equal(value, weights[1][name]) for name, value in weights[0].items())
    _, went_on = run(tmp_path, 9)
    learned = [next(iter(a.optimizer.state.values()))["step"].item() for a in (first, went_on)]
    assert learned[1] > learned[0] > 0
