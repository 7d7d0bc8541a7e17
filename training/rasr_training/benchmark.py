"""The generator benchmark: exported bundles and peers over val with fixed seeds; one table per domain.

    python -m rasr_training.benchmark --data ../../shared/data --models ../resources/models --out out
    python -m rasr_training.benchmark --write-manifest    (puts the figures into the manifest too)

Whole val photos at 512 pixels short side, Real-ESRGAN degradation x4; museum photos tilted first, their
reference in another colour rendition. 'retrieved' is the retriever's top-1 for the degraded photo over all
galleries, without rejection; 'oracle' the right label's nearest. Writes benchmark.json and contact sheets.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch

from .autoencoder import bicubic_upsample
from .bundles import GeneratorBundle, RetrieverBundle, open_session, to_input, to_picture
from .cases import Case, ReferenceGallery, benchmark_cases
from .image_metrics import psnr, ssim
from .losses import lpips_like
from .manifest import update_manifest
from .sheets import write_sheet
from .training import DEFAULT_DATA, DEFAULT_METRICS

PEER = "realesr-general-x4v3"
PEER_FILE = "RealESRGAN_General_x4_v3.onnx"
ROWS = ("bicubic", PEER, "none", "irrelevant", "retrieved", "oracle")
DOMAINS = ("zoo", "museum", "subjects", "general")
SHEET_CASES = 4
SHEET_CROP = 256


class Contest:
    """Everything that restores, measures and retrieves."""

    def __init__(self, arguments: argparse.Namespace):
        threads = arguments.threads
        self.generator = GeneratorBundle(arguments.models / "rasrnet-small", threads)
        self.retriever = RetrieverBundle(arguments.models / "retriever-small", threads)
        self.peer = open_session(arguments.peers / PEER_FILE, threads)
        self.taps = open_session(arguments.metrics / "squeezenet11_taps.onnx", threads)
        self.gallery = ReferenceGallery(arguments.data)
        self.embeddings = self.retriever.embed(
            [self.gallery.image(number) for number in range(len(self.gallery.photos))]
        )

    def references(self, case: Case) -> dict[str, int]:
        """Gallery numbers of the case's irrelevant, retrieved and (where one exists) oracle references."""
        similarity = self.embeddings @ self.retriever.embed([case.lr])[0]
        chosen = {
            "irrelevant": case.irrelevant,
            "retrieved": max(case.gallery, key=lambda number: similarity[number]),
        }
        if case.right:
            chosen["oracle"] = max(case.right, key=lambda number: similarity[number])
        return chosen

    def restore(self, case: Case) -> tuple[dict[str, np.ndarray], dict[str, int]]:
        """Pictures by row, and the references they used."""
        lr = to_input(case.lr)
        bicubic = bicubic_upsample(torch.from_numpy(lr)).numpy()
        outputs = {"bicubic": bicubic, PEER: self.peer.run(None, {"lr": lr})[0]}
        outputs["none"] = self.generator.restore(lr)
        chosen = self.references(case)
        for row, number in chosen.items():
            tokens = self.generator.encode(self.gallery.image(number))
            outputs[row] = self.generator.restore(lr, tokens)
        return {row: to_picture(output) for row, output in outputs.items()}, chosen

    def measure(self, case: Case, pictures: dict[str, np.ndarray]) -> dict[str, dict[str, float]]:
        wanted = self._features(case.clean)
        figures = {}
        for row, picture in pictures.items():
            output, target = picture / 255.0, case.clean / 255.0
            distance = lpips_like(self._features(picture), wanted)
            figures[row] = {
                "psnr": psnr(output, target),
                "ssim": ssim(output, target),
                "lpipsLike": float(distance),
            }
        return figures

    def _features(self, picture: np.ndarray) -> list[torch.Tensor]:
        return [torch.from_numpy(tap) for tap in self.taps.run(None, {"image": to_input(picture)})]

    def seconds_per_megapixel(self, repeats: int = 7) -> dict[str, float]:
        """Median time of one 128x128 tile, peer and ours by turns, with one reference and without."""
        lr = np.random.default_rng(0).random((1, 3, 128, 128), np.float32)
        tokens = self.generator.encode(self.gallery.image(0))
        runs = {
            PEER: lambda: self.peer.run(None, {"lr": lr}),
            "none": lambda: self.generator.restore(lr),
            "reference": lambda: self.generator.restore(lr, tokens),
        }
        times: dict[str, list[float]] = {name: [] for name in runs}
        for number in range(repeats + 1):
            for name, run in runs.items():
                started = time.perf_counter()
                run()
                if number:
                    times[name].append(time.perf_counter() - started)
        megapixels = lr.size / 3 * 16 / 1e6
        return {name: float(np.median(values)) / megapixels for name, values in times.items()}


