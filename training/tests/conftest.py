"""Tiny rendered data: the tests need no photo set."""

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from rasr_training.photos import Photo, PhotoCache, write_cache
from rasr_training.synthetic import random_style, render


def rendered(number: int, size: int) -> np.ndarray:
    family = ("coat", "mosaic", "star-lattice")[number % 3]
    image = render(family, random_style(np.random.default_rng(number)), np.random.default_rng(number + 50))
    return cv2.resize(image, (size, size), interpolation=cv2.INTER_AREA)


@pytest.fixture(autouse=True)
def two_threads():
    torch.set_num_threads(2)
    torch.manual_seed(0)


@pytest.fixture(scope="session")
def cache(tmp_path_factory) -> PhotoCache:
    """Six rendered photos of three labels, at two scales."""
    pictures = [(Photo(f"p{i}", "train", "zoo", f"label-{i // 2}"), rendered(i, 128)) for i in range(6)]
    return write_cache(tmp_path_factory.mktemp("cache"), pictures, [1.0, 0.5])


@pytest.fixture(scope="session")
def photo_set(tmp_path_factory) -> Path:
    """A data folder of the real layout with rendered JPEG files: train and val, three domains."""
    root = tmp_path_factory.mktemp("data")
    rows = ["path\tsplit\tdomain\tlabel"]
    for number in range(12):
        split = "val" if number % 3 == 2 else "train"
        domain = ("zoo", "museum", "general")[number // 4]
        name = f"{split}/{domain}/l{number // 2}/{number}.jpg"
        path = root / "photos" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(path), rendered(number, 160))
        rows.append(f"{name}\t{split}\t{domain}\tl{number // 2}")
    (root / "photos" / "manifest.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return root
