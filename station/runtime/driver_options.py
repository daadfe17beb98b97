"""A driver's options from the settings, with secrets read from their files."""

from pathlib import Path

from station.core.errors import KnownError


def driver_options(
    options: dict[str, str | int | float | bool],
) -> dict[str, str | int | float | bool]:
    """Return a driver's options with secrets read from their files: `password_file` → `password`.

    Raises:
        KnownError: if such a file cannot be read.
    """
    read: dict[str, str | int | float | bool] = {}
    for name, value in options.items():
        if not name.endswith("_file"):
            read[name] = value
            continue
        try:
            read[name.removesuffix("_file")] = Path(str(value)).read_text("utf-8").strip()
        except OSError as error:
            raise KnownError(
                f"The file {value} of option {name!r} cannot be read: {error.strerror}."
            ) from error
    return read