def mean_rows(cases: list[dict[str, dict[str, float]]]) -> dict[str, dict[str, float]]:
    """Mean figures by row over the cases that have the row."""
    table = {}
    for row in ROWS:
        found = [case[row] for case in cases if row in case]
        if found:
            table[row] = {key: round(float(np.mean([f[key] for f in found])), 4) for key in found[0]}
    return table


def print_table(results: dict) -> None:
    for domain in (*DOMAINS, "all"):
        if domain not in results:
            continue
        count = results["cases"][domain]
        print(f"\n{domain:24s} {'PSNR':>8s} {'SSIM':>8s} {'LPIPS-like':>11s}   ({count} photos)")
        for row, figures in results[domain].items():
            print(f"  {row:22s} {figures['psnr']:8.3f} {figures['ssim']:8.4f} {figures['lpipsLike']:11.4f}")
    speed = results["secondsPerMegapixel"]
    print("\nseconds per output megapixel (ratio)")
    print(f"  {PEER:22s} {speed[PEER]:8.3f}")
    print(f"  {'none':22s} {speed['none']:8.3f} ({speed['ratio']:.2f})")
    print(f"  {'with a reference':22s} {speed['reference']:8.3f} ({speed['ratioWithReference']:.2f})")


def run(arguments: argparse.Namespace) -> dict:
    """Benchmark results by domain, with counts and times; contact sheets go to ``arguments.out``/sheets."""
    contest = Contest(arguments)
    figures: dict[str, list] = {}
    sheets: dict[str, list] = {}
    chosen_right: dict[str, list[bool]] = {}
    for case in benchmark_cases(arguments.data, contest.gallery, arguments.limit):
        domain = case.photo.domain
        pictures, chosen = contest.restore(case)
        figures.setdefault(domain, []).append(contest.measure(case, pictures))
        if case.right:
            chosen_right.setdefault(domain, []).append(chosen["retrieved"] in case.right)
        if len(sheets.setdefault(domain, [])) < SHEET_CASES:
            sheets[domain].append(_sheet_row(case, pictures, contest.gallery.image(chosen["retrieved"])))
    titles = ["photo", "bicubic", PEER, "none", "reference", "retrieved", "clean"]
    for domain, rows in sheets.items():
        write_sheet(arguments.out / "sheets" / f"{domain}.png", rows, titles, SHEET_CROP)
    speed = contest.seconds_per_megapixel()
    speed["ratio"], speed["ratioWithReference"] = (
        speed["none"] / speed[PEER],
        speed["reference"] / speed[PEER],
    )
    results = {domain: mean_rows(cases) for domain, cases in figures.items()}
    results["all"] = mean_rows([case for cases in figures.values() for case in cases])
    counts = {domain: len(cases) for domain, cases in figures.items()}
    results["cases"] = {**counts, "all": sum(counts.values())}
    results["retrievedRightShare"] = {d: round(float(np.mean(v)), 4) for d, v in chosen_right.items()}
    results["secondsPerMegapixel"] = {key: round(value, 4) for key, value in speed.items()}
    return results


def _sheet_row(case: Case, pictures: dict[str, np.ndarray], reference: np.ndarray) -> list[np.ndarray]:
    top, left = (case.clean.shape[0] - SHEET_CROP) // 8 * 4, (case.clean.shape[1] - SHEET_CROP) // 8 * 4

    def crop(image: np.ndarray, scale: int = 1) -> np.ndarray:
        side = SHEET_CROP // scale
        return image[top // scale : top // scale + side, left // scale : left // scale + side]

    restored = [crop(pictures[row]) for row in ("bicubic", PEER, "none")]
    return [crop(case.lr, 4), *restored, reference, crop(pictures["retrieved"]), crop(case.clean)]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--peers", type=Path, default=DEFAULT_DATA.parent / "peers")
    parser.add_argument("--metrics", type=Path, default=DEFAULT_METRICS)
    parser.add_argument("--models", type=Path, default=Path("../resources/models"))
    parser.add_argument("--out", type=Path, default=Path("out"))
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--limit", type=int, default=None, help="at most this many photos of each domain")
    parser.add_argument("--write-manifest", action="store_true", help="put the figures into the manifest")
    arguments = parser.parse_args()
    results = run(arguments)
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "benchmark.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    print_table(results)
    if arguments.write_manifest:
        update_manifest(arguments.models / "rasrnet-small", metrics=results)


if __name__ == "__main__":
    main()
