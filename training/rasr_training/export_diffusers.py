"""Export a one-step diffusion pipeline in diffusers' format as a generator bundle.

python -m rasr_training.export_diffusers --pipeline sd21-base --osediff osediff.pkl \\
    --controlnet rasrnet-controlnet --id rasrnet-sd21 --title "RASRNet on SD 2.1" \\
    --licence LicenseRef-OpenRAIL++-M --models ~/bundles

docs/larger-models.md tells what it takes. Needs no GPU.
"""

import argparse
import datetime
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from .diffusers_graphs import Denoiser, ImageDecoder, PhotoEncoder, ReferenceControl, ReferenceEncoder
from .diffusers_pipeline import OneStepPipeline, PipelineError, Sources, load_pipeline
from .lora import LoraError
from .manifest import write_manifest
from .onnx_files import GraphTooLargeError, export_onnx

SCALE = 4


@dataclass
class Graph:
    """One graph to export; ``dynamic`` is as in torch.export."""

    role: str
    module: nn.Module
    examples: tuple[torch.Tensor, ...]
    inputs: list[str]
    outputs: list[str]
    dynamic: tuple


@dataclass
class Settings:
    """What the weights do not tell."""

    tile: int = 128
    """Largest side of a tile in pixels of the photo: what the pipeline was trained on, over four."""
    overlap: int = 16
    """Pixels of the photo over which neighbouring tiles are blended."""
    reference_size: int = 512


