"""A page on paper, and as a file."""

from pathlib import Path

from PySide6.QtGui import QPageSize, QPdfWriter, QTextDocument


def write_pdf(html: str, path: Path) -> None:
    """Write a page as PDF, A4.

    Raises:
        OSError: if the file cannot be made.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Qt does not say why it cannot write.
    path.touch()
    writer = QPdfWriter(str(path))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    document = QTextDocument()
    document.setHtml(html)
    document.print_(writer)


def print_page(html: str) -> str | None:
    """Print a page on the machine's usual printer; return its name, or None if there is none."""
    # Asking for printers takes its time: not at the start.
    from PySide6.QtPrintSupport import QPrinter, QPrinterInfo  # noqa: PLC0415

    info = QPrinterInfo.defaultPrinter()
    if info.isNull():
        return None
    printer = QPrinter(info)
    document = QTextDocument()
    document.setHtml(html)
    document.print_(printer)
    return info.printerName()
