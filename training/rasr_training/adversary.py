"""The adversary: judges how real a picture looks from frozen features and from its pixels.

Small heads on the taps of the frozen feature network (Sauer et al. 2021, 'Projected GANs converge
faster') see texture; a shallow path on the pixel-unshuffled image sees what the features' strides hide.
Hinge loss.
"""

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

TAP_CHANNELS = (64, 128, 256)
"""Channels of the SqueezeNet taps that are judged; the later ones see contents rather than texture."""
UNSHUFFLE = 4


def _head(channels: int, width: int = 32) -> nn.Sequential:
    return nn.Sequential(
        spectral_norm(nn.Conv2d(channels, width, 1)),
        nn.LeakyReLU(0.2),
        spectral_norm(nn.Conv2d(width, width, 3)),
        nn.LeakyReLU(0.2),
        spectral_norm(nn.Conv2d(width, 1, 1)),
    )


class Critic(nn.Module):
    """Taps and the image [n, 3, s, s] in 0..1 -> score maps [n, 1, h, w], one a scale; more is more real."""

    def __init__(self):
        super().__init__()
        self.heads = nn.ModuleList(_head(channels) for channels in TAP_CHANNELS)
        stem = spectral_norm(nn.Conv2d(3 * UNSHUFFLE**2, 64, 3))
        self.pixels = nn.Sequential(stem, nn.LeakyReLU(0.2), _head(64))

    def forward(self, taps: list[torch.Tensor], image: torch.Tensor) -> list[torch.Tensor]:
        height, width = (side - side % UNSHUFFLE for side in image.shape[-2:])
        small = F.pixel_unshuffle(image[..., :height, :width], UNSHUFFLE)
        contrast = 8 * (small - small.mean((1, 2, 3), keepdim=True))
        scores = [self.pixels(contrast)]
        for head, tap in zip(self.heads, taps, strict=False):
            scores.append(head(tap * (tap.shape[1] / (tap.square().sum(1, keepdim=True) + 1e-4)).sqrt()))
        return [score.float() for score in scores]


def _per_image(maps: list[torch.Tensor]) -> torch.Tensor:
    """Mean [n] over places and scales: every scale counts the same, however many places it judges."""
    return torch.stack([scores.mean((1, 2, 3)) for scores in maps]).mean(0)


class Adversary:
    """A critic and its optimiser. Saved beside the generator: see ``state_dict``."""

    def __init__(self, device: torch.device, learning_rate: float = 4e-4):
        self.critic = Critic().to(device, memory_format=torch.channels_last)
        self.optimizer = torch.optim.Adam(self.critic.parameters(), lr=learning_rate, betas=(0.0, 0.99))

    def learn(
        self,
        found: list[torch.Tensor],
        output: torch.Tensor,
        wanted: list[torch.Tensor],
        target: torch.Tensor,
        weight: torch.Tensor,
    ) -> None:
        """One step: restored (``found``, ``output``) against real pictures; ``weight`` [n] of each image."""
        self.critic.requires_grad_(True)
        fake = self.critic([tap.detach() for tap in found], output.detach())
        real = self.critic(wanted, target)
        hinge = _per_image([F.relu(1 + scores) for scores in fake])
        hinge = hinge + _per_image([F.relu(1 - scores) for scores in real])
        self.optimizer.zero_grad(set_to_none=True)
        (weight * hinge).mean().backward()
        self.optimizer.step()

    def realism(self, found: list[torch.Tensor], output: torch.Tensor) -> torch.Tensor:
        """Mean score [n] of each restored image, with gradients to the image but not to the critic."""
        self.critic.requires_grad_(False)
        return _per_image(self.critic(found, output))

    def state_dict(self) -> dict:
        return {"critic": self.critic.state_dict(), "optimizer": self.optimizer.state_dict()}

    def load_state_dict(self, state: dict) -> None:
        self.critic.load_state_dict(state["critic"])
        self.optimizer.load_state_dict(state["optimizer"])
