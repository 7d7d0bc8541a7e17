"""The detail stage: whom each sample is compared with, and that it learns what the teacher does."""

import torch

from rasr_training import train_detail
from rasr_training.damage import Damage, damage
from rasr_training.generator import Generator
from rasr_training.lessons import Lessons, taught
from rasr_training.losses import RestorationLoss
from rasr_training.pairs import PairSampler
from rasr_training.train_detail import MOST_TAUGHT, SHARES, wanted
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


def black(photos: torch.Tensor) -> list[torch.Tensor]:
    return [torch.zeros(len(photos), 3, *(4 * side for side in photos.shape[-2:]))]


TEACHERS = {Damage.REAL_ESRGAN: [invert], Damage.PHONE: [invert, black]}


def test_teachers_are_asked_about_the_kinds_they_know(cache):
    lessons, seen = Lessons(PairSampler(cache, 64, 16, 1), SHARES), set()
    for step in range(8):
        photos, truths, kinds = lessons.draw(step).damaged
        pictures = taught(TEACHERS, photos, truths, kinds)
        for number, kind in enumerate(kinds.tolist()):
            negative = invert(photos[number : number + 1])[0][0]
            theirs = {Damage.REAL_ESRGAN: negative, Damage.PHONE: negative / 2}
            assert torch.equal(pictures[number], theirs.get(kind, truths[number]))
            seen.add(kind)
    assert seen == set(Damage)


def test_what_is_wanted_goes_from_the_truth_over_ones_own_picture_to_the_teachers(cache):
    own = Generator(with_reference=False).eval()
    photos, truths, _ = Lessons(PairSampler(cache, 64, 5, 1), SHARES).draw(0).damaged
    kinds = torch.tensor([Damage.REAL_ESRGAN] * 4 + [Damage.SHRUNK])
    detail = torch.tensor([0.0, 0.2, MOST_TAUGHT, 1.0, 1.0])
    pictures = wanted(own, TEACHERS, photos, truths, kinds, detail)
    with torch.no_grad():
        mine, theirs = own(photos, detail=detail).clamp(0, 1), invert(photos)[0]
    shares = (0.2, MOST_TAUGHT, MOST_TAUGHT)
    for number, share in enumerate(shares, start=1):
        assert torch.allclose(pictures[number], torch.lerp(mine[number], theirs[number], share), atol=1e-5)
    assert torch.equal(pictures[[0, 4]], truths[[0, 4]])
    assert torch.equal(wanted(own, {}, photos, truths, kinds, detail), truths)


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
    teachers = {kind: [invert] for kind in TEACHERS}
    train_detail.train(module, lessons, sampler, loss, teachers, LoopOptions(tmp_path, 100, None, 3e-3), CPU)
    photos, truths, kinds = lessons.draw(999).damaged
    asked = torch.isin(kinds, torch.tensor(list(teachers)))
    pictures = taught(teachers, photos, truths, kinds)
    with torch.no_grad():
        ends = [module.eval()(photos, detail=torch.tensor([d])) for d in (0.0, 1.0)]
    to_teacher = [(end - pictures)[asked].abs().mean() for end in ends]
    assert to_teacher[1] < 0.9 * to_teacher[0]
