"""Networks read from ONNX files put out in torch what ONNX Runtime puts out, and pass gradients on."""

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper

from rasr_training.bundles import open_session
from rasr_training.onnx_network import OnnxNetwork


def write(path, nodes, outputs, weights) -> None:
    images = helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", 3, "h", "w"])
    found = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs]
    tensors = [numpy_helper.from_array(value, name) for name, value in weights.items()]
    graph = helper.make_graph(nodes, "network", [images], found, tensors)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), str(path))


def compact_restorer(path) -> None:
    """Shaped like the teacher: half-precision weights, PReLU, pixel shuffle, on top of plain enlargement."""
    rng = np.random.default_rng(0)
    weights = {
        "w0": rng.normal(0, 0.2, (8, 3, 3, 3)).astype(np.float16),
        "slope": rng.uniform(0, 0.5, (8, 1, 1)).astype(np.float32),
        "w1": rng.normal(0, 0.2, (48, 8, 3, 3)).astype(np.float32),
        "scales": np.float32([1, 1, 4, 4]),
    }
    nodes = [
        helper.make_node("Cast", ["w0"], ["w0.full"], to=TensorProto.FLOAT),
        helper.make_node("Conv", ["image", "w0.full"], ["a"], pads=[1, 1, 1, 1]),
        helper.make_node("PRelu", ["a", "slope"], ["b"]),
        helper.make_node("Conv", ["b", "w1"], ["c"], pads=[1, 1, 1, 1]),
        helper.make_node("DepthToSpace", ["c"], ["d"], blocksize=4, mode="CRD"),
        helper.make_node(
            "Resize",
            ["image", "", "scales"],
            ["e"],
            mode="nearest",
            coordinate_transformation_mode="asymmetric",
            nearest_mode="floor",
        ),
        helper.make_node("Add", ["d", "e"], ["sr"]),
    ]
    write(path, nodes, ["sr"], weights)


def feature_network(path) -> None:
    """Shaped like SqueezeNet: scaled input, pooling that rounds up, two branches joined."""
    rng = np.random.default_rng(1)
    weights = {
        "mean": np.float32(0.4),
        "gain": np.float32(2),
        "w0": rng.normal(0, 0.3, (4, 3, 3, 3)).astype(np.float32),
        "w1": rng.normal(0, 0.3, (5, 4, 1, 1)).astype(np.float32),
    }
    nodes = [
        helper.make_node("Sub", ["image", "mean"], ["a"]),
        helper.make_node("Mul", ["a", "gain"], ["b"]),
        helper.make_node("Conv", ["b", "w0"], ["c"], strides=[2, 2]),
        helper.make_node("Relu", ["c"], ["tap0"]),
        helper.make_node("MaxPool", ["tap0"], ["d"], kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1),
        helper.make_node("Conv", ["d", "w1"], ["e"]),
        helper.make_node("Concat", ["d", "e"], ["tap1"], axis=1),
    ]
    write(path, nodes, ["tap0", "tap1"], weights)


def uneven_padding(path) -> None:
    """As networks that began in TensorFlow have it; then channels each by themselves."""
    rng = np.random.default_rng(2)
    weights = {
        "w0": rng.normal(0, 0.3, (4, 3, 3, 3)).astype(np.float32),
        "w1": rng.normal(0, 0.3, (4, 1, 3, 3)).astype(np.float32),
    }
    nodes = [
        helper.make_node("Conv", ["image", "w0"], ["a"], pads=[0, 0, 1, 1], strides=[2, 2]),
        helper.make_node("Conv", ["a", "w1"], ["b"], pads=[1, 1, 1, 1], group=4),
    ]
    write(path, nodes, ["b"], weights)


@pytest.mark.parametrize("make", [compact_restorer, feature_network, uneven_padding])
def test_torch_gives_what_onnx_runtime_gives(make, tmp_path):
    make(tmp_path / "network.onnx")
    image = torch.rand(2, 3, 20, 28, requires_grad=True)
    found = OnnxNetwork(tmp_path / "network.onnx")(image)
    wanted = open_session(tmp_path / "network.onnx", 1).run(None, {"image": image.detach().numpy()})
    assert len(found) == len(wanted)
    for ours, theirs in zip(found, wanted, strict=True):
        assert np.abs(ours.detach().numpy() - theirs).max() < 1e-5
    sum(output.sum() for output in found).backward()
    assert image.grad.abs().sum() > 0


def test_an_operator_that_it_does_not_run_is_named(tmp_path):
    write(tmp_path / "network.onnx", [helper.make_node("Sigmoid", ["image"], ["out"])], ["out"], {})
    with pytest.raises(ValueError, match="Sigmoid"):
        OnnxNetwork(tmp_path / "network.onnx")(torch.rand(1, 3, 4, 4))
