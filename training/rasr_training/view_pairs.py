"""Real pairs for the fusion network: photos of the same thing, one laid on the other as the app does it.

`src/core/alignment` in Python, constants and all: ORB features and a homography by RANSAC, refined by the
enhanced correlation coefficient of local contrasts, then dense optical flow (docs/decisions, 10, 16 and 19).
It runs on a poor shot of the one, as the app would see it. Three things differ: nothing is taken for flat;
fewer features need to agree, since what is hard to align is what trust has to be learned on; and refining is
not begun at half the size, which leads to the same place sooner.
"""

import zlib
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from .aligned_pairs import ViewPair
from .photos import list_photos, read_photo
from .same_object_cases import plain_shot

WORKING_SIDE = 640
RATIO, RANSAC_PIXELS, NEIGHBOURHOOD = 0.8, 4, 32
MIN_INLIERS, MIN_CORRELATION = 15, 0.6
BEYOND = 64
CONTRAST_SIDE, CONTRAST_GAIN, NOISE_VARIANCE = 41, 40, 30
RETURN_PIXELS, SURENESS_SIGMA, CELL = 1.5, 2, 4


@dataclass(frozen=True)
class _Described:
    image: np.ndarray
    """Luma at working size."""
    points: np.ndarray
    descriptors: np.ndarray | None


def view_pairs(data: Path, split: str) -> list[ViewPair]:
    """Pairs of photos of the same thing (domain ``subjects``) of a split where one lies on the other."""
    orb = cv2.ORB_create(2000, 1.2, 8, 31, 0, 2, cv2.ORB_HARRIS_SCORE, 31, 10)
    photos = [photo for photo in list_photos(data, split) if photo.domain == "subjects"]
    pictures = [read_photo(Path(data) / "photos" / photo.path) for photo in photos]
    references = [_describe(orb, _at_working_size(picture)) for picture in pictures]
    pairs = []
    for number, (photo, picture) in enumerate(zip(photos, pictures, strict=True)):
        truth, poor = plain_shot(picture, np.random.default_rng(zlib.crc32(photo.path.encode())))
        seen = _describe(orb, cv2.GaussianBlur(_at_working_size(poor), (0, 0), 1.2))
        for other, reference in enumerate(references):
            if other == number or photos[other].label != photo.label:
                continue
            aligned = _lay(truth, seen, reference, pictures[other])
            if aligned is not None:
                pairs.append(aligned)
    return pairs


def _at_working_size(picture: np.ndarray) -> np.ndarray:
    luma = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    factor = WORKING_SIDE / max(luma.shape)
    size = (round(luma.shape[1] * factor), round(luma.shape[0] * factor))
    return cv2.resize(luma, size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC)


def _describe(orb: cv2.ORB, image: np.ndarray) -> _Described:
    points, descriptors = orb.detectAndCompute(image, None)
    return _Described(image, np.float32([point.pt for point in points]), descriptors)


def _lay(truth: np.ndarray, seen: _Described, shown: _Described, picture: np.ndarray) -> ViewPair | None:
    fit = _fit(seen, shown)
    if fit is None:
        return None
    homography, hull = fit
    height, width = truth.shape[:2]
    rows, columns = seen.image.shape
    flow, sure = _displacement(seen.image, _seen_through(shown.image, homography, columns, rows))
    around = np.zeros((rows, columns), np.uint8)
    cv2.fillConvexPoly(around, hull, 255)
    cv2.polylines(around, [hull], True, 255, 2 * BEYOND)
    enlarge = np.float32([width / columns, height / rows])
    moved = cv2.resize(flow, (width, height), interpolation=cv2.INTER_LINEAR) * enlarge
    place = np.stack(np.meshgrid(np.arange(width), np.arange(height)), -1).astype(np.float32) + moved
    to_picture = _resizing(picture.shape[1] / shown.image.shape[1], picture.shape[0] / shown.image.shape[0])
    to_picture = to_picture @ homography @ _resizing(columns / width, rows / height)
    place = cv2.perspectiveTransform(place.reshape(-1, 1, 2), to_picture).reshape(height, width, 2)
    aligned = cv2.remap(picture, place, None, cv2.INTER_CUBIC)
    reached = cv2.remap(np.full(picture.shape[:2], 255, np.uint8), place, None, cv2.INTER_LINEAR) > 127
    near = cv2.resize(around, (width, height), interpolation=cv2.INTER_NEAREST) > 0
    coverage = reached & near & (cv2.resize(sure, (width, height), interpolation=cv2.INTER_LINEAR) >= 0.5)
    return ViewPair(truth, aligned * coverage[..., None], coverage)


