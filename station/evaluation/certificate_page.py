"""The certificate's page: A4 as PDF, with the plot of shown against true."""

from collections.abc import Callable, Sequence
from pathlib import Path
from textwrap import wrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.textpath import TextPath
from matplotlib.transforms import Affine2D

from station.core.errors import KnownError
from station.core.linearity import MAX_DEVIATION_C, STEP_C, SWEEP_C, MissedStep, Step, Verdict
from station.core.uncertainty import COVERAGE_FACTOR
from station.evaluation.certificate import STATEMENT, Certificate, notes, summary, uncertainty_lines

CHINESE_TITLE = "线性检查证明:读数是否被拉向 37 °C"
"""The title's second line."""

_A4_IN = (8.27, 11.69)
_LEFT, _RIGHT = 0.08, 0.94
_INK, _GREY, _ACCENT = "#1a1a1a", "#666666", "#1f5fa8"
_COLOURS = {
    Verdict.PASS: "#1b7a3d",
    Verdict.NORMALISING: "#b3261e",
    Verdict.NOT_LINEAR: "#b3261e",
    Verdict.INCOMPLETE: "#8a5a00",
}
_COLUMNS = 3
_MOST_ROWS = 60
_REASON_CHARACTERS, _REASON_LINES = 112, 7
_LINE = 0.0122
_SMALL, _TABLE_SIZE = 8.0, 6.6
_CJK_NAMES = ("CJK SC", "CJK", "WenQuanYi", "SimHei", "SimSun", "Heiti SC", "PingFang SC")


def write_pdf(path: Path, certificate: Certificate) -> None:
    """Write the page.

    Raises:
        KnownError: if the file cannot be written.
    """
    figure = draw(certificate)
    when = certificate.finished_at
    try:
        figure.savefig(
            path,
            format="pdf",
            metadata={"Title": "Linearity check", "CreationDate": when, "ModDate": when},
        )
    except OSError as error:
        raise KnownError(
            f"{path} cannot be written ({error.strerror or error}): choose another place with "
            "--out."
        ) from error


def draw(certificate: Certificate) -> Figure:
    """Return the page as a figure of A4 size."""
    figure = Figure(figsize=_A4_IN)
    figure.text(_LEFT, 0.957, "Linearity check of a thermal camera", size=18, color=_INK)
    _draw_chinese(figure, CHINESE_TITLE, (_LEFT, 0.938), size=11)
    _draw_verdict(figure, certificate)
    below = _draw_reasons(figure, certificate, 0.868)
    below = _draw_facts(figure, certificate.facts, below - 0.008)
    _draw_plots(figure, certificate, below - 0.012)
    _draw_table(figure, certificate, 0.268)
    _draw_statement(figure)
    return figure


def _draw_verdict(figure: Figure, certificate: Certificate) -> None:
    verdict = certificate.judgement.verdict
    colour = _COLOURS[verdict]
    figure.add_artist(
        Rectangle((_LEFT, 0.885), _RIGHT - _LEFT, 0.042, facecolor=colour, edgecolor="none")
    )
    figure.text(
        _LEFT + 0.015, 0.906, verdict.value, size=17, weight="bold", color="white", va="center"
    )
    scope = "" if certificate.is_whole else "SHORTENED SWEEP, not the whole check\n"
    when = certificate.finished_at.strftime("%Y-%m-%d %H:%M %Z")
    figure.text(
        _RIGHT - 0.015, 0.906, scope + when, size=9.5, color="white", va="center", ha="right"
    )


def _draw_reasons(figure: Figure, certificate: Certificate, top: float) -> float:
    """Draw figures and reasons; return where they end."""
    lines = ["    ".join(summary(certificate.judgement))]
    for reason in certificate.judgement.reasons:
        lines += wrap(reason, _REASON_CHARACTERS)
    if len(lines) > _REASON_LINES:
        lines = [*lines[: _REASON_LINES - 1], "… (more reasons than fit: see the terminal)"]
    for line in (*notes(certificate.judgement), *uncertainty_lines(certificate.steps)):
        lines += wrap(line, _REASON_CHARACTERS)
    for line in lines:
        figure.text(_LEFT, top, line, size=8.6, color=_INK, va="top")
        top -= 0.0142
    return top


