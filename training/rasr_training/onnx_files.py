"""From a PyTorch module to one self-contained ONNX file with fp16-stored weights."""

import logging
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

OPSET = 18
SMALLEST_HALVED = 4096
"""Smaller tensors (biases, norms, the cubic kernel) stay fp32: they cost nothing and keep colour exact."""


LARGEST_FILE = 2**31 - 1
"""Bytes that one ONNX file can hold: protocol buffers count them in 32 bits."""


class GraphTooLargeError(Exception):
    """A graph does not fit into one file; the message names it."""


def store_weights_as_fp16(model: onnx.ModelProto) -> None:
    """Turn large fp32 initialisers into fp16 ones followed by a Cast to fp32; arithmetic stays fp32."""
    casts = []
    for tensor in model.graph.initializer:
        if tensor.data_type != TensorProto.FLOAT or np.prod(tensor.dims, dtype=int) < SMALLEST_HALVED:
            continue
        name, half = tensor.name, numpy_helper.to_array(tensor).astype(np.float16)
        tensor.CopyFrom(numpy_helper.from_array(half, f"{name}.fp16"))
        casts.append(helper.make_node("Cast", [f"{name}.fp16"], [name], to=TensorProto.FLOAT))
    nodes = casts + list(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def export_onnx(
    module: nn.Module,
    path: Path,
    examples: tuple[torch.Tensor, ...],
    inputs: list[str],
    outputs: list[str],
    dynamic_shapes: tuple,
) -> None:
    """Export ``module(*examples)`` to ``path`` and check it; ``dynamic_shapes`` is as in torch.export."""
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            module.eval().cpu(),
            examples,
            input_names=inputs,
            output_names=outputs,
            dynamic_shapes=dynamic_shapes,
            opset_version=OPSET,
            dynamo=True,
            verbose=False,
        )
    model = program.model_proto
    for node in model.graph.node:
        # The exporter notes source paths of the machine it ran on.
        del node.metadata_props[:]
        node.doc_string = ""
    del model.graph.value_info[:]
    store_weights_as_fp16(model)
    size = sum(len(tensor.raw_data) for tensor in model.graph.initializer)
    if size > LARGEST_FILE:
        raise GraphTooLargeError(
            f"{path.name} would have {size / 1e9:.2f} GB, and an ONNX file holds {LARGEST_FILE / 1e9:.2f} GB"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(model.SerializeToString())
    onnx.checker.check_model(str(path), full_check=True)
