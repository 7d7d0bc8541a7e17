"""Losses: Charbonnier, LPIPS-like and Gram distances over a frozen feature network.

The feature network is any callable from images [n, 3, h, w] in 0..1 to a list of feature maps. The one used
here is SqueezeNet v1.1 read from its ONNX file, with Caffe weights and no LPIPS calibration: the distance is
called 'LPIPS-like' and compares only with itself.
"""

from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F

from .adversary import Adversary

FeatureNet = Callable[[torch.Tensor], list[torch.Tensor]]


def squared_error(output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Per-image mean squared error [n] of pictures in 0..1, the output clamped."""
    return (output.clamp(0, 1) - target).square().mean((1, 2, 3))


def charbonnier(output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Mean sqrt(d^2 + 1e-6): a scalar."""
    return torch.sqrt((output - target).square() + 1e-6).mean()


def lpips_like(
    output: list[torch.Tensor], target: list[torch.Tensor], weights: tuple[float, ...] | None = None
) -> torch.Tensor:
    """Per-image distance [n]: unit-length features, squared difference, mean over area, sum over taps.

    As a measure the taps count the same; ``weights`` is for training.
    """
    total = 0
    for weight, a, b in zip(weights or (1.0,) * len(output), output, target, strict=True):
        a, b = a.float(), b.float()
        a = a / torch.sqrt(a.square().sum(1, keepdim=True) + 1e-10)
        b = b / torch.sqrt(b.square().sum(1, keepdim=True) + 1e-10)
        total = total + weight * (a - b).square().sum(1).mean((1, 2))
    return total


def gram_distance(output: list[torch.Tensor], target: list[torch.Tensor], taps: int = 3) -> torch.Tensor:
    """Per-image squared distance [n] of channel correlations over the first taps, relative to the target."""
    total = 0
    for a, b in zip(output[:taps], target[:taps], strict=True):
        a, b = _gram(a.float()), _gram(b.float())
        total = total + ((a - b).square().sum((1, 2)) / (b.square().sum((1, 2)) + 1e-6))
    return total


def _gram(features: torch.Tensor) -> torch.Tensor:
    flat = features.flatten(2)
    with torch.autocast(features.device.type, enabled=False):
        return flat @ flat.transpose(1, 2) / flat.shape[-1]


GRID_PERIODS = (4, 8, 16)
"""Pixels: of the last shuffle, and of those between the UNet's upper three levels."""
GRID_WINDOW = 64
"""Side in pixels of the area within which a grid must repeat to count."""


def grid_distance(error: torch.Tensor) -> torch.Tensor:
    """How much of ``error`` [n, c, h, w], h and w multiples of 16, repeats in step with the network's grids.

    Unit-length features reward any texture over none, and the cheapest is a faint weave in step with the
    pixel shuffles. Its phase means stand out; those of real texture cancel. A scalar.
    """
    total = 0
    for period in GRID_PERIODS:
        phases = F.pixel_unshuffle(error, period)
        window = [min(GRID_WINDOW // period, side) for side in phases.shape[-2:]]
        local = F.avg_pool2d(phases, window).unflatten(1, (-1, period**2))
        total = total + (local - local.mean(2, keepdim=True)).abs().mean()
    return total


OFFSETS = 8


def _window(images: torch.Tensor, step: int) -> torch.Tensor:
    """All but ``OFFSETS`` rows and columns of [n, c, h, w], from another of 64 corners at every step."""
    top, left = divmod(step * 29 % OFFSETS**2, OFFSETS)
    height, width = (side - OFFSETS for side in images.shape[-2:])
    return images[..., top : top + height, left : left + width]


class RestorationLoss:
    """Charbonnier + w_p * LPIPS-like + w_g * Gram + w_a * adversarial + grid.

    Without a feature network only the first; without an adversary no adversarial term.
    """

    GRID_WEIGHT = 10.0
    TAP_WEIGHTS = (2.0, 2.0, 2.0, 1.5, 1.0, 0.7, 0.3)
    """Of the LPIPS-like term: the last taps' gradients are many times larger, and mostly noise."""

    def __init__(
        self,
        features: FeatureNet | None,
        perceptual: float,
        gram: float,
        adversary: Adversary | None = None,
        adversarial: float = 0.0,
    ):
        self.features, self.perceptual, self.gram = features, perceptual, gram
        self.adversary, self.adversarial = adversary, adversarial

    def __call__(
        self,
        output: torch.Tensor,
        target: torch.Tensor,
        step: int,
        weight: float | torch.Tensor = 1.0,
        adversarial_weight: float | torch.Tensor = 0.0,
        pixels: torch.Tensor | None = None,
        also_seen: Sequence[torch.Tensor] = (),
    ) -> torch.Tensor:
        """Scalar loss; ``weight`` in 0..1, a number or one for each image [n], scales the feature terms.

        ``adversarial_weight`` does the same for the adversarial term; the adversary learns from every batch.
        ``pixels`` is what the pixel loss compares with where it is not the target. The LPIPS-like term is the
        mean over the target and the pictures of ``also_seen``.

        The feature network sees another offset at every step: with a fixed one the generator learns a faint
        grid that pleases the network's strides and nobody else.
        """
        loss = charbonnier(output.float(), target if pixels is None else pixels)
        if self.features is None or self.perceptual == self.gram == 0:
            return loss
        weight = torch.as_tensor(weight, device=output.device).expand(len(output))
        if not weight.any():
            return loss
        loss = loss + weight.mean() * self.GRID_WEIGHT * grid_distance(output.float() - target)
        with torch.no_grad():
            wanted, *others = (self.features(_window(picture, step)) for picture in (target, *also_seen))
        output = output.float()
        found = self.features(_window(output, step))
        seen = [lpips_like(found, taps, self.TAP_WEIGHTS[: len(found)]) for taps in (wanted, *others)]
        distance = self.perceptual * torch.stack(seen).mean(0)
        distance = distance + self.gram * gram_distance(found, wanted)
        loss = loss + (weight * distance).mean()
        if self.adversary is None:
            return loss
        output, target = (_window(image, step) for image in (output, target))
        self.adversary.learn(found, output, wanted, target, weight)
        realism = self.adversary.realism(found, output)
        return loss - self.adversarial * (adversarial_weight * realism).mean()
