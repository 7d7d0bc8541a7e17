"""Contact sheets: rows of equally tall RGB pictures in one PNG."""

from pathlib import Path

import cv2
import numpy as np
import torch


def to_image(tensor: torch.Tensor) -> np.ndarray:
    """[3, h, w] in 0..1 -> RGB uint8 [h, w, 3]."""
    return (tensor.detach().float().clamp(0, 1) * 255).round().byte().permute(1, 2, 0).cpu().numpy()


def write_sheet(path: Path, rows: list[list[np.ndarray]], titles: list[str], size: int) -> None:
    """Write ``rows`` of RGB uint8 pictures, each scaled to ``size`` square, with a title per column."""
    gap, head = 4, 22
    width = len(titles) * (size + gap) + gap
    sheet = np.full((head + len(rows) * (size + gap) + gap, width, 3), 24, np.uint8)
    for column, title in enumerate(titles):
        at = (gap + column * (size + gap), 15)
        cv2.putText(sheet, title, at, cv2.FONT_HERSHEY_SIMPLEX, 0.42, (235, 235, 235), 1, cv2.LINE_AA)
    for number, row in enumerate(rows):
        for column, picture in enumerate(row):
            nearest = picture.shape[0] < size
            mode = cv2.INTER_NEAREST if nearest else cv2.INTER_AREA
            scaled = cv2.resize(picture, (size, size), interpolation=mode)
            top, left = head + number * (size + gap), gap + column * (size + gap)
            sheet[top : top + size, left : left + size] = scaled
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR))
