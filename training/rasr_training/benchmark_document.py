"""The benchmark's results as Markdown for docs, and the part of them that a manifest holds."""

from .contestants import BASELINE, REFERENCE_ROWS, TRUTH, is_detail_row
from .learning_curve import figure_title
from .measures import MEASURES
from .targets import targets

TITLES = {
    "real-esrgan": "Under Real-ESRGAN's second-order degradation",
    "phone-shot": "Under the phone-shot degradation",
    "clean": "Clean, only shrunk",
}
HOW = f"""\
`python -m rasr_training.benchmark --details --write-manifest --docs ../docs/benchmarks-restoration.md` in
`training/` wrote this page: exported ONNX files through ONNX Runtime on the CPU, fixed seeds. Photos are
whole val photos at 512 pixels short side, four times smaller and poorer; museum works are tilted first. No
network of ours was trained on them, but choices were made by looking at these figures.

- **Degradations**: Real-ESRGAN's published second-order pipeline; and a phone's photo: uneven light and
  glare (in the truth as well, since they belong to the scene), defocus, motion, few pixels, noise that
  grows with the light, denoising, sharpening, JPEG. Beside them the clean photo, only shrunk, which tells
  whether the input's colours stay: its ΔE2000 is that of the output shrunk again against the input.
- **Rows**: `none` is ours without a reference, at the default detail; `irrelevant` a photo of another
  domain, taken regardless; `retrieved` the retriever's first choice over all galleries without rejection;
  `retrieved top-k` as many as the bundle takes; `oracle` the nearest of the right label. This is the
  generator alone: what a reference of the very same object brings is measured end to end by
  `benchmark_same_object`.
- **Peers**: IMDN, SAFMN++ and SPAN know only clean bicubic shrinking; the other three are trained for
  real photos. 4xLSDIRCompactC3 is by Phhofm (CC BY 4.0). realesr-general-x4v3 and its wdn sister also taught
  ours where photos are poor (decision 18).
- **Figures**: PSNR (RGB) and SSIM (luma) up, the others down; the best row without
  a reference is bold. 'LPIPS-like' and 'DISTS-like' rest on
  SqueezeNet features (Caffe weights) without trained weights of their own and compare only with
  themselves; the generator is also *trained* on the former, so that a gain there flatters. NIQE asks how
  natural a picture is, not how true: `truth` is the photo before any damage. ΔE2000 is between the output
  shrunk four times and the truth shrunk four times. 'Weave' is how far a faint pattern in step with the
  networks' grids stands out in the spectrum of the middle of a picture, in dB, about 0 in photos: feature
  distances reward it, eyes do not.
- **Costs** are of one 512 × 512 output tile, all networks by turns in one process: the median of the
  CPU time, and of its ratio to {BASELINE} in the same turn. Memory is the peak of a fresh process less what
  it took before it opened the network. Seams are tested through the product
  (`test/integration/seams.test.ts`)."""


def document(results: dict) -> str:
    """The whole page."""
    parts = ["# Restoration in figures", HOW, _bundle(results)]
    parts += ["## Against the targets", _target_list(results)]
    for name, part in results["degradations"].items():
        parts += [f"## {TITLES[name]}", *domain_tables(part)]
    sweep = _details(results["degradations"])
    if sweep:
        parts += ["## From faithful to detailed", *sweep]
    parts += ["## Costs", _costs(results["costs"])]
    if results["learningCurves"]:
        parts += ["## Learning curve", *_curves(results["learningCurves"])]
    return "\n\n".join(parts) + "\n"


def summary(results: dict) -> dict:
    """For the manifest: our rows beside bicubic and the baseline, costs and the random crops."""
    kept = ("bicubic", BASELINE, "none", "irrelevant", "retrieved", "retrieved top-k", "oracle")
    return {
        name: {
            domain: {row: table[row] for row in kept if row in table}
            for domain, table in part["tables"].items()
        }
        | {"cases": part["cases"], "retrievedRightShare": part["retrievedRightShare"]}
        for name, part in results["degradations"].items()
    } | {
        "costs": {name: results["costs"][name] for name in (BASELINE, "none", "with a reference")},
        "crops": results["crops"],
    }


def markdown_table(heads: list[str], rows: list[list[str]]) -> str:
    """The first column left, the others right."""
    rule = ["---"] + ["---:"] * (len(heads) - 1)
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [heads, rule, *rows])


