"""Real pairs of views: what is laid on what, and what the sampler makes of it."""

import cv2
import numpy as np
import pytest
import torch

from rasr_training.aligned_pairs import AlignedSampler
from rasr_training.view_pairs import view_pairs

SIDE = 640


def thing(seed: int) -> np.ndarray:
    """Many shapes, nowhere alike, BGR."""
    rng = np.random.default_rng(seed)
    image = np.full((SIDE, SIDE, 3), 128, np.uint8)
    for _ in range(500):
        corners = rng.integers(0, SIDE, 2) + rng.normal(0, 30, (4, 2))
        cv2.fillConvexPoly(image, cv2.convexHull(np.int32(corners)), rng.integers(0, 255, 3).tolist())
    return image


def seen_otherwise(image: np.ndarray) -> np.ndarray:
    """Tilted, and no longer flat."""
    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    return cv2.remap(image, x * 0.95 + 12 + 6 * np.sin(x / 50), y + 0.03 * x, cv2.INTER_CUBIC)


@pytest.fixture(scope="module")
def pairs_and_things(tmp_path_factory):
    """Two things, of one of them two views: the pairs of it, and the views in RGB."""
    root = tmp_path_factory.mktemp("views")
    views = {"a/0": thing(1), "a/1": seen_otherwise(thing(1)), "b/0": thing(2)}
    rows = ["path\tsplit\tdomain\tlabel"]
    for name, image in views.items():
        path = root / "photos" / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(path), image)
        rows.append(f"{name}.png\ttrain\tsubjects\t{name[0]}")
    (root / "photos" / "manifest.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return view_pairs(root, "train"), [
        cv2.cvtColor(views[name], cv2.COLOR_BGR2RGB) for name in ("a/0", "a/1")
    ]


def difference(a: np.ndarray, b: np.ndarray, where: np.ndarray) -> float:
    return float(np.abs(a.astype(float) - b)[where].mean())


def test_views_of_one_thing_are_laid_on_each_other_and_no_others(pairs_and_things):
    pairs, views = pairs_and_things
    assert len(pairs) == 2
    for pair, other in zip(pairs, views[::-1], strict=True):
        height, width = pair.coverage.shape
        assert pair.clean.shape == pair.aligned.shape == (height, width, 3)
        assert pair.coverage.mean() > 0.5
        assert not pair.aligned[~pair.coverage].any()
        unaligned = cv2.resize(other, (width, height))
        off = difference(unaligned, pair.clean, pair.coverage)
        assert difference(pair.aligned, pair.clean, pair.coverage) < 0.4 * off


def test_the_sampler_draws_crops_of_them_among_others(cache, pairs_and_things):
    pairs, _ = pairs_and_things
    plain, mixed = AlignedSampler(cache, 64, 8, 1), AlignedSampler(cache, 64, 8, 1, pairs)
    batch = mixed.draw(0)
    assert not torch.equal(batch.clean, plain.draw(0).clean)
    assert torch.equal(batch.clean, AlignedSampler(cache, 64, 8, 1, pairs).draw(0).clean)
    clean, aligned, coverage = mixed._views(np.random.default_rng(3))
    assert clean.shape == aligned.shape == (64, 64, 3) and coverage.shape == (64, 64, 1)
    assert coverage.mean() >= 0.15 and clean.min() >= 0 and clean.max() <= 1
