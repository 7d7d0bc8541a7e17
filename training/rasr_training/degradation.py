"""The second-order Real-ESRGAN degradation (Wang et al. 2021) as batched torch ops.

Every random draw comes from one ``torch.Generator``, so the same seed gives the same low-resolution image.
Blur kernels, noise and JPEG quality are drawn per image; resize factors and modes once per call, because a
batch has one shape. Poisson noise is drawn as a Gaussian of the same variance.
"""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F

SCALE = 4
_KERNEL = 21


@dataclass(frozen=True)
class Stage:
    """One blur - resize - noise - JPEG round. Sigmas of blur in pixels, of noise in 1/255, quality 0..100."""

    blur_probability: float
    blur_sigma: tuple[float, float]
    resize_probability: tuple[float, float, float]  # up, down, keep
    resize_range: tuple[float, float]
    noise_sigma: tuple[float, float]
    poisson_scale: tuple[float, float]
    jpeg_quality: tuple[float, float]


REAL_ESRGAN = (
    Stage(1.0, (0.2, 3.0), (0.2, 0.7, 0.1), (0.15, 1.5), (1, 30), (0.05, 3.0), (30, 95)),
    Stage(0.8, (0.2, 1.5), (0.3, 0.4, 0.3), (0.3, 1.2), (1, 25), (0.05, 2.5), (30, 95)),
)
"""The published settings of Real-ESRGAN."""

LIGHT = (Stage(0.7, (0.2, 1.6), (0.0, 0.0, 1.0), (1.0, 1.0), (0, 8), (0.0, 0.8), (50, 98)),)
"""A decent camera: one mild round."""


class Draw:
    """Uniform draws from a seeded generator, as Python numbers or per-image columns."""

    def __init__(self, generator: torch.Generator):
        self.generator = generator

    def uniform(self, low: float, high: float) -> float:
        return low + (high - low) * torch.rand((), generator=self.generator).item()

    def column(self, n: int, low: float, high: float) -> torch.Tensor:
        return low + (high - low) * torch.rand(n, 1, 1, 1, generator=self.generator)

    def choice(self, weights: tuple[float, ...]) -> int:
        return int(torch.multinomial(torch.tensor(weights, dtype=torch.float32), 1, generator=self.generator))


def gaussian_kernels(n: int, sigma: tuple[float, float], draw: Draw) -> torch.Tensor:
    """Random generalised, anisotropic Gaussian and plateau kernels [n, 21, 21], each summing to one."""
    major, minor = draw.column(n, *sigma)[:, 0], draw.column(n, *sigma)[:, 0]
    isotropic = draw.column(n, 0, 1)[:, 0] < 0.6
    minor = torch.where(isotropic, major, minor)
    angle = draw.column(n, -math.pi, math.pi)[:, 0]
    family = draw.column(n, 0, 1)[:, 0]
    exponent = torch.where(family < 0.7, 1.0, draw.column(n, 0.5, 2.0)[:, 0])
    axis = torch.arange(_KERNEL) - _KERNEL // 2
    y, x = torch.meshgrid(axis, axis, indexing="ij")
    u = (x * angle.cos() + y * angle.sin()) / major
    v = (y * angle.cos() - x * angle.sin()) / minor
    radius = (u**2 + v**2).clamp_min(1e-12) ** exponent
    kernels = torch.where(family > 0.85, 1 / (1 + radius), torch.exp(-0.5 * radius))
    return kernels / kernels.sum((1, 2), keepdim=True)


