"""The retriever, from scratch: distilled from a teacher, consistent between poor photos of one thing.

    python -m rasr_training.train_retriever --data ../../shared/data --out out

The student sees degraded crops; its targets are the teacher's features of the clean crops, centred and
projected onto their principal components. Two shots of different crops of one photo attract, others of the
batch repel.
"""

import argparse
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import torch
import torch.nn.functional as F

from .pairs import to_tensor
from .phone_shots import TRAINING_SHOTS, shoot
from .photos import PhotoCache
from .retriever import DIMENSION, INPUT_SIZE, Retriever, normalise
from .sheets import to_image, write_sheet
from .train_autoencoder import training_cache
from .training import (
    DEFAULT_DATA,
    LoopOptions,
    add_common_arguments,
    autocast,
    choose_device,
    loop_options,
    to_device,
    train_loop,
)

STAGE = "retriever"
CROPS = 8
TEACHER = "mobilenet_v2_imagenet.onnx"
TEACHER_SIZE = 224
TEMPERATURE = 0.08
GROUPS = 8


def cut_crops(cache: PhotoCache, count: int = CROPS) -> np.ndarray:
    """[photos, count, 192, 192, 3] uint8: the whole squashed, then random windows of 25..100 %."""
    scale = len(cache.scales) - 1
    crops = np.empty((len(cache), count, INPUT_SIZE, INPUT_SIZE, 3), np.uint8)
    for photo in range(len(cache)):
        rng = np.random.default_rng((3, photo))
        image = cache.image(photo, scale)
        height, width = image.shape[:2]
        for number in range(count):
            share = 1.0 if number == 0 else np.sqrt(rng.uniform(0.25, 1.0))
            aspect = 1.0 if number == 0 else np.exp(rng.uniform(-0.2, 0.2))
            h, w = int(min(height, height * share * aspect)), int(min(width, width * share / aspect))
            top, left = rng.integers(height - h + 1), rng.integers(width - w + 1)
            window = image[top : top + h, left : left + w]
            crops[photo, number] = cv2.resize(window, (INPUT_SIZE,) * 2, interpolation=cv2.INTER_AREA)
    return crops


def teacher_features(teacher: Path, crops: np.ndarray, threads: int) -> np.ndarray:
    """The teacher's ``feature`` output [n, 1280] for RGB uint8 crops [n, s, s, 3]."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(teacher), options, providers=["CPUExecutionProvider"])
    found = []
    for start in range(0, len(crops), 16):
        images = to_tensor(list(crops[start : start + 16]))
        images = F.interpolate(images, size=(TEACHER_SIZE,) * 2, mode="bilinear", antialias=True)
        found.append(session.run(["feature"], {"image": images.numpy()})[0])
    return np.concatenate(found)


def project(features: np.ndarray, dimension: int = DIMENSION) -> np.ndarray:
    """Centred principal components, half whitened, unit length: [n, dimension]."""
    centred = features - features.mean(0)
    values, vectors = np.linalg.eigh(centred.T @ centred / len(centred))
    values, vectors = values[::-1][:dimension], vectors[:, ::-1][:, :dimension]
    targets = centred @ vectors / np.maximum(values, 1e-8) ** 0.25
    return (targets / np.linalg.norm(targets, axis=1, keepdims=True)).astype(np.float32)


class CropSampler:
    """Two different crops of each of ``batch`` photos, with their teacher targets; fixed by (seed, step)."""

    def __init__(self, crops: np.ndarray, targets: np.ndarray, labels: np.ndarray, batch: int, seed: int):
        self.crops, self.targets, self.labels = crops, targets, labels
        self.batch, self.seed = batch, seed

    def draw(self, step: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Images [2 batch, 3, s, s] (first crops, then second), targets [2 batch, D], labels [batch]."""
        rng = np.random.default_rng((self.seed, step))
        photos = rng.choice(len(self.crops), self.batch, replace=False)
        numbers = np.stack([rng.choice(self.crops.shape[1], 2, replace=False) for _ in photos], 1)
        images = [self.crops[p, c] for row in numbers for p, c in zip(photos, row, strict=True)]
        flip = rng.random(len(images)) < 0.5
        images = [image[:, ::-1] if f else image for image, f in zip(images, flip, strict=True)]
        targets = np.concatenate([self.targets[photos, row] for row in numbers])
        labels = torch.from_numpy(self.labels[photos])
        return to_tensor(images), torch.from_numpy(targets), labels


