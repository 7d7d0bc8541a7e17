"""What is read back from exported graphs is the network that was exported, and can be trained on."""

import pytest
import torch
from test_detail import awake
from test_fusion import trained_looking

from rasr_training import export_fusion
from rasr_training.export_generator import export_graphs
from rasr_training.export_retriever import FILE, export_graph
from rasr_training.retriever import Retriever, normalise
from rasr_training.train_reference import ReferenceModel
from rasr_training.warm_start import WarmStartError, fusion_from, generator_from, retriever_from


def trained_retriever() -> Retriever:
    """Norms that have seen something, as after training."""
    module = Retriever()
    with torch.no_grad():
        for value in module.parameters():
            if value.dim() == 1:
                value.uniform_(0.5, 1.5)
        for _ in range(3):
            module(normalise(torch.rand(4, 3, 96, 96)))
    return module.eval()


@torch.no_grad()
def test_the_generator_comes_back(tmp_path):
    generator = awake()
    for value in generator.parameters():  # what is zero is not exported
        value.add_(0.01 * torch.randn_like(value))
    lr, detail = torch.rand(1, 3, 16, 24), torch.full((1,), 0.7)
    wanted = generator(lr, detail=detail)
    export_graphs(ReferenceModel(generator), tmp_path)
    found = generator_from(tmp_path / "generator.onnx").eval()
    assert found.injection is None
    assert (found(lr, detail=detail) - wanted).abs().max() < 5e-3
    assert not torch.allclose(found(lr), wanted, atol=5e-3)


@torch.no_grad()
def test_the_fusion_network_comes_back(tmp_path):
    module = trained_looking()
    for value in module.parameters():  # what is zero is not exported
        value.add_(0.01 * torch.randn_like(value))
    export_fusion.export_graph(module, tmp_path)
    found = fusion_from(tmp_path / "fusion.onnx").state_dict()
    assert all(torch.allclose(found[name], value, atol=1e-3) for name, value in module.state_dict().items())


@torch.no_grad()
def test_the_retriever_comes_back_with_norms_that_measure(tmp_path):
    module = trained_retriever()
    export_graph(module, tmp_path)
    images = [torch.rand(8, 3, 96, 96) for _ in range(3)]
    found = retriever_from(tmp_path / FILE, images)
    seen = normalise(torch.rand(4, 3, 192, 192))
    assert (found.eval()(seen) * module(seen)).sum(1).min() > 0.9999
    # In training each batch is measured: on what the norms were measured on, that changes little.
    batch = normalise(torch.cat(images))
    asleep = found(batch)
    assert (found.train()(batch) * asleep).sum(1).min() > 0.99


def test_another_network_is_refused(tmp_path):
    export_graph(Retriever(), tmp_path)
    with pytest.raises(WarmStartError, match="another network"):
        generator_from(tmp_path / FILE)
