"""The retriever: a small residual network from an image to a unit-length embedding."""

import torch
import torch.nn.functional as F
from torch import nn

INPUT_SIZE = 192
DIMENSION = 256
WIDTHS = (32, 64, 128, 224)
MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)
QUERY_CROPS = (1.0, 0.75)
"""A query is embedded whole and as these central shares of its sides; the best similarity counts."""


class Block(nn.Module):
    """conv - norm - ReLU - conv - norm, added to the input."""

    def __init__(self, channels: int):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(channels)
        nn.init.zeros_(self.norm2.weight)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.relu(x + self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x))))))


class Retriever(nn.Module):
    """``pixel_values`` [n, 3, 192, 192], normalised by MEAN and STD, -> embedding [n, 256] of unit length."""

    def __init__(self):
        super().__init__()
        stem = [
            nn.Conv2d(3, WIDTHS[0], 5, stride=2, padding=2, bias=False),
            nn.BatchNorm2d(WIDTHS[0]),
            nn.ReLU(),
            nn.MaxPool2d(2),
        ]
        stages: list[nn.Module] = []
        for number, width in enumerate(WIDTHS):
            if number:
                down = nn.Conv2d(WIDTHS[number - 1], width, 3, stride=2, padding=1, bias=False)
                stages += [down, nn.BatchNorm2d(width), nn.ReLU()]
            stages += [Block(width), Block(width)]
        self.features = nn.Sequential(*stem, *stages)
        self.head = nn.Linear(2 * WIDTHS[-1], DIMENSION)

    def forward(self, pixel_values: torch.Tensor) -> torch.Tensor:
        maps = self.features(pixel_values).float()
        # Average and generalised (p = 3) mean: what the picture holds, and what stands out in it.
        mean = maps.mean((2, 3))
        peak = maps.clamp_min(1e-4).pow(3).mean((2, 3)).pow(1 / 3)
        embedding = self.head(torch.cat([mean, peak], 1))
        return embedding / torch.sqrt(embedding.float().square().sum(1, keepdim=True) + 1e-12)


def normalise(images: torch.Tensor) -> torch.Tensor:
    """RGB [n, 3, h, w] in 0..1 -> what the network takes."""
    mean = torch.tensor(MEAN, device=images.device).reshape(1, 3, 1, 1)
    return (images - mean) / torch.tensor(STD, device=images.device).reshape(1, 3, 1, 1)
