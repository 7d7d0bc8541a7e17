"""Does the generator ever break? Random crops of any size and damage, with and without references."""

from pathlib import Path

import numpy as np
import torch

from .bundles import GeneratorBundle
from .cases import ReferenceGallery
from .degradation import REAL_ESRGAN, degrade
from .pairs import to_tensor
from .phone_degradation import phone_shot
from .photos import list_photos, read_photo, resize

SIDES = (4, 12)
"""Sides of a crop, in units of the bundle's tile multiple."""
REFERENCES = 24


def broken_crops(generator: GeneratorBundle, data: Path, gallery: ReferenceGallery, count: int) -> dict:
    """{crops, nonFinite, largest}: how many outputs were not finite, and the largest finite value."""
    rng, draws = np.random.default_rng(500), torch.Generator().manual_seed(500)
    photos = list_photos(data, "train") + list_photos(data, "val")
    numbers = rng.choice(len(gallery.photos), min(REFERENCES, len(gallery.photos)), replace=False)
    tokens = [generator.encode(gallery.image(int(number))) for number in numbers]
    broken, largest = 0, 0.0
    for number in range(count):
        photo = read_photo(data / "photos" / photos[rng.integers(len(photos))].path)
        crop = to_tensor([_random_crop(photo, generator.manifest["tiles"]["multiple"], rng)])
        lr = degrade(crop, REAL_ESRGAN, draws) if number % 2 else phone_shot(crop, draws)[0]
        reference = tokens[rng.integers(len(tokens))] if rng.random() < 0.5 else None
        output = generator.restore(lr.numpy(), reference, float(rng.random()))
        finite = np.isfinite(output)
        broken += not finite.all()
        largest = max(largest, float(np.abs(output[finite]).max(initial=0)))
    return {"crops": count, "nonFinite": int(broken), "largest": round(largest, 3)}


def _random_crop(photo: np.ndarray, multiple: int, rng: np.random.Generator) -> np.ndarray:
    height, width = 4 * multiple * rng.integers(*SIDES, 2, endpoint=True)
    least = max(height / photo.shape[0], width / photo.shape[1])
    scale = max(least, rng.uniform(0.2, 1.2))
    photo = resize(
        photo, max(width, round(photo.shape[1] * scale)), max(height, round(photo.shape[0] * scale))
    )
    top, left = rng.integers(photo.shape[0] - height + 1), rng.integers(photo.shape[1] - width + 1)
    return photo[top : top + height, left : left + width]
