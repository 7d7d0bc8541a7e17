"""Export the generator bundle: reference-encoder.onnx, generator.onnx and their manifest.

python -m rasr_training.export_generator --out out --models ../resources/models
"""

import argparse
import datetime
from pathlib import Path

import torch
from torch import nn

from .checkpoints import has_checkpoint
from .generator import Generator
from .manifest import write_manifest
from .onnx_files import export_onnx
from .reference_branch import INJECTED_WIDTHS
from .train_reference import REFERENCE_SIZE, ReferenceModel
from .training import load_ema_weights
from .warm_start import SHIPPED

BUNDLE = "rasrnet-small"
FEATURES = ["feature_0", "feature_1", "feature_2"]
TILES = {"multiple": 8, "min": 16, "max": 128, "overlap": 16}
MAX_REFERENCES = 3
DETAIL = 0.6
"""What a restoration takes that does not ask for another, chosen on the benchmark."""
COMMAND = " && ".join(
    [
        "python -m rasr_training.train_autoencoder",
        "python -m rasr_training.train_sisr --init out/autoencoder/last",
        "python -m rasr_training.train_detail --init out/sisr/last",
        "python -m rasr_training.train_reference --init out/detail/last",
        "python -m rasr_training.export_generator",
    ]
)


class GeneratorGraph(nn.Module):
    """The generator with the bundle's flat signature."""

    def __init__(self, generator: Generator):
        super().__init__()
        self.generator = generator

    def forward(self, lr, feature_0, feature_1, feature_2, reference_strength, detail):
        return self.generator(lr, (feature_0, feature_1, feature_2), reference_strength, detail)


def export_graphs(model: ReferenceModel, folder: Path) -> list[int]:
    """Write both ONNX files; returns the number of tokens of one reference, coarsest first."""
    model = model.float().eval()
    reference = torch.rand(1, 3, REFERENCE_SIZE, REFERENCE_SIZE)
    with torch.no_grad():
        tokens = model.reference_encoder(reference)
    export_onnx(
        model.reference_encoder,
        folder / "reference-encoder.onnx",
        (reference,),
        ["reference"],
        FEATURES,
        ({},),
    )
    height, width = torch.export.Dim("h8", min=2, max=4096), torch.export.Dim("w8", min=2, max=4096)
    counts = [{1: torch.export.Dim(f"n{number}", min=1, max=2**20)} for number in range(3)]
    export_onnx(
        GeneratorGraph(model.generator),
        folder / "generator.onnx",
        (torch.rand(1, 3, 40, 56), *tokens, torch.ones(1), torch.ones(1)),
        ["lr", *FEATURES, "reference_strength", "detail"],
        ["sr"],
        ({2: 8 * height, 3: 8 * width}, *counts, {}, {}),
    )
    return [t.shape[1] for t in tokens]


def bundle_manifest(tokens: list[int], provenance: dict, metrics: dict) -> dict:
    """Everything of the generator's manifest but the files."""
    features = [
        {"name": name, "channels": channels, "tokens": count}
        for name, channels, count in zip(FEATURES, INJECTED_WIDTHS, tokens, strict=True)
    ]
    return {
        "schemaVersion": 1,
        "kind": "generator",
        "id": BUNDLE,
        "version": "0.5.0",
        "title": "RASRNet small",
        "licence": "MIT",
        "precision": "fp16-weights",
        "files": [],
        "graphs": [
            {
                "role": "reference-encoder",
                "file": "reference-encoder.onnx",
                "inputs": ["reference"],
                "outputs": FEATURES,
            },
            {
                "role": "generator",
                "file": "generator.onnx",
                "inputs": ["lr", *FEATURES, "reference_strength", "detail"],
                "outputs": ["sr"],
            },
        ],
        "preprocessing": {},
        "reference": {
            "size": REFERENCE_SIZE,
            "fit": "cover",
            "maxReferences": MAX_REFERENCES,
            "features": features,
        },
        "tiles": TILES,
        "detail": {"default": DETAIL},
        "scale": 4,
        "provenance": provenance,
        "metrics": metrics,
    }


def load_model(out: Path) -> tuple[ReferenceModel, dict]:
    """The latest trained stage and the summed counters of all stages that ran, or began as a bundle."""
    generator = Generator(with_reference=False)
    totals = {"seconds": 0.0, "samples": 0}

    def load(module: nn.Module, stage: str) -> None:
        folder = out / stage / ("last" if has_checkpoint(out / stage / "last") else SHIPPED)
        if has_checkpoint(folder):
            counters = load_ema_weights(module, folder)
            for key in totals:
                totals[key] += counters[key]

    load(generator.autoencoder, "autoencoder")
    load(generator, "sisr")
    load(generator, "detail")
    model = ReferenceModel(generator)
    load(model, "reference")
    return model, totals


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=Path("out"), help="folder the stages wrote to")
    parser.add_argument("--models", type=Path, default=Path("../resources/models"))
    parser.add_argument("--hardware", default="2 CPU cores (AMD EPYC, AVX-512 bf16)")
    parser.add_argument(
        "--notes", default=None, help="what the manifest should say about this particular run"
    )
    arguments = parser.parse_args()
    model, totals = load_model(arguments.out)
    folder = arguments.models / BUNDLE
    tokens = export_graphs(model, folder)
    provenance = {
        "data": "346 openly licensed photos (train split of the RASR photo set) and 180 rendered pictures",
        "command": COMMAND,
        "hardware": arguments.hardware,
        "hours": round(totals["seconds"] / 3600, 2),
        "samplesSeen": totals["samples"],
        "date": datetime.date.today().isoformat(),
    }
    if arguments.notes:
        provenance["notes"] = arguments.notes
    write_manifest(folder, bundle_manifest(tokens, provenance, {}))
    for path in sorted(folder.iterdir()):
        print(f"{path} {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
