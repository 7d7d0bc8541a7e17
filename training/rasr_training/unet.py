"""The one-step UNet on the latent grid, split where the reference branch needs it."""

from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import nn

from .autoencoder import LATENT_CHANNELS, DetailModulation, ResidualBlock

BASE = 48
WIDTHS = tuple(BASE * m for m in (1, 2, 3, 4))
INPUT_CHANNELS = LATENT_CHANNELS + 3
"""The latent and, beside it, the low-resolution image itself."""


class UNetEncoder(nn.Module):
    """[n, 19, h, w] -> four feature maps, fine to coarse: 48, 96, 144, 192 channels at 1, 1/2, 1/4, 1/8."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(INPUT_CHANNELS, WIDTHS[0], 3, padding=1)
        self.levels = nn.ModuleList(
            nn.Sequential(ResidualBlock(width), ResidualBlock(width)) for width in WIDTHS
        )
        self.downs = nn.ModuleList(nn.Conv2d(fine, coarse, 2, stride=2) for fine, coarse in pairwise(WIDTHS))

    def forward(self, x: torch.Tensor) -> list[torch.Tensor]:
        x = self.stem(x)
        maps = []
        for number, level in enumerate(self.levels):
            x = level(x if number == 0 else self.downs[number - 1](x))
            maps.append(x)
        return maps


class DecoderBlock(nn.Module):
    """Joins the coarser map with the encoder's map of this level: [n, C, h, w] of this level's width."""

    def __init__(self, width: int, coarser_width: int | None):
        super().__init__()
        self.up = nn.Conv2d(coarser_width, 4 * width, 1) if coarser_width else None
        self.join = nn.Conv2d(2 * width, width, 1) if coarser_width else None
        self.blocks = nn.Sequential(ResidualBlock(width), ResidualBlock(width))

    def forward(self, coarser: torch.Tensor | None, skip: torch.Tensor) -> torch.Tensor:
        if coarser is None:
            return self.blocks(skip)
        x = F.pixel_shuffle(self.up(coarser), 2)
        return self.blocks(self.join(torch.cat([x, skip], 1)))


class UNet(nn.Module):
    """Predicts the latent residual from the low-quality latent and the low-resolution image.

    Returns it with the features [n, 48, h, w] that it was read from.

    One step of residual shifting at a fixed timestep: ``z0 = z_lq - unet(z_lq, lr)``. The timestep never
    varies, so there is no timestep embedding. The last convolution starts at zero: training starts from
    bicubic quality. ``inject(number, features, skip)`` may change what each decoder block passes on,
    knowing the encoder's map of its level; block 0 is the coarsest.
    """

    def __init__(self):
        super().__init__()
        self.encoder = UNetEncoder()
        coarse_to_fine = WIDTHS[::-1]
        self.decoder = nn.ModuleList(
            DecoderBlock(width, coarse_to_fine[number - 1] if number else None)
            for number, width in enumerate(coarse_to_fine)
        )
        self.modulations = nn.ModuleList(DetailModulation(width) for width in coarse_to_fine)
        self.head = nn.Conv2d(WIDTHS[0], LATENT_CHANNELS, 3, padding=1)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def forward(
        self, latent: torch.Tensor, lr: torch.Tensor, detail: torch.Tensor | None = None, inject=None
    ) -> tuple[torch.Tensor, torch.Tensor]:
        maps = self.encoder(torch.cat([latent, lr.to(latent.dtype)], 1))
        x = None
        for number, block in enumerate(self.decoder):
            x = block(x, maps[-1 - number])
            if inject is not None:
                x = inject(number, x, maps[-1 - number])
            x = self.modulations[number](x, detail)
        return self.head(x), x
