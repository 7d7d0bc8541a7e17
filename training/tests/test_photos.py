import numpy as np
import pytest

from rasr_training.photos import DataError, cover, list_photos, open_cache


def test_a_missing_photo_set_is_named(tmp_path):
    with pytest.raises(DataError, match=r"manifest\.tsv not found: point --data"):
        list_photos(tmp_path, "train")


def test_an_unreadable_photo_is_named(photo_set, tmp_path):
    import shutil

    copy = tmp_path / "data"
    shutil.copytree(photo_set, copy)
    victim = next((copy / "photos" / "train").rglob("*.jpg"))
    victim.write_text("not a picture")
    with pytest.raises(DataError, match=victim.name):
        open_cache(copy, "train", tmp_path / "cache", [1.0])


def test_the_cache_holds_every_photo_at_every_scale(photo_set, tmp_path):
    cache = open_cache(photo_set, "train", tmp_path, [1.0, 0.5])
    assert len(cache) == 8
    assert cache.image(3, 0).shape == (160, 160, 3)
    assert cache.image(3, 1).shape == (80, 80, 3)
    again = open_cache(photo_set, "train", tmp_path, [1.0, 0.5])
    assert np.array_equal(again.image(7, 1), cache.image(7, 1))


def test_cover_crops_the_centre():
    image = np.zeros((40, 80, 3), np.uint8)
    image[:, 30:50] = 200
    square = cover(image, 20)
    assert square.shape == (20, 20, 3)
    assert square[:, 8:12].min() > 150 and square[:, :4].max() < 50
