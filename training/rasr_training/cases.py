"""The generator benchmark's cases: a val photo, its degraded form, and references of every kind."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch

from .bundles import to_picture
from .degradation import REAL_ESRGAN, SCALE, degrade
from .pairs import colour_jitter, to_tensor
from .phone_degradation import phone_shot
from .photos import Photo, list_photos, read_photo, resize

SHORT_SIDE = 512
MULTIPLE = 32
PERSPECTIVE = 0.04
GALLERY_DOMAINS = ("zoo", "museum", "subjects")


@dataclass(frozen=True)
class Case:
    """One case; images are RGB uint8. ``gallery`` lists the numbers a retriever may return."""

    photo: Photo
    truth: np.ndarray
    lr: np.ndarray
    gallery: list[int]
    right: list[int]
    irrelevant: int


class ReferenceGallery:
    """Every photo with a gallery, train and val; museum works in another colour rendition than the query."""

    def __init__(self, data: Path):
        self.root = Path(data) / "photos"
        photos = list_photos(data, "train") + list_photos(data, "val")
        self.photos = [photo for photo in photos if photo.domain in GALLERY_DOMAINS]

    def image(self, number: int) -> np.ndarray:
        photo = self.photos[number]
        image = to_short_side(read_photo(self.root / photo.path), SHORT_SIDE)
        return colour_jitter(image, seeded(photo, "rendition")) if photo.domain == "museum" else image


def seeded(photo: Photo, purpose: str) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(f"{photo.path}|{purpose}".encode()))


def to_short_side(image: np.ndarray, side: int) -> np.ndarray:
    scale = side / min(image.shape[:2])
    return resize(image, max(side, round(image.shape[1] * scale)), max(side, round(image.shape[0] * scale)))


def _tilt(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A hand-held view: slight random perspective, slightly zoomed in so that no border shows."""
    height, width = image.shape[:2]
    corners = np.float32([[0, 0], [1, 0], [1, 1], [0, 1]])
    inward = 1 - 2 * corners
    source = (corners + inward * rng.uniform(0, 2 * PERSPECTIVE, (4, 2)).astype(np.float32)) * (width, height)
    target = corners * np.float32([width, height])
    matrix = cv2.getPerspectiveTransform(source.astype(np.float32), target)
    return cv2.warpPerspective(image, matrix, (width, height), flags=cv2.INTER_CUBIC)


def benchmark_cases(
    data: Path, gallery: ReferenceGallery, degradation: str, limit: int | None
) -> Iterator[Case]:
    """Whole val photos at 512 pixels short side, under one of ``DEGRADATIONS``, seeded by path.

    ``limit`` is the most photos of each domain.
    """
    taken: dict[str, int] = {}
    for photo in list_photos(data, "val"):
        taken[photo.domain] = taken.get(photo.domain, 0) + 1
        if limit and taken[photo.domain] > limit:
            continue
        clean = to_short_side(read_photo(Path(data) / "photos" / photo.path), SHORT_SIDE)
        if photo.domain == "museum":
            clean = _tilt(clean, seeded(photo, "tilt"))
        height, width = (side // MULTIPLE * MULTIPLE for side in clean.shape[:2])
        truth, lr = DEGRADATIONS[degradation](clean[:height, :width], photo)
        same = [i for i, other in enumerate(gallery.photos) if _same_label(other, photo)]
        others = [i for i in same if gallery.photos[i] != photo]
        # A painting with one scan is its own reference, in another rendition; anything else never is.
        right = others or (same if photo.domain == "museum" else [])
        allowed = [i for i, other in enumerate(gallery.photos) if other != photo or i in right]
        wrong = [i for i, other in enumerate(gallery.photos) if other.domain != photo.domain]
        irrelevant = int(seeded(photo, "irrelevant").choice(wrong))
        yield Case(photo, truth, lr, allowed, right, irrelevant)


def _real_esrgan(clean: np.ndarray, photo: Photo) -> tuple[np.ndarray, np.ndarray]:
    generator = torch.Generator().manual_seed(int(seeded(photo, "degrade").integers(2**31)))
    return clean, to_picture(degrade(to_tensor([clean]), REAL_ESRGAN, generator).numpy())


def _phone_shot(clean: np.ndarray, photo: Photo) -> tuple[np.ndarray, np.ndarray]:
    generator = torch.Generator().manual_seed(int(seeded(photo, "phone").integers(2**31)))
    lr, scene = phone_shot(to_tensor([clean]), generator)
    return to_picture(scene.numpy()), to_picture(lr.numpy())


def _shrunk(clean: np.ndarray, _: Photo) -> tuple[np.ndarray, np.ndarray]:
    return clean, resize(clean, clean.shape[1] // SCALE, clean.shape[0] // SCALE)


CLEAN = "clean"
DEGRADATIONS = {"real-esrgan": _real_esrgan, "phone-shot": _phone_shot, CLEAN: _shrunk}
"""By name: (clean RGB uint8, photo) -> truth and low-resolution image, RGB uint8."""


def _same_label(a: Photo, b: Photo) -> bool:
    return (a.domain, a.label) == (b.domain, b.label)
