"""The retriever benchmark: recall by label and instance, clean and degraded, and the rejection threshold.

    python -m rasr_training.benchmark_retriever --data ../../shared/data --models ../resources/models
    python -m rasr_training.benchmark_retriever --write-manifest --docs ../docs/benchmarks-retriever.md
    python -m rasr_training.benchmark_retriever --also ~/library/models/dinov2-small    (any retriever bundle)

Queries are val photos: clean; as simulated phone shots of four kinds; and under the two degradations of the
generator's benchmark, 'realEsrgan' and 'phone', each three times. 'label': zoo and subjects, the query
itself is not in the gallery. 'instance': any photo, the gallery holds its clean original. 'rendered':
synthetic pictures of styles not trained on, several pictures a style, the query's own left out. The gallery
is every photo, train and val.
"""

import argparse
import json
import math
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from .baseline_embedders import histogram_embedder, random_embedder, teacher_embedder
from .bundles import GeneratorBundle, RetrieverBundle, fill, open_session, to_picture
from .degradation import REAL_ESRGAN, degrade
from .looks import Looks, looks_of
from .manifest import update_manifest
from .pairs import to_tensor
from .phone_degradation import phone_shot
from .phone_shots import QUERY_SHOTS, shoot
from .photos import list_photos, read_photo
from .retriever import INPUT_SIZE
from .retriever_document import document
from .retriever_variants import (
    Search,
    TokenNetwork,
    Way,
    as_it_is,
    by_mean_of_gallery,
    complementary,
    expanded,
    mirrored,
    recall,
    reranked_by,
    restored,
)
from .synthetic import synthetic_photos
from .teacher import FILE as TEACHER
from .teacher import SIZE as TEACHER_SIZE
from .training import DEFAULT_DATA

SIZE = 384
STRENGTHS = ("clean", *QUERY_SHOTS, "realEsrgan", "phone")
REPEATS = {"realEsrgan": 3, "phone": 3}
"""How often a strength is drawn anew: labels have few queries, and one of them is worth 2.6 %."""
CALIBRATED_ON = ("light", "medium", "wall")
KEPT = 0.95
FOLDS = 5
"""Parts of the labels, each judged by a threshold from the others."""
LABELLED = ("zoo", "subjects")
"""Domains whose labels name one kind of thing, or one thing photographed several times."""
TURNS = 100
HELD_OUT_STYLES = 1000
"""First style number of the rendered pictures no training run has seen."""


@dataclass(frozen=True)
class Item:
    """One gallery image [384, 384, 3] RGB uint8; ``key`` is (domain, label)."""

    key: tuple[str, str]
    image: np.ndarray
    is_query: bool


def gallery_items(data: Path) -> Iterator[Item]:
    """All photos, val photos being queries; then the rendered pictures, all queries."""
    for split in ("train", "val"):
        for photo in list_photos(data, split):
            image = fill(read_photo(Path(data) / "photos" / photo.path), SIZE)
            yield Item((photo.domain, photo.label), image, split == "val")
    for photo, image in synthetic_photos(styles=3, images=4, first_style=HELD_OUT_STYLES):
        yield Item((photo.domain, photo.label), fill(image, SIZE), True)


def query_images(items: list[Item], strength: str, repeat: int = 0) -> list[np.ndarray]:
    """The queries' images, clean or degraded, seeded by strength, repeat and place in the list."""
    images = [item.image for item in items if item.is_query]
    if strength == "clean":
        return images
    shots = []
    for number, image in enumerate(images):
        seed = 1000 * (STRENGTHS.index(strength) - 1) + 100_000 * repeat + number
        shots.append(to_picture(_degrade(to_tensor([image]), strength, torch.Generator().manual_seed(seed))))
    return shots


def _degrade(clean: torch.Tensor, strength: str, generator: torch.Generator) -> np.ndarray:
    if strength == "realEsrgan":
        return degrade(clean, REAL_ESRGAN, generator).numpy()
    if strength == "phone":
        return phone_shot(clean, generator)[0].numpy()
    return shoot(clean, QUERY_SHOTS[strength], generator).numpy()


