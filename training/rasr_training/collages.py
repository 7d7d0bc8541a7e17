"""Pictures for the teacher to look at: windows of photos, turned, tinted, mixed and laid side by side.

A student learns a teacher's function from few photos where both look at ever new mixtures of them (Beyer et
al. 2022, "Knowledge distillation: a good teacher is patient and consistent").
"""

import cv2
import numpy as np
import torch

from .pairs import to_tensor
from .photos import PhotoCache

WHOLE, MIXED, LAID = 0.3, 0.15, 0.25
"""Shares of whole photos, of two windows seen through one another, and of four laid side by side."""
SMALLEST = 0.06
"""Share of a photo's area that the smallest window shows."""


def window(image: np.ndarray, size: int, rng: np.random.Generator) -> np.ndarray:
    """A random window of an RGB image [h, w, 3], squashed to [size, size, 3], perhaps flipped and turned."""
    height, width = image.shape[:2]
    if rng.random() >= WHOLE:
        share = np.sqrt(np.exp(rng.uniform(np.log(SMALLEST), 0)))
        aspect = np.exp(rng.uniform(-0.3, 0.3))
        h, w = int(min(height, height * share * aspect)), int(min(width, width * share / aspect))
        top, left = rng.integers(height - h + 1), rng.integers(width - w + 1)
        image = image[top : top + h, left : left + w]
    picture = cv2.resize(image, (size, size), interpolation=cv2.INTER_AREA)
    if rng.random() < 0.25:
        turn = cv2.getRotationMatrix2D((size / 2, size / 2), rng.uniform(-20, 20), rng.uniform(1, 1.2))
        picture = cv2.warpAffine(picture, turn, (size, size), borderMode=cv2.BORDER_REFLECT_101)
    return picture[:, ::-1] if rng.random() < 0.5 else picture


def tint(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Half of the time other gain, contrast and saturation: uint8 [h, w, 3]."""
    if rng.random() < 0.5:
        return image
    picture = image.astype(np.float32)
    grey = picture.mean(2, keepdims=True)
    picture = grey + (picture - grey) * rng.uniform(0, 1.5)
    picture = picture.mean() + (picture - picture.mean()) * rng.uniform(0.6, 1.3)
    return (picture * rng.uniform(0.75, 1.25, 3)).clip(0, 255).astype(np.uint8)


class CollageSampler:
    """Batches of collages, fixed by (seed, step); ``alone`` leaves each window by itself."""

    def __init__(self, cache: PhotoCache, size: int, batch: int, seed: int, alone: bool = False):
        self.cache, self.size, self.batch, self.seed = cache, size, batch, seed
        self.alone = alone

    def draw(self, step: int) -> torch.Tensor:
        """RGB images [batch, 3, size, size] in 0..1."""
        rng = np.random.default_rng((self.seed, step))
        photos = rng.choice(len(self.cache), self.batch, replace=self.batch > len(self.cache))
        return to_tensor([np.ascontiguousarray(self._collage(int(photo), rng)) for photo in photos])

    def _window(self, photo: int, size: int, rng: np.random.Generator) -> np.ndarray:
        scale = len(self.cache.scales) - 1
        return tint(window(self.cache.image(photo, scale), size, rng), rng)

    def _collage(self, photo: int, rng: np.random.Generator) -> np.ndarray:
        size, kind = self.size, rng.random()
        first = self._window(photo, size, rng)
        if self.alone or kind > MIXED + LAID:
            return first
        others = [self._window(int(n), size, rng) for n in rng.integers(len(self.cache), size=3)]
        if kind < MIXED:
            return cv2.addWeighted(first, share := float(rng.uniform(0.3, 0.7)), others[0], 1 - share, 0)
        top, left = rng.integers(size // 4, 3 * size // 4, 2)
        collage = first.copy()
        for other, rows, columns in zip(
            others,
            (slice(0, top), slice(top, size), slice(top, size)),
            (slice(left, size), slice(0, left), slice(left, size)),
            strict=True,
        ):
            h, w = rows.stop - rows.start, columns.stop - columns.start
            collage[rows, columns] = cv2.resize(other, (w, h), interpolation=cv2.INTER_AREA)
        return collage
