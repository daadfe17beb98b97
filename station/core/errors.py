"""The split between what the operator can mend and what is our own fault."""


class KnownError(Exception):
    """The environment is at fault (disk full, no broker, wrong device): not a bug.

    Its text is one sentence for the operator that says what happened and what to do. Anything
    else that escapes is a bug and is logged with its traceback.
    """