def shoot_groups(images: torch.Tensor, seed: int, groups: int = GROUPS) -> torch.Tensor:
    """Training shots; a quarter of the groups stays clean but for geometry, as gallery images are."""
    generator = torch.Generator().manual_seed(seed)
    order = torch.randperm(len(images), generator=generator)
    parts = []
    for number, part in enumerate(images[order].chunk(groups)):
        parts.append(part if number < groups // 4 else shoot(part, TRAINING_SHOTS, generator))
    result = torch.empty_like(images)
    result[order] = torch.cat(parts)
    return result


def retrieval_loss(embedding: torch.Tensor, targets: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Distillation (cosine and batch relations) + contrast between the two halves of the batch.

    Other photos of the same label are neither attracted nor repelled.
    """
    distil = (1 - (embedding * targets).sum(1)).mean()
    relations = F.mse_loss(embedding @ embedding.T, targets @ targets.T)
    first, second = embedding.chunk(2)
    similarity = first @ second.T / TEMPERATURE
    same_label = (labels[:, None] == labels) & ~torch.eye(len(labels), dtype=torch.bool, device=labels.device)
    similarity = similarity.masked_fill(same_label, -1e4)
    wanted = torch.arange(len(first), device=embedding.device)
    contrast = 0.5 * (F.cross_entropy(similarity, wanted) + F.cross_entropy(similarity.T, wanted))
    return 2 * distil + 4 * relations + contrast


def label_numbers(cache: PhotoCache) -> np.ndarray:
    """One number per label [photos]; 'general' labels are loose themes, so each of its photos is its own."""
    keys = [p.path if p.domain == "general" else f"{p.domain}/{p.label}" for p in cache.photos]
    return np.unique(keys, return_inverse=True)[1]


def train(module: Retriever, sampler: CropSampler, options: LoopOptions, device: torch.device) -> dict:
    def loss_at(step: int, progress: float) -> torch.Tensor:
        images, targets, labels = sampler.draw(step)
        seen = shoot_groups(images.to(device), sampler.seed * 1_000_003 + step)
        seen = normalise(seen).to(memory_format=torch.channels_last)
        with autocast(device):
            embedding = module(seen)
        return retrieval_loss(embedding.float(), targets.to(device), labels.to(device))

    def report(folder: Path) -> dict[str, float]:
        images, targets, _ = sampler.draw(10**9)
        seen = shoot_groups(images.to(device), 0)
        rows = [[to_image(a), to_image(b)] for a, b in zip(images[:12], seen[:12], strict=True)]
        write_sheet(folder / "samples.png", rows, ["crop", "shot"], INPUT_SIZE)
        agreement = (module(normalise(seen)) * targets.to(device)).sum(1).mean()
        return {"teacher_cosine": float(agreement)}

    return train_loop(module, options, loss_at, 2 * sampler.batch, report)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_common_arguments(parser, minutes=25, learning_rate=2e-3, batch=48)
    parser.add_argument("--teachers", type=Path, default=DEFAULT_DATA.parent / "teachers")
    arguments = parser.parse_args()
    device = choose_device(arguments.threads)
    torch.manual_seed(arguments.seed)
    cache = training_cache(arguments.data, arguments.out)
    crops = cut_crops(cache)
    known = arguments.out / STAGE / "teacher_targets.npy"
    if not known.is_file():
        features = teacher_features(
            arguments.teachers / TEACHER, crops.reshape(-1, *crops.shape[2:]), arguments.threads
        )
        known.parent.mkdir(parents=True, exist_ok=True)
        np.save(known, project(features).reshape(*crops.shape[:2], DIMENSION))
    sampler = CropSampler(crops, np.load(known), label_numbers(cache), arguments.batch, arguments.seed)
    module = to_device(Retriever(), device)
    train(module, sampler, loop_options(arguments, STAGE), device)


if __name__ == "__main__":
    main()
