"""Other ways of searching with the same retriever, judged like the one that the product has.

A search is judged by label: the query's own photo is never found, another of its label should come first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import numpy_helper

from .bundles import GeneratorBundle, RetrieverBundle, fill, to_input, to_picture
from .photos import resize

CANDIDATES = 10
"""References that are looked at again."""
NEAREST = 3
RELEVANCE = 0.7
"""Of maximal marginal relevance (Carbonell and Goldstein 1998); the rest is being unlike those chosen."""


HALF = ".fp16"
"""Ends the names of weights stored in half precision."""


class TokenNetwork:
    """The exported retriever, asked for its last map as well: what each place adds to the mean."""

    def __init__(self, bundle: RetrieverBundle, folder: Path):
        model = onnx.load(str(folder / bundle.manifest["graphs"][0]["file"]))
        pooling = next(node for node in model.graph.node if node.op_type == "ReduceMean")
        model.graph.output.append(onnx.ValueInfoProto(name=pooling.input[0]))
        stored = {t.name: numpy_helper.to_array(t).astype(np.float32) for t in model.graph.initializer}
        known = {name.removesuffix(HALF): values for name, values in stored.items()}
        self._weight, self._bias = known["head.weight"], known["head.bias"]
        self._rules = bundle.manifest["preprocessing"]
        self._session = onnxruntime.InferenceSession(
            model.SerializeToString(), providers=["CPUExecutionProvider"]
        )

    def tokens(self, image: np.ndarray) -> np.ndarray:
        """RGB uint8 image -> unit-length vectors [places, D]."""
        mean, std = (np.float32(self._rules[key]).reshape(3, 1, 1) for key in ("mean", "std"))
        pixels = (to_input(fill(image, self._rules["size"]))[0] - mean) / std
        features = self._session.run(None, {"pixel_values": pixels[None]})[1][0]
        places = features.reshape(features.shape[0], -1).T @ self._weight.T + self._bias
        return places / np.linalg.norm(places, axis=1, keepdims=True)


@dataclass(frozen=True)
class Search:
    """Queries and what there is to find.

    ``similarity`` [q, n] is the product's, minus infinity at each query's own photo; ``gallery`` [n, D] and
    ``query`` [q, D] are unit-length embeddings, ``labels`` [n] and ``images`` go with them.
    """

    similarity: np.ndarray
    gallery: np.ndarray
    query: np.ndarray
    labels: np.ndarray
    gallery_images: list[np.ndarray]
    query_images: list[np.ndarray]


Way = Callable[[Search], np.ndarray]
"""From a search to scores [q, n], the higher the better."""


def as_it_is(search: Search) -> np.ndarray:
    return search.similarity


def by_mean_of_gallery(search: Search) -> np.ndarray:
    """References of the gallery whose best few are most like the query come first."""
    scores = np.full_like(search.similarity, -np.inf)
    for label in np.unique(search.labels):
        members = np.flatnonzero(search.labels == label)
        best = np.sort(search.similarity[:, members], 1)[:, -NEAREST:]
        mean = np.where(np.isfinite(best), best, 0).sum(1) / np.maximum(1, np.isfinite(best).sum(1))
        scores[:, members] = mean[:, None] + 1e-3 * search.similarity[:, members]
    return scores


def expanded(search: Search) -> np.ndarray:
    """The mean of the query and what it found first is looked for."""
    nearest = np.argsort(-search.similarity, 1)[:, :NEAREST]
    mean = search.query + search.gallery[nearest].sum(1)
    scores = mean @ search.gallery.T / np.linalg.norm(mean, axis=1, keepdims=True)
    return np.where(np.isfinite(search.similarity), scores, -np.inf)


def reranked_by(network: TokenNetwork) -> Way:
    """The first candidates in the order of how well each place of the query finds its like in them."""

    def way(search: Search) -> np.ndarray:
        references: dict[int, np.ndarray] = {}
        scores = search.similarity - 2
        for row, image in enumerate(search.query_images):
            tokens = network.tokens(image)
            for number in np.argsort(-search.similarity[row])[:CANDIDATES]:
                if number not in references:
                    references[number] = network.tokens(search.gallery_images[number])
                scores[row, number] = (tokens @ references[number].T).max(1).mean()
        return scores

    return way


def complementary(search: Search) -> np.ndarray:
    """Maximal marginal relevance: like the query, and unlike what was chosen before."""
    scores = search.similarity - 2
    for row, similarity in enumerate(search.similarity):
        left = list(np.argsort(-similarity)[:CANDIDATES])
        chosen: list[int] = []
        while left:
            alike = [max((search.gallery[i] @ search.gallery[c] for c in chosen), default=0) for i in left]
            worth = [
                RELEVANCE * similarity[i] - (1 - RELEVANCE) * a for i, a in zip(left, alike, strict=True)
            ]
            chosen.append(left.pop(int(np.argmax(worth))))
        scores[row, chosen] = np.arange(len(chosen), 0, -1)
    return scores


def mirrored(bundle: RetrieverBundle) -> Way:
    """The mean of query and mirror image counts where it is more like."""

    def way(search: Search) -> np.ndarray:
        mean = search.query + bundle.embed([image[:, ::-1] for image in search.query_images])
        found = mean @ search.gallery.T / np.linalg.norm(mean, axis=1, keepdims=True)
        return np.maximum(search.similarity, np.where(np.isfinite(search.similarity), found, -np.inf))

    return way


def restored(bundle: RetrieverBundle, generator: GeneratorBundle) -> Way:
    """The query, and restored without a reference, whichever is more like (ImageRAG's second look)."""

    def way(search: Search) -> np.ndarray:
        pictures = []
        for image in search.query_images:
            multiple = generator.manifest["tiles"]["multiple"]
            height, width = (max(multiple, side // multiple * multiple) for side in image.shape[:2])
            pictures.append(to_picture(generator.restore(to_input(resize(image, width, height)))))
        found = bundle.embed(pictures) @ search.gallery.T
        return np.maximum(search.similarity, np.where(np.isfinite(search.similarity), found, -np.inf))

    return way


def recall(scores: np.ndarray, labels: np.ndarray, wanted: np.ndarray) -> tuple[float, float]:
    """Shares of the queries whose label [q] comes first, and among the first five."""
    found = labels[np.argsort(-scores, 1)[:, :5]] == wanted[:, None]
    return float(found[:, 0].mean()), float(found.any(1).mean())
