"""Photos on disk: the list of a photo set and a decoded, memory-mapped cache of it.

The data folder holds ``photos/manifest.tsv`` (columns ``path``, ``split``, ``domain``, ``label``, ...)
and the files it names. Decoding JPEG is far dearer than cropping, so each split is decoded once, at a few
scales, into one flat uint8 file.
"""

import csv
import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np


class DataError(Exception):
    """The data folder is not what the commands expect; the message names the file and the remedy."""


@dataclass(frozen=True)
class Photo:
    """One photo of the set: ``path`` is relative to ``<data>/photos``."""

    path: str
    split: str
    domain: str
    label: str


def list_photos(data: Path, split: str) -> list[Photo]:
    """Photos of one split, in manifest order. Raises DataError if there are none."""
    manifest = Path(data) / "photos" / "manifest.tsv"
    if not manifest.is_file():
        raise DataError(f"{manifest} not found: point --data at a folder that holds photos/manifest.tsv")
    with manifest.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["split"] == split]
    if not rows:
        raise DataError(f"{manifest} names no photo of split '{split}'")
    return [Photo(row["path"], row["split"], row["domain"], row["label"]) for row in rows]


def read_photo(path: Path) -> np.ndarray:
    """Decode one file to RGB uint8 [H, W, 3]. Raises DataError if it cannot be decoded."""
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if image is None:
        raise DataError(f"{path} cannot be decoded as an image: fetch the photo set again")
    return cv2.cvtColor(image, cv2.COLOR_BGR2RGB)


def resize(image: np.ndarray, width: int, height: int) -> np.ndarray:
    """Resize uint8 or float RGB [H, W, 3]; area averaging when it shrinks, cubic when it grows."""
    shrinks = width < image.shape[1]
    return cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)


def cover(image: np.ndarray, size: int) -> np.ndarray:
    """Resize the shorter side to ``size`` and crop the centre square: [size, size, 3]."""
    height, width = image.shape[:2]
    scale = size / min(height, width)
    image = resize(image, max(size, round(width * scale)), max(size, round(height * scale)))
    top, left = (image.shape[0] - size) // 2, (image.shape[1] - size) // 2
    return image[top : top + size, left : left + size]


@dataclass(frozen=True)
class CachedImage:
    """Where one decoded image lies in the cache: photo index, scale index, shape and offset in bytes."""

    photo: int
    scale: int
    height: int
    width: int
    offset: int


class PhotoCache:
    """Decoded photos in one memory-mapped uint8 file with a JSON index next to it."""

    def __init__(self, folder: Path):
        index = json.loads((Path(folder) / "index.json").read_text(encoding="utf-8"))
        self.photos = [Photo(**photo) for photo in index["photos"]]
        self.scales: list[float] = index["scales"]
        self._pixels = np.memmap(Path(folder) / "pixels.bin", dtype=np.uint8, mode="r")
        self._at = {(e.photo, e.scale): e for e in (CachedImage(**entry) for entry in index["images"])}
        self.by_label: dict[tuple[str, str], list[int]] = {}
        for number, photo in enumerate(self.photos):
            self.by_label.setdefault((photo.domain, photo.label), []).append(number)

    def __len__(self) -> int:
        return len(self.photos)

    def image(self, photo: int, scale: int = 0) -> np.ndarray:
        """A read-only RGB uint8 view [H, W, 3] of photo number ``photo`` at ``self.scales[scale]``."""
        entry = self._at[(photo, scale)]
        size = entry.height * entry.width * 3
        return self._pixels[entry.offset : entry.offset + size].reshape(entry.height, entry.width, 3)


def write_cache(folder: Path, images, scales: list[float]) -> PhotoCache:
    """Write (Photo, RGB uint8 array) pairs at every scale; the index comes last, so no half cache is used."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    photos, entries, offset = [], [], 0
    with (folder / "pixels.bin").open("wb") as file:
        for photo, image in images:
            for scale_index, scale in enumerate(scales):
                height, width = round(image.shape[0] * scale), round(image.shape[1] * scale)
                scaled = image if scale == 1 else resize(image, width, height)
                file.write(np.ascontiguousarray(scaled).tobytes())
                entries.append(asdict(CachedImage(len(photos), scale_index, height, width, offset)))
                offset += height * width * 3
            photos.append(asdict(photo))
    text = json.dumps({"scales": scales, "photos": photos, "images": entries})
    (folder / "index.json").write_text(text, encoding="utf-8")
    return PhotoCache(folder)


def open_cache(data: Path, split: str, cache: Path, scales: list[float], extra=None) -> PhotoCache:
    """The decoded split, built on first use. ``extra`` is a callable that yields more (Photo, image) pairs.

    The cache's name depends on the photo list and the scales, so another photo set gets another cache.
    """
    photos = list_photos(data, split)
    name = getattr(extra, "__name__", "") if extra else ""
    key = hashlib.sha256(json.dumps([[p.path for p in photos], scales, name]).encode()).hexdigest()[:12]
    folder = Path(cache) / f"{split}-{key}"
    if (folder / "index.json").is_file():
        return PhotoCache(folder)

    def decoded():
        for photo in photos:
            yield photo, read_photo(Path(data) / "photos" / photo.path)
        if extra:
            yield from extra()

    return write_cache(folder, decoded(), scales)
