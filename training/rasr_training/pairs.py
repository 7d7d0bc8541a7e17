"""Training samples for the generator: clean crops, their references, and the mixture of reference kinds."""

from dataclasses import dataclass
from enum import IntEnum

import cv2
import numpy as np
import torch

from .photos import PhotoCache, cover, resize


class ReferenceKind(IntEnum):
    """What the reference of a sample is; NONE means strength zero."""

    NONE = 0
    SAME_IMAGE = 1
    SAME_LABEL = 2
    IRRELEVANT = 3


KIND_WEIGHTS = (0.08, 0.6, 0.22, 0.1)
MOST_SHRUNK = 1.6
"""How much larger than a crop its place in the photo may be."""
SYNTHETIC_SHARE = 0.15
"""Rendered pictures drawn for each photo drawn."""


@dataclass
class Batch:
    """``clean`` [n, 3, s, s]; ``reference`` [n, 3, R, R] or None; ``kinds`` [n]; all floats in 0..1."""

    clean: torch.Tensor
    reference: torch.Tensor | None
    kinds: np.ndarray


def to_tensor(images: list[np.ndarray]) -> torch.Tensor:
    """RGB uint8 [H, W, 3] images of one size -> float [n, 3, H, W] in 0..1."""
    return torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2).float().div_(255)


def draw_weights(cache: PhotoCache) -> np.ndarray:
    """How often each picture is drawn, summing to one: all photos alike, all rendered pictures alike."""
    rendered = np.array([photo.domain == "synthetic" for photo in cache.photos])
    weights = np.where(rendered, SYNTHETIC_SHARE / max(1, rendered.sum()), 1 / max(1, (~rendered).sum()))
    return weights / weights.sum()


def random_crop(image: np.ndarray, size: int, rng: np.random.Generator) -> np.ndarray:
    """A [size, size, 3] crop, flipped at random; a smaller image is enlarged first."""
    if min(image.shape[:2]) < size:
        scale = size / min(image.shape[:2])
        image = resize(
            image, max(size, round(image.shape[1] * scale)), max(size, round(image.shape[0] * scale))
        )
    top = rng.integers(image.shape[0] - size + 1)
    left = rng.integers(image.shape[1] - size + 1)
    crop = image[top : top + size, left : left + size]
    return crop[:, ::-1] if rng.random() < 0.5 else crop


def colour_jitter(image: np.ndarray, rng: np.random.Generator, amount: float = 0.15) -> np.ndarray:
    """Another rendition of the same thing: per-channel gain, gamma and offset."""
    gain, offset = rng.uniform(1 - amount, 1 + amount, 3), rng.uniform(-amount / 3, amount / 3, 3)
    gamma = rng.uniform(1 - amount, 1 + amount)
    jittered = ((image / 255.0) ** gamma * gain + offset).clip(0, 1)
    return (jittered * 255).round().astype(np.uint8)


def recoloured(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Half of the pictures with other colours and contrast: few photos show few colours of a texture."""
    if rng.random() < 0.5:
        return image
    levels = np.arange(256)[:, None] / 255
    curves = levels ** rng.uniform(0.8, 1.25) * rng.uniform(0.75, 1.05, 3) * rng.uniform(0.9, 1.1)
    return cv2.LUT(np.ascontiguousarray(image), (curves.clip(0, 1) * 255).round().astype(np.uint8)[None])


def warp(image: np.ndarray, size: int, rng: np.random.Generator, amount: float = 0.08) -> np.ndarray:
    """Random perspective of a whole image to [size, size, 3]; corners move by up to ``amount`` sides."""
    height, width = image.shape[:2]
    source = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    target = np.float32([[0, 0], [size, 0], [size, size], [0, size]])
    moved = target + rng.uniform(-amount, amount, (4, 2)).astype(np.float32) * size
    matrix = cv2.getPerspectiveTransform(source, moved)
    return cv2.warpPerspective(
        image, matrix, (size, size), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REFLECT_101
    )


class PairSampler:
    """Draws batches from a cache; a batch depends only on (seed, step), so a resumed run sees the same.

    ``varied`` crops are at scales between the cache's, and half of them in other colours.
    """

    def __init__(
        self,
        cache: PhotoCache,
        crop: int,
        batch: int,
        seed: int,
        reference_size: int | None = None,
        kind_weights: tuple[float, ...] = KIND_WEIGHTS,
        varied: bool = False,
    ):
        self.cache, self.crop, self.batch, self.varied = cache, crop, batch, varied
        self.seed, self.reference_size, self.kind_weights = seed, reference_size, kind_weights
        self.weights = draw_weights(cache)

    def _reference(self, photo: int, box: tuple[int, int, int, int], kind: ReferenceKind, rng) -> np.ndarray:
        size, cache = self.reference_size, self.cache
        record = cache.photos[photo]
        if kind is ReferenceKind.SAME_IMAGE:
            top, left, seen, scale = box
            image = cache.image(photo, scale)
            if rng.random() < 0.3:
                return colour_jitter(warp(cover(image, size), size, rng), rng)
            # Otherwise a window around the crop, at about its own scale: what a gallery of close views gives.
            side = min(int(seen * rng.uniform(1.0, 1.7)), *image.shape[:2])
            room = max(0, side - seen)
            top = int(np.clip(top - rng.integers(room + 1), 0, image.shape[0] - side))
            left = int(np.clip(left - rng.integers(room + 1), 0, image.shape[1] - side))
            window = image[top : top + side, left : left + side]
            return colour_jitter(warp(window, size, rng), rng)
        if kind is ReferenceKind.SAME_LABEL:
            others = [p for p in cache.by_label[(record.domain, record.label)] if p != photo] or [photo]
            choice = int(rng.choice(others))
        else:
            choice = int(rng.integers(len(cache)))
        image = cache.image(choice, int(rng.integers(len(cache.scales))))
        if rng.random() < 0.5:
            return cover(image, size)
        return random_crop(image, size, rng)

    def draw(self, step: int) -> Batch:
        """The batch of one step."""
        rng = np.random.default_rng((self.seed, step))
        crops, references, kinds = [], [], []
        for _ in range(self.batch):
            photo = int(rng.choice(len(self.cache), p=self.weights))
            scale = int(rng.integers(len(self.cache.scales)))
            image = self.cache.image(photo, scale)
            if min(image.shape[:2]) < self.crop:
                scale, image = 0, self.cache.image(photo, 0)
            side = self.crop
            if self.varied:
                side = min(round(side * rng.uniform(1, MOST_SHRUNK)), *image.shape[:2])
            top = int(rng.integers(image.shape[0] - side + 1))
            left = int(rng.integers(image.shape[1] - side + 1))
            crop = image[top : top + side, left : left + side]
            if self.varied:
                crop = recoloured(resize(crop, self.crop, self.crop) if side > self.crop else crop, rng)
            kind = ReferenceKind(rng.choice(4, p=self.kind_weights))
            if self.reference_size:
                references.append(self._reference(photo, (top, left, side, scale), kind, rng))
            if rng.random() < 0.5:
                crop = crop[:, ::-1]
            if not self.reference_size and rng.random() < 0.5:
                crop = crop.transpose(1, 0, 2)
            crops.append(crop)
            kinds.append(int(kind))
        reference = to_tensor(references) if references else None
        return Batch(to_tensor(crops), reference, np.array(kinds))
