"""Training samples for the fusion network: a photo, the truth, and the same thing's reference laid over it.

What the sampler simulates is what is left wrong after alignment: the reference has another colour rendition
and sharpness, lies a little off, does not reach everywhere, shows something else in places, or is the wrong
one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import torch

from .ahead import MadeAhead
from .degradation import LIGHT, REAL_ESRGAN, Draw, blur, degrade, gaussian_kernels, jpeg
from .pairs import draw_weights
from .photos import PhotoCache, resize

SCALE = 4
MARGIN = 24
"""Pixels around the crop from which a misaligned reference may draw."""
WRONG_SHARE, SHIFTED_SHARE, COVERED_SHARE, EDGE_SHARE, GREY_SHARE = 0.1, 0.05, 0.35, 0.15, 0.04
WAVES_SHARE = 0.2
"""Of a lens, of paper that is not quite flat: a little off, still of use."""
PARALLAX_SHARE = 0.2
"""Of things that stand out of the plane: off by so much that they are to be distrusted, in places."""
VIEWS_SHARE = 0.25
"""Of real pairs of views, where the sampler has any."""
MIN_COVERED, COVERED_TRIES = 0.15, 20
"""A crop of a pair of views shall show this much of the reference; so often is another one tried."""


@dataclass(frozen=True)
class ViewPair:
    """A real pair: ``clean``, ``aligned`` [H, W, 3] RGB uint8, black where ``coverage`` [H, W] is False."""

    clean: np.ndarray
    aligned: np.ndarray
    coverage: np.ndarray


@dataclass
class AlignedBatch:
    """``clean``, ``aligned`` [n, 3, s, s] in 0..1; ``coverage`` [n, 1, s, s]: one where the reference is."""

    clean: torch.Tensor
    aligned: torch.Tensor
    coverage: torch.Tensor


def other_rendition(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Another scan of the same work, float RGB in 0..1: contrast, tint, saturation, sometimes grey."""
    gamma, gain = rng.uniform(0.75, 1.3), rng.uniform(0.8, 1.15, 3)
    result = image.clip(0, 1) ** gamma * gain + rng.uniform(-0.05, 0.08, 3)
    grey = result.mean(-1, keepdims=True)
    saturation = 0.0 if rng.random() < GREY_SHARE else rng.uniform(0.6, 1.35)
    return (grey + (result - grey) * saturation).clip(0, 1)