def sinc_kernels(n: int, draw: Draw) -> torch.Tensor:
    """Circular low-pass kernels [n, 21, 21]: the ringing of sharpening and over-compression."""
    cutoff = draw.column(n, math.pi / 3, math.pi)[:, 0]
    axis = (torch.arange(_KERNEL) - _KERNEL // 2).float()
    radius = torch.sqrt(axis[:, None] ** 2 + axis[None, :] ** 2)
    safe = torch.where(radius == 0, 1.0, radius)
    kernels = cutoff * torch.special.bessel_j1(cutoff * safe) / (2 * math.pi * safe)
    kernels = torch.where(radius == 0, cutoff**2 / (4 * math.pi), kernels)
    return kernels / kernels.sum((1, 2), keepdim=True)


def blur(images: torch.Tensor, kernels: torch.Tensor) -> torch.Tensor:
    """Convolve each image [n, 3, h, w] with its kernel [n, k, k] through the FFT, edges reflected."""
    pad = min(kernels.shape[-1] // 2, images.shape[-1] - 1, images.shape[-2] - 1)
    padded = F.pad(images, (pad,) * 4, mode="reflect")
    height, width = padded.shape[-2:]
    size = tuple(_fast_length(side + kernels.shape[-1] - 1) for side in (height, width))
    spectrum = torch.fft.rfft2(padded, s=size) * torch.fft.rfft2(kernels.to(images), s=size)[:, None]
    start = pad + kernels.shape[-1] // 2
    result = torch.fft.irfft2(spectrum, s=size)
    return result[..., start : start + images.shape[-2], start : start + images.shape[-1]]


def _fast_length(length: int) -> int:
    """A length at least as large whose FFT is quick: 424 = 8 x 53 takes twice as long as 432."""
    return -(-length // 16) * 16


def add_noise(images: torch.Tensor, stage: Stage, draw: Draw) -> torch.Tensor:
    """Gaussian noise on half of the images, Poisson-like on the rest; grey on 40 %."""
    n = images.shape[0]
    noise = torch.randn(images.shape, generator=draw.generator)
    grey = draw.column(n, 0, 1) < 0.4
    noise = torch.where(grey, noise[:, :1], noise).to(images)
    gaussian = (draw.column(n, *stage.noise_sigma) / 255).to(images)
    poisson = draw.column(n, *stage.poisson_scale).to(images) * torch.sqrt(images.clamp(0, 1) / 255)
    is_gaussian = (draw.column(n, 0, 1) < 0.5).to(images.device)
    return (images + noise * torch.where(is_gaussian, gaussian, poisson)).clamp(0, 1)


_LUMA = torch.tensor(
    [
        [16, 11, 10, 16, 24, 40, 51, 61],
        [12, 12, 14, 19, 26, 58, 60, 55],
        [14, 13, 16, 24, 40, 57, 69, 56],
        [14, 17, 22, 29, 51, 87, 80, 62],
        [18, 22, 37, 56, 68, 109, 103, 77],
        [24, 35, 55, 64, 81, 104, 113, 92],
        [49, 64, 78, 87, 103, 121, 120, 101],
        [72, 92, 95, 98, 112, 100, 103, 99],
    ],
    dtype=torch.float32,
)
_CHROMA = torch.full((8, 8), 99.0)
_CHROMA[:4, :4] = torch.tensor([[17, 18, 24, 47], [18, 21, 26, 66], [24, 26, 56, 99], [47, 66, 99, 99]])
_TO_YCC = torch.tensor([[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]])
_DCT = torch.tensor(
    [
        [math.sqrt((1 if k == 0 else 2) / 8) * math.cos((2 * i + 1) * k * math.pi / 16) for i in range(8)]
        for k in range(8)
    ]
)


def _quantise_blocks(plane: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    n, _, height, width = plane.shape
    blocks = plane.reshape(n, height // 8, 8, width // 8, 8).transpose(2, 3)
    dct = _DCT.to(plane)
    table = table.to(plane)[:, None, None]
    coefficients = torch.round(dct @ blocks @ dct.T / table) * table
    return (dct.T @ coefficients @ dct).transpose(2, 3).reshape(n, 1, height, width)


def jpeg(images: torch.Tensor, quality: torch.Tensor) -> torch.Tensor:
    """Baseline JPEG with 4:2:0 chroma, per-image ``quality`` [n] in 1..100, for RGB [n, 3, h, w] in 0..1."""
    height, width = images.shape[-2:]
    padded = F.pad(images, (0, -width % 16, 0, -height % 16), mode="replicate")
    ycc = torch.einsum("dc,nchw->ndhw", _TO_YCC.to(images), padded * 255)
    quality = quality.reshape(-1, 1, 1).clamp(1, 100)
    factor = torch.where(quality < 50, 5000 / quality, 200 - 2 * quality) / 100
    luma = _quantise_blocks(ycc[:, :1] - 128, (_LUMA * factor).round().clamp(1, 255)) + 128
    small = F.avg_pool2d(ycc[:, 1:], 2)
    table = (_CHROMA * factor).round().clamp(1, 255)
    chroma = torch.cat([_quantise_blocks(small[:, i : i + 1], table) for i in range(2)], 1)
    chroma = F.interpolate(chroma, scale_factor=2, mode="bilinear")
    rgb = torch.einsum("dc,nchw->ndhw", torch.linalg.inv(_TO_YCC).to(images), torch.cat([luma, chroma], 1))
    return (rgb / 255).clamp(0, 1)[..., :height, :width]


def _resize(images: torch.Tensor, size: tuple[int, int], draw: Draw) -> torch.Tensor:
    mode = ("area", "bilinear", "bicubic")[draw.choice((1, 1, 1))]
    return F.interpolate(images, size=size, mode=mode).clamp(0, 1)


def _random_size(size: tuple[int, int], stage: Stage, draw: Draw) -> tuple[int, int]:
    kind = draw.choice(stage.resize_probability)
    low, high = ((1, stage.resize_range[1]), (stage.resize_range[0], 1), (1, 1))[kind]
    factor = draw.uniform(low, high)
    return max(8, round(size[0] * factor)), max(8, round(size[1] * factor))


def degrade(clean: torch.Tensor, stages: tuple[Stage, ...], generator: torch.Generator) -> torch.Tensor:
    """Low-resolution images [n, 3, h/4, w/4] in 0..1, 8-bit steps, of ``clean`` [n, 3, h, w] in 0..1.

    ``h`` and ``w`` must be multiples of four. ``generator`` is a CPU generator whatever the device.
    """
    draw, n = Draw(generator), clean.shape[0]
    target = (clean.shape[-2] // SCALE, clean.shape[-1] // SCALE)
    images, base = clean, tuple(clean.shape[-2:])
    for number, stage in enumerate(stages):
        last = number == len(stages) - 1
        if draw.uniform(0, 1) < stage.blur_probability:
            sinc = draw.uniform(0, 1) < 0.1
            kernels = sinc_kernels(n, draw) if sinc else gaussian_kernels(n, stage.blur_sigma, draw)
            images = blur(images, kernels).clamp(0, 1)
        size = _random_size(base, stage, draw)
        if size != tuple(images.shape[-2:]):
            images = _resize(images, size, draw)
        images = add_noise(images, stage, draw)
        quality = draw.column(n, *stage.jpeg_quality).flatten().to(images)
        if not last:
            images, base = jpeg(images, quality), target
        elif draw.uniform(0, 1) < 0.5:
            images = jpeg(_final_shrink(images, target, draw), quality)
        else:
            images = _final_shrink(jpeg(images, quality), target, draw)
    return torch.round(images.clamp(0, 1) * 255) / 255


def _final_shrink(images: torch.Tensor, target: tuple[int, int], draw: Draw) -> torch.Tensor:
    images = _resize(images, target, draw)
    if draw.uniform(0, 1) < 0.5:
        images = blur(images, sinc_kernels(images.shape[0], draw)).clamp(0, 1)
    return images
