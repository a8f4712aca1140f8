"""From a trained net to an ONNX file, written node by node: the same weights give the same bytes."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from scanner.classify.eyes import SIDE, Sight

OPSET, IR = 17, 8  # old enough for any onnxruntime that the project allows


def onnx_bytes(net: nn.Sequential, temperature: float) -> bytes:
    """The model as a file: input `crops` float32 (n, 1, 40, 40), output `seen` float32 (n, 4), summing to 1.

    The temperature is a node of the graph, so that the file as such is calibrated.
    """
    nodes, weights, last = [], [], "crops"
    for number, layer in enumerate(net):
        name = f"v{number}"
        nodes.append(_node(layer, last, name))
        weights += _weights(layer, name)
        last = name
    weights.append(numpy_helper.from_array(np.float32(temperature), "temperature"))
    nodes += [helper.make_node("Div", [last, "temperature"], ["calm"]),
              helper.make_node("Softmax", ["calm"], ["seen"], axis=1)]  # fmt: skip
    graph = helper.make_graph(
        nodes, "mark",
        [helper.make_tensor_value_info("crops", TensorProto.FLOAT, ["n", 1, SIDE, SIDE])],
        [helper.make_tensor_value_info("seen", TensorProto.FLOAT, ["n", len(Sight)])],
        weights,
    )  # fmt: skip
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="valgskanner"
    )
    model.ir_version = IR
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString(deterministic=True))


def _node(layer: nn.Module, into: str, out: str) -> onnx.NodeProto:
    match layer:
        case nn.Conv2d():
            edge, step = int(layer.padding[0]), list(layer.stride)
            inputs = [into, f"{out}.weight", f"{out}.bias"]
            return helper.make_node("Conv", inputs, [out], strides=step, pads=[edge] * 4)
        case nn.BatchNorm2d():
            inputs = [into, *(f"{out}.{name}" for name in ("weight", "bias", "running_mean", "running_var"))]
            return helper.make_node("BatchNormalization", inputs, [out], epsilon=layer.eps)
        case nn.Linear():
            return helper.make_node("Gemm", [into, f"{out}.weight", f"{out}.bias"], [out], transB=1)
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