def recalls(similarity: np.ndarray, items: list[Item], queries: np.ndarray) -> dict[str, dict[str, float]]:
    """Recall at 1 and 5 of the label (zoo, subjects, rendered) and of the instance (all photos).

    ``similarity`` is [queries, items]; ``queries`` holds the item number of each query.
    """
    keys = np.array(["/".join(item.key) for item in items])
    hits: dict[str, list[tuple[bool, bool]]] = {"label": [], "instance": [], "rendered": []}
    for row, number in zip(similarity, queries, strict=True):
        domain = items[number].key[0]
        if domain in (*LABELLED, "synthetic") and (keys == keys[number]).sum() > 1:
            others = np.delete(np.argsort(-row), np.argsort(np.argsort(-row))[number])
            found = keys[others[:5]] == keys[number]
            hits["rendered" if domain == "synthetic" else "label"].append((found[0], found.any()))
        if domain != "synthetic":
            order = np.argsort(-row)[:5]
            hits["instance"].append((order[0] == number, number in order))
    return {
        kind: {f"recallAt{k}": round(float(np.mean([h[i] for h in found])), 4) for i, k in ((0, 1), (1, 5))}
        for kind, found in hits.items()
        if found
    }


def average(tables: list[dict[str, dict[str, float]]]) -> dict[str, dict[str, float]]:
    """The mean of recall tables of the same queries."""
    return {
        kind: {k: round(float(np.mean([table[kind][k] for table in tables])), 4) for k in figures}
        for kind, figures in tables[0].items()
    }


def kind_of(key: tuple[str, str]) -> str:
    """What a picture shows, whatever its domain and number: `zoo/cat` and `subjects/cat2` are cats."""
    return re.sub(r"-?\d+$", "", key[1])


def calibrate(similarity: list[np.ndarray], items: list[Item], queries: np.ndarray) -> dict:
    """What similarities mean; above all the threshold between degraded queries' own things and strangers.

    In the gallery: the clean original of the query. Out of it: everything of the query's kind is taken away
    and the best of the rest counts.
    ``sameObject``: what 5 % of the best other photos of the query's label exceed, its own original left out.
    ``outOfGallery``: what 5 % and 1 % of the best out of the gallery exceed.
    ``heldOut``: the same two shares by a threshold from other labels only, each label once among the judged.
    """
    keys = np.array(["/".join(item.key) for item in items])
    kinds = np.array([kind_of(item.key) for item in items])
    own, outside, others, labels = [], [], [], []
    for table in similarity:
        for row, number in zip(table, queries, strict=True):
            same_label = keys == keys[number]
            labels.append(keys[number])
            own.append(row[number])
            outside.append(row[kinds != kinds[number]].max())
            same_label[number] = False
            if same_label.any() and items[number].key[0] in LABELLED:
                others.append(row[same_label].max())
    own, outside = np.array(own), np.array(outside)
    threshold = threshold_between(own, outside)
    same_object = max(threshold, float(np.quantile(others, 0.95))) if others else 1.0
    return {
        "threshold": threshold,
        "sameObject": round(same_object, 4),
        "sameObjectKept": round(float(np.mean(own >= same_object)), 4),
        "outOfGallery": {
            "p95": round(float(np.quantile(outside, 0.95)), 4),
            "p99": round(float(np.quantile(outside, 0.99)), 4),
        },
        **accepted(own, outside, np.full(len(own), threshold)),
        "heldOut": accepted(own, outside, held_out_thresholds(own, outside, np.array(labels))),
        "description": "Cosine similarity that keeps 95 % of simulated phone shots (256 and 128 px, and "
        "framed on a wall) whose own thing is in the gallery, or half-way from there to what 5 % of "
        "strangers exceed, where that is less: val photos and rendered pictures with their "
        "clean original there. outOfGalleryAccepted: share accepted when nothing of the query's kind is left "
        "in the whole set (a cat is a cat in every domain, a rendered mosaic a mosaic in every style); "
        "outOfGallery: what 5 % and 1 % of those best strangers exceed. sameObject: what 5 % exceed of the "
        "best other photos of the query's label (zoo, subjects), its own original left out; sameObjectKept: "
        "share of the queries whose own original exceeds it. heldOut: the accepted shares where each query "
        "is judged by a threshold from the queries of other labels.",
    }


