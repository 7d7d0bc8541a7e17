"""The same-object benchmark, end to end through `rasr restore`: shots of paintings that the gallery holds.

    npm run build && cd training
    python -m rasr_training.benchmark_same_object --data ../../shared/data --out out
    python -m rasr_training.benchmark_same_object --write-manifest    (puts the figures into the manifest too)

Every val painting twice: filling the frame, and hung on a wall. Rows: bicubic, a peer, and `rasr restore`
without a reference, with another painting as the reference, with the right one a third of which is covered by
another painting, with the right one named, and with whatever it finds among all references of the set. 'work'
counts only pixels of the painting itself. Last, things that are not flat: every second photo of the val
subjects, with the others of the same subject among the references, and with another thing as the reference.
"""

import argparse
import json
import os
import shutil
import subprocess
from pathlib import Path

import cv2
import numpy as np
import torch

from .bundles import open_session, to_input, to_picture
from .image_metrics import psnr, ssim
from .losses import lpips_like
from .manifest import update_manifest
from .photos import list_photos, read_photo
from .same_object_cases import SameObjectCase, other_view_cases, same_object_cases
from .sheets import write_sheet
from .training import DEFAULT_DATA, DEFAULT_METRICS

PEER = "realesr-general-x4v3"
PEER_FILE = "RealESRGAN_General_x4_v3.onnx"
ROWS = ("bicubic", PEER, "none", "irrelevant", "covered", "oracle", "retrieved")
VIEWS = {
    "filling the frame": lambda data: same_object_cases(data, "val", hung=False),
    "on the wall": lambda data: same_object_cases(data, "val", hung=True),
    "another view": lambda data: other_view_cases(data, "val"),
}
ROOT = Path(__file__).resolve().parents[2]
NODE = (
    shutil.which("node", path=f"{ROOT / 'node_modules' / '.bin'}{os.pathsep}{os.environ['PATH']}") or "node"
)
"""The one that `npm ci` brought, as every npm script runs on."""
SHEET_CASES, SHEET_CROP = 8, 320


class App:
    """`rasr` on a library of its own."""

    def __init__(self, folder: Path):
        self.folder = folder

    def run(self, *arguments: object) -> list[dict]:
        """What it prints as lines of JSON. Raises RuntimeError with its complaint where it fails."""
        command = [NODE, ROOT / "bin" / "rasr.cjs", "--library", self.folder / "library", *arguments]
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr.strip() or done.stdout.strip())
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]

    def restore(self, row: str, photos: list[Path], *options: object) -> dict[str, dict]:
        """Records by the photo's stem; outputs go to a folder of the row's name."""
        out = ["--out", self.folder / row, "--format", "png", "--name", "{name}", "--overwrite", "--json"]
        lines = self.run("restore", *photos, *options, *out)
        return {Path(line["photo"]).stem: line["record"] for line in lines}


def write_picture(path: Path, picture: np.ndarray) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    quality = [cv2.IMWRITE_JPEG_QUALITY, 92] if path.suffix == ".jpg" else []
    cv2.imwrite(str(path), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), quality)
    return path


def fill_galleries(app: App, data: Path, cases: list[SameObjectCase]) -> None:
    """The right references, each in another rendition, among all other photos that have a gallery."""
    shown = {case.name for case in cases}
    others = [photo for split in ("train", "val") for photo in list_photos(data, split)]
    for photo in others:
        source = Path(photo.path)
        if photo.domain == "general" or source.stem in shown:
            continue
        target = app.folder / "galleries" / photo.domain / f"{source.parent.name}-{source.name}"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(data / "photos" / photo.path, target)
    for case in cases:
        if case.reference is not None:
            write_picture(app.folder / "galleries" / "museum" / f"{case.name}.jpg", case.reference)
    app.run("gallery", "import", app.folder / "galleries")


def covered_reference(case: SameObjectCase, other: SameObjectCase) -> np.ndarray:
    """The right reference with its middle third hidden behind another painting."""
    result = case.reference.copy()
    height, width = result.shape[:2]
    left, right = width // 3, 2 * width // 3
    result[:, left:right] = cv2.resize(other.reference, (width, height))[:, left:right]
    return result


class Measures:
    """PSNR, SSIM and LPIPS-like of the whole picture, PSNR of the work alone."""

    def __init__(self, metrics: Path, threads: int):
        self.taps = open_session(metrics / "squeezenet11_taps.onnx", threads)

    def __call__(self, picture: np.ndarray, case: SameObjectCase) -> dict[str, float]:
        output, truth = picture.astype(np.float64) / 255, case.truth.astype(np.float64) / 255
        distance = lpips_like(self._features(picture), self._features(case.truth))
        return {
            "psnr": psnr(output, truth),
            "psnrWork": psnr(output[case.work], truth[case.work]),
            "ssim": ssim(output, truth),
            "lpipsLike": float(distance),
        }

    def _features(self, picture: np.ndarray) -> list[torch.Tensor]:
        return [torch.from_numpy(tap) for tap in self.taps.run(None, {"image": to_input(picture)})]


