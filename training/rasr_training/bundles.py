"""Exported bundles and other ONNX networks, run as the product runs them: ONNX Runtime on the CPU."""

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

    def embed(self, images: list[np.ndarray]) -> np.ndarray:
        """RGB uint8 images of any sizes -> unit-length embeddings [n, D]."""
        rules = self.manifest["preprocessing"]
        mean, std = (np.float32(rules[key]).reshape(3, 1, 1) for key in ("mean", "std"))
        found = []
        for image in images:
            if rules["fit"] == "cover":
                image = cover(image, rules["size"])
            pixels = (to_input(fill(image, rules["size"]))[0] - mean) / std
            found.append(self.session.run(None, {"pixel_values": pixels[None]})[0][0])
        return np.stack(found)


def fill(image: np.ndarray, size: int) -> np.ndarray:
    """Squash to [size, size, 3]: area averaging when it shrinks, linear when it grows."""
    shrinks = min(image.shape[:2]) > size
    return cv2.resize(image, (size, size), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)


class GeneratorBundle:
    """Restores a low-resolution image, with or without reference tokens."""

    def __init__(self, folder: Path, threads: int):
        self.manifest = read_manifest(folder)
        files = {graph["role"]: Path(folder) / graph["file"] for graph in self.manifest["graphs"]}
        self.encoder = open_session(files["reference-encoder"], threads)
        self.generator = open_session(files["generator"], threads)
        features = self.manifest["reference"]["features"]
        self.no_tokens = [np.zeros((1, 1, feature["channels"]), np.float32) for feature in features]

    def encode(self, reference: np.ndarray) -> Tokens:
        """RGB uint8 reference of any size -> its token sequences."""
        square = cover(reference, self.manifest["reference"]["size"])
        return self.encoder.run(None, {"reference": to_input(square)})

    def restore(self, lr: np.ndarray, tokens: Tokens | None = None) -> np.ndarray:
        """``lr`` float32 [1, 3, h, w] -> [1, 3, 4h, 4w]; no tokens means no reference."""
        strength = np.float32([0 if tokens is None else 1])
        features = {f"feature_{i}": t for i, t in enumerate(tokens or self.no_tokens)}
        return self.generator.run(None, {"lr": lr, **features, "reference_strength": strength})[0]
