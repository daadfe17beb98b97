"""The ledger's first schema, frozen: later steps change it, this text stays as it is."""

FIRST_SCHEMA = (
    """
    CREATE TABLE meta (
        id INTEGER NOT NULL CONSTRAINT one_row CHECK (id = 1),
        schema_version INTEGER NOT NULL,
        epoch CHAR(32) NOT NULL,
        is_clean BOOLEAN NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE passage (
        passage_id CHAR(32) NOT NULL,
        lane VARCHAR NOT NULL,
        camera_id VARCHAR NOT NULL,
        traveller INTEGER NOT NULL,
        first_at VARCHAR(27) NOT NULL,
        last_at VARCHAR(27) NOT NULL,
        first_sequence INTEGER NOT NULL,
        last_sequence INTEGER NOT NULL,
        reference VARCHAR NOT NULL,
        facing_frames INTEGER NOT NULL,
        outcome VARCHAR NOT NULL,
        skin_c FLOAT,
        u_c FLOAT,
        site VARCHAR,
        frame_count INTEGER,
        mm_per_px FLOAT,
        is_pre_screen BOOLEAN,
        reasons VARCHAR NOT NULL,
        policy_id VARCHAR NOT NULL,
        PRIMARY KEY (passage_id),
        CONSTRAINT outcome_is_known CHECK (
            outcome IN ('below', 'above', 'repeat', 'not_measured')),
        CONSTRAINT measured_or_not CHECK ((outcome = 'not_measured') = (skin_c IS NULL)
            AND (skin_c IS NULL) = (u_c IS NULL)
            AND (skin_c IS NULL) = (site IS NULL)
            AND (skin_c IS NULL) = (frame_count IS NULL)
            AND (skin_c IS NULL) = (mm_per_px IS NULL)
            AND (skin_c IS NULL) = (is_pre_screen IS NULL)),
        CONSTRAINT doubt_has_a_reason CHECK ((outcome = 'not_measured') = (reasons <> ''))
    )
    """,
    "CREATE INDEX ix_passage_last_at ON passage (last_at)",
    """
    CREATE TABLE case_ (
        case_id CHAR(32) NOT NULL,
        number INTEGER NOT NULL,
        opened_at VARCHAR(27) NOT NULL,
        lane VARCHAR NOT NULL,
        traveller INTEGER NOT NULL,
        passage_id CHAR(32) NOT NULL,
        point_row FLOAT,
        point_column FLOAT,
        state VARCHAR NOT NULL,
        outcome VARCHAR NOT NULL,
        skin_c FLOAT,
        u_c FLOAT,
        site VARCHAR,
        frame_count INTEGER,
        mm_per_px FLOAT,
        is_pre_screen BOOLEAN,
        reasons VARCHAR NOT NULL,
        policy_id VARCHAR NOT NULL,
        PRIMARY KEY (case_id),
        CONSTRAINT outcome_is_known CHECK (
            outcome IN ('below', 'above', 'repeat', 'not_measured')),
        CONSTRAINT measured_or_not CHECK ((outcome = 'not_measured') = (skin_c IS NULL)
            AND (skin_c IS NULL) = (u_c IS NULL)
            AND (skin_c IS NULL) = (site IS NULL)
            AND (skin_c IS NULL) = (frame_count IS NULL)
            AND (skin_c IS NULL) = (mm_per_px IS NULL)
            AND (skin_c IS NULL) = (is_pre_screen IS NULL)),
        CONSTRAINT doubt_has_a_reason CHECK ((outcome = 'not_measured') = (reasons <> '')),
        CONSTRAINT state_is_known CHECK (state IN (
            'open', 'referred', 'confirmed', 'cleared', 'unresolved', 'closed')),
        CONSTRAINT number_from_one CHECK (number >= 1),
        UNIQUE (number),
        FOREIGN KEY(passage_id) REFERENCES passage (passage_id)
    )
    """,
    "CREATE INDEX case_unfinished ON case_ (number) WHERE state IN ('open', 'referred')",
    "CREATE INDEX ix_case__passage_id ON case_ (passage_id)",
    """
    CREATE TABLE case_step (
        step_id INTEGER NOT NULL,
        case_id CHAR(32) NOT NULL,
        at VARCHAR(27) NOT NULL,
        actor VARCHAR NOT NULL,
        state VARCHAR NOT NULL,
        note VARCHAR NOT NULL,
        PRIMARY KEY (step_id),
        CONSTRAINT state_is_known CHECK (state IN (
            'open', 'referred', 'confirmed', 'cleared', 'unresolved', 'closed')),
        FOREIGN KEY(case_id) REFERENCES case_ (case_id)
    )
    """,
    "CREATE INDEX ix_case_step_case_id ON case_step (case_id)",
    """
    CREATE TABLE outbox (
        position INTEGER NOT NULL,
        report_id CHAR(32) NOT NULL,
        case_id CHAR(32) NOT NULL,
        kind VARCHAR NOT NULL,
        epoch CHAR(32) NOT NULL,
        sequence INTEGER NOT NULL,
        created_at VARCHAR(27) NOT NULL,
        state VARCHAR NOT NULL,
        settled_at VARCHAR(27),
        reason VARCHAR,
        payload BLOB NOT NULL,
        PRIMARY KEY (position),
        CONSTRAINT state_is_known CHECK (state IN ('waiting', 'delivered', 'rejected')),
        CONSTRAINT settled_or_not CHECK ((state = 'waiting') = (settled_at IS NULL)),
        CONSTRAINT sequence_from_one CHECK (sequence >= 1),
        UNIQUE (epoch, sequence),
        UNIQUE (report_id),
        FOREIGN KEY(case_id) REFERENCES case_ (case_id)
    )
    """,
    "CREATE INDEX outbox_set_aside ON outbox (position) WHERE state = 'rejected'",
    "CREATE INDEX outbox_waiting ON outbox (position) WHERE state = 'waiting'",
    """
    CREATE TABLE reading (
        reading_id CHAR(32) NOT NULL,
        taken_at VARCHAR(27) NOT NULL,
        body_c FLOAT NOT NULL,
        mode VARCHAR NOT NULL,
        device_id VARCHAR NOT NULL,
        is_plausible BOOLEAN NOT NULL,
        case_id CHAR(32),
        position INTEGER,
        PRIMARY KEY (reading_id),
        CONSTRAINT mode_is_known CHECK (mode IN ('body', 'surface')),
        CONSTRAINT attached_or_not CHECK ((case_id IS NULL) = (position IS NULL)),
        FOREIGN KEY(case_id) REFERENCES case_ (case_id)
    )
    """,
    "CREATE INDEX reading_of_case ON reading (case_id, position)",
    "CREATE INDEX reading_unattached ON reading (taken_at) WHERE case_id IS NULL",
)
"""One statement each."""
