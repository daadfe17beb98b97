"""The network, what it is asked to say about a picture, and the loss. Needs PyTorch.

Ten values for every cell of four by four pixels, decoded by `station.vision.locator`: the logit of
"a face's center is here", the center's place from the cell's middle (columns, rows; cells), the
logarithms of width and height over `REFERENCE_WIDTH_PX`, the logit of "it faces the camera", and
both inner canthi's places from the cell's middle (columns, rows; face widths).
"""

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulators.training.augment import COLUMNS, ROWS
from simulators.training.folding import fold_file, unfold
from simulators.training.samples import Sample
from station.vision.locator import REFERENCE_WIDTH_PX, STRIDE

torch: Any = import_module("torch")
onnx: Any = import_module("onnx")

VALUES = 10
"""Values in a cell."""

_HIGH, _WIDE = ROWS // STRIDE, COLUMNS // STRIDE
# Rows of a target: heat, its weight, nine values, and the weights of box, frontality and canthi.
_HEAT, _COUNTS, _SHAPE, _FACING, _EYES = 0, 1, slice(2, 6), 6, slice(7, 11)
_BOX_WEIGHT, _EYES_WEIGHT = 11, 12
_TARGETS = 13
_EPSILON = 1e-5
_TURNED_COUNTS = 4.0
# Half the size of a hidden face's middle, in faces: a face's own heat ends about there.
_HIDDEN_MIDDLE = 0.25


def _layer(channels: int, out: int, *, stride: int = 1, dilation: int = 1) -> Any:
    nn = torch.nn
    return nn.Sequential(
        nn.Conv2d(channels, out, 3, stride, dilation, dilation=dilation, bias=False),
        nn.BatchNorm2d(out),
        nn.ReLU(),
    )


class FaceNetwork(torch.nn.Module):  # type: ignore[misc]
    """Two layers down to the grid, a body at half its size that sees whole heads, and back up."""

    def __init__(self) -> None:
        super().__init__()
        nn = torch.nn
        self.first = _layer(2, 8, stride=2)
        self.second = _layer(8, 16, stride=2)
        self.down = _layer(16, 32, stride=2)
        self.body = nn.ModuleList([_layer(32, 32, dilation=d) for d in (1, 2, 4, 2)])
        self.up = nn.Sequential(nn.Conv2d(32, 16, 1), nn.Upsample(scale_factor=2, mode="nearest"))
        self.mix = _layer(16, 16)
        self.out = nn.Conv2d(16, VALUES, 1)
        self.out.bias.data[0] = -4.0

    def forward(self, images: Any) -> Any:
        """Return the grids of a batch of images."""
        fine = self.second(self.first(images))
        coarse = self.down(fine)
        for layer in self.body:
            coarse = coarse + layer(coarse)
        return self.out(self.mix(fine + self.up(coarse)))


def known(path: Path) -> Any:
    """Return the network of an exported file, to be trained on.

    The file holds each normalization folded into its convolution; here it becomes one that
    changes nothing, so the network must stay in evaluation mode, in which it measures nothing new.
    """
    graph = onnx.load(str(path)).graph
    values = {entry.name: onnx.numpy_helper.to_array(entry) for entry in graph.initializer}
    stored = [node.input[1:] for node in graph.node if node.op_type == "Conv"]
    network = FaceNetwork().eval()
    parts = list(network.modules())
    places = [n for n, part in enumerate(parts) if isinstance(part, torch.nn.Conv2d)]
    with torch.no_grad():
        for place, (weight, bias) in zip(places, stored, strict=True):
            convolution, follower = parts[place], parts[place + 1 : place + 2]
            is_folded = values[weight].shape[2:] == (2, 2)
            weights = unfold(values[weight]) if is_folded else values[weight]
            convolution.weight.copy_(torch.tensor(weights))
            shift = convolution
            if convolution.bias is None:
                shift = follower[0]
                shift.weight.fill_((1 + shift.eps) ** 0.5)
            shift.bias.copy_(torch.tensor(values[bias]))
    return network


