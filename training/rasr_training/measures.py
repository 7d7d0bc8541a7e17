"""Every figure the generator benchmark takes of a picture."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch

from .bundles import open_session, to_input
from .colour_difference import delta_e2000, to_lab
from .image_metrics import psnr, ssim
from .losses import lpips_like
from .niqe import Niqe

SCALE = 4
TAPS_FILE, NIQE_FILE = "squeezenet11_taps.onnx", "niqe_pris_params.npz"


@dataclass(frozen=True)
class Measure:
    """How a figure is shown: its column's head, decimals, and whether more is better."""

    head: str
    decimals: int
    more_is_better: bool


MEASURES = {
    "psnr": Measure("PSNR", 2, True),
    "ssim": Measure("SSIM", 4, True),
    "lpipsLike": Measure("LPIPS-like", 3, False),
    "distsLike": Measure("DISTS-like", 4, False),
    "niqe": Measure("NIQE", 2, False),
    "deltaE": Measure("ΔE2000", 2, False),
    "weave": Measure("weave", 1, False),
}


def dists_like(output: list[torch.Tensor], target: list[torch.Tensor]) -> torch.Tensor:
    """Per-image distance [n] in 0..2 by the formula of DISTS (Ding et al. 2020) with uniform weights.

    Each channel of each map [n, c, h, w] counts the same: the likeness of its means (texture) and of its
    deviations (structure). The published distance has trained weights and VGG-16; do not compare with it.
    """
    likeness, channels, c = 0, 0, 1e-6
    for a, b in zip(output, target, strict=True):
        a, b = a.flatten(2), b.flatten(2)
        mean_a, mean_b = a.mean(2), b.mean(2)
        # Centred first: in single precision the difference of large squares would lose the small variances.
        a, b = a - mean_a[..., None], b - mean_b[..., None]
        var_a, var_b, covariance = a.square().mean(2), b.square().mean(2), (a * b).mean(2)
        texture = (2 * mean_a * mean_b + c) / (mean_a**2 + mean_b**2 + c)
        structure = (2 * covariance + c) / (var_a + var_b + c)
        likeness = likeness + (texture + structure).sum(1) / 2
        channels += a.shape[1]
    return 1 - likeness / channels


def shrink(picture: np.ndarray) -> np.ndarray:
    """RGB uint8 [4h, 4w, 3] -> float [h, w, 3] in 0..1: box averages."""
    height, width = picture.shape[0] // SCALE, picture.shape[1] // SCALE
    boxes = picture.reshape(height, SCALE, width, SCALE, 3)
    return boxes.mean((1, 3)) / 255


class Measures:
    """Figures of restored pictures, with the networks and tables of a metrics folder."""

    def __init__(self, folder: Path, threads: int):
        self._taps = open_session(folder / TAPS_FILE, threads)
        self._niqe = Niqe(folder / NIQE_FILE)
        self._truth: tuple[np.ndarray, list[torch.Tensor]] | None = None
        self.key = " ".join(f"{name} {value:.4g}" for name, value in self(*_probe()).items())
        """What a fixed pair of pictures scores: figures that were kept are void when that changes."""

    def __call__(self, picture: np.ndarray, truth: np.ndarray) -> dict[str, float]:
        """All figures of ``picture`` against ``truth``, both RGB uint8 [H, W, 3], sides multiples of four."""
        if self._truth is None or self._truth[0] is not truth:
            self._truth = (truth, self._features(truth))
        found, wanted = self._features(picture), self._truth[1]
        output, target = picture / 255, truth / 255
        difference = delta_e2000(to_lab(shrink(picture)), to_lab(shrink(truth)))
        return {
            "psnr": psnr(output, target),
            "ssim": ssim(output, target),
            "lpipsLike": float(lpips_like(found[1:], wanted[1:])),
            "distsLike": float(dists_like(found, wanted)),
            "niqe": self._niqe(output),
            "deltaE": float(difference.mean()),
        }

    def naturalness(self, picture: np.ndarray) -> dict[str, float]:
        """What can be said of a picture alone."""
        return {"niqe": self._niqe(picture / 255)}

    def _features(self, picture: np.ndarray) -> list[torch.Tensor]:
        """The picture itself, as DISTS has it, and the seven taps."""
        image = to_input(picture)
        return [torch.from_numpy(part) for part in (image, *self._taps.run(None, {"image": image}))]


def _probe() -> tuple[np.ndarray, np.ndarray]:
    """A fixed picture and a damaged one, [192, 192, 3]."""
    rng = np.random.default_rng(0)
    truth = cv2.resize(rng.integers(0, 256, (48, 48, 3), np.uint8), (192, 192), interpolation=cv2.INTER_CUBIC)
    noise = rng.normal(0, 12, truth.shape)
    return (0.9 * truth + 8 + noise).clip(0, 255).astype(np.uint8), truth
