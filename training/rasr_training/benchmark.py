"""The generator benchmark: bundles and peers over val with fixed seeds; a table per domain and degradation.

    python -m rasr_training.benchmark --data ../../shared/data --models ../resources/models --out out
    python -m rasr_training.benchmark --limit 2 --rows peers none --degradations phone-shot     (a quick look)
    python -m rasr_training.benchmark --details --write-manifest --docs ../docs/benchmarks-restoration.md

Whole val photos at 512 pixels short side, four times smaller and poorer: by Real-ESRGAN's pipeline, and as a
phone's photo; or clean, to see whether colours stay. Museum photos are tilted first, their reference in
another colour rendition. 'retrieved' is the retriever's top-1 for the poor photo over all galleries, without
rejection, 'retrieved top-k' as many as the bundle takes, 'oracle' the right label's nearest. Everything
runs in ONNX Runtime on the CPU.

Writes benchmark.json, contact sheets, and what each row made of each case (``out/outcomes``), so that a
second run restores and measures only what is new. Costs and random crops are always measured.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from .benchmark_document import document, summary
from .cases import CLEAN, DEGRADATIONS, Case, ReferenceGallery, benchmark_cases
from .contest import Contest, Table
from .contestants import TRUTH, Peers
from .learning_curve import figure_keys, next_doubling, read_curves, thinned
from .manifest import update_manifest
from .outcomes import CROP, Outcome, centre
from .robustness import broken_crops
from .sheets import write_sheet
from .training import DEFAULT_DATA, DEFAULT_METRICS
from .weave import weave

DOMAINS = ("zoo", "museum", "subjects", "general")
SHEET_CASES = 4


def mean_rows(cases: list[Table]) -> Table:
    """Mean figures by row over the cases that have the row; without figures that are NaN in all."""
    rows = list(dict.fromkeys(row for case in cases for row in case))
    table = {}
    for row in rows:
        found = [case[row] for case in cases if row in case]
        values = {key: np.array([figures[key] for figures in found], float) for key in found[0]}
        table[row] = {
            key: round(float(np.nanmean(value)), 4)
            for key, value in values.items()
            if not np.isnan(value).all()
        }
    return table


def run_cases(contest: Contest, degradation: str, arguments: argparse.Namespace) -> dict:
    """{tables, cases, retrievedRightShare} of one degradation; its contact sheets go to ``out/sheets``."""
    figures: dict[str, list[Table]] = {}
    right: dict[str, list[bool]] = {}
    sheets: dict[str, list[tuple[Case, dict[str, Outcome], list[int]]]] = {}
    for case in benchmark_cases(arguments.data, contest.gallery, degradation, arguments.limit):
        domain = case.photo.domain
        outcomes, references = contest.outcomes(case, with_references=degradation != CLEAN)
        figures.setdefault(domain, []).append(
            {row: {**found.figures, "weave": weave(found.crop)} for row, found in outcomes.items()}
        )
        if case.right and references:
            right.setdefault(domain, []).append(references["retrieved"][0] in case.right)
        if len(sheets.setdefault(domain, [])) < SHEET_CASES:
            sheets[domain].append((case, outcomes, references.get("retrieved", [])))
        print(f"\r{degradation}: {sum(map(len, figures.values()))} photos", end="", flush=True)
    print()
    tables = {domain: mean_rows(figures[domain]) for domain in DOMAINS if domain in figures}
    for domain, found in sheets.items():
        peer = best_peer(tables[domain], contest.peers)
        rows, titles = sheet(found, contest.gallery, peer)
        write_sheet(arguments.out / "sheets" / f"{degradation}-{domain}.png", rows, titles, CROP)
    tables["all"] = mean_rows([case for cases in figures.values() for case in cases])
    counts = {domain: len(figures[domain]) for domain in tables if domain in figures}
    return {
        "tables": tables,
        "cases": {**counts, "all": sum(counts.values())},
        "retrievedRightShare": {domain: round(float(np.mean(found)), 4) for domain, found in right.items()},
    }


def best_peer(table: Table, peers: Peers) -> str | None:
    """The peer with the least LPIPS-like of a table."""
    shown = [row for row in peers.files if row in table]
    return min(shown, key=lambda row: table[row]["lpipsLike"]) if shown else None


def sheet(
    found: list[tuple[Case, dict[str, Outcome], list[int]]], gallery: ReferenceGallery, peer: str | None
) -> tuple[list[list[np.ndarray]], list[str]]:
    """Pictures by case and the columns' titles, of those rows that were run."""
    shown = [row for row in ("bicubic", peer, "none", "retrieved") if row in found[0][1]]
    titles = ["photo", *shown, TRUTH]
    rows = [
        [centre(case.lr, 4), *(outcomes[row].crop for row in shown), centre(case.truth)]
        for case, outcomes, _ in found
    ]
    if "retrieved" in shown:
        place = titles.index("retrieved")
        titles.insert(place, "reference")
        for row, (_, _, numbers) in zip(rows, found, strict=True):
            row.insert(place, gallery.image(numbers[0]))
    return rows, titles


