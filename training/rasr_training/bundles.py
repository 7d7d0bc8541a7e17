"""Exported bundles and other ONNX networks, run as the product runs them: ONNX Runtime on the CPU."""

from functools import cached_property
from pathlib import Path

import cv2
import numpy as np
import onnxruntime

from .manifest import read_manifest
from .photos import cover

Tokens = list[np.ndarray]


def open_session(path: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    # Many sessions share the cores here: threads that spin while they wait would slow the others down.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def to_input(image: np.ndarray) -> np.ndarray:
    """RGB uint8 [H, W, 3] -> float32 [1, 3, H, W] in 0..1."""
    return np.ascontiguousarray(image.transpose(2, 0, 1)[None], np.float32) / 255


def to_picture(output: np.ndarray) -> np.ndarray:
    """Network output [1, 3, H, W] -> RGB uint8 [H, W, 3], clipped and rounded."""
    return (output[0].transpose(1, 2, 0).clip(0, 1) * 255).round().astype(np.uint8)


class RetrieverBundle:
    """Images to embeddings, with the preprocessing of the bundle's manifest."""

    def __init__(self, folder: Path, threads: int):
        self.manifest = read_manifest(folder)
        graph = self.manifest["graphs"][0]
        self.session = open_session(Path(folder) / graph["file"], threads)

    def embed_references(self, images: list[np.ndarray]) -> np.ndarray:
        """As `embed`; with `softReferences` in the manifest, the mean of the image and its softened self."""
        factor = self.manifest.get("softReferences", 1)
        sharp = self.embed(images)
        if factor == 1:
            return sharp
        mean = sharp + self.embed(images, factor)
        return mean / np.linalg.norm(mean, axis=1, keepdims=True)

    def embed(self, images: list[np.ndarray], factor: int = 1) -> np.ndarray:
        """RGB uint8 images of any sizes -> unit-length embeddings [n, D], the network's input softened."""
        rules = self.manifest["preprocessing"]
        mean, std = (np.float32(rules[key]).reshape(3, 1, 1) for key in ("mean", "std"))
        found = []
        for image in images:
            if rules["fit"] == "cover":
                image = centre_square(cover(image, rules.get("resize", rules["size"])), rules["size"])
            pixels = (soften(to_input(fill(image, rules["size"]))[0], factor) - mean) / std
            output = self.session.run(None, {"pixel_values": pixels[None]})[0][0]
            vector = output[0] if self.manifest["embedding"].get("pooling") == "cls" else output
            found.append(vector / np.linalg.norm(vector))
        return np.stack(found)


def soften(picture: np.ndarray, factor: int) -> np.ndarray:
    """[3, s, s] -> the averages of ``factor`` x ``factor`` samples, enlarged bilinearly to [3, s, s]."""
    if factor == 1:
        return picture
    size, height_width_colours = picture.shape[-1], picture.transpose(1, 2, 0)
    small = cv2.resize(height_width_colours, (size // factor,) * 2, interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (size, size), interpolation=cv2.INTER_LINEAR).transpose(2, 0, 1)


def centre_square(image: np.ndarray, size: int) -> np.ndarray:
    """The central [size, size, 3] of a picture."""
    top, left = ((side - size) // 2 for side in image.shape[:2])
    return image[top : top + size, left : left + size]


def fill(image: np.ndarray, size: int) -> np.ndarray:
    """Squash to [size, size, 3]: area averaging when it shrinks, linear when it grows."""
    shrinks = min(image.shape[:2]) > size
    return cv2.resize(image, (size, size), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)


class PeerNetwork:
    """A network to compare against: one ONNX file, ``lr`` -> ``sr``."""

    def __init__(self, file: Path, threads: int):
        self.session = open_session(file, threads)

    def restore(self, lr: np.ndarray) -> np.ndarray:
        """``lr`` float32 [1, 3, h, w] in 0..1 -> [1, 3, 4h, 4w], not clamped."""
        return self.session.run(None, {self.session.get_inputs()[0].name: lr})[0]


class GeneratorBundle:
    """Restores a low-resolution image, with or without reference tokens."""

    def __init__(self, folder: Path, threads: int):
        self.manifest = read_manifest(folder)
        self._files = {graph["role"]: Path(folder) / graph["file"] for graph in self.manifest["graphs"]}
        self._threads = threads
        self.generator = open_session(self._files["generator"], threads)
        self.has_detail = any(value.name == "detail" for value in self.generator.get_inputs())
        features = self.manifest["reference"]["features"]
        self.no_tokens = [np.zeros((1, 1, feature["channels"]), np.float32) for feature in features]

    @cached_property
    def encoder(self) -> onnxruntime.InferenceSession:
        return open_session(self._files["reference-encoder"], self._threads)

    @property
    def default_detail(self) -> float:
        return self.manifest.get("detail", {}).get("default", 0.5)

    @property
    def most_references(self) -> int:
        return self.manifest["reference"]["maxReferences"]

    def encode(self, reference: np.ndarray) -> Tokens:
        """RGB uint8 reference of any size -> its token sequences."""
        square = cover(reference, self.manifest["reference"]["size"])
        return self.encoder.run(None, {"reference": to_input(square)})

    def restore(
        self, lr: np.ndarray, tokens: Tokens | None = None, detail: float | None = None
    ) -> np.ndarray:
        """``lr`` float32 [1, 3, h, w] -> [1, 3, 4h, 4w]; no tokens means no reference.

        ``detail`` in 0..1, by default the manifest's; ignored by a graph that has no such input.
        """
        strength = np.float32([0 if tokens is None else 1])
        inputs = {f"feature_{i}": t for i, t in enumerate(tokens or self.no_tokens)}
        inputs |= {"lr": lr, "reference_strength": strength}
        if self.has_detail:
            inputs["detail"] = np.float32([self.default_detail if detail is None else detail])
        return self.generator.run(None, inputs)[0]


def join_tokens(references: list[Tokens]) -> Tokens:
    """Token sequences of several references, one after the other, as the product passes them."""
    return [np.concatenate(feature, 1) for feature in zip(*references, strict=True)]