def target(sample: Sample) -> NDArray[np.float32]:
    """Return what the network should say about a sample, and where it counts."""
    asked = np.zeros((_TARGETS, _HIGH, _WIDE), dtype=np.float32)
    asked[_COUNTS] = 1
    rows, columns = np.mgrid[:_HIGH, :_WIDE].astype(np.float32)
    middle_y, middle_x = (rows + 0.5) * STRIDE, (columns + 0.5) * STRIDE
    for box in sample.ignored:
        inside = (middle_y >= box.top) & (middle_y <= box.bottom)
        asked[_COUNTS][inside & (middle_x >= box.left) & (middle_x <= box.right)] = 0
    for box in sample.hidden:
        # Not its whole box: there, beside its neighbours, the network must learn to be silent.
        y, x = box.center
        down = (middle_y - y) / max(_HIDDEN_MIDDLE * box.height, STRIDE)
        across = (middle_x - x) / max(_HIDDEN_MIDDLE * box.width, STRIDE)
        asked[_COUNTS][down**2 + across**2 <= 1] = 0
    for face in sample.faces:
        box = face.box
        y, x = (value / STRIDE - 0.5 for value in box.center)
        spread = max(0.7, 0.144 * min(box.width, box.height) / STRIDE)
        heat = np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * spread * spread))
        heat[min(max(round(y), 0), _HIGH - 1), min(max(round(x), 0), _WIDE - 1)] = 1
        np.maximum(asked[_HEAT], heat, out=asked[_HEAT])
        asked[_COUNTS][heat > 0.2] = 1
        near = (abs(columns - x) <= max(1.0, 0.12 * box.width / STRIDE)) & (
            abs(rows - y) <= max(1.0, 0.12 * box.height / STRIDE)
        )
        asked[2][near], asked[3][near] = (x - columns)[near], (y - rows)[near]
        asked[4][near] = np.log(box.width / REFERENCE_WIDTH_PX)
        asked[5][near] = np.log(box.height / REFERENCE_WIDTH_PX)
        asked[_FACING][near] = face.frontality
        asked[_BOX_WEIGHT][near] = 1
        asked[_EYES_WEIGHT][near] = 0
        if face.canthi is not None:
            asked[_EYES_WEIGHT][near] = 1
            for i, point in enumerate((face.canthi.image_left, face.canthi.image_right)):
                asked[7 + 2 * i][near] = ((point[1] + 0.5 - middle_x) / box.width)[near]
                asked[8 + 2 * i][near] = ((point[0] + 0.5 - middle_y) / box.width)[near]
    return asked


def losses(said: Any, asked: Any) -> Any:
    """Return the four losses of a batch: heat, box, frontality, canthi."""
    functional = torch.nn.functional
    heat, counts = asked[:, _HEAT], asked[:, _COUNTS]
    chance = torch.sigmoid(said[:, 0]).clamp(_EPSILON, 1 - _EPSILON)
    center = (heat >= 0.999).float()
    missed = center * (1 - chance) ** 2 * chance.log()
    false = (1 - center) * counts * (1 - heat) ** 4 * chance**2 * (1 - chance).log()
    box_weight, eyes_weight = asked[:, _BOX_WEIGHT], asked[:, _EYES_WEIGHT]
    cells = box_weight.sum().clamp(min=1)
    # Turned heads are rare, and mistaking one costs a wrong reading.
    facing_weight = box_weight * (1 + _TURNED_COUNTS * (1 - asked[:, _FACING]))
    shape = functional.smooth_l1_loss(said[:, 1:5], asked[:, _SHAPE], reduction="none", beta=0.1)
    facing = functional.binary_cross_entropy_with_logits(
        said[:, 5], asked[:, _FACING], reduction="none"
    )
    eyes = functional.smooth_l1_loss(said[:, 6:], asked[:, _EYES], reduction="none", beta=0.03)
    return torch.stack(
        [
            -(missed + false).sum() / center.sum().clamp(min=4),
            (shape * box_weight[:, None]).sum() / cells,
            (facing * facing_weight).sum() / facing_weight.sum().clamp(min=1),
            (eyes * eyes_weight[:, None]).sum() / eyes_weight.sum().clamp(min=1),
        ]
    )


def export(network: Any, path: Path) -> None:
    """Write the network as ONNX, for pictures of any size, its first layer folded."""
    network.eval()
    free = {2: "rows", 3: "columns"}
    torch.onnx.export(
        network,
        torch.zeros(1, 2, ROWS, COLUMNS),
        str(path),
        input_names=["image"],
        output_names=["grid"],
        dynamic_axes={"image": free, "grid": free},
        dynamo=False,
    )
    fold_file(path)
