import pytest
import torch

from rasr_training import ablate_reference
from rasr_training.ablate_reference import Gain, Row, Trial, document, measure
from rasr_training.generator import Generator
from rasr_training.pairs import ReferenceKind
from rasr_training.reference_branch import ReferenceInjection
from rasr_training.reference_mechanisms import AdditiveInjection, ReassemblyInjection
from rasr_training.train_reference import ReferenceModel

MECHANISMS = [ReferenceInjection, AdditiveInjection, ReassemblyInjection]


def awake(mechanism) -> ReferenceModel:
    """With zero-convolutions and a head that have weights, as training gives them."""
    model = ReferenceModel(Generator(with_reference=False), mechanism())
    with torch.no_grad():
        for name, parameter in model.generator.injection.named_parameters():
            if "zero_conv" in name:
                parameter.normal_(0, 0.05)
        model.generator.unet.head.weight.normal_(0, 0.05)
    return model.eval()


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_every_mechanism_is_trained_and_the_generator_is_not(mechanism):
    model = ReferenceModel(Generator(with_reference=False), mechanism())
    trained = {name for name, parameter in model.named_parameters() if parameter.requires_grad}
    assert any("zero_conv" in name for name in trained)
    assert all(name.startswith(("generator.injection.", "reference_encoder.branch.")) for name in trained)


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_strength_weighs_every_mechanism_and_zero_is_no_reference_exactly(mechanism):
    model = awake(mechanism)
    lr, reference = torch.rand(1, 3, 16, 16), torch.rand(1, 3, 64, 64)
    none = model.generator(lr)
    nothing, half, whole = (model(lr, reference, torch.tensor([s])) for s in (0.0, 0.5, 1.0))
    assert torch.equal(nothing, none)
    assert 0 < (half - none).abs().mean() < (whole - none).abs().mean()


def test_reassembly_brings_what_is_elsewhere_to_its_place():
    injection = ReassemblyInjection()
    reference = torch.randn(1, 8, 12, 12)
    moved = reference.roll((3, -2), (2, 3))
    laid = injection.laid_out(moved, reference)
    wanted = moved - reference.mean((2, 3), keepdim=True)
    # At the edges the neighbourhoods differ.
    inner = (slice(None), slice(None), slice(5, 10), slice(2, 7))
    assert torch.allclose(laid[inner], wanted[inner], atol=1e-4)


def test_reassembly_gives_little_where_nothing_is_alike():
    injection = ReassemblyInjection()
    skip, reference = torch.randn(1, 8, 12, 12), torch.randn(1, 8, 12, 12)
    assert injection.laid_out(skip, reference).abs().mean() < 0.6 * reference.abs().mean()


def test_a_gain_is_measured_against_the_generator_alone():
    generator, truth = Generator(with_reference=False).eval(), torch.rand(2, 3, 64, 64)
    trial = Trial(torch.rand(2, 3, 16, 16), truth, truth)

    def features(image):
        return [image]

    def halfway(trial: Trial) -> torch.Tensor:
        return (generator(trial.photo).clamp(0, 1) + trial.truth) / 2

    gain = measure(iter([trial]), halfway, generator, features, torch.device("cpu"))
    assert gain.decibel == pytest.approx(6.02, abs=0.01)
    assert gain.lpips_like < 0
    alone = measure(iter([trial]), lambda t: generator(t.photo), generator, features, torch.device("cpu"))
    assert (alone.decibel, alone.lpips_like) == (0, 0)


def test_trials_have_references_of_their_kind_only(cache, monkeypatch):
    monkeypatch.setattr(ablate_reference, "BATCHES", 1)
    monkeypatch.setattr(ablate_reference, "CROP", 64)
    monkeypatch.setattr(ablate_reference, "REFERENCE_SIZE", 64)
    (trial,) = ablate_reference.unaligned_trials(cache, ReferenceKind.IRRELEVANT)
    assert trial.photo.shape == (8, 3, 16, 16)
    assert trial.truth.shape == trial.reference.shape == (8, 3, 64, 64)
    (trial,) = ablate_reference.aligned_trials(cache)
    assert trial.coverage.shape == (8, 1, 64, 64)


def test_the_page_leaves_out_what_does_not_apply():
    row = Row("fusion", 10, 1.0, {ablate_reference.ALIGNED: Gain(1.5, -0.5)})
    assert "| fusion | 10 | 1.0 | – | – | – | +1.500 / -0.500 |" in document([row], 8000)