def run(arguments: argparse.Namespace) -> dict:
    """Everything that is measured, as benchmark.json and the document hold it."""
    # The order of a sum depends on the number of threads, and a level of 255 here and there on that.
    torch.set_num_threads(1)
    contest = Contest(arguments)
    degradations = {name: run_cases(contest, name, arguments) for name in arguments.degradations}
    generator = contest.ours.generator
    curves = read_curves(arguments.runs or [arguments.out])
    return {
        "bundle": {
            "version": generator.manifest["version"],
            "bytes": sum(entry["bytes"] for entry in generator.manifest["files"]),
            "detail": generator.default_detail if generator.has_detail else None,
            "provenance": generator.manifest["provenance"],
        },
        "runtime": {"onnxruntime": onnxruntime.__version__, "threads": arguments.threads},
        "degradations": degradations,
        "costs": contest.costs(arguments.threads),
        "crops": broken_crops(generator, arguments.data, contest.gallery, arguments.crops),
        "learningCurves": {
            stage: {
                "reports": thinned(reports),
                "nextDoubling": {key: next_doubling(reports, key) for key in figure_keys(reports)},
            }
            for stage, reports in curves.items()
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--peers", type=Path, default=DEFAULT_DATA.parent / "peers")
    parser.add_argument("--metrics", type=Path, default=DEFAULT_METRICS)
    parser.add_argument("--models", type=Path, default=Path("../resources/models"))
    parser.add_argument("--out", type=Path, default=Path("out"))
    parser.add_argument("--cache", type=Path, default=None, help="kept outcomes (default: OUT/outcomes)")
    parser.add_argument("--runs", type=Path, nargs="+", help="training output folders (default: OUT)")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--limit", type=int, default=None, help="at most this many photos of each domain")
    parser.add_argument("--rows", nargs="+", help="only these rows; 'peers', 'ours' and 'truth' are groups")
    parser.add_argument("--degradations", nargs="+", choices=DEGRADATIONS, default=list(DEGRADATIONS))
    parser.add_argument("--details", action="store_true", help="'none' over the range of detail as well")
    parser.add_argument("--crops", type=int, default=500, help="random crops that must come out finite")
    parser.add_argument("--docs", type=Path, default=None, help="write the tables to this Markdown file")
    parser.add_argument("--write-manifest", action="store_true", help="put the figures into the manifest")
    arguments = parser.parse_args()
    results = run(arguments)
    arguments.out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(results, indent=2, ensure_ascii=False) + "\n"
    (arguments.out / "benchmark.json").write_text(text, encoding="utf-8")
    print(document(results))
    if arguments.docs:
        arguments.docs.write_text(document(results), encoding="utf-8")
    if arguments.write_manifest:
        update_manifest(arguments.models / "rasrnet-small", metrics=summary(results))


if __name__ == "__main__":
    main()
