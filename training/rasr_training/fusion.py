"""The fusion network of the same-object path: a photo and the aligned reference of the very same thing.

It works on the photo's pixel grid. What it gives is the reference in the photo's light and colour with
whatever the photo shows otherwise put back, and a map of how far that can be trusted.
"""

from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import nn

from .autoencoder import FACTOR, ResidualBlock

WIDTHS = (48, 72, 96, 128)
MULTIPLE = 8
"""Sides of the photo must be multiples of this: three halvings."""
CONTRAST_GAIN = 4.0
"""Brings the contrast within a 4x4 cell to the size of the other inputs."""
TRUST_GAIN = 3.0
"""Of the logit: most answers are yes or no. At a gain of one, trust stayed at 0.83 where all was well."""
TRUST_RANGE = (0.1, 0.75)
"""Outside of it the trained network's answer counts as no and as yes. Measured on val paintings: +0.15 to
+0.2 dB, and tiles that are trusted throughout need no generator. Training sees the plain answer, which has
gradients."""
_COLOUR_GAIN, _COLOUR_BIAS, _DETAIL, _TRUST = 3, 3, 3 * FACTOR**2, 1


class FusionNet(nn.Module):
    """A U-Net at the photo's resolution.

    ``fused = aligned * gain + bias + detail``: gain and bias vary slowly (predicted for every pixel of the
    photo, interpolated to the output), detail is free. Trust is zero where the reference does not reach.
    """

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3 + 3 + 3 * FACTOR**2 + 1, WIDTHS[0], 3, padding=1)
        self.down_blocks = nn.ModuleList(ResidualBlock(width) for width in WIDTHS)
        self.downs = nn.ModuleList(nn.Conv2d(fine, coarse, 2, stride=2) for fine, coarse in pairwise(WIDTHS))
        self.ups = nn.ModuleList(nn.Conv2d(coarse, 4 * fine, 1) for fine, coarse in pairwise(WIDTHS))
        self.joins = nn.ModuleList(nn.Conv2d(2 * fine, fine, 1) for fine in WIDTHS[:-1])
        self.up_blocks = nn.ModuleList(ResidualBlock(width) for width in WIDTHS)
        self.head = nn.Conv2d(WIDTHS[0], _COLOUR_GAIN + _COLOUR_BIAS + _DETAIL + _TRUST, 3, padding=1)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def forward(
        self, photo: torch.Tensor, aligned: torch.Tensor, coverage: torch.Tensor, strength: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """``photo`` [n, 3, h, w] and ``aligned`` [n, 3, 4h, 4w] in 0..1, ``coverage`` [n, 1, h, w] the share
        of each pixel that the reference covers, ``strength`` [1] in 0..1 -> ``fused`` [n, 3, 4h, 4w], not
        clamped, and ``trust`` [n, 1, h, w] in 0..1: how much of the output shall come from ``fused``."""
        phases = F.pixel_unshuffle(aligned, FACTOR)
        n, _, h, w = phases.shape
        cells = phases.reshape(n, 3, FACTOR**2, h, w)
        average = cells.mean(2)
        contrast = CONTRAST_GAIN * (cells - average[:, :, None]).reshape(n, -1, h, w)
        x = self.stem(torch.cat([photo, average, contrast, coverage], 1))
        skips = []
        for number, block in enumerate(self.down_blocks):
            x = block(x if number == 0 else self.downs[number - 1](x))
            skips.append(x)
        x = self.up_blocks[-1](x)
        for number in reversed(range(len(WIDTHS) - 1)):
            x = F.pixel_shuffle(self.ups[number](x), 2)
            x = self.up_blocks[number](self.joins[number](torch.cat([x, skips[number]], 1)))
        gain, bias, detail, trust = self.head(x).split((_COLOUR_GAIN, _COLOUR_BIAS, _DETAIL, _TRUST), 1)
        colour = F.interpolate(torch.cat([gain, bias], 1), scale_factor=FACTOR, mode="bilinear")
        fused = aligned * (1 + colour[:, :3]) + colour[:, 3:] + F.pixel_shuffle(detail, FACTOR)
        trust = torch.sigmoid(TRUST_GAIN * trust)
        if not self.training:
            no, yes = TRUST_RANGE
            trust = ((trust - no) / (yes - no)).clamp(0, 1)
        return fused, trust * coverage * strength


def blend(base: torch.Tensor, fused: torch.Tensor, trust: torch.Tensor) -> torch.Tensor:
    """Output [n, 3, 4h, 4w]: ``fused`` where it is trusted, else ``base``, the output without a reference."""
    weight = F.interpolate(trust, scale_factor=FACTOR, mode="bilinear")
    return base + weight * (fused - base)
