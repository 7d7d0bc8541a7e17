"""NIQE, DISTS-like and ΔE2000 against published or independently computed values, and their properties."""

import cv2
import numpy as np
import pytest
import torch
from conftest import rendered

from rasr_training.bundles import to_input
from rasr_training.colour_difference import delta_e2000, to_lab
from rasr_training.measures import MEASURES, Measures, dists_like, shrink
from rasr_training.niqe import BLOCK, Niqe, asymmetric_gaussian, block_features, halve
from rasr_training.training import DEFAULT_METRICS
from rasr_training.weave import PERIOD, WINDOW, weave

needs_metrics = pytest.mark.skipif(
    not DEFAULT_METRICS.is_dir(), reason=f"needs the networks and tables of {DEFAULT_METRICS}"
)

# Sharma, Wu and Dalal (2005), table 1.
PUBLISHED = [
    ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
    ((50, 3.1571, -77.2803), (50, 0, -82.7485), 2.8615),
    ((50, 2.8361, -74.0200), (50, 0, -82.7485), 3.4412),
    ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0000),
    ((50, -0.9009, -85.5211), (50, 0, -82.7485), 1.0000),
    ((50, 0, 0), (50, -1, 2), 2.3669),
    ((50, 2.49, -0.001), (50, -2.49, 0.0009), 7.1792),
    ((50, 2.49, -0.001), (50, -2.49, 0.0011), 7.2195),
    ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
    ((50, 2.5, 0), (73, 25, -18), 27.1492),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
]


def window() -> np.ndarray:
    line = cv2.getGaussianKernel(7, 7 / 6)
    return line @ line.T


@pytest.mark.parametrize(("lab", "other", "difference"), PUBLISHED)
def test_delta_e2000_has_the_published_values(lab, other, difference):
    lab, other = np.array(lab, float), np.array(other, float)
    assert delta_e2000(lab, other) == pytest.approx(difference, abs=1e-4)
    assert delta_e2000(other, lab) == pytest.approx(difference, abs=1e-4)


def test_lab_of_known_colours():
    colours = np.array([[0, 0, 0], [1, 1, 1], [1, 0, 0], [0, 0, 1]], float)
    wanted = [[0, 0, 0], [100, 0, 0], [53.24, 80.09, 67.20], [32.30, 79.19, -107.86]]
    assert np.allclose(to_lab(colours), wanted, atol=0.02)


def test_niqe_halves_as_matlab_does():
    ramp = np.tile(np.arange(32.0), (32, 1))
    assert np.allclose(halve(ramp)[:, 3:-3], np.arange(0.5, 32, 2)[3:-3])
    assert np.allclose(halve(np.full((20, 12), 7.0)), 7)
    alternating = np.tile([0.0, 1.0], (16, 8))
    assert np.abs(halve(alternating)[:, 2:-2] - 0.5).max() < 1e-9


def test_a_gaussian_is_found_again():
    rng = np.random.default_rng(0)
    values = rng.normal(0, 1, (1, 200_000))
    values = np.where(values < 0, values, 2 * values)
    values = values[:, rng.random(values.shape[1]) < np.where(values[0] < 0, 0.5, 1)]  # equal density at zero
    shape, left, right = asymmetric_gaussian(values)
    assert shape[0] == pytest.approx(2, abs=0.05)
    assert left[0] == pytest.approx(np.sqrt(2), rel=0.03)
    assert right[0] == pytest.approx(2 * np.sqrt(2), rel=0.03)


def test_niqe_measures_the_distance_to_its_pristine_model(tmp_path):
    picture = rendered(1, 4 * BLOCK + 5)
    grey = np.round((picture @ [65.481, 128.553, 24.966]) / 255 + 16)
    features = block_features(grey, window())
    assert features.shape == (16, 36)
    own = {"mu_pris_param": features.mean(0)[None], "cov_pris_param": np.cov(features, rowvar=False)}
    np.savez(tmp_path / "own.npz", gaussian_window=window(), **own)
    niqe = Niqe(tmp_path / "own.npz")
    assert niqe(picture / 255) == pytest.approx(0, abs=1e-6)
    blurred = [niqe(cv2.GaussianBlur(picture, (0, 0), sigma) / 255) for sigma in (0.5, 1, 2)]
    assert 0 < blurred[0] < blurred[1] < blurred[2]
    assert np.isnan(niqe(np.full((200, 200, 3), 0.5)))


