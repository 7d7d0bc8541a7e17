"""Pictures for the teacher to look at: windows of photos, turned, tinted, mixed and laid side by side, and
things cut out of photos laid on others (Ghiasi et al. 2021, "Simple copy-paste is a strong data
augmentation").

A student learns a teacher's function from few photos where both look at ever new mixtures of them (Beyer et
al. 2022, "Knowledge distillation: a good teacher is patient and consistent").
"""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import torch

from .pairs import to_tensor
from .photos import DataError, PhotoCache

WHOLE, MIXED, LAID = 0.3, 0.15, 0.25
"""Shares of whole photos, of two windows seen through one another, and of four laid side by side."""
SMALLEST = 0.06
"""Share of a photo's area that the smallest window shows."""
PLAIN = 0.2
"""Share of cut-out things that lie on one colour instead of a photo."""
MORE_SIDE = 480
"""Pixels on the longer side that further pictures are kept with."""


def read_more(folders: Sequence[Path]) -> list[np.ndarray]:
    """Every JPEG, PNG and WebP file below ``folders``: RGB photos [h, w, 3], RGBA cut-outs [h, w, 4], uint8.

    Raises DataError for a file that cannot be decoded, and for a folder without any.
    """
    pictures = []
    for folder in folders:
        files = sorted(f for f in folder.rglob("*") if f.suffix.lower() in (".jpg", ".png", ".webp"))
        if not files:
            raise DataError(f"{folder} holds no JPEG, PNG or WebP file: name a folder of pictures")
        pictures += [_read(file) for file in files]
    return pictures


def _read(file: Path) -> np.ndarray:
    image = cv2.imread(str(file), cv2.IMREAD_UNCHANGED)
    if image is None:
        raise DataError(f"{file} cannot be decoded as an image: take it away")
    if image.dtype == np.uint16:
        image = (image // 257).astype(np.uint8)
    if image.ndim == 2:
        image = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
    if (share := MORE_SIDE / max(image.shape[:2])) < 1:
        image = cv2.resize(image, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    if image.shape[2] == 4 and image[..., 3].min() < 255:
        return cv2.cvtColor(image, cv2.COLOR_BGRA2RGBA)
    return cv2.cvtColor(np.ascontiguousarray(image[..., :3]), cv2.COLOR_BGR2RGB)


def lay(thing: np.ndarray, ground: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A cut-out thing, RGBA [h, w, 4], on ``ground`` [s, s, 3]: turned, flipped, 0.4 to 1.2 of its side."""
    size = len(ground)
    if rng.random() < 0.5:
        thing = thing[:, ::-1]
    scale = size * rng.uniform(0.4, 1.2) / max(thing.shape[:2])
    # Together with its share of each pixel, so that what a transparent pixel hides does not show at the rim.
    alpha = thing[..., 3:].astype(np.float32) / 255
    thing = np.dstack([thing[..., :3] * alpha, alpha])
    thing = cv2.resize(thing, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    height, width = thing.shape[:2]
    move = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-20, 20), 1)
    move[:, 2] += (size - np.array([width, height])) / 2 + size * rng.uniform(-0.2, 0.2, 2)
    laid = cv2.warpAffine(thing, move, (size, size))
    return (laid[..., :3] + ground * (1 - laid[..., 3:])).round().clip(0, 255).astype(np.uint8)


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
    """Batches of collages, fixed by (seed, step); ``alone`` leaves each window by itself.

    ``more`` are further pictures as `read_more` gives them; each counts like one photo of the cache.
    """

    def __init__(
        self,
        cache: PhotoCache,
        size: int,
        batch: int,
        seed: int,
        alone: bool = False,
        more: Sequence[np.ndarray] = (),
    ):
        self.cache, self.size, self.batch, self.seed = cache, size, batch, seed
        self.alone, self.more = alone, more

    def draw(self, step: int) -> torch.Tensor:
        """RGB images [batch, 3, size, size] in 0..1."""
        rng = np.random.default_rng((self.seed, step))
        count = len(self.cache) + len(self.more)
        photos = rng.choice(count, self.batch, replace=self.batch > count)
        return to_tensor([np.ascontiguousarray(self._collage(int(photo), rng)) for photo in photos])

    def _window(self, photo: int, size: int, rng: np.random.Generator) -> np.ndarray:
        image = self._image(photo)
        if image.shape[2] == 3:
            return tint(window(image, size, rng), rng)
        return tint(lay(image, self._ground(size, rng), rng), rng)

    def _image(self, photo: int) -> np.ndarray:
        if photo < len(self.cache):
            return self.cache.image(photo, len(self.cache.scales) - 1)
        return self.more[photo - len(self.cache)]

    def _ground(self, size: int, rng: np.random.Generator) -> np.ndarray:
        if rng.random() < PLAIN:
            return np.full((size, size, 3), rng.integers(256, size=3), np.uint8)
        return window(self._image(int(rng.integers(len(self.cache)))), size, rng)

    def _collage(self, photo: int, rng: np.random.Generator) -> np.ndarray:
        size, kind = self.size, rng.random()
        first = self._window(photo, size, rng)
        if self.alone or kind > MIXED + LAID:
            return first
        others = rng.integers(len(self.cache) + len(self.more), size=3)
        others = [self._window(int(n), size, rng) for n in others]
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
