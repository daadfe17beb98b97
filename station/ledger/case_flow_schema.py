"""The step to a ledger that carries cases from the flag to the outcome, and identities by rule."""

from sqlalchemy import Connection

_CASE_COLUMNS = (
    "rest_until VARCHAR(27)",
    "verdict_at VARCHAR(27)",
    "cause VARCHAR NOT NULL DEFAULT ''",
    "registration VARCHAR",
    "registered_at VARCHAR(27)",
    "has_identity BOOLEAN NOT NULL DEFAULT 0",
    "isolated_at VARCHAR(27)",
    "outcome_found VARCHAR CONSTRAINT outcome_found_is_known CHECK "
    "(outcome_found IN ('positive', 'negative', 'other', 'unknown'))",
    "closed_at VARCHAR(27)",
)

_TABLES = (
    """
    CREATE TABLE collection_order (
        order_id VARCHAR NOT NULL,
        legal_basis VARCHAR NOT NULL,
        signed_by VARCHAR NOT NULL,
        valid_from VARCHAR(10) NOT NULL,
        valid_until VARCHAR(10) NOT NULL,
        fields VARCHAR NOT NULL,
        keep_days INTEGER NOT NULL,
        PRIMARY KEY (order_id),
        CONSTRAINT order_has_an_end CHECK (valid_from <= valid_until),
        CONSTRAINT order_is_kept_some_days CHECK (keep_days >= 1)
    )
    """,
    """
    CREATE TABLE identity (
        case_id CHAR(32) NOT NULL,
        name VARCHAR NOT NULL,
        document VARCHAR NOT NULL,
        telephone VARCHAR NOT NULL,
        rule VARCHAR NOT NULL,
        order_id VARCHAR NOT NULL,
        recorded_at VARCHAR(27) NOT NULL,
        delete_at VARCHAR(27) NOT NULL,
        PRIMARY KEY (case_id),
        CONSTRAINT rule_is_known CHECK (rule IN ('confirmed', 'order')),
        CONSTRAINT order_is_named CHECK ((rule = 'order') = (order_id <> '')),
        CONSTRAINT identity_has_an_end CHECK (recorded_at < delete_at),
        FOREIGN KEY(case_id) REFERENCES case_ (case_id)
    )
    """,
    "CREATE INDEX identity_ends ON identity (delete_at)",
)

# Whoever writes here, this program or another: without its rule no identity enters the ledger.
_RULES = (
    """
    CREATE TRIGGER identity_needs_a_rule BEFORE INSERT ON identity
    WHEN NOT (
        (NEW.rule = 'confirmed' AND EXISTS (
            SELECT 1 FROM case_ WHERE case_id = NEW.case_id AND state = 'confirmed'))
        OR (NEW.rule = 'order' AND EXISTS (
            SELECT 1 FROM collection_order AS o, case_ AS c
            WHERE c.case_id = NEW.case_id AND c.state <> 'cleared' AND o.order_id = NEW.order_id
            AND substr(NEW.recorded_at, 1, 10) BETWEEN o.valid_from AND o.valid_until
            AND (NEW.name = '' OR instr(o.fields, 'name'))
            AND (NEW.document = '' OR instr(o.fields, 'document'))
            AND (NEW.telephone = '' OR instr(o.fields, 'telephone'))
            AND julianday(NEW.delete_at) <= julianday(NEW.recorded_at) + o.keep_days + 0.001))
    )
    BEGIN SELECT RAISE(ABORT, 'no rule allows this identity'); END
    """,
    """
    CREATE TRIGGER identity_is_never_changed BEFORE UPDATE ON identity
    BEGIN SELECT RAISE(ABORT, 'an identity is deleted and taken anew, never changed'); END
    """,
    """
    CREATE TRIGGER order_is_never_changed BEFORE UPDATE ON collection_order
    BEGIN SELECT RAISE(ABORT, 'an order is never changed: load a new one'); END
    """,
)


def add_case_flow(connection: Connection) -> None:
    """Cases go on after the verdict; readings know their place on the body.

    A verdict ended a case in the versions before, so that those cases are closed.
    """
    for column in _CASE_COLUMNS:
        connection.exec_driver_sql(f"ALTER TABLE case_ ADD COLUMN {column}")
    connection.exec_driver_sql(
        "ALTER TABLE reading ADD COLUMN body_site VARCHAR CONSTRAINT body_site_is_known "
        "CHECK (body_site IN ('forehead', 'ear', 'mouth', 'armpit'))"
    )
    for column in ("verdict_at", "closed_at"):
        connection.exec_driver_sql(
            f"UPDATE case_ SET {column} = "  # noqa: S608 - names of this list
            "(SELECT max(at) FROM case_step AS s WHERE s.case_id = case_.case_id) "
            "WHERE state NOT IN ('open', 'referred')"
        )
    connection.exec_driver_sql("DROP INDEX case_unfinished")
    connection.exec_driver_sql(
        "CREATE INDEX case_unfinished ON case_ (number) WHERE closed_at IS NULL"
    )
    for statement in (*_TABLES, *_RULES):
        connection.exec_driver_sql(statement)
