import cv2
import numpy as np
import pytest
import torch

from rasr_training.degradation import (
    LIGHT,
    REAL_ESRGAN,
    Draw,
    blur,
    degrade,
    gaussian_kernels,
    jpeg,
    sinc_kernels,
)
from rasr_training.pairs import to_tensor
from rasr_training.phone_shots import QUERY_SHOTS, shoot


def generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def clean(cache):
    return to_tensor([cache.image(0), cache.image(2)])


@pytest.mark.parametrize("stages", [REAL_ESRGAN, LIGHT])
@pytest.mark.parametrize("seed", range(6))
def test_the_same_seed_gives_the_same_photo(clean, stages, seed):
    first, second = (degrade(clean, stages, generator(seed)) for _ in range(2))
    assert first.shape == (2, 3, 32, 32)
    assert torch.equal(first, second)
    assert not torch.equal(first, degrade(clean, stages, generator(seed + 100)))
    assert first.min() >= 0 and first.max() <= 1
    assert torch.allclose(first * 255, (first * 255).round(), atol=1e-3)


def test_degradation_keeps_the_mean_colour_roughly(clean):
    shift = degrade(clean, LIGHT, generator(1)).mean((2, 3)) - clean.mean((2, 3))
    assert shift.abs().max() < 0.03


def test_kernels_sum_to_one_and_keep_a_flat_image():
    draw = Draw(generator(0))
    flat = torch.full((4, 3, 40, 24), 0.3)
    for kernels in (gaussian_kernels(4, (0.2, 3.0), draw), sinc_kernels(4, draw)):
        assert torch.allclose(kernels.sum((1, 2)), torch.ones(4), atol=1e-5)
        assert torch.allclose(blur(flat, kernels), flat, atol=1e-5)


def test_blur_equals_a_direct_convolution(clean):
    kernels = gaussian_kernels(2, (0.5, 2.0), Draw(generator(3)))
    ours = blur(clean, kernels)[1].permute(1, 2, 0).numpy()
    # OpenCV correlates; a convolution flips the kernel.
    flipped = kernels[1].flip(0, 1).numpy()
    theirs = cv2.filter2D(clean[1].permute(1, 2, 0).numpy(), -1, flipped, borderType=cv2.BORDER_REFLECT_101)
    assert np.abs(ours - theirs).max() < 1e-4


def test_jpeg_is_close_to_a_real_encoder(clean):
    for quality in (30, 80):
        ours = jpeg(clean, torch.full((2,), float(quality)))[0].permute(1, 2, 0).numpy() * 255
        bgr = (clean[0].permute(1, 2, 0).numpy()[..., ::-1] * 255).round().astype(np.uint8)
        real = cv2.imdecode(cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], 1)[..., ::-1]
        error, loss = np.abs(ours - real).mean(), np.abs(real - bgr[..., ::-1].astype(float)).mean()
        assert error < 0.6 * loss + 0.5


def test_phone_shots_are_seeded_and_get_poorer(clean):
    square = clean[..., :128, :128]
    first = shoot(square, QUERY_SHOTS["medium"], generator(5))
    assert first.shape == square.shape
    assert torch.equal(first, shoot(square, QUERY_SHOTS["medium"], generator(5)))
    assert not torch.equal(first, shoot(square, QUERY_SHOTS["medium"], generator(6)))
