"""The retriever learns a teacher's maps, depth by depth, then its features from poor photos too."""

import cv2
import numpy as np
import onnx
import pytest
import torch
import torch.nn.functional as F
from onnx import TensorProto, helper, numpy_helper

from rasr_training.ahead import MadeAhead
from rasr_training.checkpoints import load_checkpoint, save_checkpoint
from rasr_training.collage_shots import shoot_groups
from rasr_training.collages import MORE_SIDE, CollageSampler, lay, read_more
from rasr_training.photos import DataError
from rasr_training.retriever import CHANNELS, DIMENSION, FEATURES, Retriever, normalise
from rasr_training.teacher import LAST, STAGES, FeatureSpace, Teacher, measure_space
from rasr_training.train_retriever import (
    Lessons,
    begin_from,
    begin_in,
    class_loss,
    map_loss,
    train,
)
from rasr_training.training import LoopOptions
from rasr_training.whiten_retriever import MEASURED_BATCHES, WHITENED_BATCHES, measure_norms, whiten

CPU = torch.device("cpu")
SIZE = 64
CLASSES = 3


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
    # In half precision with a cast to single, as the teachers are stored; nobody asks for the logits.
    classes = rng.standard_normal((CLASSES, FEATURES)).astype(np.float16)
    weights.append(numpy_helper.from_array(classes, "classifier.w_h"))
    weights.append(numpy_helper.from_array(np.float32([1, 0, -1]), "classifier.b"))
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


@pytest.fixture(scope="module")
def more_folder(tmp_path_factory):
    """A large photo, and a red disc cut out of green, which a transparent pixel still hides."""
    folder = tmp_path_factory.mktemp("more")
    cv2.imwrite(str(folder / "photo.jpg"), np.full((600, 1200, 3), (200, 40, 90), np.uint8))
    disc = np.zeros((300, 300, 4), np.uint8)
    disc[..., 1] = 255
    cv2.circle(disc, (150, 150), 140, (0, 0, 255, 255), -1)
    (folder / "things").mkdir()
    cv2.imwrite(str(folder / "things" / "disc.png"), disc)
    return folder


def test_further_pictures_are_photos_or_cut_out_things(more_folder):
    photo, disc = read_more([more_folder])
    assert photo.shape == (MORE_SIDE // 2, MORE_SIDE, 3) and abs(int(photo[0, 0, 0]) - 90) < 5
    assert disc.shape == (300, 300, 4) and list(disc[150, 150]) == [255, 0, 0, 255]


def test_a_folder_without_pictures_and_a_broken_one_are_named(tmp_path):
    with pytest.raises(DataError, match="holds no JPEG"):
        read_more([tmp_path])
    (tmp_path / "broken.png").write_bytes(b"no picture")
    with pytest.raises(DataError, match=r"broken\.png cannot be decoded"):
        read_more([tmp_path])


def test_a_thing_is_laid_on_the_ground_without_what_was_around_it(more_folder):
    _, disc = read_more([more_folder])
    ground = np.full((SIZE, SIZE, 3), (0, 0, 255), np.uint8)
    for seed in range(20):
        laid = lay(disc, ground, np.random.default_rng(seed)).astype(int)
        assert laid[..., 1].max() <= 1
        red = laid[..., 0] > 250
        # A disc of 0.4 to 1.2 of the side, part of which may be outside.
        assert 0.05 < red.mean() < 0.9
        assert (abs(laid.sum(2) - 255) <= 3).all()


def test_further_pictures_come_up_as_often_as_photos_do(cache, more_folder):
    more = read_more([more_folder])[:1]
    sampler = CollageSampler(cache, SIZE, 7, 3, alone=True, more=more)
    batch = sampler.draw(0)
    plain = [image for image in batch if float(image.std((1, 2)).max()) < 0.02]
    assert len(plain) == 1
    assert torch.equal(batch, CollageSampler(cache, SIZE, 7, 3, alone=True, more=more).draw(0))


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


def test_a_run_goes_on_from_a_foreign_head_with_one_of_its_own_space(lessons, space, tmp_path):
    foreign, module = Retriever().eval(), Retriever()
    begin_in(foreign, space)
    # Whitened, and of another run's space: axes of its own, each with its own scale.
    turn = torch.linalg.qr(torch.randn(DIMENSION, DIMENSION))[0] * torch.linspace(0.5, 2, DIMENSION)
    with torch.no_grad():
        foreign.head.weight.copy_(turn @ foreign.head.weight)
    counters = {"step": 3, "seconds": 5.0, "samples": 7}
    save_checkpoint(tmp_path / "init", {"model": foreign.state_dict(), "ema": {}, "counters": counters})
    begin_from(tmp_path / "init", tmp_path / "begun", module, lessons, space)

    # A lesson that the head was fitted on: the networks of these tests cannot carry over to others.
    lesson = lessons.draw(10**6)
    targets = space.embed(lesson.maps[-1].mean((2, 3)))
    last = [m.eval().maps(normalise(lesson.images))[-1] for m in (foreign, module)]
    assert torch.equal(*last)
    alike = [float((m.embed(last[1]) * targets).sum(1).mean().detach()) for m in (foreign, module)]
    assert alike[1] > 0.3 + alike[0]
    assert load_checkpoint(tmp_path / "begun")["counters"] == counters
    # Started again, the run finds it as it was.
    again = Retriever()
    begin_from(tmp_path / "nowhere", tmp_path / "begun", again, lessons, space)
    assert torch.equal(again.head.weight, module.head.weight)


def test_norms_are_measured_anew(cache):
    module, windows = Retriever(), CollageSampler(cache, SIZE, 6, 4)
    norm = module.stages[0].body[1]
    norm.running_mean.fill_(9)
    measure_norms(module, windows, CPU)
    seen = []
    norm.register_forward_hook(lambda _, inputs, __: seen.append(inputs[0].transpose(0, 1).flatten(1)))
    for step in range(MEASURED_BATCHES):
        module.maps(normalise(torch.cat(shoot_groups(windows.draw(step), step))))
    found = torch.cat(seen, 1)
    assert torch.allclose(norm.running_mean, found.mean(1), atol=1e-3)
    assert torch.allclose(norm.running_var, found.var(1), rtol=0.1)
    assert not module.training and norm.momentum == 0.1


def test_features_of_standard_maps_are_the_teachers_own(lessons, space):
    maps = lessons.draw(7).maps
    found = space.features(space.standard(maps)[-1])
    assert torch.allclose(found, maps[-1].mean((2, 3)), atol=1e-4)


def test_the_same_classes_cost_nothing_and_others_do(teacher):
    taught = torch.rand(4, FEATURES)
    assert teacher.classifier.logits(taught).shape == (4, CLASSES)
    assert abs(float(class_loss(taught, taught, teacher.classifier))) < 1e-5
    opposite = taught - 0.1 * teacher.classifier.weight[teacher.classifier.logits(taught).argmax(1)]
    assert float(class_loss(opposite, taught, teacher.classifier)) > 1


def test_poor_photos_are_those_of_the_images_in_their_order(lessons):
    images = lessons.draw(2).images
    near, far = shoot_groups(images, 5)
    assert torch.equal(near[0], images[0])
    assert near.shape == far.shape == images.shape
    # Those that are only resized lie where they were.
    resized = torch.tensor([2, 5])
    assert not torch.equal(near[3], images[3])
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