def _bundle(results: dict) -> str:
    bundle, made = results["bundle"], results["bundle"]["provenance"]
    detail = "" if bundle["detail"] is None else f", detail {bundle['detail']:g}"
    return (
        f"Measured: `rasrnet-small` {bundle['version']}{detail}, trained on {made['hardware']} for "
        f"{made['hours']} hours, {made['samplesSeen']:,} samples. "
        f"ONNX Runtime {results['runtime']['onnxruntime']}, {results['runtime']['threads']} threads."
    )


def _target_list(results: dict) -> str:
    rows = [[t.text, "met" if t.met else "**missed**", t.found] for t in targets(results)]
    heads = ["target", "", "found"]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [heads, ["---"] * 3, *rows])


def domain_tables(part: dict) -> list[str]:
    """Title and table of each domain of a degradation."""
    parts = []
    for domain, table in part["tables"].items():
        share = part["retrievedRightShare"].get(domain)
        right = "" if share is None else f"; the first choice has the right label for {share:.0%}"
        parts.append(f"**{domain}** ({part['cases'][domain]} photos{right})")
        shown = {row: figures for row, figures in table.items() if not is_detail_row(row)}
        best = _best(shown)
        rows = [[_name(row, figures), *_cells(figures, best)] for row, figures in shown.items()]
        parts.append(markdown_table([domain, *(measure.head for measure in MEASURES.values())], rows))
    if any(figures.get("wild") for table in part["tables"].values() for figures in table.values()):
        parts.append("† diverged on some photos (values beyond ±3 or not finite); clipped for the figures.")
    return parts


def _details(degradations: dict) -> list[str]:
    """What ``detail`` trades, over all photos; nothing where no bundle was asked for it."""
    parts = []
    for name, part in degradations.items():
        found = {row: figures for row, figures in part["tables"]["all"].items() if is_detail_row(row)}
        if found:
            rows = [[row, *_cells(figures)] for row, figures in found.items()]
            parts.append(markdown_table([name, *(measure.head for measure in MEASURES.values())], rows))
    return parts


def _name(row: str, figures: dict) -> str:
    return f"{row} †" if figures.get("wild") else row


def _best(table: dict) -> dict[str, float]:
    """The best value of each figure among the rows that restore without a reference."""
    rows = [figures for row, figures in table.items() if row not in (*REFERENCE_ROWS, TRUTH)]
    return {
        key: (max if measure.more_is_better else min)(figures[key] for figures in rows)
        for key, measure in MEASURES.items()
        if rows and all(key in figures for figures in rows)
    }


def _cells(figures: dict, best: dict[str, float] | None = None) -> list[str]:
    cells = []
    for key, measure in MEASURES.items():
        text = f"{figures[key]:.{measure.decimals}f}" if key in figures else "–"
        cells.append(f"**{text}**" if best and key in figures and figures[key] == best.get(key) else text)
    return cells


def _costs(costs: dict) -> str:
    rows = []
    for name, cost in costs.items():
        memory = (
            [f"{cost['peakMegabytes']:.0f}", f"{cost['memoryRatio']:.2f}"]
            if "memoryRatio" in cost
            else ["–"] * 2
        )
        rows.append([name, f"{cost['secondsPerMegapixel']:.2f}", f"{cost['timeRatio']:.2f}", *memory])
    return markdown_table(["network", "CPU seconds per output megapixel", "ratio", "peak MB", "ratio"], rows)


def _curves(curves: dict) -> list[str]:
    parts = ["Held-out crops, as the training loop logged them with its averaged weights."]
    for stage, curve in curves.items():
        keys = list(curve["nextDoubling"])
        rows = [
            [f"{report['samples']:,}", *(f"{report[key]:.3f}" if key in report else "–" for key in keys)]
            for report in curve["reports"]
        ]
        parts.append(markdown_table([f"{stage}: samples seen", *map(figure_title, keys)], rows))
        parts.append(_forecast(curve["nextDoubling"]))
    return parts


def _forecast(doubling: dict) -> str:
    told = [
        f"{figure_title(key)} {found['gain']:+.3f} (± {found['error']:.3f}, {found['reports']} reports)"
        for key, found in doubling.items()
        if found
    ]
    if not told:
        return "Too few reports to say what more training would buy."
    return (
        f"Estimate for the next doubling of samples: {'; '.join(told)}. It is the slope of a straight line "
        "in log2(samples) through the last two doublings, and takes the learning rate's decline and changes "
        "of the losses for progress: read it as a guess, and rather as too much than too little."
    )
