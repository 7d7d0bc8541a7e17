import numpy as np

from rasr_training.retriever_variants import (
    Search,
    as_it_is,
    by_mean_of_gallery,
    complementary,
    expanded,
    mirrored,
    recall,
)

LABELS = np.array(["a", "a", "b", "b", "b"])


def unit(*rows) -> np.ndarray:
    vectors = np.float64(rows)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def search(gallery: np.ndarray, query: np.ndarray, own: int | None = None) -> Search:
    similarity = query @ gallery.T
    if own is not None:
        similarity[:, own] = -np.inf
    image = np.zeros((4, 6, 3), np.uint8)
    return Search(similarity, gallery, query, LABELS, [image] * len(gallery), [image] * len(query))


def test_recall_counts_the_first_and_the_first_five():
    scores = np.float64([[5, 4, 3, 2, 1], [1, 2, 3, 4, 5]])
    assert recall(scores, LABELS, np.array(["a", "a"])) == (0.5, 1.0)
    assert recall(scores, LABELS, np.array(["b", "b"])) == (0.5, 1.0)


def test_a_gallery_of_many_good_references_outweighs_one_better():
    gallery = unit((1, 0.1, 0), (0, 0, 1), (1, 0.3, 0), (1, 0.3, 0), (1, 0.3, 0))
    found = search(gallery, unit((1, 0, 0)))
    assert LABELS[as_it_is(found).argmax()] == "a"
    assert LABELS[by_mean_of_gallery(found).argmax()] == "b"


def test_the_own_photo_stays_out_of_every_way():
    gallery = unit((1, 0, 0), (0.9, 0.1, 0), (0, 1, 0), (0, 0, 1), (0, 1, 1))
    found = search(gallery, unit((1, 0, 0)), own=0)
    for way in (as_it_is, by_mean_of_gallery, expanded, complementary):
        assert way(found).argmax() == 1, way.__name__
        assert way(found).argmin() == 0, way.__name__


def test_complementary_puts_a_duplicate_behind_something_new():
    gallery = unit((0.9, 0.44, 0), (0.9, 0.441, 0), (0.9, -0.442, 0), (0, 0, 1), (0, 0, -1))
    order = np.argsort(-complementary(search(gallery, unit((1, 0, 0)))))[0]
    assert list(order[:3]) == [0, 2, 1]


class Constant:
    """A retriever that sees the same in every picture."""

    def embed(self, images):
        return np.repeat(unit((0, 1, 0)), len(images), 0)


def test_another_look_counts_where_it_is_more_like():
    gallery = unit((1, 0, 0), (0, 1, 0), (1, 1, 0), (0, 0, 1), (0, 0, 1))
    found = search(gallery, unit((1, 0, 0)))
    scores = mirrored(Constant())(found)
    assert (scores >= found.similarity).all()
    assert scores[0].argmax() in (0, 2)
    assert scores[0, 2] > found.similarity[0, 2]
