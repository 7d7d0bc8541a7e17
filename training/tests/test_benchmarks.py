import numpy as np
import pytest

from rasr_training.benchmark_retriever import Item, calibrate, kind_of, recalls
from rasr_training.cases import DEGRADATIONS, ReferenceGallery, benchmark_cases


@pytest.mark.parametrize("degradation", DEGRADATIONS)
def test_cases_are_fixed_and_never_their_own_reference_but_for_museum(photo_set, degradation):
    gallery = ReferenceGallery(photo_set)
    cases = list(benchmark_cases(photo_set, gallery, degradation, None))
    assert [case.photo.domain for case in cases] == ["zoo", "museum", "general", "general"]
    for case, again in zip(cases, benchmark_cases(photo_set, gallery, degradation, None), strict=True):
        assert np.array_equal(case.lr, again.lr) and np.array_equal(case.truth, again.truth)
        assert case.truth.shape == (4 * case.lr.shape[0], 4 * case.lr.shape[1], 3)
        assert gallery.photos[case.irrelevant].domain != case.photo.domain
        if case.photo.domain != "museum":
            assert case.photo not in [gallery.photos[number] for number in case.gallery]
        assert set(case.right) <= set(case.gallery)


def test_a_phone_shot_is_measured_against_the_scene_in_its_own_light(photo_set):
    gallery = ReferenceGallery(photo_set)
    clean, scene = (
        [case.truth for case in benchmark_cases(photo_set, gallery, name, 1)]
        for name in ("real-esrgan", "phone-shot")
    )
    assert all(a.shape == b.shape and not np.array_equal(a, b) for a, b in zip(clean, scene, strict=True))


@pytest.fixture
def items():
    image = np.zeros((4, 4, 3), np.uint8)
    return [Item(("zoo", label), image, number < 2) for number, label in enumerate("aabb")]


def test_recall_leaves_the_query_out_for_labels_and_in_for_instances(items):
    similarity = np.array([[1.0, 0.2, 0.9, 0.1], [0.8, 0.7, 0.2, 0.1]])
    found = recalls(similarity, items[:4], np.array([0, 1]))
    assert found["label"]["recallAt1"] == 0.5  # query 0 prefers a 'b' once itself is gone
    assert found["instance"]["recallAt1"] == 0.5  # query 1 prefers photo 0 to itself
    assert found["instance"]["recallAt5"] == 1


def test_the_threshold_keeps_the_share_it_promises(items):
    similarity = np.array([[0.9, 0.1, 0.3, 0.2], [0.1, 0.8, 0.2, 0.85]])
    found = calibrate([similarity], items, np.array([0, 1]))
    assert 0.8 <= found["threshold"] <= 0.81
    assert found["inGalleryAccepted"] == 0.5
    assert found["outOfGalleryAccepted"] == 0.5


def test_calibration_tells_what_other_photos_and_strangers_reach(items):
    similarity = np.array([[0.9, 0.4, 0.3, 0.2], [0.6, 0.8, 0.2, 0.85]])
    found = calibrate([similarity], items, np.array([0, 1]))
    assert found["outOfGallery"]["p95"] == pytest.approx(0.3 + 0.95 * (0.85 - 0.3), abs=1e-3)
    assert found["sameObject"] == found["threshold"]  # the best other photos of the label reach 0.6 only
    assert found["sameObjectKept"] == 0.5


def test_a_kind_is_the_same_in_every_domain_and_style():
    assert kind_of(("zoo", "cat")) == kind_of(("subjects", "cat2"))
    assert kind_of(("synthetic", "mosaic-1001")) == kind_of(("synthetic", "mosaic-3"))
    assert kind_of(("zoo", "cat")) != kind_of(("zoo", "cattle"))
