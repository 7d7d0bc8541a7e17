"""The same-object path: what the sampler simulates, what the network promises, and what is exported."""

import cv2
import numpy as np
import onnx
import pytest
import torch

from rasr_training import export_fusion, train_fusion
from rasr_training.aligned_pairs import AlignedSampler, degrade_mixed
from rasr_training.bundles import open_session
from rasr_training.fusion import FusionNet, blend
from rasr_training.generator import Generator
from rasr_training.losses import RestorationLoss
from rasr_training.manifest import read_manifest, write_manifest
from rasr_training.same_object_cases import same_object_cases
from rasr_training.training import LoopOptions

PROVENANCE = {"data": "none", "command": "pytest"}
ONE = torch.ones(1)


def trained_looking() -> FusionNet:
    """Random weights in the head too: an untrained one gives the reference back as it is."""
    module = FusionNet()
    with torch.no_grad():
        module.head.weight.normal_(0, 0.02)
        for parameter in module.parameters():
            parameter.copy_(parameter.half().float())
    return module.eval()


def test_batches_depend_only_on_seed_and_step(cache):
    one, two = (AlignedSampler(cache, 64, 6, 7) for _ in range(2))
    first = one.draw(5)
    assert torch.equal(first.aligned, two.draw(5).aligned)
    assert not torch.equal(first.clean, one.draw(6).clean)
    assert torch.equal(two._make(6).clean, one.draw(6).clean)
    assert first.clean.shape == first.aligned.shape == (6, 3, 64, 64)
    for part in (first.clean, first.aligned):
        assert part.min() >= 0 and part.max() <= 1
    assert set(first.coverage.unique().tolist()) <= {0.0, 1.0}
    assert torch.equal(first.aligned * first.coverage, first.aligned)


def test_most_references_show_what_the_photo_shows(cache):
    sampler = AlignedSampler(cache, 64, 8, 1)
    similar = []
    for step in range(12):
        batch = sampler.draw(step)
        for clean, aligned, coverage in zip(batch.clean, batch.aligned, batch.coverage, strict=True):
            reached = coverage[0] > 0
            if reached.sum() > 500:
                similar.append(np.corrcoef(clean.mean(0)[reached], aligned.mean(0)[reached])[0, 1])
    share = np.mean(np.array(similar) > 0.5)
    assert 0.5 < share < 0.95


def test_training_photos_are_a_quarter_of_the_size():
    clean = torch.rand(8, 3, 64, 96)
    assert degrade_mixed(clean, 3).shape == (8, 3, 16, 24)
    assert torch.equal(degrade_mixed(clean, 3), degrade_mixed(clean, 3))


def test_an_untrained_network_gives_the_reference_back():
    aligned = torch.rand(2, 3, 64, 96)
    fused, trust = FusionNet()(torch.rand(2, 3, 16, 24), aligned, torch.ones(2, 1, 16, 24), ONE)
    assert torch.allclose(fused, aligned)
    assert trust.shape == (2, 1, 16, 24)


def test_nothing_is_trusted_without_coverage_or_strength():
    module, photo, aligned = trained_looking(), torch.rand(1, 3, 16, 16), torch.rand(1, 3, 64, 64)
    coverage = torch.ones(1, 1, 16, 16)
    coverage[..., :8] = 0
    _, trust = module(photo, aligned, coverage, ONE)
    assert trust[..., :8].max() == 0 and trust[..., 8:].min() > 0
    base = torch.rand(1, 3, 64, 64)
    fused, silenced = module(photo, aligned, coverage, torch.zeros(1))
    assert torch.equal(blend(base, fused, silenced), base)


def test_the_stage_trains_the_network_and_leaves_the_generator(cache, tmp_path):
    module, generator = FusionNet(), Generator(with_reference=False)
    before = {name: value.clone() for name, value in generator.state_dict().items()}
    sampler = AlignedSampler(cache, 64, 4, 1)
    loss, options = RestorationLoss(None, 0, 0), LoopOptions(tmp_path, 6, None, 1e-3)
    train_fusion.train(module, generator, sampler, sampler, loss, options, torch.device("cpu"))
    assert module.head.weight.abs().max() > 0
    assert all(torch.equal(value, before[name]) for name, value in generator.state_dict().items())
    assert (tmp_path / "samples.png").is_file()


@pytest.mark.parametrize("size", [(16, 16), (24, 56)])
def test_the_exported_network_equals_pytorch(tmp_path, size):
    module = trained_looking()
    export_fusion.export_graph(module, tmp_path)
    write_manifest(tmp_path, export_fusion.bundle_manifest(PROVENANCE, {}))
    graph = read_manifest(tmp_path)["graphs"][0]
    loaded = onnx.load(str(tmp_path / graph["file"])).graph
    assert [value.name for value in loaded.input] == graph["inputs"]
    assert [value.name for value in loaded.output] == graph["outputs"]
    height, width = size
    given = [torch.rand(1, 3, height, width), torch.rand(1, 3, 4 * height, 4 * width)]
    given += [torch.rand(1, 1, height, width), torch.full((1,), 0.7)]
    session = open_session(tmp_path / graph["file"], 2)
    found = session.run(None, {name: t.numpy() for name, t in zip(graph["inputs"], given, strict=True)})
    with torch.no_grad():
        wanted = module(*given)
    for a, b in zip(found, wanted, strict=True):
        assert np.abs(a - b.numpy()).max() < 1e-3


@pytest.mark.parametrize("hung", [False, True])
def test_benchmark_cases_know_where_the_work_lies(photo_set, hung):
    cases = same_object_cases(photo_set, "val", hung)
    assert cases
    for case in cases:
        height, width = case.truth.shape[:2]
        assert case.photo.shape == (height // 4, width // 4, 3)
        assert case.work.mean() < 0.85 if hung else case.work.mean() > 0.99
        # The work seen through the homography is what the truth shows, but for light and cast.
        again = cv2.resize(
            case.reference, (round(896 * case.reference.shape[1] / case.reference.shape[0]), 896)
        )
        flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
        seen = cv2.warpPerspective(again, case.homography, (width, height), flags=flags)
        a, b = (image[case.work].mean(-1) for image in (seen, case.truth))
        assert np.corrcoef(a, b)[0, 1] > 0.8
    assert np.array_equal(cases[0].photo, same_object_cases(photo_set, "val", hung)[0].photo)