@needs_metrics
@pytest.mark.parametrize(("number", "value"), [(0, 11.2008), (1, 4.8976), (2, 9.1671)])
def test_niqe_equals_basicsr(number, value):
    """Values of BasicSR 1.4.2, which halves in single precision, for the same pictures and parameters."""
    niqe = Niqe(DEFAULT_METRICS / "niqe_pris_params.npz")
    assert niqe(rendered(number, 384) / 255) == pytest.approx(value, abs=1.5e-3)


def test_dists_like_is_zero_for_itself_and_two_for_the_opposite():
    a = [torch.randn(2, 8, 16, 16, generator=torch.Generator().manual_seed(0)) * 30 + 5]
    assert dists_like(a, a).abs().max() < 1e-5
    zero_mean = [a[0] - a[0].mean((2, 3), keepdim=True)]
    assert dists_like(zero_mean, [-zero_mean[0]]) == pytest.approx([1, 1], abs=1e-3)  # same means, of zero


def test_dists_like_forgives_moved_texture_more_than_lost_texture():
    texture = torch.rand(1, 4, 32, 32, generator=torch.Generator().manual_seed(1))
    flat = texture.mean((2, 3), keepdim=True).expand_as(texture)
    shifted = texture.roll(5, 3)
    mixed = 0.5 * texture + 0.5 * flat
    assert dists_like([mixed], [texture]) < dists_like([flat], [texture])
    assert dists_like([shifted], [texture]).item() == pytest.approx(0.5, abs=0.05)  # texture kept, place lost


def test_dists_like_by_hand():
    a = torch.tensor([[[[0.0, 2.0]], [[1.0, 1.0]]]])
    b = torch.tensor([[[[0.0, 4.0]], [[3.0, 3.0]]]])
    first = ((2 * 1 * 2) / (1 + 4) + (2 * 2) / (1 + 4)) / 2
    second = ((2 * 1 * 3) / (1 + 9) + 1) / 2
    assert dists_like([a], [b]).item() == pytest.approx(1 - (first + second) / 2, abs=1e-5)


def test_shrinking_takes_box_averages():
    picture = rendered(0, 64)
    wanted = cv2.resize(picture.astype(np.float64), (16, 16), interpolation=cv2.INTER_AREA) / 255
    assert np.allclose(shrink(picture), wanted)


@needs_metrics
def test_all_measures_get_worse_with_damage():
    measures = Measures(DEFAULT_METRICS, 1)
    truth = rendered(1, 256)
    noise = np.random.default_rng(0).normal(0, 1, truth.shape)
    little, much = ((truth + sigma * noise).clip(0, 255).round().astype(np.uint8) for sigma in (5, 40))
    less, more = measures(little, truth), measures(much, truth)
    assert [*less, "weave"] == list(MEASURES)
    for name in ("psnr", "ssim"):
        assert less[name] > more[name]
    for name in ("lpipsLike", "distsLike", "deltaE"):
        assert 0 < less[name] < more[name]
    assert measures.naturalness(truth)["niqe"] == measures(truth, truth)["niqe"]
    assert to_input(truth).shape == (1, 3, 256, 256)


def test_weave_is_what_repeats_in_step_with_the_grids():
    rng = np.random.default_rng(3)
    photo = rendered(0, WINDOW).astype(float) + rng.normal(0, 3, (WINDOW, WINDOW, 1))
    steps = np.arange(WINDOW)
    faint = [2 * np.cos(2 * np.pi * steps / period) for period in (PERIOD / 2, PERIOD / 2 + 1.3)]
    plain, in_step, beside = (
        weave((photo + pattern).clip(0, 255).round().astype(np.uint8))
        for pattern in (0, *((line[:, None] * line)[..., None] for line in faint))
    )
    assert abs(plain) < 2 and abs(beside) < 2
    assert in_step > plain + 3
    assert abs(weave(np.full((WINDOW, WINDOW, 3), 90, np.uint8))) < 1e-6
    assert np.isnan(weave(np.zeros((WINDOW - 1, WINDOW, 3), np.uint8)))
