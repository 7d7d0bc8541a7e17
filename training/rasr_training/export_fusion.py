"""Export the fusion bundle: fusion.onnx and its manifest.

python -m rasr_training.export_fusion --out out --models ../resources/models
"""

import argparse
import datetime
from pathlib import Path

import torch

from .fusion import MULTIPLE, FusionNet
from .manifest import write_manifest
from .onnx_files import export_onnx
from .train_fusion import STAGE
from .training import load_ema_weights

BUNDLE = "fusion-small"
INPUTS = ["photo", "aligned", "coverage", "reference_strength"]
OUTPUTS = ["fused", "trust"]
COMMAND = "python -m rasr_training.train_fusion --init out/sisr/last && python -m rasr_training.export_fusion"


def export_graph(module: FusionNet, folder: Path) -> None:
    """Write fusion.onnx with dynamic sides."""
    height, width = torch.export.Dim("h8", min=2, max=4096), torch.export.Dim("w8", min=2, max=4096)
    photo = {2: MULTIPLE * height, 3: MULTIPLE * width}
    aligned = {2: 4 * MULTIPLE * height, 3: 4 * MULTIPLE * width}
    example = (torch.rand(1, 3, 40, 56), torch.rand(1, 3, 160, 224), torch.ones(1, 1, 40, 56), torch.ones(1))
    export_onnx(module.float(), folder / "fusion.onnx", example, INPUTS, OUTPUTS, (photo, aligned, photo, {}))


def bundle_manifest(provenance: dict, metrics: dict) -> dict:
    """Everything of the manifest but the files."""
    return {
        "schemaVersion": 1,
        "kind": "fusion",
        "id": BUNDLE,
        "version": "0.2.0",
        "title": "Same-object fusion, small",
        "licence": "MIT",
        "precision": "fp16-weights",
        "files": [],
        "graphs": [{"role": "fusion", "file": "fusion.onnx", "inputs": INPUTS, "outputs": OUTPUTS}],
        "preprocessing": {},
        "multiple": MULTIPLE,
        "scale": 4,
        "provenance": provenance,
        "metrics": metrics,
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=Path("out"), help="folder the stage wrote to")
    parser.add_argument("--models", type=Path, default=Path("../resources/models"))
    parser.add_argument("--hardware", default="2 CPU cores (AMD EPYC, AVX-512 bf16)")
    arguments = parser.parse_args()
    module = FusionNet()
    counters = load_ema_weights(module, arguments.out / STAGE / "last")
    folder = arguments.models / BUNDLE
    export_graph(module, folder)
    provenance = {
        "data": "346 openly licensed photos (train split of the RASR photo set) and 180 rendered pictures",
        "command": COMMAND,
        "hardware": arguments.hardware,
        "hours": round(counters["seconds"] / 3600, 2),
        "samplesSeen": counters["samples"],
        "date": datetime.date.today().isoformat(),
    }
    write_manifest(folder, bundle_manifest(provenance, {}))
    for path in sorted(folder.iterdir()):
        print(f"{path} {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
