"""Simulated poor photos of a thing: perspective, uneven light, colour cast, blur, few pixels, noise, JPEG."""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F

from .degradation import Draw, blur, gaussian_kernels, jpeg


@dataclass(frozen=True)
class ShotRange:
    """How poor the photos get. Sides in pixels, noise in 1/255, JPEG quality 0..100."""

    side: tuple[float, float]
    noise: tuple[float, float]
    quality: tuple[float, float]
    perspective: float = 0.1
    light: float = 0.35
    colour: float = 0.12
    saturation: tuple[float, float] = (1.0, 1.0)
    blur_sigma: tuple[float, float] = (0.2, 1.6)
    hung: float = 0.0
    """Share of shots taken from farther away: with the frame around the thing, and the wall around that."""


TRAINING_SHOTS = ShotRange(
    side=(48, 224),
    noise=(0, 28),
    quality=(25, 95),
    perspective=0.13,
    colour=0.18,
    saturation=(0.5, 1.4),
    hung=0.5,
)
QUERY_SHOTS = {
    "light": ShotRange(side=(256, 256), noise=(10, 10), quality=(60, 60)),
    "medium": ShotRange(side=(128, 128), noise=(20, 20), quality=(40, 40)),
    "heavy": ShotRange(side=(64, 64), noise=(30, 30), quality=(30, 30)),
    "wall": ShotRange(side=(192, 192), noise=(10, 10), quality=(60, 60), saturation=(0.7, 1.2), hung=1.0),
}
"""The benchmark's degraded queries: three strengths, and the thing in its frame on a wall."""


def perspective_grid(n: int, size: int, amount: float, draw: Draw) -> torch.Tensor:
    """Sampling grid [n, size, size, 2] of random homographies; edges move by up to about ``amount`` sides."""
    axis = torch.linspace(-1, 1, size)
    y, x = torch.meshgrid(axis, axis, indexing="ij")
    points = torch.stack([x, y, torch.ones_like(x)], -1).reshape(-1, 3)
    homography = torch.eye(3).repeat(n, 1, 1)
    angle = draw.column(n, -amount, amount)[:, 0, 0, 0]
    zoom = draw.column(n, 1 - 1.5 * amount, 1.0)[:, 0, 0, 0]
    homography[:, 0, 0], homography[:, 1, 1] = zoom * angle.cos(), zoom * angle.cos()
    homography[:, 0, 1], homography[:, 1, 0] = -zoom * angle.sin(), zoom * angle.sin()
    homography[:, :2, 2] = draw.column(n, -amount, amount)[:, 0, :, 0].repeat(1, 2) * torch.tensor(
        [1.0, -1.0]
    )
    homography[:, 2, 0] = draw.column(n, -amount, amount)[:, 0, 0, 0]
    homography[:, 2, 1] = draw.column(n, -amount, amount)[:, 0, 0, 0]
    mapped = points @ homography.transpose(1, 2)
    return (mapped[..., :2] / mapped[..., 2:]).reshape(n, size, size, 2)


def hang(images: torch.Tensor, grid: torch.Tensor, hung: torch.Tensor, draw: Draw) -> torch.Tensor:
    """Put a frame and a wall outside [-1, 1] of ``grid``, for images where ``hung`` [n, 1, 1, 1] is true."""
    n = len(images)
    beyond = grid.abs().amax(-1)[:, None]
    frame = (draw.column(n, 0.05, 0.5) + torch.cat([draw.column(n, -0.05, 0.1) for _ in range(3)], 1)).to(
        images
    )
    wall = draw.column(n, 0.2, 0.9) + torch.cat([draw.column(n, -0.08, 0.08) for _ in range(3)], 1)
    width = draw.column(n, 0.0, 0.14).to(images)
    around = torch.where(
        beyond > 1 + width, wall.to(images), frame * (0.8 + 0.4 * (beyond - 1) / (width + 1e-3))
    )
    return torch.where((beyond > 1) & hung, around, images)


def uneven_light(n: int, size: tuple[int, int], amount: float, draw: Draw) -> torch.Tensor:
    """Light gradients [n, 1, h, w] around one."""
    axis_y, axis_x = torch.linspace(-1, 1, size[0]), torch.linspace(-1, 1, size[1])
    angle = draw.column(n, -math.pi, math.pi)
    ramp = axis_x * angle.cos() + axis_y[:, None] * angle.sin()
    return draw.column(n, 1 - amount, 1 + 0.5 * amount) * (1 + draw.column(n, 0, amount) * ramp)


def shoot(images: torch.Tensor, shots: ShotRange, generator: torch.Generator) -> torch.Tensor:
    """Poor photos of ``images`` [n, 3, s, s] in 0..1, brought back to [n, 3, s, s].

    The number of pixels is drawn once per call, everything else per image.
    """
    draw, n, size = Draw(generator), images.shape[0], images.shape[-1]
    grid = perspective_grid(n, size, shots.perspective, draw).to(images)
    if shots.hung:
        hung = (draw.column(n, 0, 1) < shots.hung).to(images.device)
        grid = torch.where(hung, grid * draw.column(n, 1.1, 1.6).to(images), grid)
    sampled = F.grid_sample(images, grid, padding_mode="reflection", align_corners=True)
    images = hang(sampled, grid, hung, draw) if shots.hung else sampled
    grey = images.mean(1, keepdim=True)
    if shots.saturation != (1.0, 1.0):
        images = grey + (images - grey) * draw.column(n, *shots.saturation).to(images)
    light = uneven_light(n, (size, size), shots.light, draw).to(images)
    gain = torch.cat([draw.column(n, 1 - shots.colour, 1 + shots.colour) for _ in range(3)], 1).to(images)
    images = (images * light * gain).clamp(0, 1)
    side = min(size, round(math.exp(draw.uniform(math.log(shots.side[0]), math.log(shots.side[1])))))
    images = F.interpolate(images, size=(side, side), mode="area")
    images = blur(images, gaussian_kernels(n, shots.blur_sigma, draw))
    noise = torch.randn(images.shape, generator=generator).to(images)
    images = images + noise * (draw.column(n, *shots.noise) / 255).to(images)
    images = jpeg(images.clamp(0, 1), draw.column(n, *shots.quality).flatten().to(images))
    return F.interpolate(images, size=(size, size), mode="bilinear").clamp(0, 1)