def restore_all(app: App, peer, cases: list[SameObjectCase]) -> tuple[dict[str, dict[str, np.ndarray]], dict]:
    """Pictures by row and case, and the app's records by row and case."""
    photos = [write_picture(app.folder / "photos" / f"{case.name}.png", case.photo) for case in cases]
    pictures: dict[str, dict[str, np.ndarray]] = {"bicubic": {}, PEER: {}}
    for case in cases:
        size = (case.truth.shape[1], case.truth.shape[0])
        pictures["bicubic"][case.name] = cv2.resize(case.photo, size, interpolation=cv2.INTER_CUBIC)
        pictures[PEER][case.name] = to_picture(
            peer.run(None, {peer.get_inputs()[0].name: to_input(case.photo)})[0]
        )
    records = {
        "none": app.restore("none", photos, "--no-reference"),
        "retrieved": app.restore("retrieved", photos),
    }
    for number, (case, photo) in enumerate(zip(cases, photos, strict=True)):
        other = cases[(number + 5) % len(cases)]
        if case.reference is None:
            references = {"irrelevant": other.truth}
        else:
            references = {
                "irrelevant": other.reference,
                "covered": covered_reference(case, other),
                "oracle": case.reference,
            }
        for row, reference in references.items():
            file = write_picture(app.folder / "references" / row / f"{case.name}.jpg", reference)
            records.setdefault(row, {}).update(app.restore(row, [photo], "--reference", file))
    for row, made in records.items():
        pictures[row] = {name: read_photo(app.folder / row / f"{name}.png") for name in made}
    return pictures, records


def run(arguments: argparse.Namespace) -> dict:
    """Mean figures by view and row, with the share of photos that took the same-object path, and times."""
    measure = Measures(arguments.metrics, arguments.threads)
    peer = open_session(arguments.peers / PEER_FILE, arguments.threads)
    results: dict[str, dict] = {}
    for view, cases_of in VIEWS.items():
        app = App((arguments.out / "same_object" / view.replace(" ", "-")).resolve())
        shutil.rmtree(app.folder, ignore_errors=True)
        cases = cases_of(arguments.data)[: arguments.limit]
        fill_galleries(app, arguments.data, cases)
        pictures, records = restore_all(app, peer, cases)
        table = {}
        rows = [row for row in ROWS if row in pictures]
        for row in rows:
            found = [measure(pictures[row][case.name], case) for case in cases]
            table[row] = {key: round(float(np.mean([f[key] for f in found])), 4) for key in found[0]}
            if row in records:
                paths = [record["sameObject"] is not None for record in records[row].values()]
                table[row]["sameObjectShare"] = round(float(np.mean(paths)), 4)
                seconds = [record["seconds"] for record in records[row].values()]
                table[row]["seconds"] = round(float(np.median(seconds)), 2)
        table["cases"] = len(cases)
        results[view] = table
        shown = [row for row in (PEER, "none", "retrieved", "covered") if row in rows]
        sheet = [_sheet_row(case, pictures, shown) for case in cases[:SHEET_CASES]]
        file = arguments.out / "sheets" / f"same-object-{app.folder.name}.png"
        write_sheet(file, sheet, ["photo", *shown, "clean"], SHEET_CROP)
    return results


def _sheet_row(
    case: SameObjectCase, pictures: dict[str, dict[str, np.ndarray]], shown: list[str]
) -> list[np.ndarray]:
    top, left = ((side - SHEET_CROP) // 8 * 4 for side in case.truth.shape[:2])

    def crop(image: np.ndarray, scale: int = 1) -> np.ndarray:
        side = SHEET_CROP // scale
        return image[top // scale : top // scale + side, left // scale : left // scale + side]

    return [crop(case.photo, 4), *(crop(pictures[row][case.name]) for row in shown), crop(case.truth)]


def print_table(results: dict) -> None:
    for view, table in results.items():
        print(f"\n{view} ({table['cases']} photos)")
        heads = ("PSNR", "work", "SSIM", "LPIPS-like", "aligned", "seconds")
        print(f"  {'':22s}" + "".join(f" {head:>10s}" for head in heads))
        for row in filter(table.__contains__, ROWS):
            keys = ("psnr", "psnrWork", "ssim", "lpipsLike", "sameObjectShare", "seconds")
            print(f"  {row:22s}" + "".join(f" {table[row][key]:10.3f}" for key in keys if key in table[row]))


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
    parser.add_argument("--limit", type=int, default=None, help="at most this many paintings")
    parser.add_argument("--write-manifest", action="store_true", help="put the figures into the manifest")
    arguments = parser.parse_args()
    results = run(arguments)
    (arguments.out / "benchmark_same_object.json").write_text(
        json.dumps(results, indent=2) + "\n", encoding="utf-8"
    )
    print_table(results)
    if arguments.write_manifest:
        update_manifest(arguments.models / "fusion-small", metrics=results)


if __name__ == "__main__":
    main()
