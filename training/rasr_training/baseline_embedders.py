"""What the retriever is compared with: its teacher, colours, and chance, as unit-length embeddings."""

from pathlib import Path

import cv2
import numpy as np

from .bundles import fill, open_session, to_input
from .looks import Embed
from .teacher import FILE as TEACHER
from .teacher import SIZE as TEACHER_SIZE


def teacher_embedder(teachers: Path, threads: int) -> Embed:
    session = open_session(teachers / TEACHER, threads)

    def embed(images: list[np.ndarray]) -> np.ndarray:
        inputs = [{"image": to_input(fill(image, TEACHER_SIZE))} for image in images]
        return _unit(np.concatenate([session.run(["feature"], i)[0] for i in inputs]))

    return embed


def histogram_embedder(images: list[np.ndarray]) -> np.ndarray:
    """Square roots of 8x8x8 colour histograms: the cosine is the Bhattacharyya coefficient."""
    counts = [cv2.calcHist([i], [0, 1, 2], None, [8, 8, 8], [0, 256] * 3).ravel() for i in images]
    return _unit(np.sqrt(np.stack(counts)))


def random_embedder(images: list[np.ndarray]) -> np.ndarray:
    return _unit(np.random.default_rng(len(images)).standard_normal((len(images), 64)))


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
