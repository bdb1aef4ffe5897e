"""Editing an ONNX graph: look-ups by tensor name, constants, new nodes, then a clean order."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper


class GraphEditor:
    """A model's graph with its producers and consumers at hand.

    Nodes are added by `emit`; whoever replaces a node lets the new one produce the old output's
    name and calls `retire` on the old one. `finish` drops what nothing needs any more and sorts.
    """

    def __init__(self, model: onnx.ModelProto) -> None:
        self.model = model
        self.nodes: list[onnx.NodeProto] = list(model.graph.node)
        self._retired: set[int] = set()
        self._constants = {tensor.name: tensor for tensor in model.graph.initializer}
        self.producer: dict[str, onnx.NodeProto] = {}
        self.consumers: dict[str, list[onnx.NodeProto]] = defaultdict(list)
        for node in self.nodes:
            self._index(node)

    def _index(self, node: onnx.NodeProto) -> None:
        for name in node.output:
            self.producer[name] = node
        for name in node.input:
            self.consumers[name].append(node)

    def of_type(self, op_type: str) -> list[onnx.NodeProto]:
        return [n for n in self.nodes if n.op_type == op_type and id(n) not in self._retired]

    def is_constant(self, name: str) -> bool:
        return name in self._constants

    def value(self, name: str) -> NDArray[np.generic]:
        """A constant's value."""
        return numpy_helper.to_array(self._constants[name])

    def constant(self, name: str, value: NDArray[np.generic]) -> str:
        """`name`, which holds `value` from now on; the first value of a name stays."""
        if name not in self._constants:
            self._constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def scalar(self, name: str, value: NDArray[np.generic] | np.generic) -> str:
        if name not in self._constants:
            self._constants[name] = numpy_helper.from_array(np.asarray(value), name)
        return name

    def int64(self, *values: int) -> str:
        """A one-dimensional int64 constant, shared by value."""
        return self.constant("i64_" + "_".join(map(str, values)), np.array(values, np.int64))

    def emit(
        self,
        op_type: str,
        inputs: Iterable[str],
        output: str,
        domain: str = "",
        **attributes: Any,
    ) -> str:
        """Add a node of one output and return that output's name."""
        node = helper.make_node(
            op_type, list(inputs), [output], name=output, domain=domain, **attributes
        )
        self.nodes.append(node)
        self._index(node)
        return output

    def retire(self, *nodes: onnx.NodeProto) -> None:
        """Take nodes out; their outputs must be unused or produced by an emitted node."""
        self._retired.update(id(node) for node in nodes)

    def attributes(self, node: onnx.NodeProto) -> dict[str, Any]:
        return {a.name: helper.get_attribute_value(a) for a in node.attribute}

    def finish(self) -> onnx.ModelProto:
        """Write the graph back: needed nodes in a valid order, used constants, no stale shapes."""
        graph = self.model.graph
        live = [node for node in self.nodes if id(node) not in self._retired]
        live = _needed(live, {output.name for output in graph.output})
        ordered = _sorted(live)
        used = {name for node in ordered for name in node.input}
        constants = [tensor for name, tensor in self._constants.items() if name in used]
        # protobuf containers own their messages: copies must exist before they are cleared.
        nodes_copy = [onnx.NodeProto.FromString(node.SerializeToString()) for node in ordered]
        constants_copy = [onnx.TensorProto.FromString(t.SerializeToString()) for t in constants]
        del graph.node[:], graph.initializer[:], graph.value_info[:]
        graph.node.extend(nodes_copy)
        graph.initializer.extend(constants_copy)
        return self.model


def _needed(nodes: list[onnx.NodeProto], outputs: set[str]) -> list[onnx.NodeProto]:
    producer = {name: node for node in nodes for name in node.output}
    pending = [producer[name] for name in outputs]
    kept: set[int] = set()
    while pending:
        node = pending.pop()
        if id(node) in kept:
            continue
        kept.add(id(node))
        pending.extend(producer[name] for name in node.input if name in producer)
    return [node for node in nodes if id(node) in kept]


def _sorted(nodes: list[onnx.NodeProto]) -> list[onnx.NodeProto]:
    """Topological, and among the possible orders the one closest to the given."""
    producer = {name: index for index, node in enumerate(nodes) for name in node.output}
    waiting: list[int] = []
    dependants: dict[int, list[int]] = defaultdict(list)
    for index, node in enumerate(nodes):
        sources = {producer[name] for name in node.input if name in producer}
        waiting.append(len(sources))
        for source in sources:
            dependants[source].append(index)
    ready = [index for index, count in enumerate(waiting) if count == 0]
    order: list[onnx.NodeProto] = []
    while ready:
        index = heapq.heappop(ready)
        order.append(nodes[index])
        for dependant in dependants[index]:
            waiting[dependant] -= 1
            if waiting[dependant] == 0:
                heapq.heappush(ready, dependant)
    if len(order) != len(nodes):
        raise ValueError("the edited graph has a cycle")
    return order
