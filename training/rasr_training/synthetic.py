"""Licence-free synthetic breadth: rendered pictures grouped by style, as extra training labels.

A style fixes family, palette and statistics; its pictures vary in layout. Families: dead leaves with fractal
texture (Achddou, Gousseau, Ladjal 2021), coats (band-passed noise, as reaction-diffusion gives), mosaics,
star lattices, wings, landscapes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from .photos import Photo

SIZE = 448
STYLES_PER_FAMILY = 6
IMAGES_PER_STYLE = 5


@dataclass(frozen=True)
class Style:
    """What all pictures of one label share."""

    palette: np.ndarray  # [n, 3], 0..1
    scale: float  # feature size, 0..1
    angle: float  # radians
    amount: float  # family-specific, 0..1
    fold: int  # symmetry or number of parts


def random_style(rng: np.random.Generator) -> Style:
    """Colours share a tint and are muted: pigments, fur and stone, not pure primaries."""
    colours = rng.uniform(0, 1, (5, 3))
    grey, tint = colours.mean(1, keepdims=True), rng.uniform(-0.15, 0.15, 3)
    palette = (grey + rng.uniform(0.2, 0.6) * (colours - grey) + tint).clip(0.02, 0.98)
    return Style(palette, rng.uniform(), rng.uniform(0, np.pi), rng.uniform(), int(rng.integers(5, 13)))


def fractal_noise(rng: np.random.Generator, exponent: float = 1.2) -> np.ndarray:
    """[SIZE, SIZE] noise with a 1/f**exponent spectrum, zero mean, unit deviation."""
    f = np.hypot(np.fft.fftfreq(SIZE)[:, None], np.fft.rfftfreq(SIZE)[None])
    f[0, 0] = 1
    noise = np.fft.irfft2(np.fft.rfft2(rng.standard_normal((SIZE, SIZE))) / f**exponent, s=(SIZE, SIZE))
    return (noise - noise.mean()) / noise.std()


def _shade(image: np.ndarray, rng: np.random.Generator, grain: float = 0.04) -> np.ndarray:
    light = 1 + 0.12 * fractal_noise(rng, 2.0) + grain * fractal_noise(rng, 0.6)
    return image * light[..., None].clip(0.4, 1.6)


def _points(rng: np.random.Generator, n: int) -> np.ndarray:
    return rng.uniform(-0.05, 1.05, (n, 2)) * SIZE


def dead_leaves(style: Style, rng: np.random.Generator) -> np.ndarray:
    image = np.ones((SIZE, SIZE, 3)) * style.palette[0]
    texture = fractal_noise(rng, 0.7 + style.amount)
    smallest = 3 + 10 * style.scale
    for centre in _points(rng, 500):
        radius = min(smallest * rng.uniform(0.02, 1) ** -0.5, 120)
        colour = style.palette[rng.integers(5)] + rng.normal(0, 0.06, 3)
        mask = np.zeros((SIZE, SIZE), np.uint8)
        axes = (int(radius) + 1, int(radius * rng.uniform(0.4, 1)) + 1)
        cv2.ellipse(
            mask, centre.astype(int).tolist(), axes, rng.uniform(0, 180), 0, 360, 255, -1, cv2.LINE_AA
        )
        x, y, w, h = cv2.boundingRect(mask)
        alpha = mask[y : y + h, x : x + w, None] / 255
        fill = colour + 0.08 * rng.uniform() * texture[y : y + h, x : x + w, None]
        image[y : y + h, x : x + w] = image[y : y + h, x : x + w] * (1 - alpha) + fill * alpha
    return image


def coat(style: Style, rng: np.random.Generator) -> np.ndarray:
    fy, fx = np.fft.fftfreq(SIZE)[:, None], np.fft.rfftfreq(SIZE)[None]
    along = fx * np.cos(style.angle) + fy * np.sin(style.angle)
    across = fy * np.cos(style.angle) - fx * np.sin(style.angle)
    stretch = 1 + 4 * max(0.0, style.amount - 0.4)
    frequency = np.hypot(along, across * stretch)
    centre = 0.012 + 0.05 * style.scale
    band = np.exp(-(((frequency - centre) / (0.3 * centre)) ** 2))
    pattern = np.fft.irfft2(np.fft.rfft2(rng.standard_normal((SIZE, SIZE))) * band, s=(SIZE, SIZE))
    pattern = 0.5 + 0.5 * np.tanh(3 * (pattern / pattern.std() - (style.fold - 9) / 8))
    image = style.palette[0] * (1 - pattern[..., None]) + style.palette[1] * pattern[..., None]
    fur = cv2.blur(rng.standard_normal((SIZE, SIZE)), (1, 13))
    return image * (1 + 0.35 * fur[..., None])


def mosaic(style: Style, rng: np.random.Generator) -> np.ndarray:
    side = int(16 + 40 * style.scale)
    grid = np.stack(np.meshgrid(np.arange(-side, SIZE + side, side), np.arange(-side, SIZE + side, side)), -1)
    points = grid.reshape(-1, 2) + rng.normal(0, 0.01 + 0.4 * style.amount, (grid.size // 2, 2)) * side
    points = points[((points >= 0) & (points < SIZE)).all(1)]
    subdivision = cv2.Subdiv2D((0, 0, SIZE, SIZE))
    subdivision.insert(points.astype(np.float32).tolist())
    image = np.ones((SIZE, SIZE, 3)) * style.palette[4]
    for facet in subdivision.getVoronoiFacetList([])[0]:
        colour = style.palette[rng.integers(4)] + rng.normal(0, 0.05, 3)
        middle = facet.mean(0)
        shrunk = (middle + 0.9 * (facet - middle)).astype(np.int32)
        cv2.fillPoly(image, [shrunk], colour.tolist(), cv2.LINE_8)
    return image


def star_lattice(style: Style, rng: np.random.Generator) -> np.ndarray:
    step = int(50 + 70 * style.scale)
    image = np.ones((SIZE, SIZE, 3)) * style.palette[0]
    turn, shift = rng.uniform(0, np.pi), rng.uniform(0, step, 2)
    basis = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]) * step
    for ring, size in enumerate((0.72, 0.5, 0.3)):
        inner = size * (0.35 + 0.4 * style.amount)
        angles = np.arange(2 * style.fold) * np.pi / style.fold + turn
        star = np.stack([np.cos(angles), np.sin(angles)], 1)
        star *= np.where(np.arange(2 * style.fold) % 2, inner, size)[:, None] * step
        for i in range(-12, 13):
            for j in range(-12, 13):
                centre = basis[0] * i + basis[1] * (j + 0.5 * (style.fold % 2) * i) + SIZE / 2 + shift
                polygon = (star + centre).astype(np.int32)
                cv2.fillPoly(image, [polygon], style.palette[1 + ring].tolist(), cv2.LINE_8)
                cv2.polylines(image, [polygon], True, style.palette[4].tolist(), 2, cv2.LINE_8)
    return image


def wings(style: Style, rng: np.random.Generator) -> np.ndarray:
    image = np.ones((SIZE, SIZE, 3)) * style.palette[4]
    half = SIZE // 2
    root = np.array([half, half + rng.normal(0, 20)])
    for part, colour in ((-0.6, style.palette[0]), (0.7, style.palette[1])):
        angles = np.linspace(-0.75, 0.75, 24) + part + rng.normal(0, 0.05)
        length = SIZE * (0.28 + 0.18 * style.scale) * (1 + 0.12 * np.sin(style.fold * angles))
        rim = root - np.stack([np.cos(angles) * length, -np.sin(angles) * length], 1)
        outline = np.concatenate([root[None], rim]).astype(np.int32)
        cv2.fillPoly(image, [outline], colour.tolist(), cv2.LINE_8)
        for tip in rim[::4]:
            cv2.line(
                image,
                root.astype(int).tolist(),
                tip.astype(int).tolist(),
                (style.palette[3] * 0.4).tolist(),
                2,
            )
            eye = (root + (tip - root) * (0.45 + 0.4 * style.amount)).astype(int).tolist()
            cv2.circle(image, eye, int(6 + 16 * style.amount), style.palette[2].tolist(), -1)
            cv2.circle(image, eye, int(3 + 6 * style.amount), style.palette[3].tolist(), -1)
    image[:, half:] = image[:, half - 1 :: -1][:, : SIZE - half]
    matrix = cv2.getRotationMatrix2D((half, half), rng.uniform(-25, 25), rng.uniform(0.8, 1.3))
    return cv2.warpAffine(image, matrix, (SIZE, SIZE), borderMode=cv2.BORDER_REPLICATE)


def landscape(style: Style, rng: np.random.Generator) -> np.ndarray:
    ramp = np.linspace(0, 1, SIZE)[:, None, None]
    image = style.palette[0] * (1 - ramp) + (0.5 + 0.5 * style.palette[1]) * ramp
    image = np.repeat(image, SIZE, 1)
    rows = np.arange(SIZE)[:, None]
    for layer in range(4):
        ridge = fractal_noise(rng, 1.0 + 0.6 * style.amount)[0] * 12
        horizon = (
            SIZE * (0.35 + 0.16 * layer) + cv2.GaussianBlur(ridge[None], (0, 0), 1 + 8 * style.scale)[0] * 3
        )
        colour = style.palette[2 + layer % 3] * (0.5 + 0.15 * layer)
        image = np.where((rows > horizon[None])[..., None], colour, image)
    return image


FAMILIES: dict[str, Callable[[Style, np.random.Generator], np.ndarray]] = {
    "dead-leaves": dead_leaves,
    "coat": coat,
    "mosaic": mosaic,
    "star-lattice": star_lattice,
    "wings": wings,
    "landscape": landscape,
}


def render(family: str, style: Style, rng: np.random.Generator) -> np.ndarray:
    """One RGB uint8 picture [SIZE, SIZE, 3] of a style."""
    image = _shade(FAMILIES[family](style, rng), rng)
    return (image.clip(0, 1) * 255).round().astype(np.uint8)


def synthetic_photos(
    styles: int = STYLES_PER_FAMILY, images: int = IMAGES_PER_STYLE, first_style: int = 0
) -> Iterator[tuple[Photo, np.ndarray]]:
    """``styles`` styles of every family, ``images`` pictures of each; the same on every run."""
    for family_number, family in enumerate(FAMILIES):
        for number in range(first_style, first_style + styles):
            style = random_style(np.random.default_rng((7, family_number, number)))
            label = f"{family}-{number}"
            for image in range(images):
                rng = np.random.default_rng((11, family_number, number, image))
                yield Photo(f"{label}/{image}", "train", "synthetic", label), render(family, style, rng)
