"""Somebody who walks through a lane."""

from tests.support import FixedLocator, face, frame, lane

FACE = face()


class Passerby:
    """Walks one face through a lane and keeps everything that the lane says."""

    def __init__(self, **lane_options):
        self.locator = FixedLocator(FACE)
        self.lane = lane(self.locator, **lane_options)
        self.number = 0
        self.flags, self.ended, self.states = [], [], []

    def stay(self, frames, **drawing):
        for _ in range(frames):
            faces = self.locator.faces
            step = self.lane.step(frame(self.number, faces=faces, **drawing))
            self.number += 1
            self.flags += step.flags
            self.ended += step.ended
            self.states.append(step.state)
            self.last = step
        return self

    def leave(self, **drawing):
        self.locator.faces = ()
        return self.stay(8, **drawing)

    @property
    def outcome(self):
        assert len(self.ended) == 1
        return self.ended[0].passage.screening.outcome

    @property
    def reasons(self):
        return self.ended[0].passage.screening.reasons
