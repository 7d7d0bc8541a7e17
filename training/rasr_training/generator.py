"""The RASRNet-shaped generator: x_hr = G(x_lr, reference tokens, reference strength, detail)."""

import torch
from torch import nn

from .autoencoder import DECODER_WIDTH, Autoencoder, CubicPhases
from .reference_branch import ReferenceEncoder, ReferenceInjection
from .unet import WIDTHS, UNet


class Generator(nn.Module):
    """Autoencoder + one-step UNet; ``injection`` appears once the reference stage has begun.

    ``lr`` [n, 3, h, w] in 0..1 with h and w multiples of eight -> [n, 3, 4h, 4w], not clamped. ``detail`` [n]
    or [1] goes from the faithful (0, also when left out) to the perceptual solution (1).
    """

    def __init__(self, with_reference: bool = True):
        super().__init__()
        self.upsample = CubicPhases()
        self.autoencoder = Autoencoder()
        self.unet = UNet()
        # What the UNet knows reaches the decoder beside the latent, as in StableSR's feature wrapping.
        self.skip = nn.Conv2d(WIDTHS[0], DECODER_WIDTH, 1)
        nn.init.zeros_(self.skip.weight)
        nn.init.zeros_(self.skip.bias)
        self.injection = ReferenceInjection() if with_reference else None

    def forward(
        self,
        lr: torch.Tensor,
        tokens: tuple[torch.Tensor, ...] | None = None,
        strength: torch.Tensor | None = None,
        detail: torch.Tensor | None = None,
    ) -> torch.Tensor:
        # The bicubic image's pixel-unshuffled form comes straight from the convolution: no full-size detour.
        low_quality_latent = self.autoencoder.encoder(self.upsample(lr))
        inject = None
        if tokens is not None:

            def inject(number, features, skip):
                return self.injection(number, features, skip, tokens, strength)

        residual, features = self.unet(low_quality_latent, lr, detail, inject)
        return self.autoencoder.decoder(low_quality_latent - residual, detail, self.skip(features))


def new_reference_encoder(generator: Generator) -> ReferenceEncoder:
    """The ControlNet start: copies of the frozen encoder and of the trained UNet encoder."""
    encoder = ReferenceEncoder()
    encoder.latent.load_state_dict(generator.autoencoder.encoder.state_dict())
    encoder.branch.load_state_dict(generator.unet.encoder.state_dict())
    encoder.latent.requires_grad_(False)
    return encoder