def _draw_facts(figure: Figure, facts: Sequence[tuple[str, str]], top: float) -> float:
    """Draw the facts in two columns; return where they end."""
    rows = (len(facts) + 1) // 2
    ends = []
    for first, left in ((0, _LEFT), (rows, _LEFT + 0.445)):
        at = top
        for name, value in facts[first : first + rows]:
            figure.text(left, at, name, size=_SMALL, color=_GREY, va="top")
            for line in wrap(value, 44)[:2] or [""]:
                figure.text(left + 0.115, at, line, size=_SMALL, color=_INK, va="top")
                at -= _LINE
        ends.append(at)
    return min(ends)


def _draw_plots(figure: Figure, certificate: Certificate, top: float) -> None:
    bottom, gap = 0.325, 0.018
    left, width = _LEFT + 0.055, _RIGHT - _LEFT - 0.055
    height = top - bottom - gap
    shown = figure.add_axes((left, bottom + 0.38 * height + gap, width, 0.62 * height))
    deviation = figure.add_axes((left, bottom, width, 0.38 * height), sharex=shown)
    steps = certificate.steps
    low, high = _span(certificate)
    shown.plot([low, high], [low, high], color=_GREY, linewidth=0.9, label="shown = true")
    true_c = np.array([step.true_c for step in steps])
    noise_c = COVERAGE_FACTOR * np.array([step.noise_u_c for step in steps])
    shown.plot(
        true_c, [s.shown_c for s in steps], "o", color=_ACCENT, markersize=3.2, label="measured"
    )
    judgement = certificate.judgement
    if judgement.slope is not None and judgement.intercept_c is not None:
        ends = np.array([low, high])
        fitted = judgement.slope * ends + judgement.intercept_c
        label = f"least squares, slope {judgement.slope:.3f}"
        shown.plot(ends, fitted, color=_ACCENT, linewidth=0.8, linestyle="--", label=label)
    deviation.axhspan(-MAX_DEVIATION_C, MAX_DEVIATION_C, color="#dfeee3", zorder=0)
    for limit_c in (-MAX_DEVIATION_C, MAX_DEVIATION_C):
        deviation.axhline(limit_c, color=_COLOURS[Verdict.PASS], linewidth=0.8)
    deviation.axhline(0, color=_GREY, linewidth=0.7)
    off_c = np.array([step.deviation_c for step in steps])
    deviation.errorbar(
        true_c, off_c, noise_c, fmt="o", color=_ACCENT, markersize=3.2, linewidth=0.8, capsize=1.5
    )
    reach_c = max(1.6 * MAX_DEVIATION_C, 1.15 * float(np.abs(off_c).max(initial=0)))
    deviation.set_ylim(-reach_c, reach_c)
    _finish_axes(shown, deviation, certificate)


def _finish_axes(shown: Axes, deviation: Axes, certificate: Certificate) -> None:
    if certificate.judgement.bend is not None:
        bend = certificate.judgement.bend
        for axes, label in ((shown, "readings flatten here"), (deviation, None)):
            axes.axvspan(bend.from_c, bend.to_c, color="#f6d9d6", zorder=0, label=label)
    lost_c = [step.target_c for step in certificate.missed]
    if lost_c:
        shown.plot(lost_c, lost_c, "x", color="#b3261e", markersize=5, label="not measured")
    low, high = _span(certificate)
    shown.set_xlim(low, high)
    shown.set_ylabel("shown, corrected (°C)", size=_SMALL)
    deviation.set_ylabel("shown - true (°C)", size=_SMALL)
    deviation.set_xlabel(
        "true temperature of the swept source (°C); bars: uncertainty of a step, k=2; "
        "green: allowed",
        size=_SMALL,
    )
    shown.tick_params(labelbottom=False)
    for axes in (shown, deviation):
        axes.grid(visible=True, color="#dddddd", linewidth=0.5)
        axes.tick_params(labelsize=_SMALL)
        axes.yaxis.set_label_coords(-0.066, 0.5)
    shown.legend(fontsize=_SMALL, loc="upper left", frameon=True, edgecolor="#dddddd")


