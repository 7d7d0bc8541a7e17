"""The retriever learns a teacher's maps, depth by depth, then its features from poor photos too."""

import numpy as np
import onnx
import pytest
import torch
import torch.nn.functional as F
from onnx import TensorProto, helper, numpy_helper

from rasr_training.ahead import MadeAhead
from rasr_training.collages import CollageSampler
from rasr_training.retriever import CHANNELS, DIMENSION, FEATURES, Retriever, normalise
from rasr_training.teacher import LAST, STAGES, FeatureSpace, Teacher, measure_space
from rasr_training.train_retriever import (
    WHITENED_BATCHES,
    Lessons,
    begin_in,
    map_loss,
    shoot_groups,
    train,
    whiten,
)
from rasr_training.training import LoopOptions

CPU = torch.device("cpu")
SIZE = 64


@pytest.fixture(scope="module")
def teacher(tmp_path_factory) -> Teacher:
    """A network of random weights with the teacher's outputs: one strided convolution a depth."""
    rng = np.random.default_rng(0)
    nodes, weights, last, channels = [], [], "image", 3
    for name, width in (*STAGES.items(), ("before", FEATURES)):
        kernel, stride = (4, 4) if name == "add_16" else (2, 2) if name != "before" else (1, 1)
        values = rng.standard_normal((width, channels, kernel, kernel)) / np.sqrt(channels * kernel**2)
        weights.append(numpy_helper.from_array(values.astype(np.float32), f"{name}.weight"))
        nodes.append(helper.make_node("Conv", [last, f"{name}.weight"], [name], strides=[stride] * 2))
        last, channels = name, width
    nodes.append(helper.make_node("Relu", ["before"], [LAST]))
    nodes.append(helper.make_node("GlobalAveragePool", [LAST], ["feature"]))
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", 3, 224, 224])
    feature = helper.make_tensor_value_info("feature", TensorProto.FLOAT, ["n", FEATURES, 1, 1])
    graph = helper.make_graph(nodes, "teacher", [image], [feature], weights)
    path = tmp_path_factory.mktemp("teacher") / "teacher.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10), path)
    return Teacher(path, 1)


@pytest.fixture(scope="module")
def lessons(cache, teacher) -> Lessons:
    return Lessons(CollageSampler(cache, SIZE, 6, 1), teacher)


@pytest.fixture(scope="module")
def space(lessons) -> FeatureSpace:
    return measure_space([lessons.draw(1000 + n).maps for n in range(50)], DIMENSION)


def test_collages_depend_only_on_seed_and_step_and_differ(cache):
    one, two = (CollageSampler(cache, SIZE, 6, 3) for _ in range(2))
    assert torch.equal(one.draw(4), two.draw(4))
    assert not torch.equal(one.draw(4), one.draw(5))
    assert one.draw(4).shape == (6, 3, SIZE, SIZE)
    assert one.draw(4).min() >= 0 and one.draw(4).max() <= 1


def test_what_is_made_ahead_is_what_was_asked_for():
    squares = MadeAhead(lambda step: step**2)
    assert [squares(step) for step in (3, 4, 9, 10, 2)] == [9, 16, 81, 100, 4]


def test_the_teacher_gives_the_maps_the_student_has(teacher):
    maps = teacher.maps(torch.rand(2, 3, SIZE, SIZE))
    own = Retriever().eval().maps(normalise(torch.rand(2, 3, SIZE, SIZE)))
    assert [m.shape for m in maps] == [m.shape for m in own]
    assert tuple(STAGES.values()) == CHANNELS


def test_the_space_makes_maps_standard_and_is_kept(lessons, space, tmp_path):
    maps = torch.cat([space.standard(lessons.draw(1000 + n).maps)[1] for n in range(50)])
    assert torch.allclose(maps.mean((0, 2, 3)), torch.zeros(CHANNELS[1]), atol=1e-3)
    assert torch.allclose(maps.std((0, 2, 3)).median(), torch.tensor(1.0), atol=1e-2)
    space.save(tmp_path / "space.npz")
    features = torch.rand(3, FEATURES)
    assert torch.equal(FeatureSpace.load(tmp_path / "space.npz").embed(features), space.embed(features))


def test_a_head_begins_as_the_teachers_projection(lessons, space):
    module = Retriever().eval()
    begin_in(module, space)
    last = lessons.draw(7).maps[-1]
    found = module.embed(space.standard([*lessons.draw(7).maps[:-1], last])[-1])
    assert torch.allclose(found, space.embed(last.mean((2, 3))), atol=1e-4)


def test_poor_photos_are_those_of_the_images_in_their_order(lessons):
    images = lessons.draw(2).images
    near, far = shoot_groups(images, 5)
    assert torch.equal(near[0], images[0])
    assert near.shape == far.shape == images.shape
    # Those that are only resized lie where they were.
    resized = torch.tensor([2, 5])
    for poor, numbers in ((near, torch.arange(len(images))), (far[resized], resized)):
        shrunk = [F.interpolate(batch, size=4, mode="area").flatten(1) for batch in (poor, images)]
        assert torch.equal(torch.cdist(*shrunk).argmin(1), numbers)


def test_a_whitened_embedding_varies_alike_in_every_direction(cache, space):
    module = Retriever().eval()
    begin_in(module, space)
    windows = CollageSampler(cache, SIZE, 6, 4, alone=True)
    whiten(module, windows, CPU)
    outputs = []
    for step in range(WHITENED_BATCHES):
        for images in shoot_groups(windows.draw(step), step):
            last = module.maps(normalise(images))[-1]
            outputs.append(module.head(last.mean((2, 3))).detach())
    found = torch.cat(outputs)
    assert found.mean(0).abs().max() < 0.05
    strongest = torch.linalg.eigvalsh(torch.cov(found.T))[-5:]
    assert torch.allclose(strongest, torch.ones(5), atol=0.05)


@pytest.mark.parametrize("apart", [1.0, 0.0])
def test_the_stages_learn_by_themselves_and_together(lessons, space, tmp_path, apart):
    module = Retriever()
    begin_in(module, space)
    held_out = lessons.draw(999)
    taught = space.standard(held_out.maps)

    def loss() -> float:
        images = normalise(held_out.images)
        given = [images, *taught[:-1]]
        own = [step(g) for step, g in zip(module.train().steps, given, strict=True)]
        return float(map_loss(own if apart else module.maps(images), taught).detach())

    before = loss()
    train(module, lessons, held_out, space, LoopOptions(tmp_path, 30, None, 2e-3), CPU, apart)
    assert loss() < 0.97 * before
    assert (tmp_path / "samples.png").is_file()
