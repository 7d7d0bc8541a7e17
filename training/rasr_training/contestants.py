"""The rows of the generator benchmark: who restores a case, from which files, and with which references."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch

from .autoencoder import bicubic_upsample
from .bundles import GeneratorBundle, PeerNetwork, RetrieverBundle, join_tokens
from .cases import Case, ReferenceGallery
from .looks import Looks, looks_of

Restore = Callable[[np.ndarray], np.ndarray]
"""``lr`` float32 [1, 3, h, w] in 0..1 -> [1, 3, 4h, 4w], not clamped."""

BASELINE = "realesr-general-x4v3"
PEER_NAMES = {
    "RealESRGAN_General_x4_v3": BASELINE,
    "RealESRGAN_General_WDN_x4_v3": "realesr-general-wdn-x4v3",
    "4xLSDIRCompactC3": "4xLSDIRCompactC3",
    "IMDN_x4": "IMDN",
    "SAFMNpp_ntire24_x4": "SAFMN++",
    "SPAN_ntire25_x4": "SPAN",
}
"""Names of known files; any other .onnx file of the folder goes by its own."""

REFERENCE_ROWS = ("irrelevant", "retrieved", "retrieved top-k", "oracle")
TRUTH = "truth"
"""A row of NIQE alone: what the index says of the photo that was never damaged."""

DETAILS = (0.0, 0.25, 0.5, 0.75, 1.0)


def detail_row(detail: float) -> str:
    return f"none, detail {detail:g}"


def is_detail_row(row: str) -> bool:
    return row.startswith("none, detail ")


@dataclass(frozen=True)
class Entry:
    """One row of one case: where its output comes from.

    ``key`` names everything the output depends on but the case itself, for figures that are kept.
    """

    row: str
    key: str
    restore: Restore


class Peers:
    """Bicubic and the networks of a folder, by row."""

    def __init__(self, folder: Path, threads: int):
        files = {PEER_NAMES.get(file.stem, file.stem): file for file in sorted(folder.glob("*.onnx"))}
        if BASELINE not in files:
            raise FileNotFoundError(
                f"{folder} lacks RealESRGAN_General_x4_v3.onnx, which times are compared with: point --peers "
                "at the folder of the networks to beat"
            )
        known = [name for name in PEER_NAMES.values() if name in files]
        self.files = {name: files[name] for name in [*known, *(n for n in files if n not in known)]}
        self._networks = {name: PeerNetwork(file, threads) for name, file in self.files.items()}
        self._keys = {name: file_hash(file) for name, file in self.files.items()}

    @property
    def rows(self) -> list[str]:
        return ["bicubic", *self.files]

    def entry(self, row: str) -> Entry:
        if row == "bicubic":
            return Entry(row, "bicubic", lambda lr: bicubic_upsample(torch.from_numpy(lr)).numpy())
        return Entry(row, self._keys[row], self._networks[row].restore)

    def network(self, row: str) -> PeerNetwork:
        return self._networks[row]


class Ours:
    """Our generator under every kind of reference, found by our retriever among the galleries."""

    def __init__(self, models: Path, gallery: ReferenceGallery, threads: int):
        self.folder, self.gallery = models / "rasrnet-small", gallery
        self.generator = GeneratorBundle(self.folder, threads)
        self._models, self._threads = models, threads
        self.key = "".join(entry["sha256"] for entry in self.generator.manifest["files"])

    @property
    def rows(self) -> list[str]:
        return ["none", *REFERENCE_ROWS]

    @property
    def detail_rows(self) -> list[str]:
        return [detail_row(detail) for detail in DETAILS] if self.generator.has_detail else []

    @cached_property
    def _looks(self) -> Looks:
        return looks_of(RetrieverBundle(self._models / "retriever-small", self._threads))

    @cached_property
    def _embeddings(self) -> np.ndarray:
        return self._looks.reference([self.gallery.image(i) for i in range(len(self.gallery.photos))])

    def references(self, case: Case) -> dict[str, list[int]]:
        """Gallery numbers by row. 'oracle' is the nearest of the right label, where there is any."""
        similarity = self._looks.best_similarity([case.lr], self._embeddings)[0]
        nearest = sorted(case.gallery, key=lambda number: -similarity[number])
        chosen = {
            "irrelevant": [case.irrelevant],
            "retrieved": nearest[:1],
            "retrieved top-k": nearest[: self.generator.most_references],
        }
        if case.right:
            chosen["oracle"] = [max(case.right, key=lambda number: similarity[number])]
        return chosen

    def entry(self, row: str, references: list[int]) -> Entry:
        """A row of one case; ``references`` are gallery numbers, none for the rows without."""
        if row in self.detail_rows:
            detail = DETAILS[self.detail_rows.index(row)]
        else:
            detail = self.generator.default_detail
        pictures = [self.gallery.image(number) for number in references]
        seen = hashlib.sha256(b"".join(picture.tobytes() for picture in pictures)).hexdigest()
        used = detail if self.generator.has_detail else "no"
        return Entry(row, f"{self.key}|{seen}|detail {used}", self._restorer(pictures, detail))

    def _restorer(self, pictures: list[np.ndarray], detail: float) -> Restore:
        def restore(lr: np.ndarray) -> np.ndarray:
            encoded = [self.generator.encode(picture) for picture in pictures]
            return self.generator.restore(lr, join_tokens(encoded) if encoded else None, detail)

        return restore


def file_hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
