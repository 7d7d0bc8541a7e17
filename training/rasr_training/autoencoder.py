"""The autoencoder: factor 4, 16 latent channels.

The first three latent channels are the 4x4 box average of the image, the other thirteen are learned detail.
The decoder adds its prediction to the cubic upsampling of those three, so colour and low frequencies pass
through unchanged and a latent without detail decodes to a plain bicubic image.
"""

import torch
import torch.nn.functional as F
from torch import nn

FACTOR = 4
LATENT_CHANNELS = 16
DETAIL_GAIN = 8.0
"""Brings the contrast within a 4x4 cell, a few hundredths, to about one; without it training stalls."""


def _cubic(distance: float, a: float = -0.5) -> float:
    d = abs(distance)
    if d < 1:
        return (a + 2) * d**3 - (a + 3) * d**2 + 1
    if d < 2:
        return a * d**3 - 5 * a * d**2 + 8 * a * d - 4 * a
    return 0.0


def cubic_phases_weight() -> torch.Tensor:
    """[48, 3, 5, 5]: a convolution whose pixel-shuffled output is the cubic (a = -0.5) x4 upsampling."""
    offsets = [(phase + 0.5) / FACTOR - 0.5 for phase in range(FACTOR)]
    taps = torch.tensor([[_cubic(tap - 2 - offset) for tap in range(5)] for offset in offsets])
    phases = torch.einsum("py,qx->pqyx", taps, taps).reshape(FACTOR**2, 5, 5)
    weight = torch.zeros(3 * FACTOR**2, 3, 5, 5)
    for channel in range(3):
        weight[channel * FACTOR**2 : (channel + 1) * FACTOR**2, channel] = phases
    return weight


class CubicPhases(nn.Module):
    """[n, 3, h, w] -> [n, 48, h, w]; ``pixel_shuffle(., 4)`` of it is the bicubic x4 image."""

    def __init__(self):
        super().__init__()
        self.register_buffer("weight", cubic_phases_weight(), persistent=False)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        with torch.autocast(image.device.type, enabled=False):
            return F.conv2d(F.pad(image.float(), (2, 2, 2, 2), mode="replicate"), self.weight)


def bicubic_upsample(image: torch.Tensor) -> torch.Tensor:
    """Cubic (a = -0.5) x4 upsampling of [n, 3, h, w]; the benchmark's 'bicubic' row."""
    return F.pixel_shuffle(CubicPhases().to(image.device)(image), FACTOR)


class ResidualBlock(nn.Module):
    """conv - leaky ReLU - conv, added to the input. No normalisation, so that tiles equal the whole."""

    def __init__(self, channels: int):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)
        with torch.no_grad():
            self.conv2.weight.mul_(0.2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.conv2(F.leaky_relu(self.conv1(x), 0.1))


class DetailModulation(nn.Module):
    """``x * (1 + detail * scale) + detail * shift``, times a gain: nothing at 0, more texture towards 1.

    ``x`` [n, channels, h, w], ``detail`` [n] or [1] in 0..1. One network for the whole way from the faithful
    to the perceptual solution, trained on losses weighted by ``detail`` (Dosovitskiy and Djolonga 2020, 'You
    only train once'). Zero-initialised; without the gain the two ends hardly parted within a short training.
    """

    GAIN = 8.0

    def __init__(self, channels: int):
        super().__init__()
        self.scale = nn.Parameter(torch.zeros(1, channels, 1, 1))
        self.shift = nn.Parameter(torch.zeros(1, channels, 1, 1))

    def forward(self, x: torch.Tensor, detail: torch.Tensor | None) -> torch.Tensor:
        if detail is None:
            return x
        detail = self.GAIN * detail.reshape(-1, 1, 1, 1)
        return x * (1 + detail * self.scale).to(x.dtype) + (detail * self.shift).to(x.dtype)


class Encoder(nn.Module):
    """Image [n, 3, 4h, 4w] in 0..1, pixel-unshuffled to [n, 48, h, w], -> latent [n, 16, h, w]."""

    def __init__(self, width: int = 48):
        super().__init__()
        self.stem = nn.Conv2d(3 * FACTOR**2, width, 3, padding=1)
        self.blocks = nn.Sequential(ResidualBlock(width), ResidualBlock(width))
        self.head = nn.Conv2d(width, LATENT_CHANNELS - 3, 3, padding=1)

    def forward(self, phases: torch.Tensor) -> torch.Tensor:
        n, _, h, w = phases.shape
        phases = phases.reshape(n, 3, FACTOR**2, h, w)
        average = phases.mean(2)
        contrast = DETAIL_GAIN * (phases - average[:, :, None]).reshape(n, -1, h, w)
        detail = self.head(self.blocks(self.stem(contrast)))
        return torch.cat([average, detail.to(average.dtype)], 1)


DECODER_WIDTH = 64


class Decoder(nn.Module):
    """Latent [n, 16, h, w] -> image [n, 3, 4h, 4w]; the last stage works at half of the output resolution.

    ``skip`` [n, 64, h, w] is what else is known of the photo: the latent's 16 channels are a narrow way.
    """

    DEPTH = 13

    def __init__(self, half_width: int = 32):
        super().__init__()
        width = DECODER_WIDTH
        self.upsample = CubicPhases()
        self.stem = nn.Conv2d(LATENT_CHANNELS, width, 3, padding=1)
        self.blocks = nn.ModuleList(ResidualBlock(width) for _ in range(self.DEPTH))
        self.modulations = nn.ModuleList(DetailModulation(width) for _ in range(self.DEPTH))
        self.half_modulation = DetailModulation(half_width)
        self.to_half = nn.Conv2d(width, 4 * half_width, 1)
        self.refine = nn.Conv2d(half_width, half_width, 3, padding=1)
        self.head = nn.Conv2d(half_width, 3 * 4, 3, padding=1)
        with torch.no_grad():
            self.head.weight.mul_(0.1)
            self.head.bias.zero_()

    def forward(
        self, latent: torch.Tensor, detail: torch.Tensor | None = None, skip: torch.Tensor | None = None
    ) -> torch.Tensor:
        low = F.pixel_shuffle(self.upsample(latent[:, :3]), FACTOR)
        x = self.stem(latent)
        if skip is not None:
            x = x + skip
        for modulation, block in zip(self.modulations, self.blocks, strict=True):
            x = block(modulation(x, detail))
        x = F.leaky_relu(F.pixel_shuffle(self.to_half(x), 2), 0.1)
        x = self.half_modulation(x, detail)
        x = F.leaky_relu(self.refine(x), 0.1)
        return low + F.pixel_shuffle(self.head(x), 2)


class Autoencoder(nn.Module):
    """Encoder and decoder; ``forward`` reconstructs [n, 3, 4h, 4w]."""

    def __init__(self):
        super().__init__()
        self.encoder = Encoder()
        self.decoder = Decoder()

    def encode(self, image: torch.Tensor) -> torch.Tensor:
        return self.encoder(F.pixel_unshuffle(image, FACTOR))

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return self.decoder(self.encode(image))