def _fit(seen: _Described, shown: _Described) -> tuple[np.ndarray, np.ndarray] | None:
    """Homography from working pixels of the photo to those of the reference, and the hull of what agrees."""
    if seen.descriptors is None or shown.descriptors is None or min(len(seen.points), len(shown.points)) < 2:
        return None
    nearest = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(seen.descriptors, shown.descriptors, 2)
    matches = [best for best, second in nearest if best.distance < RATIO * second.distance]
    if len(matches) < MIN_INLIERS:
        return None
    places = seen.points[[match.queryIdx for match in matches]]
    targets = shown.points[[match.trainIdx for match in matches]]
    homography, mask = cv2.findHomography(places, targets, cv2.RANSAC, RANSAC_PIXELS, None, 5000, 0.999)
    if homography is None or mask.sum() < MIN_INLIERS:
        return None
    places, targets = (points[mask.ravel() > 0] for points in (places, targets))
    looked = np.zeros(shown.image.shape, np.uint8)
    for x, y in targets:
        cv2.circle(looked, (round(float(x)), round(float(y))), NEIGHBOURHOOD, 255, cv2.FILLED)
    stop = (cv2.TERM_CRITERIA_COUNT + cv2.TERM_CRITERIA_EPS, 40, 1e-5)
    try:
        correlation, homography = cv2.findTransformECC(
            _local_contrast(seen.image),
            _local_contrast(shown.image),
            homography.astype(np.float32),
            cv2.MOTION_HOMOGRAPHY,
            stop,
            looked,
            5,
        )
    except cv2.error:
        return None
    if correlation < MIN_CORRELATION or not _is_plausible(homography, places):
        return None
    return homography.astype(np.float64), cv2.convexHull(np.int32(places.round()))


def _is_plausible(homography: np.ndarray, places: np.ndarray, limit: float = 4) -> bool:
    """Whether all points are on this side of the horizon and enlarged about equally."""
    depths = np.c_[places, np.ones(len(places))] @ homography[2]
    if depths.min() <= 0 or np.linalg.det(homography) <= 0:
        return False
    return (depths.max() / depths.min()) ** 3 <= limit


def _displacement(photo: np.ndarray, reference: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Flow [h, w, 2] from photo to reference in pixels, and 0..1 [h, w], both smoothed to the app's cells."""
    images = _local_contrast(photo), _local_contrast(cv2.GaussianBlur(reference, (0, 0), 1))
    there, back = (
        cv2.calcOpticalFlowFarneback(a, b, None, 0.5, 3, 25, 3, 5, 1.1, 0) for a, b in (images, images[::-1])
    )
    height, width = photo.shape
    ahead = np.stack(np.meshgrid(np.arange(width), np.arange(height)), -1).astype(np.float32) + there
    home = there + cv2.remap(back, ahead, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    sure = (np.abs(home).max(-1) < RETURN_PIXELS).astype(np.float32)
    cells = (-(-width // CELL), -(-height // CELL))
    return (
        cv2.resize(there, cells, interpolation=cv2.INTER_AREA),
        cv2.resize(cv2.GaussianBlur(sure, (0, 0), SURENESS_SIGMA), cells, interpolation=cv2.INTER_AREA),
    )


def _local_contrast(image: np.ndarray) -> np.ndarray:
    values = image.astype(np.float32)
    values -= cv2.blur(values, (CONTRAST_SIDE, CONTRAST_SIDE))
    deviation = np.sqrt(cv2.blur(values**2, (CONTRAST_SIDE, CONTRAST_SIDE)) + NOISE_VARIANCE)
    return (128 + CONTRAST_GAIN * values / deviation).clip(0, 255).astype(np.uint8)


def _seen_through(image: np.ndarray, homography: np.ndarray, width: int, height: int) -> np.ndarray:
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpPerspective(image, homography, (width, height), flags=flags)


def _resizing(x: float, y: float) -> np.ndarray:
    """From pixels of an image to those of the same image resized, by the centres of pixels."""
    return np.array([[x, 0, (x - 1) / 2], [0, y, (y - 1) / 2], [0, 0, 1]])
