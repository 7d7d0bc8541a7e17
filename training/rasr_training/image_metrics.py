"""Full-reference measures on float RGB images in 0..1."""

import cv2
import numpy as np


def psnr(output: np.ndarray, target: np.ndarray) -> float:
    """Peak signal-to-noise ratio in dB over RGB [H, W, 3]; infinite for identical images."""
    error = float(np.mean((output.astype(np.float64) - target) ** 2))
    return float("inf") if error == 0 else -10 * float(np.log10(error))


def luma(image: np.ndarray) -> np.ndarray:
    """BT.601 studio-range luma [H, W] in 16/255..235/255 of RGB [H, W, 3]."""
    return (image @ np.array([65.481, 128.553, 24.966]) + 16) / 255


def ssim(output: np.ndarray, target: np.ndarray) -> float:
    """Structural similarity (Wang et al. 2004) of luma: Gaussian 11x11, sigma 1.5, valid area."""
    a, b = luma(output.astype(np.float64)), luma(target.astype(np.float64))

    def mean(x: np.ndarray) -> np.ndarray:
        return cv2.GaussianBlur(x, (11, 11), 1.5)[5:-5, 5:-5]

    mean_a, mean_b = mean(a), mean(b)
    var_a, var_b = mean(a * a) - mean_a**2, mean(b * b) - mean_b**2
    covariance = mean(a * b) - mean_a * mean_b
    c1, c2 = 0.01**2, 0.03**2
    score = ((2 * mean_a * mean_b + c1) * (2 * covariance + c2)) / (
        (mean_a**2 + mean_b**2 + c1) * (var_a + var_b + c2)
    )
    return float(score.mean())
