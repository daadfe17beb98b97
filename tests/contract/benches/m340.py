"""A LumaSense M340 behind a serial server."""

from drivers.registry import DeviceKind
from tests.contract.benches import hart913x
from tests.contract.benches.base import Bench


class M340Bench(Bench):
    kind, name = DeviceKind.REFERENCE, "m340"
    options = {"device_id": "under-test"}
    cannot = hart913x.PLAIN_CANNOT
    unseen = hart913x.PLAIN_UNSEEN
    tolerance_c = 0.15

    source = hart913x.Hart913xBench.source
    check = hart913x.Hart913xBench.check
