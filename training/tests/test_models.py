import numpy as np
import pytest
import torch
import torch.nn.functional as F

from rasr_training.autoencoder import Autoencoder, bicubic_upsample
from rasr_training.generator import Generator, new_reference_encoder
from rasr_training.reference_branch import INJECTED_WIDTHS
from rasr_training.retriever import DIMENSION, INPUT_SIZE, Retriever
from rasr_training.train_reference import ReferenceModel


def wake(model: ReferenceModel) -> ReferenceModel:
    """Give the zero-convolutions weights, as training does."""
    with torch.no_grad():
        for reader in model.generator.injection.readers:
            reader.zero_conv.weight.normal_(0, 0.05)
        model.generator.unet.head.weight.normal_(0, 0.05)
    return model.eval()


def test_bicubic_keeps_flat_and_linear_images():
    assert torch.allclose(
        bicubic_upsample(torch.full((1, 3, 6, 5), 0.4)), torch.full((1, 3, 24, 20), 0.4), atol=1e-6
    )
    ramp = torch.arange(16.0).expand(1, 3, 16, 16)
    inner = bicubic_upsample(ramp)[0, 0, 30, 12:52]
    assert torch.allclose(inner.diff(), torch.full((39,), 0.25), atol=1e-5)


def test_autoencoder_shapes_and_box_average():
    image = torch.rand(2, 3, 32, 48)
    latent = Autoencoder().encode(image)
    assert latent.shape == (2, 16, 8, 12)
    assert torch.allclose(latent[:, :3], F.avg_pool2d(image, 4), atol=1e-6)
    assert Autoencoder()(image).shape == image.shape


@pytest.mark.parametrize("size", [(8, 8), (16, 40), (48, 24)])
def test_the_generator_takes_any_multiple_of_eight(size):
    assert Generator(with_reference=False)(torch.rand(1, 3, *size)).shape == (1, 3, 4 * size[0], 4 * size[1])


def test_the_unet_starts_from_the_low_quality_latent():
    generator, lr = Generator(with_reference=False), torch.rand(1, 3, 16, 16)
    latent = generator.autoencoder.encoder(generator.upsample(lr))
    assert torch.equal(generator(lr), generator.autoencoder.decoder(latent))


def test_the_decoder_sees_what_the_unet_knows_beside_the_latent():
    generator, lr = Generator(with_reference=False), torch.rand(1, 3, 16, 16)
    before = generator(lr)
    torch.nn.init.normal_(generator.skip.weight)
    torch.nn.init.normal_(generator.autoencoder.decoder.head.weight)
    assert not torch.allclose(generator(lr), before)


def test_reference_tokens_come_coarsest_first():
    encoder = new_reference_encoder(Generator())
    tokens = encoder(torch.rand(2, 3, 64, 64))
    assert [t.shape for t in tokens] == [(2, n, c) for n, c in zip((4, 16, 64), INJECTED_WIDTHS, strict=True)]


def test_zero_convolutions_have_no_influence_at_the_start():
    model = ReferenceModel(Generator()).eval()
    lr = torch.rand(1, 3, 16, 16)
    assert torch.equal(model(lr, torch.rand(1, 3, 64, 64), torch.ones(1)), model.generator(lr))


def test_strength_zero_equals_no_reference_exactly():
    model = wake(ReferenceModel(Generator()))
    lr, reference = torch.rand(1, 3, 16, 16), torch.rand(1, 3, 64, 64)
    assert torch.equal(model(lr, reference, torch.zeros(1)), model.generator(lr))


def test_the_output_depends_on_the_reference_and_grows_with_its_strength():
    model = wake(ReferenceModel(Generator()))
    lr = torch.rand(1, 3, 16, 16)
    none = model.generator(lr)
    one, other = (model(lr, torch.rand(1, 3, 64, 64), torch.ones(1)) for _ in range(2))
    assert (one - none).abs().max() > 1e-4
    assert (one - other).abs().max() > 1e-6
    half = model(lr, torch.rand(1, 3, 64, 64), torch.full((1,), 0.5))
    assert (half - none).abs().mean() < (one - none).abs().mean()


def test_token_order_does_not_matter():
    model = wake(ReferenceModel(Generator()))
    lr = torch.rand(1, 3, 16, 16)
    tokens = model.reference_encoder(torch.rand(1, 3, 64, 64))
    shuffled = tuple(t[:, torch.randperm(t.shape[1])] for t in tokens)
    strength = torch.ones(1)
    assert torch.allclose(
        model.generator(lr, tokens, strength), model.generator(lr, shuffled, strength), atol=1e-5
    )


def test_a_gradient_restored_in_tiles_equals_the_whole():
    """Nothing in the network sees the whole tile, so the middle of a tile does not depend on the rest."""
    generator = Generator(with_reference=False).eval()
    with torch.no_grad():
        generator.unet.head.weight.normal_(0, 0.02)
    lr = torch.linspace(0.2, 0.8, 96).expand(1, 3, 32, 96).clone()
    whole, tile = generator(lr), generator(lr[..., :64])
    inside = (whole[..., : 4 * 40] - tile[..., : 4 * 40]).abs().mean()
    assert inside < 1 / 255


def test_embeddings_have_unit_length():
    embedding = Retriever().eval()(torch.randn(3, 3, INPUT_SIZE, INPUT_SIZE))
    assert embedding.shape == (3, DIMENSION)
    assert np.allclose(embedding.detach().norm(dim=1), 1, atol=1e-5)
