"""The learning curve of the training stages, read from their logs, and what more training might buy."""

import json
import math
from pathlib import Path

import numpy as np

FIGURES = {"psnr": "PSNR", "lpips_like": "LPIPS-like"}
"""What logs call the figures, alone or followed by the detail they were taken at: ``psnr_at_0.5``."""
ROWS = 12
LEAST_REPORTS = 4


def read_curves(runs: list[Path]) -> dict[str, list[dict[str, float]]]:
    """Reports by stage, samples rising, of every ``<run>/<stage>/log.jsonl`` that has held-out figures."""
    curves = {}
    for file in sorted(log for run in runs for log in run.glob("*/log.jsonl")):
        lines = file.read_text(encoding="utf-8").splitlines()
        reports = [report for report in map(json.loads, filter(None, lines)) if _is_report(report)]
        if reports:
            curves[file.parent.name] = sorted(reports, key=lambda report: report["samples"])
    return curves


def _is_report(report: dict) -> bool:
    return report.get("samples", 0) > 0 and bool(figure_keys([report]))


def figure_keys(reports: list[dict[str, float]]) -> list[str]:
    """Keys of held-out figures in any of the reports: PSNR first, then LPIPS-like."""
    keys = dict.fromkeys(key for report in reports for key in report)
    return [key for figure in FIGURES for key in keys if key == figure or key.startswith(f"{figure}_at_")]


def figure_title(key: str) -> str:
    figure, _, detail = key.partition("_at_")
    return f"{FIGURES[figure]} at detail {detail}" if detail else FIGURES[figure]


def thinned(reports: list[dict[str, float]], rows: int = ROWS) -> list[dict[str, float]]:
    """At most ``rows`` reports, spaced evenly in the logarithm of samples, the last one among them."""
    if len(reports) <= rows:
        return reports
    logs = np.log2([report["samples"] for report in reports])
    wanted = np.linspace(logs[0], logs[-1], rows)
    return [reports[i] for i in sorted({int(np.abs(logs - at).argmin()) for at in wanted})]


def next_doubling(reports: list[dict[str, float]], figure: str) -> dict[str, float] | None:
    """Least squares of ``figure`` on log2(samples) over the last two doublings.

    Returns {gain, error, reports}: the change per doubling, its standard error, and how many reports it
    rests on. None with fewer than four of them. The slope says what happened; that it goes on is a guess.
    """
    last = max((report["samples"] for report in reports if figure in report), default=0)
    used = [report for report in reports if figure in report and report["samples"] >= last / 4]
    if len(used) < LEAST_REPORTS:
        return None
    x = np.log2([report["samples"] for report in used])
    y = np.array([report[figure] for report in used])
    spread = ((x - x.mean()) ** 2).sum()
    if spread == 0:
        return None
    slope = float(((x - x.mean()) * y).sum() / spread)
    residual = y - y.mean() - slope * (x - x.mean())
    error = math.sqrt((residual**2).sum() / (len(used) - 2) / spread)
    return {"gain": slope, "error": error, "reports": len(used)}
