"""Several looks at a query, with the embedded retriever and rendered pictures."""

from pathlib import Path

import numpy as np
import pytest
from conftest import rendered

from rasr_training.bundles import RetrieverBundle
from rasr_training.looks import Looks, centre, looks_of

BUNDLE = Path(__file__).parents[2] / "resources" / "models" / "retriever-small"


@pytest.fixture(scope="module")
def bundle() -> RetrieverBundle:
    return RetrieverBundle(BUNDLE, 2)


@pytest.fixture(scope="module")
def pictures() -> list[np.ndarray]:
    return [rendered(number, 160) for number in range(4)]


def test_the_centre_has_its_share_of_each_side():
    image = np.arange(8 * 12 * 3, dtype=np.uint8).reshape(8, 12, 3)
    assert np.array_equal(centre(image, 0.5), image[2:6, 3:9])
    assert centre(image, 1.0).shape == image.shape
    assert centre(image[:1, :1], 0.5).shape == (1, 1, 3)


def test_a_query_is_looked_at_whole_and_from_nearer_sharp_and_softened(bundle, pictures):
    looks = looks_of(bundle)
    gallery = looks.reference(pictures)
    near = [centre(picture, 0.75) for picture in pictures]
    found = looks.best_similarity(pictures, gallery)
    each = [embed(seen) @ gallery.T for embed in (bundle.embed, looks.reference) for seen in (pictures, near)]
    assert np.allclose(found, np.max(each, 0), atol=1e-6)
    # Softened and whole, a picture is what its reference was made of.
    assert np.allclose(found.diagonal(), 1, atol=1e-5)
    assert (bundle.embed(pictures) @ gallery.T).diagonal().max() < 0.9999


def test_a_bundle_that_does_not_soften_looks_at_queries_in_one_way(bundle, pictures, monkeypatch):
    monkeypatch.setitem(bundle.manifest, "softReferences", 1)
    looks = looks_of(bundle)
    assert len(looks.query) == 1
    assert np.allclose(looks.reference(pictures), bundle.embed(pictures))


def test_only_the_best_look_counts(pictures):
    worse = Looks((lambda images: -np.eye(len(images)),), lambda images: np.eye(len(images)))
    both = Looks((*worse.query, worse.reference), worse.reference)
    gallery = worse.reference(pictures)
    assert np.array_equal(worse.best_similarity(pictures, gallery), -np.eye(4))
    assert np.array_equal(both.best_similarity(pictures, gallery), np.eye(4))
