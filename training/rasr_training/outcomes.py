"""What a row made of a case, kept between runs: peers never change, so only new bundles are run again."""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from .bundles import to_input, to_picture
from .cases import Case
from .contestants import Entry
from .measures import Measures

CROP = 256
WILD = 3.0
"""An output beyond this, or not finite, is wild: some networks diverge on noise."""


@dataclass(frozen=True)
class Outcome:
    """Figures of one output, and its central crop (RGB uint8) for the contact sheet."""

    figures: dict[str, float]
    crop: np.ndarray


def centre(image: np.ndarray, scale: int = 1) -> np.ndarray:
    """The middle of a picture, ``CROP / scale`` square; low-resolution and full crops show the same place."""
    side = CROP // scale
    top, left = ((length - side) // (8 // scale) * (8 // scale) // 2 for length in image.shape[:2])
    return image[top : top + side, left : left + side]


class OutcomeStore:
    """Outcomes in a folder, by a hash of everything they depend on: files, case, reference and measures."""

    def __init__(self, folder: Path, measures: Measures):
        self.folder, self.measures = folder, measures

    def outcome(self, entry: Entry, case: Case) -> Outcome:
        """As kept, or restored and measured now."""
        name = self._name(entry, case)
        found = self._read(name)
        if found is None:
            found = measured(entry, case, self.measures)
            self._write(name, found)
        return found

    def _name(self, entry: Entry, case: Case) -> Path:
        digest = hashlib.sha256(f"{self.measures.key}|{entry.key}|{case.truth.shape}|".encode())
        digest.update(case.truth.tobytes())
        digest.update(case.lr.tobytes())
        return self.folder / digest.hexdigest()

    def _read(self, name: Path) -> Outcome | None:
        try:
            figures = json.loads(name.with_suffix(".json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        crop = cv2.imread(str(name.with_suffix(".png")))
        return None if crop is None else Outcome(figures, cv2.cvtColor(crop, cv2.COLOR_BGR2RGB))

    def _write(self, name: Path, outcome: Outcome) -> None:
        # The figures come last and whole: a run that is stopped leaves nothing that looks finished.
        self.folder.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(name.with_suffix(".png")), cv2.cvtColor(outcome.crop, cv2.COLOR_RGB2BGR))
        unfinished = name.with_suffix(f".{os.getpid()}.part")
        unfinished.write_text(json.dumps(outcome.figures), encoding="utf-8")
        unfinished.replace(name.with_suffix(".json"))


def measured(entry: Entry, case: Case, measures: Measures) -> Outcome:
    """Restore a case and take every figure. A wild output is clipped like any other, and counted."""
    output = entry.restore(to_input(case.lr))
    wild = not np.isfinite(output).all() or np.abs(output).max() > WILD
    picture = to_picture(np.nan_to_num(output))
    return Outcome({**measures(picture, case.truth), "wild": float(wild)}, centre(picture))