def tile_multiple(pipeline: OneStepPipeline) -> int:
    """Sides of a tile, in pixels of the photo, are multiples of this."""
    return max(1, pipeline.vae_factor * pipeline.latent_multiple // SCALE)


@torch.no_grad()
def graphs_of(pipeline: OneStepPipeline, settings: Settings) -> Iterator[Graph]:
    """The bundle's graphs, in the order they run, with examples to trace them by."""
    multiple, deep = tile_multiple(pipeline), pipeline.latent_multiple
    high, wide = (torch.export.Dim(name, min=2, max=4096) for name in ("high", "wide"))
    reference = torch.rand(1, 3, settings.reference_size, settings.reference_size)
    encoder = ReferenceEncoder(pipeline.vae)
    yield Graph("reference-encoder", encoder, (reference,), ["reference"], ["reference_latent"], ({},))
    lr = torch.rand(1, 3, 3 * multiple, 5 * multiple)
    whole = {2: multiple * high, 3: multiple * wide}
    yield Graph("vae-encoder", PhotoEncoder(pipeline.vae), (lr,), ["lr"], ["latent"], (whole,))

    channels, side = pipeline.vae.config.latent_channels, settings.reference_size // pipeline.vae_factor
    latent, known = torch.randn(1, channels, 3 * deep, 5 * deep), torch.randn(1, channels, side, side)
    control = ReferenceControl(pipeline)
    residuals = control(latent, known, torch.ones(1))
    names = [*(f"residual_{number}" for number in range(len(residuals) - 1)), "residual_mid"]
    grid = {2: deep * high, 3: deep * wide}
    yield Graph(
        "controlnet",
        control,
        (latent, known, torch.ones(1)),
        ["latent", "reference_latent", "reference_strength"],
        names,
        (grid, {}, {}),
    )
    grids = [{2: r.shape[2] // 3 * high, 3: r.shape[3] // 5 * wide} for r in residuals]
    category = [torch.eye(len(pipeline.prompts))[0]] if len(pipeline.prompts) > 1 else []
    yield Graph(
        "unet",
        Denoiser(pipeline),
        (latent, *residuals, *category),
        ["latent", *names, *["category"] * len(category)],
        ["denoised"],
        (grid, (*grids, *[{}] * len(category))),
    )
    yield Graph("vae-decoder", ImageDecoder(pipeline.vae), (latent,), ["denoised"], ["sr"], (grid,))


def export_bundle(
    pipeline: OneStepPipeline, settings: Settings, folder: Path, identity: dict, provenance: dict
) -> None:
    """Write graphs and manifest into ``folder``; ``identity``: the manifest's id, version, title, licence."""
    entries = []
    for graph in graphs_of(pipeline, settings):
        print(f"{graph.role} …", flush=True)
        file = f"{graph.role}.onnx"
        export_onnx(graph.module, folder / file, graph.examples, graph.inputs, graph.outputs, graph.dynamic)
        entries.append({"role": graph.role, "file": file, "inputs": graph.inputs, "outputs": graph.outputs})
    write_manifest(folder, bundle_manifest(pipeline, settings, entries, identity, provenance))


def bundle_manifest(
    pipeline: OneStepPipeline, settings: Settings, graphs: list[dict], identity: dict, provenance: dict
) -> dict:
    """Everything of the manifest but the files."""
    side = settings.reference_size // pipeline.vae_factor
    channels = pipeline.vae.config.latent_channels
    multiple = tile_multiple(pipeline)
    count = len(pipeline.prompts)
    category = {"name": "category", "dims": [count], "values": [1, *[0] * (count - 1)]}
    return {
        "schemaVersion": 1,
        "kind": "generator",
        **identity,
        "precision": "fp16-weights",
        "files": [],
        "graphs": graphs,
        "preprocessing": {},
        "reference": {
            "size": settings.reference_size,
            "fit": "cover",
            "maxReferences": 1,
            "features": [{"name": "reference_latent", "channels": channels, "height": side, "width": side}],
        },
        **({"constants": [category]} if count > 1 else {}),
        "tiles": {
            "multiple": multiple,
            # A latent of a few elements shows the UNet nothing; the photo's edge is repeated up to this.
            "min": min(settings.tile, 4 * multiple),
            "max": settings.tile,
            "overlap": settings.overlap,
        },
        "scale": SCALE,
        "provenance": provenance,
        "metrics": {},
    }


def check_settings(pipeline: OneStepPipeline, settings: Settings) -> None:
    """Raises PipelineError where the app could not cut such tiles, or the VAE not encode such references."""
    multiple = tile_multiple(pipeline)
    if settings.tile % multiple or settings.tile <= 2 * settings.overlap:
        raise PipelineError(
            f"--tile {settings.tile} must be a multiple of {multiple} and exceed two overlaps of "
            f"{settings.overlap}"
        )
    if settings.reference_size % pipeline.vae_factor:
        raise PipelineError(
            f"--reference-size {settings.reference_size} must be a multiple of {pipeline.vae_factor}"
        )


def parse_adapter(text: str) -> tuple[str, Path]:
    part, _, folder = text.partition("=")
    if part not in ("vae", "unet", "controlnet") or not folder:
        raise argparse.ArgumentTypeError(f"{text}: say vae=FOLDER, unet=FOLDER or controlnet=FOLDER")
    return part, Path(folder)


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pipeline", type=Path, required=True, help="folder with vae, unet, scheduler, …")
    parser.add_argument("--controlnet", type=Path, help="its folder (default: controlnet in the pipeline's)")
    parser.add_argument("--osediff", type=Path, help="OSEDiff's checkpoint, merged into VAE and UNet")
    parser.add_argument(
        "--lora", type=parse_adapter, action="append", default=[], help="PART=FOLDER, merged; may be repeated"
    )
    parser.add_argument(
        "--prompt",
        action="append",
        help="text of a category; may be repeated, the first counts (default: none)",
    )
    parser.add_argument("--timestep", type=int, help="of the one step (default: the noisiest)")
    parser.add_argument("--tile", type=int, default=Settings.tile, help="largest side in pixels of the photo")
    parser.add_argument("--overlap", type=int, default=Settings.overlap, help="in pixels of the photo")
    parser.add_argument("--reference-size", type=int, default=Settings.reference_size)
    parser.add_argument("--id", required=True, help="kebab-case")
    parser.add_argument("--version", default="1.0.0")
    parser.add_argument("--title", required=True)
    parser.add_argument("--licence", required=True, help="SPDX, or the name of the weights' licence")
    parser.add_argument(
        "--data", default="not stated", help="what the weights were trained on, for the manifest"
    )
    parser.add_argument("--models", type=Path, required=True, help="the bundle becomes a folder in here")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> None:
    options = parse_arguments(arguments)
    prompts = options.prompt or [""]
    folder = options.models / options.id
    if folder.exists():
        raise SystemExit(f"{folder} exists already: remove it, or choose another --id")
    sources = Sources(options.pipeline, options.controlnet, options.lora, options.osediff, prompts)
    settings = Settings(options.tile, options.overlap, options.reference_size)
    try:
        pipeline = load_pipeline(sources, options.timestep)
        check_settings(pipeline, settings)
    except (PipelineError, LoraError) as error:
        raise SystemExit(str(error)) from error
    identity = {key: getattr(options, key) for key in ("id", "version", "title", "licence")}
    provenance = {
        "data": options.data,
        "command": "python -m rasr_training.export_diffusers",
        "timestep": pipeline.timestep,
        "prompts": prompts,
        "date": datetime.date.today().isoformat(),
    }
    # Hidden from the app until it is whole.
    staging = options.models / f".export-{options.id}"
    shutil.rmtree(staging, ignore_errors=True)
    try:
        export_bundle(pipeline, settings, staging, identity, provenance)
    except GraphTooLargeError as error:
        shutil.rmtree(staging, ignore_errors=True)
        raise SystemExit(str(error)) from error
    staging.rename(folder)
    for path in sorted(folder.iterdir()):
        print(f"{path} {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
