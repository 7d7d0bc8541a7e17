"""The exported files equal PyTorch, keep the bundle contract, and their hashes guard them."""

import json

import numpy as np
import onnx
import pytest
import torch

from rasr_training import export_generator, export_retriever
from rasr_training.bundles import GeneratorBundle, RetrieverBundle, soften, to_input
from rasr_training.generator import Generator
from rasr_training.manifest import ManifestError, read_manifest, update_manifest, write_manifest
from rasr_training.photos import cover
from rasr_training.retriever import Retriever, normalise
from rasr_training.train_reference import REFERENCE_SIZE, ReferenceModel

PROVENANCE = {
    "data": "none",
    "command": "pytest",
    "hardware": "any",
    "hours": 0,
    "samplesSeen": 0,
    "date": "2000-01-01",
}

DETAIL = torch.tensor([export_generator.DETAIL])


def round_to_half(module: torch.nn.Module) -> None:
    """Give PyTorch the weights that the file will hold."""
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(parameter.half().float())


@pytest.fixture(scope="module")
def model() -> ReferenceModel:
    torch.manual_seed(0)
    model = ReferenceModel(Generator())
    with torch.no_grad():
        model.generator.unet.head.weight.normal_(0, 0.05)
        for reader in model.generator.injection.readers:
            reader.zero_conv.weight.normal_(0, 0.05)
        for name, parameter in model.generator.named_parameters():
            if "modulation" in name:
                parameter.normal_(0, 0.2)
    round_to_half(model)
    return model.eval()


@pytest.fixture(scope="module")
def generator_folder(model, tmp_path_factory):
    folder = tmp_path_factory.mktemp("generator")
    tokens = export_generator.export_graphs(model, folder)
    write_manifest(folder, export_generator.bundle_manifest(tokens, PROVENANCE, {}))
    return folder


@pytest.fixture(scope="module")
def retriever_folder(tmp_path_factory):
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("retriever")
    export_retriever.export_graph(Retriever(), folder)
    write_manifest(folder, export_retriever.bundle_manifest(PROVENANCE))
    return folder


def picture(seed: int, height: int, width: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 255, (height, width, 3), dtype=np.uint8)


@pytest.mark.parametrize(("size", "references"), [((16, 16), 1), ((24, 56), 3), ((64, 40), 2)])
def test_the_generator_equals_pytorch(model, generator_folder, size, references):
    bundle = GeneratorBundle(generator_folder, 2)
    lr = to_input(picture(1, *size))
    pictures = [picture(10 + number, 300, 280) for number in range(references)]
    encoded = [bundle.encode(p) for p in pictures]
    joined = [np.concatenate(parts, 1) for parts in zip(*encoded, strict=True)]
    found = bundle.restore(lr, joined)
    with torch.no_grad():
        squares = [torch.from_numpy(to_input(cover(p, REFERENCE_SIZE))) for p in pictures]
        tokens = zip(*[model.reference_encoder(square) for square in squares], strict=True)
        wanted = model.generator(
            torch.from_numpy(lr), tuple(torch.cat(t, 1) for t in tokens), torch.ones(1), DETAIL
        )
    assert found.shape == (1, 3, 4 * size[0], 4 * size[1])
    assert np.abs(found - wanted.numpy()).max() < 1e-3
    assert np.abs(found - bundle.restore(lr)).max() > 1e-4


def test_strength_zero_ignores_any_features(generator_folder):
    bundle = GeneratorBundle(generator_folder, 2)
    lr, tokens = to_input(picture(2, 24, 32)), bundle.encode(picture(3, 256, 256))
    features = {f"feature_{number}": token for number, token in enumerate(tokens)}
    scalars = {"reference_strength": np.float32([0]), "detail": DETAIL.numpy()}
    silenced = bundle.generator.run(None, {"lr": lr, **features, **scalars})[0]
    assert np.array_equal(silenced, bundle.restore(lr))


def test_the_retriever_equals_pytorch(retriever_folder):
    torch.manual_seed(0)
    module = Retriever().eval()
    round_to_half(module)
    bundle = RetrieverBundle(retriever_folder, 2)
    pixels = normalise(torch.rand(3, 3, 192, 192))
    found = bundle.session.run(None, {"pixel_values": pixels.numpy()})[0]
    assert np.abs(found - module(pixels).detach().numpy()).max() < 2e-3
    embedding = bundle.embed([picture(4, 90, 200), picture(5, 400, 300)])
    assert np.allclose(np.linalg.norm(embedding, axis=1), 1, atol=1e-5)


def test_softened_pictures_keep_their_averages_and_lose_their_detail():
    picture = np.random.default_rng(0).random((3, 16, 16), np.float32)
    softened = soften(picture, 4)
    assert softened.shape == picture.shape and softened.std() < 0.5 * picture.std()
    assert abs(float(softened.mean() - picture.mean())) < 0.02
    row = np.float32([0, 2, 4, 8])
    assert np.allclose(soften(np.tile(row, (3, 4, 1)), 2)[0, 0], [1, 2.25, 4.75, 6])


def test_graph_signatures_are_the_manifests(generator_folder, retriever_folder):
    for folder in (generator_folder, retriever_folder):
        for graph in read_manifest(folder)["graphs"]:
            loaded = onnx.load(str(folder / graph["file"])).graph
            assert [value.name for value in loaded.input] == graph["inputs"]
            assert [value.name for value in loaded.output] == graph["outputs"]
    features = read_manifest(generator_folder)["reference"]["features"]
    tokens = GeneratorBundle(generator_folder, 2).encode(picture(6, 256, 256))
    assert [(f["tokens"], f["channels"]) for f in features] == [t.shape[1:] for t in tokens]


def test_large_weights_are_stored_as_fp16(generator_folder):
    graph = onnx.load(str(generator_folder / "generator.onnx")).graph
    types = {tensor.data_type for tensor in graph.initializer if np.prod(tensor.dims) >= 4096}
    assert types == {onnx.TensorProto.FLOAT16}


def test_the_files_tell_nothing_of_the_machine(generator_folder, retriever_folder):
    for path in [*generator_folder.glob("*.onnx"), *retriever_folder.glob("*.onnx")]:
        content = path.read_bytes()
        assert b".py" not in content and b"site-packages" not in content


def test_a_changed_file_or_manifest_is_refused(retriever_folder, tmp_path):
    for path in retriever_folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    update_manifest(tmp_path, metrics={"recall": 1})
    assert read_manifest(tmp_path)["metrics"] == {"recall": 1}
    file = tmp_path / "retriever.onnx"
    file.write_bytes(file.read_bytes() + b"x")
    with pytest.raises(ManifestError, match=r"retriever\.onnx differs"):
        read_manifest(tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    del manifest["embedding"]
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ManifestError, match="embedding"):
        read_manifest(tmp_path)
