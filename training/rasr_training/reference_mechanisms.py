"""Other ways for a reference into the decoder than the one that ships, for comparison.

Each has the call of ``ReferenceInjection``: it changes what the first three decoder blocks pass on by what
the branch made of a square reference, through a zero-initialised convolution and times the strength.
"""

import torch
import torch.nn.functional as F
from torch import nn

from .reference_branch import INJECTED_WIDTHS, READ_GAIN


class _MapInjection(nn.Module):
    """``F_i <- F_i + strength * ZeroConv_i(map_i)`` with ``map_i`` on the photo's grid."""

    def __init__(self):
        super().__init__()
        self.zero_convs = nn.ModuleList(nn.Conv2d(c, c, 1, bias=False) for c in INJECTED_WIDTHS)
        for conv in self.zero_convs:
            nn.init.zeros_(conv.weight)

    def laid_out(self, skip: torch.Tensor, reference: torch.Tensor) -> torch.Tensor:
        """The reference's map [n, C, r, r] on the grid of the photo's [n, C, h, w]."""
        raise NotImplementedError

    def forward(
        self,
        number: int,
        features: torch.Tensor,
        skip: torch.Tensor,
        tokens: tuple[torch.Tensor, ...],
        strength: torch.Tensor,
    ) -> torch.Tensor:
        if number >= len(self.zero_convs):
            return features
        side = int(tokens[number].shape[1] ** 0.5)
        reference = tokens[number].transpose(1, 2).unflatten(2, (side, side))
        read = READ_GAIN * self.zero_convs[number](self.laid_out(skip, reference))
        return features + strength.reshape(-1, 1, 1, 1).to(read.dtype) * read


class AdditiveInjection(_MapInjection):
    """The paper's (Eq. 2): the reference's map is stretched over the photo's and added pixel by pixel."""

    def laid_out(self, skip: torch.Tensor, reference: torch.Tensor) -> torch.Tensor:
        return F.interpolate(reference, size=skip.shape[-2:], mode="bilinear")


class ReassemblyInjection(_MapInjection):
    """Every place of the photo gets the reference's map from the place that looks most like it.

    Alike are 3x3 neighbourhoods whose maps, less each picture's mean, have the largest cosine; what was found
    counts as much as that cosine. The choice has no gradient, the map that is laid out has.
    """

    def laid_out(self, skip: torch.Tensor, reference: torch.Tensor) -> torch.Tensor:
        n, c, h, w = skip.shape
        with torch.no_grad():
            likeness = _neighbourhoods(skip).transpose(1, 2) @ _neighbourhoods(reference)
            cosine, place = likeness.max(2)
        flat = (reference - reference.mean((2, 3), keepdim=True)).flatten(2)
        found = flat.gather(2, place[:, None].expand(-1, c, -1)).reshape(n, c, h, w)
        return found * cosine.clamp(min=0).reshape(n, 1, h, w).to(found.dtype)


def _neighbourhoods(features: torch.Tensor) -> torch.Tensor:
    """[n, C, h, w] -> unit vectors [n, 9C, h * w]."""
    centred = features.float() - features.float().mean((2, 3), keepdim=True)
    return F.normalize(F.unfold(centred, 3, padding=1), dim=1)
