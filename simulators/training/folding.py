"""The network's first layer, folded: the same numbers, an eighth sooner.

The first layer looks at every second pixel of two layers. OpenCV pads layers to eight and more, so
that most of its work there is on nothing. A folded network takes the four pixels of each 2 x 2 as
layers of their own (`station.vision.locator.folded`), eight in all, and looks at all of them.
"""

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from station.vision.locator import FOLDED

_IMAGE = "image"


def fold(weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the folded form of a first layer of 3 x 3, stride 2: (out, 4 in, 2, 2)."""
    out, layers = weights.shape[:2]
    whole = np.zeros((out, layers, 4, 4), dtype=np.float32)
    # Each output looks at its own 2 x 2 pixels and at the latter half of those before.
    whole[:, :, 1:, 1:] = weights
    parts = whole.reshape(out, layers, 2, 2, 2, 2).transpose(0, 1, 3, 5, 2, 4)
    return parts.reshape(out, layers * 4, 2, 2)


def unfold(weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what was folded: (out, in, 3, 3)."""
    out, layers = weights.shape[0], weights.shape[1] // 4
    parts = weights.reshape(out, layers, 2, 2, 2, 2).transpose(0, 1, 4, 2, 5, 3)
    return parts.reshape(out, layers, 4, 4)[:, :, 1:, 1:]


def fold_file(path: Path) -> None:
    """Fold the network of an exported ONNX file, in place."""
    onnx: Any = import_module("onnx")
    model = onnx.load(str(path))
    first = next(node for node in model.graph.node if node.op_type == "Conv")
    stored = next(entry for entry in model.graph.initializer if entry.name == first.input[1])
    weights = fold(onnx.numpy_helper.to_array(stored))
    stored.CopyFrom(onnx.numpy_helper.from_array(weights, stored.name))
    shape = {"kernel_shape": (2, 2), "strides": (1, 1), "pads": (1, 1, 0, 0)}
    for attribute in first.attribute:
        if attribute.name in shape:
            attribute.ints[:] = shape[attribute.name]
    image = next(entry for entry in model.graph.input if entry.name == _IMAGE)
    image.name = first.input[0] = FOLDED.decode()
    image.type.tensor_type.shape.dim[1].dim_value = weights.shape[1]
    onnx.save(model, str(path))
