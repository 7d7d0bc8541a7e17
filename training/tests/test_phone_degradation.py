import pytest
import torch

from rasr_training.degradation import Draw
from rasr_training.pairs import to_tensor
from rasr_training.phone_degradation import (
    bilateral,
    defocus_kernels,
    expose,
    light_scene,
    motion_kernels,
    phone_shot,
    process,
    reflections,
    sense,
    tilt,
)


def generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def clean(cache):
    return to_tensor([cache.image(0)[:, :96], cache.image(2)[:, :96]])


@pytest.mark.parametrize("seed", range(6))
def test_the_same_seed_gives_the_same_photo_and_scene(clean, seed):
    lr, scene = phone_shot(clean, generator(seed))
    assert lr.shape == (2, 3, 32, 24) and scene.shape == clean.shape
    again = phone_shot(clean, generator(seed))
    assert torch.equal(lr, again[0]) and torch.equal(scene, again[1])
    assert not torch.equal(lr, phone_shot(clean, generator(seed + 100))[0])
    for images in (lr, scene):
        assert torch.isfinite(images).all() and images.min() >= 0 and images.max() <= 1
    assert torch.allclose(lr * 255, (lr * 255).round(), atol=1e-3)


def test_the_photo_shows_the_scene_in_its_own_light_and_in_its_place(clean):
    for seed in range(12):
        lr, scene = phone_shot(clean, generator(seed))
        small = torch.nn.functional.interpolate(scene, size=lr.shape[-2:], mode="area")
        assert (lr.mean((2, 3)) - small.mean((2, 3))).abs().max() < 0.06
        # Any other place fits worse: nothing here moves the picture.
        error = (lr - small).square().mean()
        assert all(
            error < (lr - small.roll(step, axis)).square().mean() for step in (-3, 3) for axis in (2, 3)
        )


def test_light_changes_slowly_and_glare_only_adds(clean):
    ratio = light_scene(torch.full_like(clean, 0.4), Draw(generator(2)))
    assert 0.01 < ratio.std() < 0.3
    assert (ratio[..., 1:] - ratio[..., :-1]).abs().max() < 0.04
    glare = reflections(40, (32, 32), Draw(generator(0)))
    assert glare.min() >= 0 and 0.2 < glare.amax() <= 0.5


def test_kernels_sum_to_one_and_grow_with_their_range():
    draw = Draw(generator(0))
    for kernels in (defocus_kernels(8, (0, 4), draw), motion_kernels(8, (1, 12), draw)):
        assert torch.allclose(kernels.sum((1, 2)), torch.ones(8), atol=1e-5)
        assert kernels.min() >= 0
    for kernels in (defocus_kernels(1, (0, 0), draw), motion_kernels(1, (0, 0), draw)):
        assert kernels[0, 12, 12] == pytest.approx(1)
    assert defocus_kernels(1, (4, 4), draw).amax() == pytest.approx(1 / (3.1416 * 16), rel=0.1)


def test_blur_keeps_the_light(clean):
    flat = torch.full((3, 3, 40, 48), 0.3)
    assert torch.allclose(expose(flat, Draw(generator(1))), flat, atol=1e-4)


def test_noise_grows_with_the_signal():
    dark, bright = (
        sense(torch.full((16, 3, 128, 128), level), (32, 32), Draw(generator(4))) - level
        for level in (0.02, 0.6)
    )
    ratio = bright.std((1, 2, 3)) / dark.std((1, 2, 3))
    assert (ratio > 1.5).all() and (ratio < 6).all()
    assert dark.mean().abs() < 0.003


def test_the_bilateral_filter_smooths_noise_and_keeps_edges():
    edge = torch.zeros(1, 3, 16, 16)
    edge[..., 8:] = 0.8
    noisy = edge + 0.02 * torch.randn(edge.shape, generator=generator(0))
    smooth = bilateral(noisy, torch.full((1, 1, 1, 1), 0.08))
    assert (smooth - edge).square().mean() < 0.4 * (noisy - edge).square().mean()
    assert torch.allclose(bilateral(edge, torch.full((1, 1, 1, 1), 0.01)), edge, atol=1e-5)


def test_processing_loses_detail_but_not_the_picture(clean):
    small = torch.nn.functional.interpolate(clean, scale_factor=0.25, mode="area")
    error = (process(small, Draw(generator(3))) - small).abs().mean((1, 2, 3))
    assert (error > 0.001).all() and (error < 0.08).all()


def test_tilt_moves_what_is_seen_and_stays_in_range(clean):
    square = clean[..., :96, :96]
    seen = tilt(square, generator(1))
    assert seen.shape == square.shape and seen.min() >= 0 and seen.max() <= 1
    assert (seen - square).abs().mean() > 0.02
    assert torch.equal(seen, tilt(square, generator(1)))
    assert torch.allclose(tilt(square, generator(1), amount=0), square, atol=1e-3)
