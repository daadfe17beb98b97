"""Made-up clinical sessions: skin that follows an oral temperature, with noise of each frame."""

import csv

import numpy as np

from station.core.estimation import Surroundings
from station.estimation.fitting import FEATURES
from station.estimation.tables import Session

ROOM = ("ambient_c", "rel_humidity_pct", "distance_m")
SITES = tuple(name for name in FEATURES if name not in ROOM)


def made_sessions(people, seed=0, cameras=("irt1", "irt2")):
    """Sessions of `people` on every camera, a sixth of them febrile."""
    random = np.random.default_rng(seed)
    depth_c = 1.2 + 1.2 * np.linspace(0, 1, len(SITES))
    sessions = []
    for person in range(people):
        oral_c = random.normal(38.2, 0.4) if person % 6 == 0 else random.normal(36.9, 0.2)
        room = Surroundings(random.uniform(21, 27), random.uniform(15, 50), 0.65)
        own_c = random.normal(0, 0.1)
        for camera in cameras:
            frames = []
            for _ in range(3):
                noise = random.normal(0, 0.1) + random.normal(0, 0.1, len(SITES))
                warm = 0.1 * (room.ambient_c - 24)
                frames.append(
                    dict(zip(SITES, oral_c - depth_c + own_c + noise + warm, strict=True))
                )
            group = "1" if room.ambient_c < 24 else "2"
            sessions.append(
                Session(f"p{person:03}", camera, group, float(oral_c), room, tuple(frames))
            )
    return sessions


def write_table(path, sessions, *, with_oral=True, blank=()):
    """Write sessions as a clinical table; `blank` holds (row, column) to leave empty."""
    rounds = [f"r{number}_{site}" for number in (1, 2, 3) for site in SITES]
    columns = ["subject_id", "irt", "ambient_group", *ROOM, *rounds]
    columns += ["oral_monitor_c"] if with_oral else []
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        for number, session in enumerate(sessions):
            row = {
                "subject_id": session.subject_id,
                "irt": session.irt,
                "ambient_group": session.ambient_group,
                **{name: getattr(session.surroundings, name) for name in ROOM},
            }
            for index, frame in enumerate(session.frames, start=1):
                row |= {f"r{index}_{site}": value for site, value in (frame or {}).items()}
            if with_oral:
                row["oral_monitor_c"] = session.oral_c
            writer.writerow({k: "" if (number, k) in blank else v for k, v in row.items()})
    return path
