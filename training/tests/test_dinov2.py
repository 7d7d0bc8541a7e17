"""A network of DINOv2's architecture embeds in the app as it does in PyTorch.

The hub's file is an ONNX export of transformers' ``Dinov2Model``, for pictures prepared by its
``BitImageProcessor``. Here the same classes, with random weights and two layers, are compared with what the
app makes of the exported file under the manifest that ``rasr models pull dinov2-small`` writes.
"""

import json
import subprocess
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from conftest import rendered

from rasr_training.onnx_files import export_onnx

transformers = pytest.importorskip("transformers", reason="pip install -r requirements.txt")
image = pytest.importorskip("PIL.Image", reason="pip install -r requirements.txt")

ROOT = Path(__file__).resolve().parents[2]
NODE = ROOT / "node_modules" / ".bin" / "node"

EMBED = """
import { writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
const [root, folder, ...pictures] = process.argv.slice(2);
const { readBundle } = await import(`${root}/src/core/models/bundle.ts`);
const { catalogueEntry, MODEL_FILE } = await import(`${root}/src/core/models/catalogue.ts`);
const { chooseDevice } = await import(`${root}/src/core/models/device.ts`);
const { sha256OfFile } = await import(`${root}/src/core/files/hash.ts`);
const { Retriever } = await import(`${root}/src/core/retrieval/retriever.ts`);
const model = `${folder}/${MODEL_FILE}`;
const { manifest } = catalogueEntry('dinov2-small');
const files = [{ path: MODEL_FILE, bytes: (await stat(model)).size, sha256: await sha256OfFile(model) }];
writeFileSync(`${folder}/manifest.json`, JSON.stringify({ ...manifest, files }));
const retriever = await Retriever.load(await readBundle(folder), chooseDevice());
const references = await retriever.embed(pictures);
const queries = [];
for (const picture of pictures) queries.push(await retriever.embedQuery(picture));
await retriever.release();
const plain = (vectors) => vectors.map((vector) => [...vector]);
console.log(JSON.stringify({ references: plain(references), queries: queries.map(plain) }));
"""
"""Embeds pictures by the app's own code; Node runs its TypeScript as it is."""

SIDES = [(517, 389), (390, 811), (121, 90), (256, 256), (1601, 1102)]
"""Width and height of the pictures: larger and smaller than 256, odd and even, wide and tall."""


class Tokens(torch.nn.Module):
    """``pixel_values`` [N,3,224,224] → ``last_hidden_state`` [N,257,384], the one output that is used."""

    def __init__(self, network: torch.nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, pixel_values: torch.Tensor) -> torch.Tensor:
        return self.network(pixel_values).last_hidden_state


@pytest.fixture(scope="module")
def network() -> Tokens:
    torch.manual_seed(0)
    # facebook/dinov2-small, but for the number of layers.
    config = transformers.Dinov2Config(
        hidden_size=384,
        num_attention_heads=6,
        num_hidden_layers=2,
        patch_size=14,
        image_size=518,
    )
    model = Tokens(transformers.Dinov2Model(config)).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            # What the exported file holds.
            parameter.copy_(parameter.half().float())
    return model


@pytest.fixture(scope="module")
def pictures(tmp_path_factory) -> list[Path]:
    folder = tmp_path_factory.mktemp("pictures")
    files = []
    for number, (width, height) in enumerate(SIDES):
        file = folder / f"{number}.png"
        cv2.imwrite(str(file), cv2.resize(rendered(number, max(width, height)), (width, height)))
        files.append(file)
    return files


@pytest.fixture(scope="module")
def app(network, pictures, tmp_path_factory) -> dict:
    if not NODE.exists():
        pytest.skip("the app's node_modules are missing: run npm ci in the repository's root")
    folder = tmp_path_factory.mktemp("dinov2-small")
    export_onnx(
        network,
        folder / "model.onnx",
        (torch.rand(2, 3, 224, 224),),
        ["pixel_values"],
        ["last_hidden_state"],
        ({0: torch.export.Dim("n", min=1, max=4096)},),
    )
    script = folder / "embed.mjs"
    script.write_text(EMBED)
    command = [NODE, script, ROOT.as_posix(), folder, *pictures]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def embed(network: Tokens, images: list) -> np.ndarray:
    """Unit-length first tokens [N,384] of PIL images, by transformers alone."""
    processor = transformers.BitImageProcessor(
        size={"shortest_edge": 256},
        crop_size={"height": 224, "width": 224},
        resample=3,
        image_mean=[0.485, 0.456, 0.406],
        image_std=[0.229, 0.224, 0.225],
    )
    with torch.no_grad():
        tokens = network(processor(images, return_tensors="pt")["pixel_values"])
    return torch.nn.functional.normalize(tokens[:, 0], dim=1).numpy()


def test_embeddings_equal_pytorch(network, pictures, app):
    expected = embed(network, [image.open(file) for file in pictures])
    assert np.abs(np.array(app["references"]) - expected).max() < 1e-3
    assert np.abs(np.array([query[0] for query in app["queries"]]) - expected).max() < 1e-3


def test_the_comparison_sees_another_preparation(network, pictures, app):
    shift = (1, 0, 2, 0, 1, 0)
    images = [image.open(file) for file in pictures]
    squeezed = embed(network, [each.resize((256, 256), image.BICUBIC) for each in images])
    shifted = embed(network, [each.transform(each.size, image.AFFINE, shift) for each in images])
    for other in (squeezed, shifted):
        assert np.abs(np.array(app["references"]) - other).max() > 1e-3
