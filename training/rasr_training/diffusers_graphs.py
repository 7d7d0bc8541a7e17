"""A one-step diffusion pipeline as the graphs of a bundle.

    reference ─ VAE encoder ─ reference_latent (kept by the app) ─┐
    lr ─ bicubic x4 ─ VAE encoder ─ latent ─┬─ ControlNet ─ residuals x strength ─┐
                                            └──────────── UNet ───────────────────┤
                                                                                  └─ denoised ─ decoder ─ sr

One step at a fixed timestep: with the scheduler's alpha there, epsilon gives
x0 = (z - sqrt(1 - a) epsilon) / sqrt(a).
"""

import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL
from torch import nn

from .autoencoder import bicubic_upsample
from .diffusers_pipeline import OneStepPipeline


class ReferenceEncoder(nn.Module):
    """``reference`` [1, 3, R, R] in 0..1 -> ``reference_latent`` [1, C, R/f, R/f]."""

    def __init__(self, vae: AutoencoderKL):
        super().__init__()
        self.vae = vae

    def forward(self, reference: torch.Tensor) -> torch.Tensor:
        # The mean instead of a sample: the same photo gives the same result.
        mean = self.vae.encode(reference * 2 - 1).latent_dist.mode()
        return mean * self.vae.config.scaling_factor


class PhotoEncoder(ReferenceEncoder):
    """``lr`` [1, 3, h, w] in 0..1 -> ``latent`` [1, C, 4h/f, 4w/f]: the model works at the output's size."""

    def forward(self, lr: torch.Tensor) -> torch.Tensor:
        return super().forward(bicubic_upsample(lr).clamp(0, 1))


class ReferenceControl(nn.Module):
    """``latent``, ``reference_latent``, ``reference_strength`` [1] -> what the UNet's skips and middle gain.

    The reference is no closer to the photo than its kind: its latent is brought to the size of the tile's.
    At strength 0 all residuals are exactly 0.
    """

    def __init__(self, pipeline: OneStepPipeline):
        super().__init__()
        self.controlnet = pipeline.controlnet
        self.register_buffer("no_prompt", pipeline.no_prompt)
        self.register_buffer("timestep", torch.tensor([pipeline.timestep]))

    def forward(
        self, latent: torch.Tensor, reference_latent: torch.Tensor, reference_strength: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        size = (latent.shape[2], latent.shape[3])
        reference = F.interpolate(reference_latent, size=size, mode="bilinear", align_corners=False)
        skips, middle = self.controlnet(latent, self.timestep, self.no_prompt, reference, return_dict=False)
        return tuple(reference_strength * residual for residual in (*skips, middle))


class Denoiser(nn.Module):
    """``latent`` and the residuals -> ``denoised``, the latent of the restored image, in one step.

    With several prompts a last input ``category`` [P] weighs them: 1 for the one that is meant.
    """

    def __init__(self, pipeline: OneStepPipeline):
        super().__init__()
        self.unet = pipeline.unet
        self.prediction_type = pipeline.prediction_type
        self.signal, self.noise = pipeline.alpha**0.5, (1 - pipeline.alpha) ** 0.5
        self.register_buffer("prompts", pipeline.prompts)
        self.register_buffer("timestep", torch.tensor([pipeline.timestep]))

    def forward(self, latent: torch.Tensor, *others: torch.Tensor) -> torch.Tensor:
        residuals, prompt = others, self.prompts
        if len(self.prompts) > 1:
            *residuals, category = others
            prompt = (category.reshape(-1, 1, 1) * self.prompts).sum(0, keepdim=True)
        *skips, middle = residuals
        predicted = self.unet(
            latent,
            self.timestep,
            prompt,
            down_block_additional_residuals=tuple(skips),
            mid_block_additional_residual=middle,
            return_dict=False,
        )[0]
        if self.prediction_type == "epsilon":
            return (latent - self.noise * predicted) / self.signal
        if self.prediction_type == "v_prediction":
            return self.signal * latent - self.noise * predicted
        return predicted


class ImageDecoder(nn.Module):
    """``denoised`` [1, C, 4h/f, 4w/f] -> ``sr`` [1, 3, 4h, 4w], nominally in 0..1."""

    def __init__(self, vae: AutoencoderKL):
        super().__init__()
        self.vae = vae

    def forward(self, denoised: torch.Tensor) -> torch.Tensor:
        return self.vae.decode(denoised / self.vae.config.scaling_factor, return_dict=False)[0] / 2 + 0.5
