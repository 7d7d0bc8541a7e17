"""Further pictures are taken out of unpacked Debian packages."""

import cv2
import numpy as np
import pytest

from rasr_training.packaged_pictures import ACTIVITIES, STAMPS, collect, webp_files
from rasr_training.photos import DataError


def webp(side: int) -> bytes:
    image = np.random.default_rng(side).integers(0, 255, (side, side, 3), np.uint8)
    return cv2.imencode(".webp", image)[1].tobytes()


def test_photos_are_taken_and_drawings_and_buttons_are_not(tmp_path):
    for name in ("animals/cats/lion.png", "animals/cats/cartoon/lion.png", "symbols/flag.png"):
        file = tmp_path / STAMPS / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(name.encode())
    (tmp_path / ACTIVITIES).mkdir(parents=True)
    photo, button = webp(200), webp(40)
    (tmp_path / ACTIVITIES / "erase.rcc").write_bytes(b"qres\x00RIFF\x08" + button + b"\x00" + photo + b"end")
    (tmp_path / ACTIVITIES / "chess.rcc").write_bytes(photo)
    into = tmp_path / "more"
    assert collect(tmp_path, into) == 2
    assert (into / "animals_cats_lion.png").read_bytes() == b"animals/cats/lion.png"
    assert (into / "erase-001.webp").read_bytes() == photo


def test_what_only_begins_like_a_picture_is_passed_over():
    picture = webp(32)
    assert list(webp_files(b"RIFF\xff\xff\xff\x7fWEBP" + b"RIFFRIFF" + picture)) == [picture]
    assert list(webp_files(picture[:-1])) == []


def test_a_folder_without_the_packages_is_named(tmp_path):
    with pytest.raises(DataError, match="unpack the packages there"):
        collect(tmp_path, tmp_path / "more")
