"""Cases of the same-object benchmark, written as files that `rasr` is run on.

A case is a simulated phone shot of a painting that the gallery holds: perspective, uneven light, a colour
cast, blur, a quarter of the pixels, noise, JPEG. The truth is the clean file under the same perspective and
in the photo's own light and cast, since a restoration shall not change those. The gallery's copy has
another colour rendition, and is another scan where the set has one.
"""

import zlib
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch

from .aligned_pairs import other_rendition
from .bundles import to_picture
from .degradation import jpeg
from .photos import Photo, list_photos, read_photo, resize

SHORT_SIDE = 896
SCALE = 4
MULTIPLE = 32
TILT = 0.08
WALL = 0.16
"""Of each side, around a painting that hangs."""


@dataclass(frozen=True)
class SameObjectCase:
    """Pictures are RGB uint8; ``work`` [H, W] is one where the truth shows the work itself."""

    name: str
    photo: np.ndarray
    truth: np.ndarray
    work: np.ndarray
    reference: np.ndarray | None
    """The gallery's copy; None where the gallery has only other views of the thing."""
    homography: np.ndarray
    """3x3, from pixels of the truth to pixels of the file that was shot."""


def same_object_cases(data: Path, split: str, hung: bool) -> list[SameObjectCase]:
    """One case for each museum photo of a split, seeded by its path. ``hung``: with frame and wall."""
    photos = [photo for photo in list_photos(data, split) if photo.domain == "museum"]
    return [_case(Path(data) / "photos", photo, photos, hung) for photo in photos]


def other_view_cases(data: Path, split: str) -> list[SameObjectCase]:
    """Every second photo of each subject as it is, but poor; the others of it are what a gallery may hold."""
    seen: dict[str, int] = {}
    cases = []
    for photo in list_photos(data, split):
        if photo.domain != "subjects":
            continue
        seen[photo.label] = seen.get(photo.label, 0) + 1
        if seen[photo.label] % 2:
            cases.append(_plain_case(Path(data) / "photos", photo))
    return cases


def _plain_case(root: Path, photo: Photo) -> SameObjectCase:
    rng = np.random.default_rng(zlib.crc32(f"{photo.path}|other view".encode()))
    truth, poor = plain_shot(read_photo(root / photo.path), rng)
    work = np.ones(truth.shape[:2], bool)
    return SameObjectCase(Path(photo.path).stem, poor, truth, work, None, np.eye(3))


def plain_shot(picture: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A picture as it is, RGB uint8 with sides that are multiples of ``MULTIPLE``, and a poor shot of it."""
    shot = _to_short_side(picture)
    height, width = (side // MULTIPLE * MULTIPLE for side in shot.shape[:2])
    truth = shot[:height, :width]
    return truth, _shoot(truth.astype(np.float32) / 255, rng)


def _case(root: Path, photo: Photo, photos: list[Photo], hung: bool) -> SameObjectCase:
    rng = np.random.default_rng(zlib.crc32(f"{photo.path}|same object".encode()))
    shot = _to_short_side(read_photo(root / photo.path))
    height, width = (side // MULTIPLE * MULTIPLE for side in shot.shape[:2])
    scans = [other for other in photos if other.label == photo.label and other != photo]
    other_scan = read_photo(root / scans[0].path) if scans and photo.label != "torso-statue" else None
    source = read_photo(root / photo.path) if other_scan is None else other_scan
    rendition = other_rendition(source.astype(np.float32) / 255, rng)
    reference = (rendition * 255).round().astype(np.uint8)
    homography = _view(shot.shape[1], shot.shape[0], width, height, hung, rng)
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    seen = cv2.warpPerspective(shot, homography, (width, height), flags=flags).astype(np.float32) / 255
    inside = cv2.warpPerspective(
        np.ones(shot.shape[:2], np.float32),
        homography,
        (width, height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
    )
    around = _surroundings(inside, rng)
    seen = seen * inside[..., None] + around * (1 - inside[..., None])
    truth = (seen * _light(width, height, rng)).clip(0, 1).astype(np.float32)
    name = Path(photo.path).stem
    return SameObjectCase(
        name, _shoot(truth, rng), (truth * 255).round().astype(np.uint8), inside > 0.99, reference, homography
    )


def _to_short_side(image: np.ndarray) -> np.ndarray:
    factor = SHORT_SIDE / min(image.shape[:2])
    return resize(image, round(image.shape[1] * factor), round(image.shape[0] * factor))


def _view(
    shot_width: int, shot_height: int, width: int, height: int, hung: bool, rng: np.random.Generator
) -> np.ndarray:
    """Hand-held: corners move by up to ``TILT`` sides, inwards, or outwards to show the wall."""
    corners = np.float32([[0, 0], [1, 0], [1, 1], [0, 1]])
    inward = 1 - 2 * corners
    moved = corners + inward * rng.uniform(0, TILT, (4, 2)).astype(np.float32)
    if hung:
        moved = moved - inward * WALL
    target = corners * np.float32([width, height])
    source = moved * np.float32([shot_width, shot_height])
    return cv2.getPerspectiveTransform(target, source.astype(np.float32))


def _surroundings(inside: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A wooden frame and a plain wall [H, W, 3]."""
    away = cv2.distanceTransform((inside < 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    width = 0.04 * min(inside.shape)
    grain = cv2.GaussianBlur(rng.normal(0, 1, inside.shape).astype(np.float32), (0, 0), sigmaX=9, sigmaY=1)
    profile = 0.75 + 0.35 * np.sin(np.pi * (away / width).clip(0, 1)) + 0.6 * grain
    frame = profile[..., None] * rng.uniform(0.15, 0.55) * np.float32([1.15, 0.95, 0.7])
    shadow = 1 - 0.25 * np.exp(-((away / width - 1) ** 2))
    wall = (rng.uniform(0.45, 0.85) + rng.uniform(-0.04, 0.04, 3)) * shadow[..., None]
    return np.where((away < width)[..., None], frame, wall).clip(0, 1).astype(np.float32)


def _light(width: int, height: int, rng: np.random.Generator) -> np.ndarray:
    ramp = cv2.resize(rng.uniform(0.75, 1.1, (2, 2)).astype(np.float32), (width, height))
    return ramp[..., None] * rng.uniform(0.9, 1.1, 3).astype(np.float32)


def _shoot(truth: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Blur of sigma 0.8..2.4 output pixels, a quarter of the size, noise of 5..20/255, JPEG 40..75."""
    soft = cv2.GaussianBlur(truth, (0, 0), rng.uniform(0.8, 2.4))
    small = resize(soft, truth.shape[1] // SCALE, truth.shape[0] // SCALE)
    noisy = (small + rng.normal(0, rng.uniform(5, 20) / 255, small.shape)).clip(0, 1).astype(np.float32)
    tensor = torch.from_numpy(noisy).permute(2, 0, 1)[None]
    return to_picture(jpeg(tensor, torch.tensor([rng.uniform(40, 75)])).numpy())