def other_sharpness(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A reference that has fewer pixels than the output, or was sharpened, or saved as a JPEG; float RGB."""
    height, width = image.shape[:2]
    if rng.random() < 0.5:
        factor = rng.uniform(1, 2.2)
        small = resize(image, round(width / factor), round(height / factor))
        image = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    if rng.random() < 0.2:
        image = image + rng.uniform(0.2, 0.8) * (image - cv2.GaussianBlur(image, (0, 0), 1.2))
    if rng.random() < 0.5:
        pixels = (image.clip(0, 1) * 255).round().astype(np.uint8)
        _, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(60, 97))])
        image = cv2.imdecode(data, cv2.IMREAD_COLOR).astype(np.float32) / 255
    return image.clip(0, 1)


def misalignment(size: int, rng: np.random.Generator) -> np.ndarray:
    """Map [size, size, 2] (x, y) from output to reference pixels, a little off: a tilt, waves."""
    amount = rng.choice([0.3, 1.0, 2.5], p=[0.6, 0.3, 0.1])
    corners = np.float32([[0, 0], [size, 0], [size, size], [0, size]])
    moved = corners + rng.normal(0, amount, (4, 2)).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(corners, moved)
    grid = np.stack(np.meshgrid(np.arange(size), np.arange(size)), -1).astype(np.float32)
    grid = cv2.perspectiveTransform(grid.reshape(-1, 1, 2), matrix).reshape(size, size, 2)
    kind = rng.random()
    if kind < WAVES_SHARE + PARALLAX_SHARE:
        strength = rng.uniform(0.3, 2.5) if kind < WAVES_SHARE else rng.uniform(2.5, 12)
        waves = rng.normal(0, 1, (4, 4, 2)).astype(np.float32) * strength
        grid += cv2.resize(waves, (size, size), interpolation=cv2.INTER_CUBIC)
    return grid


def blob(size: int, rng: np.random.Generator) -> np.ndarray:
    """A soft-edged mask [size, size, 1] in 0..1 that covers about a tenth to a half."""
    noise = rng.normal(0, 1, (4, 4)).astype(np.float32)
    field = cv2.resize(noise, (size, size), interpolation=cv2.INTER_CUBIC)
    mask = (field > np.quantile(field, rng.uniform(0.5, 0.9))).astype(np.float32)
    return cv2.GaussianBlur(mask, (0, 0), rng.choice([0.8, 2.0, 12.0], p=[0.5, 0.3, 0.2]))[..., None]


def photo_light(size: int, rng: np.random.Generator) -> np.ndarray:
    """The photo's own light [size, size, 3] around one: a gradient and a cast."""
    ramp = rng.uniform(0.75, 1.15, (2, 2)).astype(np.float32)
    return cv2.resize(ramp, (size, size), interpolation=cv2.INTER_LINEAR)[..., None] * rng.uniform(
        0.88, 1.12, 3
    )


class AlignedSampler:
    """Draws batches from a cache; a batch depends only on (seed, step). The next one is made ahead."""

    def __init__(self, cache: PhotoCache, crop: int, batch: int, seed: int, views: Sequence[ViewPair] = ()):
        self.cache, self.crop, self.batch, self.seed, self.views = cache, crop, batch, seed, views
        self.weights = draw_weights(cache)
        self._ahead = MadeAhead(self._make)

    def draw(self, step: int) -> AlignedBatch:
        """The batch of one step."""
        return self._ahead(step)

    def _make(self, step: int) -> AlignedBatch:
        rng = np.random.default_rng((self.seed, step))
        samples = [self._draw_one(rng) for _ in range(self.batch)]
        clean, aligned, coverage = (np.stack(part).astype(np.float32) for part in zip(*samples, strict=True))
        return AlignedBatch(
            *(torch.from_numpy(part).permute(0, 3, 1, 2) for part in (clean, aligned, coverage))
        )

    def _draw_one(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Clean, aligned and coverage of one sample, [s, s, c] in 0..1."""
        real = len(self.views) > 0 and rng.random() < VIEWS_SHARE
        return self._views(rng) if real else self._sample(rng)

    def _views(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        pair = self.views[int(rng.integers(len(self.views)))]
        for _ in range(COVERED_TRIES):
            top, left = (int(rng.integers(side - self.crop + 1)) for side in pair.coverage.shape)
            window = (slice(top, top + self.crop), slice(left, left + self.crop))
            if pair.coverage[window].mean() >= MIN_COVERED:
                break
        turns, mirrored = int(rng.integers(4)), rng.random() < 0.5
        parts = (pair.clean[window] / 255, pair.aligned[window] / 255, pair.coverage[window][..., None])
        turned = [np.rot90(part, turns).astype(np.float32) for part in parts]
        clean, aligned, coverage = (part[:, ::-1] if mirrored else part for part in turned)
        return clean, aligned, coverage

    def _crop(self, rng: np.random.Generator) -> np.ndarray:
        """A float RGB crop in 0..1 with its margin, turned and mirrored at random."""
        size = self.crop + 2 * MARGIN
        photo = int(rng.choice(len(self.cache), p=self.weights))
        image = self.cache.image(photo, int(rng.integers(len(self.cache.scales))))
        if min(image.shape[:2]) < size:
            image = self.cache.image(photo, 0)
        if min(image.shape[:2]) < size:
            factor = size / min(image.shape[:2])
            image = resize(image, *(max(size, round(side * factor)) for side in image.shape[1::-1]))
        top, left = (int(rng.integers(side - size + 1)) for side in image.shape[:2])
        crop = image[top : top + size, left : left + size]
        crop = np.rot90(crop, int(rng.integers(4)))
        crop = crop[:, ::-1] if rng.random() < 0.5 else crop
        return crop.astype(np.float32) / 255

    def _sample(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        size, inner = self.crop + 2 * MARGIN, slice(MARGIN, MARGIN + self.crop)
        scene = self._crop(rng)
        kind = rng.random()
        shown = self._crop(rng) if kind < WRONG_SHARE else scene
        covered = rng.random() < COVERED_SHARE
        if covered and rng.random() < 0.5:
            mask = blob(size, rng)
            shown = shown + mask * (self._crop(rng) - shown)
        elif covered:
            # Something before the work, or a shadow on it: the photo is right about it.
            mask = blob(size, rng)
            other = scene * rng.uniform(0.35, 0.8) if rng.random() < 0.4 else self._crop(rng)
            scene = scene + mask * (other - scene)
        scene = (scene * photo_light(size, rng)).clip(0, 1)
        grid = misalignment(size, rng)
        if WRONG_SHARE <= kind < WRONG_SHARE + SHIFTED_SHARE:
            grid += rng.uniform(6, MARGIN, 2) * rng.choice([-1, 1], 2)
        reference = other_sharpness(other_rendition(shown, rng).astype(np.float32), rng)
        reference = cv2.remap(
            reference, grid.astype(np.float32), None, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101
        ).clip(0, 1)
        coverage = np.ones((size, size, 1), np.float32)
        if rng.random() < EDGE_SHARE:
            angle, offset = rng.uniform(-np.pi, np.pi), rng.uniform(-0.35, 0.35) * self.crop
            y, x = np.mgrid[:size, :size] - size / 2
            coverage[x * np.cos(angle) + y * np.sin(angle) > offset] = 0
        return scene[inner, inner], (reference * coverage)[inner, inner], coverage[inner, inner]


def shoot(clean: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """A phone's photo [n, 3, h/4, w/4] of ``clean`` [n, 3, h, w]: soft, few pixels, noise, JPEG 40..92."""
    draw, n = Draw(generator), len(clean)
    soft = blur(clean, gaussian_kernels(n, (0.6, 3.0), draw)).clamp(0, 1)
    small = torch.nn.functional.avg_pool2d(soft, SCALE)
    noise = torch.randn(small.shape, generator=generator).to(small)
    noisy = small + noise * (draw.column(n, 2, 20) / 255).to(small)
    found = jpeg(noisy.clamp(0, 1), draw.column(n, 40, 92).flatten().to(small))
    return torch.round(found * 255) / 255


def degrade_mixed(clean: torch.Tensor, seed: int, groups: int = 4) -> torch.Tensor:
    """Photos of [n, 3, s, s]: half of them phone shots, else the Real-ESRGAN pipeline or a decent camera."""
    generator = torch.Generator().manual_seed(seed)
    parts = []
    for part in clean.chunk(groups):
        kind = torch.rand((), generator=generator).item()
        if kind < 0.5:
            parts.append(shoot(part, generator))
        else:
            parts.append(degrade(part, REAL_ESRGAN if kind < 0.8 else LIGHT, generator))
    return torch.cat(parts)
