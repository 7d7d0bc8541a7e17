"""The detail stage: whom each sample is compared with, and that it learns what the teacher does."""

import numpy as np
import torch

from rasr_training import train_detail
from rasr_training.damage import Damage, damage
from rasr_training.generator import Generator
from rasr_training.losses import RestorationLoss
from rasr_training.pairs import PairSampler
from rasr_training.training import LoopOptions

CPU = torch.device("cpu")


class Inverter:
    """A teacher whose pictures are like no truth: the photo's negative, enlarged plainly."""

    def restore(self, lr: np.ndarray) -> np.ndarray:
        return 1 - lr.repeat(4, 2).repeat(4, 3)


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
    lessons = train_detail.Lessons(PairSampler(cache, 64, 16, 1), Inverter())
    seen = set()
    for step in range(6):
        lesson = lessons.draw(step)
        for number, kind in enumerate(lesson.damaged.kinds.tolist()):
            is_truth = torch.equal(lesson.taught[number], lesson.damaged.truths[number])
            assert is_truth == (kind not in train_detail.TAUGHT)
            seen.add(is_truth)
    assert seen == {True, False}


def test_without_a_teacher_there_is_the_truth_alone(cache):
    lesson = train_detail.Lessons(PairSampler(cache, 64, 8, 1), None).draw(0)
    assert torch.equal(lesson.taught, lesson.damaged.truths)


def test_detail_leads_from_the_truth_to_the_teacher(cache, tmp_path):
    torch.manual_seed(0)
    module, sampler = Generator(with_reference=False), PairSampler(cache, 64, 8, 1)
    lessons = train_detail.Lessons(sampler, Inverter())
    options = LoopOptions(tmp_path, 60, None, 3e-3)
    train_detail.train(module, lessons, sampler, RestorationLoss(None, 0, 0), options, CPU)
    lesson = lessons.draw(999)
    asked = torch.isin(lesson.damaged.kinds, torch.tensor(train_detail.TAUGHT))
    with torch.no_grad():
        ends = [module.eval()(lesson.damaged.photos, detail=torch.tensor([d])) for d in (0.0, 1.0)]
    to_teacher = [(end - lesson.taught)[asked].abs().mean() for end in ends]
    assert to_teacher[1] < 0.9 * to_teacher[0]
