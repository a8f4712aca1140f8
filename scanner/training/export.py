"""From a trained net to an ONNX file, written node by node: the same weights give the same bytes."""

from dataclasses import dataclass

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from torch import nn

OPSET, IR = 17, 8  # old enough for any onnxruntime that the project allows
Shape = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """What a model takes and gives: `crops` in, `seen` out, both float32; `n` stands for any number."""

    name: str
    takes: Shape
    gives: Shape
    axis: int = 1  # of `seen`, along which the chances sum to 1


def onnx_bytes(net: nn.Sequential, temperature: float, graph: Graph) -> bytes:
    """The model as a file, with a softmax at its end.

    The temperature is a node of the graph, so that the file as such is calibrated.
    """
    nodes, weights, last = chain(net, "crops", "v")
    return finished(nodes, weights, last, temperature, graph)


def chain(
    net: nn.Sequential, first: str, prefix: str
) -> tuple[list[onnx.NodeProto], list[onnx.TensorProto], str]:
    """The layers one after another, fed with `first`: nodes, weights and the name of what comes out."""
    nodes, weights, last = [], [], first
    for number, layer in enumerate(one for one in net if not isinstance(one, nn.Dropout)):
        name = f"{prefix}{number}"
        nodes.append(_node(layer, last, name))
        weights += _weights(layer, name)
        last = name
    return nodes, weights, last


def finished(
    nodes: list[onnx.NodeProto],
    weights: list[onnx.TensorProto],
    last: str,
    temperature: float,
    graph: Graph,
) -> bytes:
    """The file of a graph whose logits are called `last`; nodes and weights are added to in place."""
    weights.append(numpy_helper.from_array(np.float32(temperature), "temperature"))
    nodes += [helper.make_node("Div", [last, "temperature"], ["calm"]),
              helper.make_node("Softmax", ["calm"], ["seen"], axis=graph.axis)]  # fmt: skip
    return sealed(nodes, weights, graph)


def sealed(nodes: list[onnx.NodeProto], weights: list[onnx.TensorProto], graph: Graph) -> bytes:
    """The file of whole nodes that end in `seen`; checked, and the same bytes every time."""
    made = helper.make_graph(
        nodes, graph.name,
        [helper.make_tensor_value_info("crops", TensorProto.FLOAT, list(graph.takes))],
        [helper.make_tensor_value_info("seen", TensorProto.FLOAT, list(graph.gives))],
        weights,
    )  # fmt: skip
    model = helper.make_model(
        made, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="valgskanner"
    )
    model.ir_version = IR
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString(deterministic=True))


def _node(layer: nn.Module, into: str, out: str) -> onnx.NodeProto:
    match layer:
        case nn.Conv2d():
            edges, step = [int(one) for one in layer.padding], list(layer.stride)
            inputs = [into, f"{out}.weight", f"{out}.bias"]
            return helper.make_node("Conv", inputs, [out], strides=step, pads=edges * 2)
        case nn.BatchNorm2d():
            inputs = [into, *(f"{out}.{name}" for name in ("weight", "bias", "running_mean", "running_var"))]
            return helper.make_node("BatchNormalization", inputs, [out], epsilon=layer.eps)
        case nn.Linear():
            return helper.make_node("Gemm", [into, f"{out}.weight", f"{out}.bias"], [out], transB=1)
        case nn.AvgPool2d():
            side = [int(layer.kernel_size)] * 2
            return helper.make_node("AveragePool", [into], [out], kernel_shape=side, strides=side)
        case nn.ReLU():
            return helper.make_node("Relu", [into], [out])
        case nn.Flatten():
            return helper.make_node("Flatten", [into], [out], axis=1)
    raise NotImplementedError(f"no ONNX operator is written for {type(layer).__name__}")


def _weights(layer: nn.Module, out: str) -> list[onnx.TensorProto]:
    return [
        numpy_helper.from_array(value.detach().numpy(), f"{out}.{name}")
        for name, value in layer.state_dict().items()
        if value.ndim  # a counter of steps is no weight
    ]
