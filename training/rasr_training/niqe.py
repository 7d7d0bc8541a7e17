"""NIQE, the 'completely blind' quality index of Mittal, Soundararajan and Bovik (2013). Lower is better.

How far the statistics of a picture's locally normalised luma lie from those of pristine photos: 18 features
of every 96×96 block at two scales, fitted by a Gaussian and compared with the authors' Gaussian. Follows
their MATLAB release, details included (rounded luma, antialiased halving, circular shifts within a block).
"""

import math
from pathlib import Path

import cv2
import numpy as np

from .image_metrics import luma

BLOCK = 96
_SHIFTS = ((0, 1), (1, 0), (1, 1), (1, -1))
_SHAPES = np.arange(0.2, 10.001, 0.001)


def _gamma(x: np.ndarray) -> np.ndarray:
    return np.exp([math.lgamma(value) for value in np.ravel(x)]).reshape(np.shape(x))


_RATIOS = _gamma(2 / _SHAPES) ** 2 / (_gamma(1 / _SHAPES) * _gamma(3 / _SHAPES))
"""Rises with the shape, so that a shape is found by bisection."""


class Niqe:
    """The index, with the pristine model of ``path``: an .npz with mean, covariance and Gaussian window."""

    def __init__(self, path: Path):
        with np.load(path) as parameters:
            self.mean = parameters["mu_pris_param"].reshape(-1)
            self.covariance = parameters["cov_pris_param"]
            self.window = parameters["gaussian_window"]

    def __call__(self, image: np.ndarray) -> float:
        """Index of float RGB [H, W, 3] in 0..1. NaN where fewer than two blocks have any texture."""
        features = block_features(np.round(luma(image) * 255), self.window)
        whole = features[~np.isnan(features).any(1)]
        if len(whole) < 2:
            return math.nan
        distance = self.mean - np.nanmean(features, 0)
        inverse = np.linalg.pinv((self.covariance + np.cov(whole, rowvar=False)) / 2)
        return float(np.sqrt(distance @ inverse @ distance))


def block_features(grey: np.ndarray, window: np.ndarray) -> np.ndarray:
    """Features [blocks, 36] of luma [H, W] in 0..255, its sides cut to multiples of 96."""
    rows, columns = grey.shape[0] // BLOCK, grey.shape[1] // BLOCK
    grey = grey[: rows * BLOCK, : columns * BLOCK].astype(np.float64)
    found = []
    for side in (BLOCK, BLOCK // 2):
        blocks = normalised(grey, window).reshape(rows, side, columns, side).swapaxes(1, 2)
        found.append(_features(blocks.reshape(-1, side, side)))
        if side == BLOCK:
            grey = halve(grey)
    return np.concatenate(found, 1)


def normalised(grey: np.ndarray, window: np.ndarray) -> np.ndarray:
    """Luma less its local mean, over its local deviation plus one."""

    def local(x: np.ndarray) -> np.ndarray:
        return cv2.filter2D(x, -1, window, borderType=cv2.BORDER_REPLICATE)

    mean = local(grey)
    return (grey - mean) / (np.sqrt(np.abs(local(grey * grey) - mean * mean)) + 1)


def halve(grey: np.ndarray) -> np.ndarray:
    """Half the size [2h, 2w] -> [h, w], as MATLAB's ``imresize``: cubic (a = -0.5), antialiased."""
    distance = np.abs(np.arange(8) - 3.5) / 2
    near = 1.5 * distance**3 - 2.5 * distance**2 + 1
    far = -0.5 * distance**3 + 2.5 * distance**2 - 4 * distance + 2
    taps = np.where(distance <= 1, near, far)
    taps /= taps.sum()
    for _ in range(2):
        padded = np.pad(grey, ((3, 3), (0, 0)), mode="symmetric")
        rows = grey.shape[0] // 2
        grey = sum(tap * padded[i : i + 2 * rows : 2] for i, tap in enumerate(taps)).T
    return grey


def _features(blocks: np.ndarray) -> np.ndarray:
    """[n, s, s] -> [n, 18]: the fit of the coefficients and of four products of neighbours."""
    shape, left, right = asymmetric_gaussian(blocks)
    features = [shape, (left + right) / 2]
    for shift in _SHIFTS:
        shape, left, right = asymmetric_gaussian(blocks * np.roll(blocks, shift, axis=(1, 2)))
        mean = (right - left) * _gamma(2 / shape) / _gamma(1 / shape)
        features += [shape, mean, left, right]
    return np.stack(features, 1)


def asymmetric_gaussian(blocks: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Shape and left and right scale, each [n], of the asymmetric generalised Gaussian of ``blocks`` [n, …].

    By moment matching. The scales of a block without values on either side of zero are NaN.
    """
    values = blocks.reshape(len(blocks), -1)
    squares = values**2
    with np.errstate(invalid="ignore", divide="ignore"):
        left = np.sqrt(np.where(values < 0, squares, 0).sum(1) / (values < 0).sum(1))
        right = np.sqrt(np.where(values > 0, squares, 0).sum(1) / (values > 0).sum(1))
        skew = left / right
        ratio = np.abs(values).mean(1) ** 2 / squares.mean(1)
        ratio = ratio * (skew**3 + 1) * (skew + 1) / (skew**2 + 1) ** 2
    after = np.searchsorted(_RATIOS, ratio).clip(1, len(_RATIOS) - 1)
    before = after - 1
    nearest = np.where(ratio - _RATIOS[before] <= _RATIOS[after] - ratio, before, after)
    shape = _SHAPES[nearest]
    scale = np.sqrt(_gamma(1 / shape) / _gamma(3 / shape))
    return shape, left * scale, right * scale
