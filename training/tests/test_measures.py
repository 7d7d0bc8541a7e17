import math

import numpy as np
import pytest
import torch

from rasr_training.image_metrics import psnr, ssim
from rasr_training.losses import RestorationLoss, charbonnier, gram_distance, grid_distance, lpips_like


@pytest.fixture
def picture(cache):
    return cache.image(1) / 255.0


def test_psnr(picture):
    assert psnr(picture, picture) == math.inf
    assert psnr(picture, picture + 0.1) == pytest.approx(20)


def test_ssim(picture):
    assert ssim(picture, picture) == pytest.approx(1)
    noise = np.random.default_rng(0).normal(0, 1, picture.shape)
    assert 1 > ssim(picture + 0.02 * noise, picture) > ssim(picture + 0.2 * noise, picture) > 0


def test_ssim_of_flat_images_is_the_luminance_term():
    a, b = np.full((32, 32, 3), 0.25), np.full((32, 32, 3), 0.75)
    x, y = (219 * 0.25 + 16) / 255, (219 * 0.75 + 16) / 255
    assert ssim(a, b) == pytest.approx((2 * x * y + 1e-4) / (x * x + y * y + 1e-4), rel=1e-6)


def test_lpips_like_ignores_gain_and_bounds_orthogonal_features():
    a = [torch.rand(2, 8, 5, 5) + 0.1]
    assert lpips_like(a, [3 * a[0]]).max() < 1e-6
    b, c = torch.zeros(1, 2, 3, 3), torch.zeros(1, 2, 3, 3)
    b[:, 0], c[:, 1] = 1, 1
    assert lpips_like([b, b], [c, c]).item() == pytest.approx(4)


def test_gram_distance_ignores_layout():
    features = torch.rand(1, 4, 6, 6)
    shuffled = features.flatten(2)[..., torch.randperm(36)].reshape(1, 4, 6, 6)
    assert gram_distance([features], [shuffled]) < 1e-6
    assert gram_distance([features], [2 * features]) > 0.5


def test_restoration_loss_adds_the_feature_terms():
    target = torch.rand(1, 3, 16, 16)
    output = torch.rand(1, 3, 16, 16)

    def features(image):
        return [image * 2, image.square()]

    plain = charbonnier(output, target)
    assert RestorationLoss(None, 1, 1)(output, target, 0) == plain
    assert RestorationLoss(features, 0.1, 0.1)(output, target, 0, 0.0) == plain
    assert RestorationLoss(features, 0.1, 0.1)(output, target, 0) > plain


def test_the_feature_term_is_the_mean_over_all_pictures_seen():
    output, target, other = torch.rand(3, 2, 3, 48, 48).unbind()
    loss = RestorationLoss(lambda image: [image], 0.1, 0)

    def compared_with(picture, *also_seen):
        pixels = charbonnier(output, output) + loss.GRID_WEIGHT * grid_distance(output - picture)
        return loss(output, picture, 0, pixels=output, also_seen=also_seen) - pixels

    one, two = compared_with(target), compared_with(other)
    assert one != two
    assert torch.isclose(compared_with(target, other), (one + two) / 2)


def test_grid_distance_sees_what_repeats_and_not_noise():
    assert grid_distance(torch.ones(1, 3, 64, 64)) < 1e-6
    for period in (4, 8, 16):
        line = torch.cos(2 * torch.pi * torch.arange(64) / period)
        error = 0.1 * (line[:, None] * line).expand(1, 3, 64, 64)
        noise = error.flatten()[torch.randperm(error.numel())].reshape(error.shape)
        assert grid_distance(noise) < 0.7 * grid_distance(error)
