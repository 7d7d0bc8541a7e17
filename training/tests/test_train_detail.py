"""The detail stage: whom each sample is compared with, and that it learns what the teacher does."""

import torch

from rasr_training import train_detail
from rasr_training.damage import Damage, damage
from rasr_training.generator import Generator
from rasr_training.lessons import TAUGHT, Lessons, taught
from rasr_training.losses import RestorationLoss
from rasr_training.pairs import PairSampler
from rasr_training.train_detail import SHARES
from rasr_training.training import LoopOptions

CPU = torch.device("cpu")


def invert(photos: torch.Tensor) -> list[torch.Tensor]:
    """A teacher whose pictures are like no truth: the photo's negative, enlarged plainly."""
    return [1 - torch.nn.functional.interpolate(photos, scale_factor=4.0)]


def test_every_kind_of_damage_is_drawn_and_told():
    clean = torch.rand(16, 3, 64, 64)
    found = [damage(clean, seed, (0.25, 0.25, 0.25, 0.25)) for seed in range(8)]
    assert set(torch.cat([d.kinds for d in found]).tolist()) == set(map(int, Damage))
    for damaged in found:
        shrunk = damaged.kinds == Damage.SHRUNK
        means = torch.nn.functional.avg_pool2d(clean, 4)
        assert (
            (damaged.photos[shrunk] - means[shrunk]).abs().max() <= 0.5 / 255 + 1e-6 if shrunk.any() else True
        )
        in_its_light = damaged.kinds == Damage.PHONE
        assert torch.equal(damaged.truths[~in_its_light], clean[~in_its_light])
    again = damage(clean, 3, (0.25, 0.25, 0.25, 0.25))
    assert torch.equal(again.photos, found[3].photos)


def test_the_teacher_is_asked_about_poor_photos_only(cache):
    lessons, seen = Lessons(PairSampler(cache, 64, 16, 1), SHARES), set()
    for step in range(6):
        photos, truths, kinds = lessons.draw(step).damaged
        pictures = taught(invert, photos, truths, kinds)
        for number, kind in enumerate(kinds.tolist()):
            wanted = invert(photos[number : number + 1])[0][0] if kind in TAUGHT else truths[number]
            assert torch.equal(pictures[number], wanted)
            seen.add(kind in TAUGHT)
    assert seen == {True, False}


def test_without_a_teacher_there_is_the_truth_alone(cache):
    photos, truths, kinds = Lessons(PairSampler(cache, 64, 8, 1), SHARES).draw(0).damaged
    assert torch.equal(taught(None, photos, truths, kinds), truths)


def test_processes_make_the_lessons_that_a_thread_makes(cache):
    sampler = PairSampler(cache, 64, 8, 1, reference_size=64, varied=True)
    alone, beside = (Lessons(sampler, SHARES, workers) for workers in (0, 2))
    for step in (0, 1, 2, 9, 10):
        (photos, truths, kinds), reference, strength = alone.draw(step)
        again = beside.draw(step)
        assert torch.equal(photos, again.damaged.photos) and torch.equal(truths, again.damaged.truths)
        assert kinds.tolist() == again.damaged.kinds.tolist()
        assert torch.equal(reference, again.reference) and torch.equal(strength, again.strength)


def test_detail_leads_from_the_truth_to_the_teacher(cache, tmp_path):
    torch.manual_seed(0)
    module, sampler = Generator(with_reference=False), PairSampler(cache, 64, 8, 1)
    lessons, loss = Lessons(sampler, SHARES), RestorationLoss(None, 0, 0)
    train_detail.train(module, lessons, sampler, loss, invert, LoopOptions(tmp_path, 100, None, 3e-3), CPU)
    photos, truths, kinds = lessons.draw(999).damaged
    asked = torch.isin(kinds, torch.tensor(TAUGHT))
    pictures = taught(invert, photos, truths, kinds)
    with torch.no_grad():
        ends = [module.eval()(photos, detail=torch.tensor([d])) for d in (0.0, 1.0)]
    to_teacher = [(end - pictures)[asked].abs().mean() for end in ends]
    assert to_teacher[1] < 0.9 * to_teacher[0]
