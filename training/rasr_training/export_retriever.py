"""Export the retriever bundle: retriever.onnx and its manifest.

    python -m rasr_training.export_retriever --out out --models ../resources/models

The threshold stays at -1 (nothing rejected) until ``benchmark_retriever --write-manifest`` calibrates it.
"""

import argparse
import datetime
from pathlib import Path

import torch

from .checkpoints import has_checkpoint
from .manifest import write_manifest
from .onnx_files import export_onnx
from .retriever import DIMENSION, INPUT_SIZE, MEAN, QUERY_CROPS, SOFT_REFERENCES, STD, Retriever
from .training import load_ema_weights

BUNDLE = "retriever-small"
FILE = "retriever.onnx"


def export_graph(module: Retriever, folder: Path) -> None:
    export_onnx(
        module.float(),
        folder / FILE,
        (torch.rand(2, 3, INPUT_SIZE, INPUT_SIZE),),
        ["pixel_values"],
        ["embedding"],
        ({0: torch.export.Dim("n", min=1, max=4096)},),
    )


def bundle_manifest(provenance: dict) -> dict:
    """Everything of the retriever's manifest but files, metrics and the calibrated threshold."""
    return {
        "schemaVersion": 1,
        "kind": "retriever",
        "id": BUNDLE,
        "version": "0.4.0",
        "title": "RASR retriever small",
        "licence": "MIT",
        "precision": "fp16-weights",
        "files": [],
        "graphs": [{"role": "retriever", "file": FILE, "inputs": ["pixel_values"], "outputs": ["embedding"]}],
        "preprocessing": {"size": INPUT_SIZE, "fit": "fill", "mean": list(MEAN), "std": list(STD)},
        "queryCrops": list(QUERY_CROPS),
        "softReferences": SOFT_REFERENCES,
        "embedding": {"dimension": DIMENSION},
        "calibration": {
            "threshold": -1,
            "inGalleryAccepted": 1,
            "outOfGalleryAccepted": 1,
            "description": "Not calibrated: nothing is rejected.",
        },
        "provenance": provenance,
        "metrics": {},
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=Path("out"), help="folder the stage wrote to")
    parser.add_argument("--models", type=Path, default=Path("../resources/models"))
    parser.add_argument("--hardware", default="2 CPU cores (AMD EPYC, AVX-512 bf16)")
    parser.add_argument(
        "--notes", default=None, help="what the manifest should say about this particular run"
    )
    arguments = parser.parse_args()
    module, counters = Retriever(), {"seconds": 0.0, "samples": 0}
    checkpoint = arguments.out / "retriever" / "whitened"
    if has_checkpoint(checkpoint):
        counters = load_ema_weights(module, checkpoint)
    folder = arguments.models / BUNDLE
    export_graph(module, folder)
    provenance = {
        "data": "346 openly licensed photos (train split of the RASR photo set), 180 rendered pictures, and"
        " 621 photos and cut-out things of Debian's tuxpaint-stamps-default 2022.06.04-1 and"
        " gcompris-qt-data 3.1-2; distilled from MobileNetV2's (ImageNet) maps and classes of their collages",
        "command": "python -m rasr_training.packaged_pictures && python -m rasr_training.train_retriever"
        " --more out/more && python -m rasr_training.whiten_retriever out/retriever/last --more out/more"
        " && python -m rasr_training.export_retriever",
        "hardware": arguments.hardware,
        "hours": round(counters["seconds"] / 3600, 2),
        "samplesSeen": counters["samples"],
        "date": datetime.date.today().isoformat(),
    }
    if arguments.notes:
        provenance["notes"] = arguments.notes
    write_manifest(folder, bundle_manifest(provenance))
    print(f"{folder / FILE} {(folder / FILE).stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
