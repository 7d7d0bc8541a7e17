"""CIE colour: sRGB to L*a*b* under D65, and the difference ΔE2000 (Sharma, Wu and Dalal 2005)."""

import numpy as np

_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE = _TO_XYZ.sum(1)


def to_lab(image: np.ndarray) -> np.ndarray:
    """sRGB [..., 3] in 0..1 -> L* in 0..100, a*, b* [..., 3]."""
    linear = np.where(image <= 0.04045, image / 12.92, ((image + 0.055) / 1.055) ** 2.4)
    relative = linear @ _TO_XYZ.T / _WHITE
    epsilon = (6 / 29) ** 3
    x, y, z = np.moveaxis(
        np.where(relative > epsilon, np.cbrt(relative), relative * 841 / 108 + 4 / 29), -1, 0
    )
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], -1)


def delta_e2000(lab: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Difference [...] of colours L*, a*, b* [..., 3]; about one is just noticeable. Symmetric."""
    (l1, a1, b1), (l2, a2, b2) = np.moveaxis(lab, -1, 0), np.moveaxis(other, -1, 0)
    chroma = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    stretch = 1.5 - 0.5 * np.sqrt(chroma**7 / (chroma**7 + 25.0**7))
    a1, a2 = a1 * stretch, a2 * stretch
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = (np.degrees(np.arctan2(b, a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    grey = c1 * c2 == 0

    turn = h2 - h1
    turn = np.where(turn > 180, turn - 360, np.where(turn < -180, turn + 360, turn))
    hue_difference = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(np.where(grey, 0, turn)) / 2)
    total = h1 + h2
    around = np.where(np.abs(h1 - h2) <= 180, total, np.where(total < 360, total + 360, total - 360))
    hue = np.where(grey, total, around / 2)
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2

    t = 1 - 0.17 * _cos(hue - 30) + 0.24 * _cos(2 * hue) + 0.32 * _cos(3 * hue + 6) - 0.2 * _cos(4 * hue - 63)
    by_light = 1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2)
    by_chroma = 1 + 0.045 * chroma
    by_hue = 1 + 0.015 * chroma * t
    swing = 30 * np.exp(-(((hue - 275) / 25) ** 2))
    rotation = -2 * np.sqrt(chroma**7 / (chroma**7 + 25.0**7)) * np.sin(np.radians(2 * swing))
    dl, dc, dh = (l2 - l1) / by_light, (c2 - c1) / by_chroma, hue_difference / by_hue
    return np.sqrt(dl**2 + dc**2 + dh**2 + rotation * dc * dh)


def _cos(degrees: np.ndarray) -> np.ndarray:
    return np.cos(np.radians(degrees))
