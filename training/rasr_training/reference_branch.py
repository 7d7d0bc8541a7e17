"""The reference branch: a ControlNet-style copy of the UNet encoder, and its way into the decoder.

Semantic references are not aligned with the photo, so each of the first three decoder blocks *reads* the
reference's feature tokens by cross-attention; a zero-initialised 1x1 convolution, times the reference
strength, adds what was read: ``F_i <- F_i + strength * ZeroConv_i(Attention_i(S_i, tokens_i))`` with the
UNet encoder's map S_i (Eq. 2 of the paper, read by cross-attention instead of added pixel by pixel). A
learned null token with value zero lets a block read nothing.
"""

import torch
import torch.nn.functional as F
from torch import nn

from .autoencoder import Encoder
from .unet import WIDTHS, UNetEncoder

INJECTED_WIDTHS = WIDTHS[:0:-1]
"""Channels of the first three decoder blocks, coarsest first: 192, 144, 96."""
_HEADS = (4, 3, 2)
_HEAD_DIM = 32
READ_GAIN = 8.0
"""The frozen decoder hardly notices small changes of its deep maps; this lets zero-convolutions be heard."""


class ReferenceEncoder(nn.Module):
    """Reference [n, 3, R, R] in 0..1 -> three token sequences [n, N_i, C_i], coarsest first.

    The autoencoder's encoder stays frozen; the copy of the UNet encoder is trained.
    """

    def __init__(self):
        super().__init__()
        self.latent = Encoder()
        self.branch = UNetEncoder()

    def forward(self, reference: torch.Tensor) -> tuple[torch.Tensor, ...]:
        latent = self.latent(F.pixel_unshuffle(reference, 4))
        maps = self.branch(torch.cat([latent, latent[:, :3]], 1))
        return tuple(m.flatten(2).transpose(1, 2) for m in maps[:0:-1])


class TokenReader(nn.Module):
    """Cross-attention from the UNet encoder's map [n, C, h, w] to tokens [n, N, C], then a zero-conv."""

    def __init__(self, channels: int, heads: int, head_dim: int = _HEAD_DIM):
        super().__init__()
        self.heads, self.head_dim = heads, head_dim
        inner = heads * head_dim
        self.query_norm = nn.LayerNorm(channels)
        self.token_norm = nn.LayerNorm(channels)
        self.query = nn.Linear(channels, inner, bias=False)
        self.key = nn.Linear(channels, inner, bias=False)
        with torch.no_grad():
            # The branch starts as a copy of the encoder that the queries come from: the same projection makes
            # like find like from the first step on. A match scores about 12, chance about 0.
            self.query.weight.normal_(0, 1.5 * channels**-0.5)
            self.key.weight.copy_(self.query.weight)
        self.value = nn.Linear(channels, inner, bias=False)
        self.null_key = nn.Parameter(torch.zeros(1, 1, inner))
        self.zero_conv = nn.Conv2d(inner, channels, 1, bias=False)
        nn.init.zeros_(self.zero_conv.weight)

    def _split(self, x: torch.Tensor) -> torch.Tensor:
        return x.reshape(x.shape[0], -1, self.heads, self.head_dim).transpose(1, 2)

    def forward(self, skip: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
        n, _, h, w = skip.shape
        query = self.query(self.query_norm(skip.flatten(2).transpose(1, 2)))
        tokens = self.token_norm(tokens)
        key, value = self.key(tokens), self.value(tokens)
        # Relative to the reference's average: what every reference shares must not act as a learned constant.
        value = value - value.mean(1, keepdim=True)
        key = torch.cat([self.null_key.to(key.dtype).expand(n, -1, -1), key], 1)
        value = F.pad(value, (0, 0, 1, 0))
        scores = self._split(query) @ self._split(key).transpose(-1, -2) * self.head_dim**-0.5
        read = torch.softmax(scores, -1) @ self._split(value)
        return READ_GAIN * self.zero_conv(read.transpose(2, 3).reshape(n, -1, h, w))


class ReferenceInjection(nn.Module):
    """One token reader for each of the first three decoder blocks."""

    def __init__(self):
        super().__init__()
        self.readers = nn.ModuleList(
            TokenReader(channels, heads) for channels, heads in zip(INJECTED_WIDTHS, _HEADS, strict=True)
        )

    def forward(
        self,
        number: int,
        features: torch.Tensor,
        skip: torch.Tensor,
        tokens: tuple[torch.Tensor, ...],
        strength: torch.Tensor,
    ) -> torch.Tensor:
        if number >= len(self.readers):
            return features
        read = self.readers[number](skip, tokens[number])
        return features + strength.reshape(-1, 1, 1, 1).to(read.dtype) * read
