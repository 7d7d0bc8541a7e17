"""A phone's photo of something on show, as batched torch ops.

    clean ─ tilt ─ light, glare ─ scene
    scene ─ defocus, motion ─ few pixels ─ sensor noise ─ denoising, sharpening, JPEG ─ lr

`tilt` is a call of its own, since the benchmark tilts museum works only, and always by the same amount.
Light and glare belong to the scene: a restoration shall keep them, so they are in the truth as well. Lens
and sensor work in linear light (a plain 2.2 power here), the phone's processing on the encoded picture.

Every random draw comes from one CPU ``torch.Generator`` whatever the device, so the same seed gives the same
photo. Everything is drawn per image but the digital zoom, because a batch has one shape.
"""

import math

import torch
import torch.nn.functional as F

from .degradation import SCALE, Draw, blur, jpeg
from .phone_shots import perspective_grid, uneven_light

GAMMA = 2.2
_KERNEL = 25
_SENSOR_GAINS = torch.tensor([1.6, 1.0, 1.9]).reshape(1, 3, 1, 1)
"""White balance amplifies red and blue, and their noise with them."""


def phone_shot(clean: torch.Tensor, generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Photo and truth of ``clean`` [n, 3, h, w] in 0..1; ``h`` and ``w`` are multiples of four.

    Returns ``lr`` [n, 3, h/4, w/4] in 0..1 and 8-bit steps, and ``scene`` [n, 3, h, w] in 0..1: the clean
    image in the photo's light, what a restoration of ``lr`` is measured against.
    """
    draw = Draw(generator)
    scene = light_scene(clean, draw)
    exposed = expose(scene.clamp_min(1e-4) ** GAMMA, draw)
    size = (clean.shape[-2] // SCALE, clean.shape[-1] // SCALE)
    encoded = sense(exposed, size, draw).clamp(1e-4, 1) ** (1 / GAMMA)
    return torch.round(process(encoded, draw) * 255) / 255, scene


def tilt(clean: torch.Tensor, generator: torch.Generator, amount: float = 0.05) -> torch.Tensor:
    """Square images [n, 3, s, s] seen at an angle: homographies that move edges by up to ``amount`` sides."""
    grid = perspective_grid(clean.shape[0], clean.shape[-1], amount, Draw(generator)).to(clean)
    seen = F.grid_sample(clean, grid, mode="bicubic", padding_mode="reflection", align_corners=True)
    return seen.clamp(0, 1)


def light_scene(clean: torch.Tensor, draw: Draw) -> torch.Tensor:
    """``clean`` in a room: a gradient of light, a slight cast, and on every third image a reflection."""
    n, size = clean.shape[0], tuple(clean.shape[-2:])
    light = uneven_light(n, size, 0.4, draw)
    cast = torch.cat([draw.column(n, 0.92, 1.08) for _ in range(3)], 1)
    glare = reflections(n, size, draw) * (draw.column(n, 0, 1) < 0.35)
    linear = clean.clamp(0, 1) ** GAMMA * (light * cast).to(clean) + glare.to(clean)
    return linear.clamp(0, 1) ** (1 / GAMMA)


def reflections(n: int, size: tuple[int, int], draw: Draw) -> torch.Tensor:
    """Light [n, 1, h, w] that glass or varnish adds: a soft, tilted ellipse, up to 0.5 of white within."""
    y, x = torch.meshgrid(*(torch.linspace(-1, 1, side) for side in size), indexing="ij")
    angle = draw.column(n, -math.pi, math.pi)
    dx, dy = x - draw.column(n, -1, 1), y - draw.column(n, -1, 1)
    u = (dx * angle.cos() + dy * angle.sin()) / draw.column(n, 0.2, 1.0)
    v = (dy * angle.cos() - dx * angle.sin()) / draw.column(n, 0.1, 0.4)
    return draw.column(n, 0.05, 0.5) * torch.exp(-((u**2 + v**2) ** draw.column(n, 0.7, 1.5)))


def defocus_kernels(n: int, radius: tuple[float, float], draw: Draw) -> torch.Tensor:
    """Discs [n, 25, 25] with a soft rim, each summing to one; radius in pixels."""
    x, y = _kernel_axes()
    discs = (draw.column(n, *radius)[:, 0] + 0.5 - torch.sqrt(x**2 + y**2)).clamp(0, 1)
    return discs / discs.sum((1, 2), keepdim=True)


def motion_kernels(n: int, length: tuple[float, float], draw: Draw) -> torch.Tensor:
    """Slightly bent strokes [n, 25, 25], each summing to one: a hand that shakes. Length in pixels."""
    x, y = _kernel_axes()
    stroke, angle = draw.column(n, *length)[:, 0], draw.column(n, -math.pi, math.pi)[:, 0]
    along = x * angle.cos() + y * angle.sin()
    bend = draw.column(n, -0.04, 0.04)[:, 0]
    across = y * angle.cos() - x * angle.sin() - bend * along**2
    strokes = (stroke / 2 + 0.5 - along.abs()).clamp(0, 1) * (1 - across.abs()).clamp(0, 1)
    return strokes / strokes.sum((1, 2), keepdim=True)


def _kernel_axes() -> tuple[torch.Tensor, torch.Tensor]:
    axis = (torch.arange(_KERNEL) - _KERNEL // 2).float()
    return axis[None, None, :], axis[None, :, None]


def expose(linear: torch.Tensor, draw: Draw) -> torch.Tensor:
    """Defocus and the motion of an unsteady hand on linear light [n, 3, h, w]."""
    n = linear.shape[0]
    discs = defocus_kernels(n, (0.0, 4.0), draw)
    still = draw.column(n, 0, 1)[:, 0] < 0.4
    strokes = torch.where(still, motion_kernels(n, (0, 0), draw), motion_kernels(n, (1, 12), draw))
    # One convolution of the image: the kernels are convolved with each other first.
    kernels = blur(discs[:, None], strokes)[:, 0]
    return blur(linear, kernels / kernels.sum((1, 2), keepdim=True)).clamp(0, 1)


def sense(linear: torch.Tensor, size: tuple[int, int], draw: Draw) -> torch.Tensor:
    """What the sensor makes of linear light: ``size`` pixels with noise, fewer of them under digital zoom.

    Noise has the variance gain * signal + read², per channel, and is smeared a little as demosaicing does.
    """
    zoom = draw.uniform(0.6, 1.0) if draw.uniform(0, 1) < 0.3 else 1.0
    sensed = tuple(max(8, round(side * zoom)) for side in size)
    pixels = F.interpolate(linear, size=sensed, mode="area")
    n = pixels.shape[0]
    gain = torch.exp(draw.column(n, math.log(2e-4), math.log(1.2e-2))) * _SENSOR_GAINS
    read = draw.column(n, 0.0005, 0.006)
    noise = torch.randn(pixels.shape, generator=draw.generator)
    noise = blur(noise, _gaussians(draw.column(n, 0.3, 0.6)))
    pixels = pixels + noise.to(pixels) * torch.sqrt(pixels * gain.to(pixels) + read.to(pixels) ** 2)
    return pixels if sensed == size else F.interpolate(pixels, size=size, mode="bicubic")


def process(encoded: torch.Tensor, draw: Draw) -> torch.Tensor:
    """The phone's own work on the picture [n, 3, h, w] in 0..1: light denoising, sharpening, strong JPEG."""
    n = encoded.shape[0]
    strength = draw.column(n, 0, 1).to(encoded)
    smooth = bilateral(encoded, draw.column(n, 0.02, 0.1).to(encoded))
    picture = encoded + strength * (smooth - encoded)
    amount = (draw.column(n, 0, 1.2) * (draw.column(n, 0, 1) < 0.7)).to(encoded)
    soft = blur(picture, _gaussians(draw.column(n, 0.7, 1.5)))
    picture = (picture + amount * (picture - soft)).clamp(0, 1)
    return jpeg(picture, draw.column(n, 30, 85).flatten().to(encoded))


def bilateral(images: torch.Tensor, tolerance: torch.Tensor, radius: int = 2) -> torch.Tensor:
    """Edge-keeping smoothing of [n, 3, h, w]: neighbours count by nearness and by likeness of their green.

    ``tolerance`` [n, 1, 1, 1] is the difference at which a neighbour's weight has fallen to exp(-1/2).
    """
    height, width = images.shape[-2:]
    padded = F.pad(images, (radius,) * 4, mode="replicate")
    total = weights = 0
    for top in range(2 * radius + 1):
        for left in range(2 * radius + 1):
            near = padded[..., top : top + height, left : left + width]
            distance = ((top - radius) ** 2 + (left - radius) ** 2) / radius**2
            unlike = ((near[:, 1:2] - images[:, 1:2]) / tolerance) ** 2
            weight = torch.exp(-0.5 * (unlike + distance))
            total, weights = total + weight * near, weights + weight
    return total / weights


def _gaussians(sigma: torch.Tensor) -> torch.Tensor:
    """Kernels [n, 9, 9] of the given sigmas [n, 1, 1, 1]."""
    axis = (torch.arange(9) - 4).float()
    line = torch.exp(-0.5 * (axis / sigma[:, 0]) ** 2)
    kernels = line.transpose(1, 2) * line
    return kernels / kernels.sum((1, 2), keepdim=True)