def _span(certificate: Certificate) -> tuple[float, float]:
    all_c = [step.true_c for step in certificate.steps]
    all_c += [step.target_c for step in certificate.missed]
    return (min(all_c) - 0.3, max(all_c) + 0.3) if all_c else SWEEP_C


def _draw_table(figure: Figure, certificate: Certificate, top: float) -> None:
    """Draw every step: true, shown, deviation, uncertainty, frames."""
    rows: list[tuple[float, Step | MissedStep]] = [(s.target_c, s) for s in certificate.steps]
    rows += [(step.target_c, step) for step in certificate.missed]
    rows.sort(key=lambda row: row[0])
    if len(rows) > _MOST_ROWS:
        counts = [step.frames for step in certificate.steps] or [0]
        text = (
            f"{len(certificate.steps)} steps measured, {len(certificate.missed)} missed, "
            f"{min(counts)} to {max(counts)} frames each; the table is in the JSON file."
        )
        figure.text(_LEFT, top, text, size=_SMALL, color=_INK, va="top")
        return
    per_column = max(1, -(-len(rows) // _COLUMNS))
    step_height = min(0.0165, 0.175 / (per_column + 1))
    width = (_RIGHT - _LEFT) / _COLUMNS
    for column in range(_COLUMNS):
        part = rows[column * per_column : (column + 1) * per_column]
        if not part:
            continue
        left = _LEFT + column * width
        put = _row_writer(figure, left)
        put(top, ("true", "shown", "deviation", "U (k=2)", "frames"), _GREY)
        for number, (_, step) in enumerate(part, 1):
            put(top - number * step_height, _cells(step), _INK)


def _row_writer(figure: Figure, left: float) -> Callable[[float, Sequence[str], str], None]:
    # Where each cell ends, from the column's left edge.
    ends = (0.044, 0.100, 0.160, 0.222, 0.264)

    def put(at: float, cells: Sequence[str], colour: str) -> None:
        for end, cell in zip(ends, cells, strict=True):
            figure.text(left + end, at, cell, size=_TABLE_SIZE, color=colour, va="top", ha="right")

    return put


def _cells(step: Step | MissedStep) -> tuple[str, str, str, str, str]:
    if isinstance(step, MissedStep):
        return f"{step.target_c:.2f}", "not", "measured", "", ""
    return (
        f"{step.true_c:.3f}",
        f"{step.shown_c:.3f}",
        f"{step.deviation_c:+.3f}",
        f"±{COVERAGE_FACTOR * step.noise_u_c:.3f}",
        str(step.frames),
    )


def _draw_statement(figure: Figure) -> None:
    low_c, high_c = SWEEP_C
    lines = [
        *wrap(STATEMENT, 124),
        f"Whole check: {low_c:g} to {high_c:g} °C in {STEP_C:g} °C steps, from the camera to the "
        "corrected temperature. Table in °C.",
    ]
    for number, line in enumerate(lines):
        at = 0.052 - number * 0.0125
        figure.text(_LEFT, at, line, size=7.6, color=_GREY, va="top")
    figure.text(_LEFT, 0.064, "Checked by:  " + 42 * "_", size=_SMALL, color=_INK, va="bottom")


def _draw_chinese(figure: Figure, text: str, at: tuple[float, float], *, size: float) -> None:
    """Draw a line as outlines, so that no font must go into the file; without the font, nothing."""
    for name in _CJK_NAMES:
        file = next((f.fname for f in fontManager.ttflist if name in f.name), None)
        if file is None:
            continue
        try:
            outline = TextPath((0, 0), text, size=size, prop=FontProperties(fname=file))
        except (OSError, RuntimeError, ValueError):
            continue
        # Points to the figure's pixels, then to its place.
        to_page = (
            Affine2D().scale(1 / 72).translate(at[0] * _A4_IN[0], at[1] * _A4_IN[1])
            + figure.dpi_scale_trans
        )
        figure.add_artist(PathPatch(outline, transform=to_page, facecolor=_INK, edgecolor="none"))
        return
