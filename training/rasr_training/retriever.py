"""The retriever: a small residual network from an image to a unit-length embedding."""

import torch
import torch.nn.functional as F
from torch import nn

INPUT_SIZE = 192
DIMENSION = 256
WIDTHS = (32, 64, 128, 224)
BLOCKS = (1, 2, 3, 2)
CHANNELS = (24, 32, 96, 320)
"""What passes from stage to stage: as many channels as the teacher has there (`teacher.STAGES`)."""
FEATURES = 1280
MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)
QUERY_CROPS = (1.0, 0.75)
"""A query is embedded whole and as these central shares of its sides; the best similarity counts."""
SOFT_REFERENCES = 4
"""A reference is embedded as it is and with the averages of so many pixels, each way; the mean counts."""


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


class Stage(nn.Module):
    """Residual blocks at half the size of what comes in, and linear channels that the next stage takes."""

    def __init__(self, entry: list[nn.Module], width: int, blocks: int, channels: int):
        super().__init__()
        self.body = nn.Sequential(*entry, *(Block(width) for _ in range(blocks)))
        self.out = nn.Conv2d(width, channels, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.out(self.body(x))


def _halving(inputs: int, width: int) -> list[nn.Module]:
    conv = nn.Conv2d(inputs, width, 3, stride=2, padding=1, bias=False)
    return [conv, nn.BatchNorm2d(width), nn.ReLU()]


class Retriever(nn.Module):
    """``pixel_values`` [n, 3, 192, 192], normalised by MEAN and STD, -> embedding [n, 256] of unit length."""

    def __init__(self):
        super().__init__()
        entries = [_halving(3, 24) + _halving(24, WIDTHS[0])]
        entries += [_halving(c, w) for c, w in zip(CHANNELS, WIDTHS[1:], strict=False)]
        parts = zip(entries, WIDTHS, BLOCKS, CHANNELS, strict=True)
        self.stages = nn.ModuleList(Stage(*part) for part in parts)
        self.expand = nn.Sequential(nn.Conv2d(CHANNELS[-1], FEATURES, 1), nn.ReLU())
        self.head = nn.Linear(FEATURES, DIMENSION)

    @property
    def steps(self) -> list[nn.Module]:
        """What makes each of the maps out of the one before."""
        return [*self.stages, self.expand]

    def maps(self, pixel_values: torch.Tensor) -> list[torch.Tensor]:
        """Maps at strides 4, 8, 16 and 32, then that whose mean is embedded [n, 1280, h / 32, w / 32]."""
        found = [pixel_values]
        for step in self.steps:
            found.append(step(found[-1]))
        return found[1:]

    def embed(self, last: torch.Tensor) -> torch.Tensor:
        """The embedding [n, 256] of the last of the maps."""
        embedding = self.head(last.float().mean((2, 3)))
        return embedding / torch.sqrt(embedding.float().square().sum(1, keepdim=True) + 1e-12)

    def forward(self, pixel_values: torch.Tensor) -> torch.Tensor:
        return self.embed(self.maps(pixel_values)[-1])


def normalise(images: torch.Tensor) -> torch.Tensor:
    """RGB [n, 3, h, w] in 0..1 -> what the network takes."""
    mean = torch.tensor(MEAN, device=images.device).reshape(1, 3, 1, 1)
    return (images - mean) / torch.tensor(STD, device=images.device).reshape(1, 3, 1, 1)
