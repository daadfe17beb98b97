"""A camera that follows a script, and time that passes only when somebody sleeps."""

from drivers.api import DeviceInfo, ThermalCamera


class Clock:
    """Stands for the module `time`."""

    def __init__(self):
        self.now_s = 0.0

    def monotonic(self):
        return self.now_s

    def sleep(self, seconds):
        self.now_s += seconds


class Camera(ThermalCamera):
    """Delivers what the script says: a frame, an error, or the end."""

    def __init__(self, clock, script=None, serials=("1",)):
        super().__init__()
        self.clock, self.script, self.serials = clock, script or (lambda n: "frame"), list(serials)
        self.opened = self.count = 0

    def _open(self):
        serial = self.serials[min(self.opened, len(self.serials) - 1)]
        self.opened += 1
        if isinstance(serial, Exception):
            raise serial
        return DeviceInfo("fake", "Camera", serial)

    def _close(self):
        pass

    def _read(self, timeout_s):
        self.clock.sleep(0.1)
        self.count += 1
        item = self.script(self.count)
        if isinstance(item, Exception):
            raise item
        return item
