"""What the retriever sees of a batch of pictures: each in place and from elsewhere, clean or poor."""

import dataclasses

import torch
import torch.nn.functional as F

from .degradation import REAL_ESRGAN, degrade
from .phone_shots import TRAINING_SHOTS, shoot

GROUPS = 6
"""A batch is shot in this many groups, each with its own number of pixels."""
MOVED = dataclasses.replace(TRAINING_SHOTS, side=(192, 224), noise=(0, 2), quality=(90, 98))
IN_PLACE = dataclasses.replace(TRAINING_SHOTS, perspective=0.0, hung=0.0)


def shoot_groups(images: torch.Tensor, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Each image in place, half of them clean; and from elsewhere: shot, resized, or only moved."""
    generator = torch.Generator().manual_seed(seed)
    near, far = [], []
    for number, part in enumerate(images.chunk(GROUPS)):
        if number == 3:
            near.append(_resized(part, generator))
        else:
            near.append(part if number % 2 == 0 else shoot(part, IN_PLACE, generator))
        if number == 0:
            far.append(shoot(part, MOVED, generator))
        elif number % 3 == 2:
            far.append(_resized(part, generator))
        else:
            far.append(shoot(part, TRAINING_SHOTS, generator))
    return torch.cat(near), torch.cat(far)


def _resized(images: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Real-ESRGAN's degradation of pictures twice as large, as queries have it, at the images' size."""
    size = images.shape[-1]
    large = F.interpolate(images, scale_factor=2, mode="bilinear")
    poor = degrade(large, REAL_ESRGAN, generator)
    return F.interpolate(poor, size=(size, size), mode="bilinear").clamp(0, 1)
