"""Looking for a query among references as the product does: several looks at it, of which the best counts."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .bundles import RetrieverBundle

Embed = Callable[[list[np.ndarray]], np.ndarray]
"""From RGB uint8 images of any sizes to embeddings [n, D]."""


@dataclass(frozen=True)
class Looks:
    """How references are embedded; how queries are, each in every way of ``query`` and at every one of
    ``crops``: central shares of its sides.
    """

    query: tuple[Embed, ...]
    reference: Embed
    crops: tuple[float, ...] = (1.0,)

    def best_similarity(self, images: list[np.ndarray], gallery: np.ndarray) -> np.ndarray:
        """Cosines [queries, items]: of all looks at a query the one most like the item counts."""
        looks = [
            embed([centre(image, share) for image in images]) for embed in self.query for share in self.crops
        ]
        return np.max([look @ gallery.T for look in looks], axis=0)


def looks_of(bundle: RetrieverBundle) -> Looks:
    """As the bundle's manifest wants it; a query as it is, and as a reference where that is another way."""
    softens = bundle.manifest.get("softReferences", 1) != 1
    query = (bundle.embed, bundle.embed_references) if softens else (bundle.embed,)
    return Looks(query, bundle.embed_references, tuple(bundle.manifest["queryCrops"]))


def centre(image: np.ndarray, share: float) -> np.ndarray:
    """The middle of an image, ``share`` of each side."""
    height, width = (max(1, round(side * share)) for side in image.shape[:2])
    top, left = (image.shape[0] - height) // 2, (image.shape[1] - width) // 2
    return image[top : top + height, left : left + width]
