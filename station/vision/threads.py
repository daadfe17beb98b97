"""How OpenCV shares the processor."""

import cv2


def stay_in_calling_thread() -> None:
    """Let OpenCV do all work in the thread that asks for it.

    Every lane has a thread of its own already. OpenCV's further threads spin while they wait for
    pieces of a picture, and on a busy machine every lane would wait for them.
    """
    cv2.setNumThreads(1)
