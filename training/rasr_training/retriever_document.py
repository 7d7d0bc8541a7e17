"""The retriever benchmark's results as Markdown for docs."""

HOW = """\
`python -m rasr_training.benchmark_retriever --write-manifest --docs ../docs/benchmarks-retriever.md` in
`training/` wrote this page: exported ONNX files through ONNX Runtime on the CPU, fixed seeds. The gallery is
every photo of the set, train and val, with rendered pictures of styles nobody was trained on. Queries are val
photos and those pictures: clean, or poor in one of six ways, the last two drawn three times.

- **label**: another photo of the query's label comes first, or among the first five (zoo and subjects, 39
  queries: one is worth 2.6 %); the query itself is left out.
- **instance**: the query's own clean original does (65 photos).
- **rendered**: another picture of the query's style does (72 pictures).
- `embedded` is what the product does: the best of the whole query and its middle, each as it is and as
  references are embedded. `embeddedWhole` looks at the whole alone; `embeddedSharp` embeds references, and
  queries, as they are alone. `--also FOLDER` adds rows for further bundles, such as DINOv2 from the
  model hub."""
WAYS = """\
The same retriever and the same queries by label; recall@1 / @5. The product has another way than the first
only where this table speaks for it. Of those that look once more (mirror image, restored), the look counts
that finds more likeness."""
KINDS = ("label", "instance", "rendered")
CLEAN, AGAINST = "clean", ("realEsrgan", "phone")
MOST_STRANGERS, LEAST_OWN, LEAST_SHARE_OF_CLEAN = 0.05, 0.95, 0.95


def document(results: dict) -> str:
    """The whole page: targets, recalls by network and query, what the threshold does, and costs."""
    parts = [
        "# The retriever in figures",
        HOW,
        "## Against the targets",
        _targets(results),
        "## Recall@1 / @5",
    ]
    for kind in KINDS:
        parts.append(_recalls(results["recall"], kind))
    parts += ["## Other ways of searching", WAYS, _ways(results["ways"])]
    parts += ["## Rejection", _rejection(results["calibration"]), "## Costs", _costs(results["costs"])]
    return "\n\n".join(parts) + "\n"


def _targets(results: dict) -> str:
    table, held_out = results["recall"], results["calibration"]["heldOut"]
    own, teacher = (
        {s: rows["label"]["recallAt1"] for s, rows in table[n].items()} for n in ("embedded", "teacher")
    )
    lines = []
    for query in AGAINST:
        share = own[query] / own[CLEAN]
        lines.append(
            (
                f"{query}: recall@1 by label at least {LEAST_SHARE_OF_CLEAN} of that of clean queries, and "
                "above the teacher's",
                share >= LEAST_SHARE_OF_CLEAN and own[query] > teacher[query],
                f"{share:.3f}; {own[query]:.3f} against {teacher[query]:.3f}",
            )
        )
    kept, strangers = held_out["inGalleryAccepted"], held_out["outOfGalleryAccepted"]
    lines.append(
        (
            f"thresholds from other labels keep {LEAST_OWN:.0%} of queries whose thing is there, and let in "
            f"at most {MOST_STRANGERS:.0%} of strangers",
            kept >= LEAST_OWN and strangers <= MOST_STRANGERS,
            f"{kept:.1%}; {strangers:.1%}",
        )
    )
    ratio = results["costs"]["embedded"]["timeRatio"]
    lines.append(("no slower than the teacher", ratio <= 1, f"{ratio:.2f} of its time"))
    return "\n".join(f"- {'met' if met else '**missed**'}: {text} ({found})" for text, met, found in lines)


def _recalls(table: dict, kind: str) -> str:
    queries = list(next(iter(table.values())))
    lines = [f"| {kind} | " + " | ".join(queries) + " |", "| --- |" + " ---: |" * len(queries)]
    for name, rows in table.items():
        cells = [f"{rows[q][kind]['recallAt1']:.3f} / {rows[q][kind]['recallAt5']:.3f}" for q in queries]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _ways(table: dict) -> str:
    queries = list(next(iter(table.values())))
    lines = ["| way | " + " | ".join(queries) + " |", "| --- |" + " ---: |" * len(queries)]
    for name, row in table.items():
        cells = [f"{row[q]['recallAt1']:.3f} / {row[q]['recallAt5']:.3f}" for q in queries]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _rejection(found: dict) -> str:
    held_out, outside = found["heldOut"], found["outOfGallery"]
    return "\n".join(
        [
            "| similarity | means | seen |",
            "| --- | --- | --- |",
            f"| below {found['threshold']:.4f} | rejected "
            f"| keeps {found['inGalleryAccepted']:.1%} of queries "
            f"whose own thing is there, lets in {found['outOfGalleryAccepted']:.1%} of strangers |",
            f"| | | by thresholds from other labels: {held_out['inGalleryAccepted']:.1%}, "
            f"{held_out['outOfGalleryAccepted']:.1%} |",
            f"| {outside['p95']:.4f}, {outside['p99']:.4f} | | what 5 % and 1 % of strangers exceed |",
            f"| from {found['sameObject']:.4f} | same object "
            f"| 5 % of the best other photos of the label exceed "
            f"it, and {found['sameObjectKept']:.1%} of photos of the own thing |",
        ]
    )


def _costs(costs: dict) -> str:
    lines = ["| network | milliseconds an image, median | ratio |", "| --- | ---: | ---: |"]
    lines += [
        f"| {name} | {cost['milliseconds']:.1f} | {cost['timeRatio']:.2f} |" for name, cost in costs.items()
    ]
    return "\n".join(lines)