def threshold_between(own: np.ndarray, outside: np.ndarray) -> float:
    """The threshold, to four decimals, for similarities [n] of the queries' own and of the best strangers.

    What keeps 95 % of the own; or, where that is more than 5 % of the strangers exceed, half-way between the
    two, so that both hold for other photos, too.
    """
    keeping = float(np.quantile(own, 1 - KEPT, method="lower"))
    barring = float(np.quantile(outside, KEPT))
    return math.floor(1e4 * min(keeping, (keeping + barring) / 2)) / 1e4


def held_out_thresholds(own: np.ndarray, outside: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """For each query [n] the threshold that queries of the other fifths of the labels give."""
    folds = np.unique(labels, return_inverse=True)[1] % FOLDS
    found = np.empty(len(own))
    for fold in np.unique(folds):
        judged = folds == fold
        others = judged if judged.all() else ~judged
        found[judged] = threshold_between(own[others], outside[others])
    return found


def accepted(own: np.ndarray, outside: np.ndarray, thresholds: np.ndarray) -> dict[str, float]:
    """Shares of the queries' own originals and of the best strangers that reach the thresholds [n]."""
    return {
        "inGalleryAccepted": round(float(np.mean(own >= thresholds)), 4),
        "outOfGalleryAccepted": round(float(np.mean(outside >= thresholds)), 4),
    }


def search_ways(
    items: list[Item], shots: dict[str, list[list[np.ndarray]]], bundle: RetrieverBundle, ways: dict[str, Way]
) -> dict[str, dict[str, dict[str, float]]]:
    """Recall by label of each way of searching, by strength; of queries whose label has other photos."""
    keys = np.array(["/".join(item.key) for item in items])
    queries = [number for number, item in enumerate(items) if item.is_query]
    asked = [
        place
        for place, number in enumerate(queries)
        if items[number].key[0] in LABELLED and (keys == keys[number]).sum() > 1
    ]
    own = np.array([queries[place] for place in asked])
    pictures = [item.image for item in items]
    looks = looks_of(bundle)
    gallery = looks.reference(pictures)
    found: dict[str, dict[str, list]] = {name: {strength: [] for strength in shots} for name in ways}
    for strength, draws in shots.items():
        for draw in draws:
            images = [draw[place] for place in asked]
            similarity = looks.best_similarity(images, gallery)
            similarity[np.arange(len(own)), own] = -np.inf
            search = Search(similarity, gallery, bundle.embed(images), keys, pictures, images)
            for name, way in ways.items():
                found[name][strength].append(recall(way(search), keys, keys[own]))
    return {
        name: {
            strength: dict(zip(("recallAt1", "recallAt5"), np.mean(draws, 0).round(4).tolist(), strict=True))
            for strength, draws in row.items()
        }
        for name, row in found.items()
    }


def run(arguments: argparse.Namespace) -> dict:
    """Recall by embedder and strength, and by way of searching; the exported retriever's calibration."""
    items = list(gallery_items(arguments.data))
    queries = np.array([number for number, item in enumerate(items) if item.is_query])
    bundle = RetrieverBundle(arguments.models / "retriever-small", arguments.threads)
    looks = looks_of(bundle)
    others = [RetrieverBundle(folder, arguments.threads) for folder in arguments.also]
    teacher = teacher_embedder(arguments.teachers, arguments.threads)
    embedders = {
        "embedded": looks,
        "embeddedWhole": Looks(looks.query, looks.reference),
        "embeddedSharp": Looks((bundle.embed,), bundle.embed, looks.crops),
        **{other.manifest["id"]: looks_of(other) for other in others},
        "teacher": Looks((teacher,), teacher),
        "colourHistogram": Looks((histogram_embedder,), histogram_embedder),
        "random": Looks((random_embedder,), random_embedder),
    }
    shots = {s: [query_images(items, s, repeat) for repeat in range(REPEATS.get(s, 1))] for s in STRENGTHS}
    table: dict[str, dict] = {}
    calibration: dict = {}
    for name, looking in embedders.items():
        gallery = looking.reference([item.image for item in items])
        similarity = {s: [looking.best_similarity(images, gallery) for images in shots[s]] for s in shots}
        table[name] = {s: average([recalls(t, items, queries) for t in similarity[s]]) for s in STRENGTHS}
        if name == "embedded":
            calibration = calibrate([similarity[s][0] for s in CALIBRATED_ON], items, queries)
    ways = {
        "as it is": as_it_is,
        "galleries by the mean of their best three": by_mean_of_gallery,
        "query and its first three, averaged": expanded,
        "first ten ranked anew by patch tokens": reranked_by(
            TokenNetwork(bundle, arguments.models / "retriever-small")
        ),
        "first ten ranked anew by maximal marginal relevance": complementary,
        "averaged with its mirror image, too": mirrored(bundle),
        "restored without a reference, too": restored(
            bundle, GeneratorBundle(arguments.models / "rasrnet-small", arguments.threads)
        ),
    }
    judged = {strength: shots[strength] for strength in ("clean", "realEsrgan", "phone")}
    return {
        "recall": table,
        "ways": search_ways(items, judged, bundle, ways),
        "calibration": calibration,
    }


def measure_costs(
    bundle: RetrieverBundle, teacher: onnxruntime.InferenceSession
) -> dict[str, dict[str, float]]:
    """Median milliseconds an image, networks alone, by turns; and the median ratio of a turn."""
    own_input = {"pixel_values": np.zeros((1, 3, INPUT_SIZE, INPUT_SIZE), np.float32)}
    teacher_input = {"image": np.zeros((1, 3, TEACHER_SIZE, TEACHER_SIZE), np.float32)}
    turns = []
    for _ in range(TURNS):
        begun = time.perf_counter()
        bundle.session.run(None, own_input)
        between = time.perf_counter()
        teacher.run(["feature"], teacher_input)
        turns.append((between - begun, time.perf_counter() - between))
    own, taught = np.array(turns).T
    return {
        "embedded": {
            "milliseconds": round(1000 * float(np.median(own)), 2),
            "timeRatio": round(float(np.median(own / taught)), 3),
        },
        "teacher": {"milliseconds": round(1000 * float(np.median(taught)), 2), "timeRatio": 1.0},
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--teachers", type=Path, default=DEFAULT_DATA.parent / "teachers")
    parser.add_argument("--models", type=Path, default=Path("../resources/models"))
    parser.add_argument("--out", type=Path, default=Path("out"))
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--also", type=Path, nargs="+", default=[], help="folders of further retriever bundles, as rows"
    )
    parser.add_argument("--docs", type=Path, default=None, help="write the tables to this Markdown file")
    parser.add_argument("--write-manifest", action="store_true", help="put the figures into the manifest")
    arguments = parser.parse_args()
    results = run(arguments)
    results["costs"] = measure_costs(
        RetrieverBundle(arguments.models / "retriever-small", arguments.threads),
        open_session(arguments.teachers / TEACHER, arguments.threads),
    )
    arguments.out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(results, indent=2) + "\n"
    (arguments.out / "benchmark_retriever.json").write_text(text, encoding="utf-8")
    print(document(results))
    if arguments.docs:
        arguments.docs.write_text(document(results), encoding="utf-8")
    if arguments.write_manifest:
        folder = arguments.models / "retriever-small"
        metrics = {"recall": results["recall"], "costs": results["costs"]}
        update_manifest(folder, metrics=metrics, calibration=results["calibration"])


if __name__ == "__main__":
    main()
