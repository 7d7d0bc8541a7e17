"""Weave: a faint pattern in step with a network's grids, which feature distances reward and eyes dislike."""

import numpy as np

PERIOD = 16
"""Pixels: four steps of the low-resolution grid. The periods of finer grids are its overtones."""
WINDOW = 256
_LOWEST = 28 / WINDOW
"""Cycles per pixel below which the picture itself decides what stands out."""
_STEPS = [(y, x) for y in (-5, 0, 5) for x in (-5, 0, 5) if y or x]


def weave(picture: np.ndarray) -> float:
    """How far the grids' frequencies stand out of their neighbourhood, in dB: about 0 for photos.

    ``picture`` is RGB uint8 [H, W, 3]. Its top left 256 x 256 pixels are looked at; where it is smaller, the
    answer is NaN.
    """
    if min(picture.shape[:2]) < WINDOW:
        return float("nan")
    grey = picture[:WINDOW, :WINDOW].astype(np.float64).mean(2)
    taper = np.hanning(WINDOW)
    power = np.abs(np.fft.fft2((grey - grey.mean()) * taper[:, None] * taper)) ** 2
    places = np.arange(0, WINDOW, WINDOW // PERIOD)
    cycles = np.fft.fftfreq(WINDOW)[places]
    looked_at = np.hypot(cycles[:, None], cycles) >= _LOWEST
    on_grid = power[np.ix_(places, places)][looked_at].sum()
    beside = [power[np.ix_((places + y) % WINDOW, (places + x) % WINDOW)][looked_at].sum() for y, x in _STEPS]
    # A flat picture has no power anywhere, and no weave.
    return float(10 * np.log10((on_grid + 1e-9) / (np.mean(beside) + 1e-9)))
