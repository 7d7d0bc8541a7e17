"""Photos, and things cut out of photos, of two Debian packages: more pictures for the retriever's collages.

    apt-get download tuxpaint-stamps-default gcompris-qt-data
    for package in *.deb; do dpkg-deb -x $package unpacked; done
    python -m rasr_training.packaged_pictures unpacked --into out/more
    python -m rasr_training.train_retriever --out out --more out/more

Their licences are in ``unpacked/usr/share/doc/*/copyright``: public domain, CC0, CC BY, CC BY-SA, GPL, GFDL.
None of the pictures is kept with the project.
"""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from .photos import DataError

STAMPS = Path("usr/share/tuxpaint/stamps")
DRAWN = re.compile("cartoon|/symbols/|/seasonal/|/clothes/|/roadsigns/|/flags/|/people/")
"""Parts of a stamp's path that tell drawings from photos."""
ACTIVITIES = Path("usr/share/gcompris-qt/rcc")
PHOTOGRAPHED = (
    "canal_lock", "categorization", "chronos", "clickgame", "details", "erase",
    "explore_farm_animals", "explore_monuments", "explore_world_animals", "explore_world_music",
    "leftright", "solar_system",
)  # fmt: skip
"""Activities of GCompris whose pictures are photos, for the most part."""
SMALLEST = 180
"""Pixels on the shorter side of an activity's picture; smaller ones are buttons."""


def stamps(unpacked: Path) -> Iterator[tuple[str, bytes]]:
    """Names and content of Tux Paint's photographed stamps, PNG files."""
    for file in sorted((unpacked / STAMPS).rglob("*.png")):
        if not DRAWN.search(file.as_posix()):
            yield file.relative_to(unpacked / STAMPS).as_posix().replace("/", "_"), file.read_bytes()


def activity_pictures(unpacked: Path) -> Iterator[tuple[str, bytes]]:
    """Names and content of the photos in GCompris' resource files, WebP files."""
    for activity in PHOTOGRAPHED:
        file = unpacked / ACTIVITIES / f"{activity}.rcc"
        for number, content in enumerate(webp_files(file.read_bytes()) if file.is_file() else ()):
            image = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
            if image is not None and min(image.shape[:2]) >= SMALLEST:
                yield f"{activity}-{number:03d}.webp", content


def webp_files(resources: bytes) -> Iterator[bytes]:
    """The WebP files in a Qt resource file. Qt stores as they are what compression would not make smaller."""
    at = 0
    while (at := resources.find(b"RIFF", at)) >= 0:
        end = at + 8 + int.from_bytes(resources[at + 4 : at + 8], "little")
        if resources[at + 8 : at + 12] == b"WEBP" and end <= len(resources):
            yield resources[at:end]
            at = end
        else:
            at += 4


def collect(unpacked: Path, into: Path) -> int:
    """Write the pictures of both packages to ``into``; how many there are. Raises DataError without any."""
    into.mkdir(parents=True, exist_ok=True)
    count = 0
    for pictures in (stamps, activity_pictures):
        for name, content in pictures(unpacked):
            (into / name).write_bytes(content)
            count += 1
    if count == 0:
        raise DataError(f"{unpacked} holds neither {STAMPS} nor {ACTIVITIES}: unpack the packages there")
    return count


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("unpacked", type=Path, help="folder the packages were unpacked to")
    parser.add_argument("--into", type=Path, default=Path("out/more"))
    arguments = parser.parse_args()
    print(f"{collect(arguments.unpacked, arguments.into)} pictures in {arguments.into}")


if __name__ == "__main__":
    main()
