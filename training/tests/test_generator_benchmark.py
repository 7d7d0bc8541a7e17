"""The generator benchmark, with the embedded bundles, on rendered photos and a peer that enlarges plainly."""

import json
import math
from argparse import Namespace
from pathlib import Path

import cv2
import numpy as np
import onnx
import pytest
from conftest import rendered
from onnx import TensorProto, helper, numpy_helper

from rasr_training import benchmark, contest
from rasr_training.benchmark import best_peer, mean_rows
from rasr_training.benchmark_document import document, domain_tables, markdown_table, summary
from rasr_training.bundles import GeneratorBundle, PeerNetwork, to_input
from rasr_training.cases import Case, ReferenceGallery
from rasr_training.contestants import BASELINE, Entry, Ours, Peers
from rasr_training.costs import memory_of, seconds_by_turns
from rasr_training.learning_curve import figure_title, next_doubling, read_curves, thinned
from rasr_training.manifest import COMMON_KEYS, write_manifest
from rasr_training.measures import MEASURES, Measures
from rasr_training.niqe import block_features
from rasr_training.outcomes import OutcomeStore, centre, measured
from rasr_training.photos import Photo
from rasr_training.robustness import broken_crops
from rasr_training.targets import targets

MODELS = Path(__file__).parents[2] / "resources" / "models"


def write_graph(path: Path, nodes: list, inputs: dict, outputs: dict, weights: dict) -> None:
    values = [
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in side.items()]
        for side in (inputs, outputs)
    ]
    tensors = [numpy_helper.from_array(value, name) for name, value in weights.items()]
    model = helper.make_model(
        helper.make_graph(nodes, "test", *values, tensors), opset_imports=[helper.make_opsetid("", 18)]
    )
    model.ir_version = 9
    onnx.save(model, str(path))


@pytest.fixture(scope="session")
def peers_folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("peers")
    for name in ("RealESRGAN_General_x4_v3", "another"):
        write_graph(
            folder / f"{name}.onnx",
            [helper.make_node("Resize", ["lr", "", "scales"], ["sr"], mode="linear")],
            {"lr": [None, 3, None, None]},
            {"sr": [None, 3, None, None]},
            {"scales": np.float32([1, 1, 4, 4])},
        )
    return folder


@pytest.fixture(scope="session")
def metrics_folder(tmp_path_factory) -> Path:
    """One layer of random features in SqueezeNet's place, and a pristine model of one rendered picture."""
    folder = tmp_path_factory.mktemp("metrics")
    weights = np.random.default_rng(0).normal(0, 1, (8, 3, 3, 3)).astype(np.float32)
    write_graph(
        folder / "squeezenet11_taps.onnx",
        [
            helper.make_node("Conv", ["image", "w"], ["raw"], strides=[2, 2]),
            helper.make_node("Relu", ["raw"], ["tap"]),
        ],
        {"image": [None, 3, None, None]},
        {"tap": [None, 8, None, None]},
        {"w": weights},
    )
    line = cv2.getGaussianKernel(7, 7 / 6)
    features = block_features(rendered(1, 480).mean(2), line @ line.T)
    np.savez(
        folder / "niqe_pris_params.npz",
        mu_pris_param=features.mean(0),
        cov_pris_param=np.cov(features, rowvar=False),
        gaussian_window=line @ line.T,
    )
    return folder


@pytest.fixture
def arguments(photo_set, peers_folder, metrics_folder, tmp_path) -> Namespace:
    return Namespace(
        data=photo_set,
        peers=peers_folder,
        metrics=metrics_folder,
        models=MODELS,
        out=tmp_path,
        cache=None,
        runs=None,
        threads=2,
        limit=1,
        rows=["bicubic", BASELINE, "none", "retrieved", "oracle", "truth"],
        degradations=["phone-shot"],
        details=False,
        crops=4,
    )


def test_the_command_measures_writes_sheets_and_keeps_what_it_made(arguments, monkeypatch):
    monkeypatch.setattr(contest, "REPEATS", 1)
    log = arguments.out / "sisr" / "log.jsonl"
    log.parent.mkdir()
    reports = [{"samples": n, "psnr_at_0.5": 20 + math.log2(n / 400)} for n in (400, 500, 800, 1200, 1600)]
    log.write_text("\n".join(map(json.dumps, reports)))
    results = benchmark.run(arguments)
    part = results["degradations"]["phone-shot"]
    assert part["cases"] == {"zoo": 1, "museum": 1, "general": 1, "all": 3}
    assert list(part["tables"]["museum"]) == arguments.rows
    assert "oracle" not in part["tables"]["general"]
    assert set(part["tables"]["all"]["none"]) == {*MEASURES, "wild"}
    assert set(part["tables"]["all"]["truth"]) == {"niqe", "weave"}
    assert results["costs"][BASELINE]["timeRatio"] == 1
    assert results["crops"]["nonFinite"] == 0
    assert sorted(file.name for file in (arguments.out / "sheets").iterdir()) == [
        f"phone-shot-{domain}.png" for domain in ("general", "museum", "zoo")
    ]

    kept = {file: file.stat().st_mtime_ns for file in (arguments.out / "outcomes").iterdir()}
    tables = {name: table for name, table in part["tables"].items() if name != "all"}
    # Rows that come from the same file, or the same reference, are one: what was found is not for us to say.
    different = {(name, *figures.values()) for name, table in tables.items() for figures in table.values()}
    assert len(kept) == 2 * (len(different) - len(tables)), "a picture and its figures, but for the truth"
    again = benchmark.run_cases(contest.Contest(arguments), "phone-shot", arguments)
    assert again == part
    assert {file: file.stat().st_mtime_ns for file in (arguments.out / "outcomes").iterdir()} == kept

    page = document(results)
    assert "## Under the phone-shot degradation" in page and "**museum** (1 photos" in page
    assert f"| retrieved | {part['tables']['museum']['retrieved']['psnr']:.2f} |" in page
    assert "| 1,600 | 22.000 |" in page and "PSNR at detail 0.5 +1.000 (± 0.000, 5 reports)" in page
    assert set(summary(results)) == {"phone-shot", "costs", "crops"}
    assert "From faithful to detailed" not in page
    part["tables"]["all"]["none, detail 0"] = {"psnr": 12.3}
    assert "## From faithful to detailed\n\n| phone-shot |" in document(results)
    assert "| none, detail 0 | 12.30 | – |" in document(results)
    json.dumps(results, allow_nan=False)


def test_an_unknown_row_is_named(arguments):
    arguments.rows = ["none", "nothing"]
    with pytest.raises(SystemExit, match=r"no nothing; there are peers"):
        contest.Contest(arguments)


def test_peers_go_by_their_names_and_the_baseline_must_be_there(peers_folder, tmp_path):
    assert Peers(peers_folder, 1).rows == ["bicubic", BASELINE, "another"]
    with pytest.raises(FileNotFoundError, match="RealESRGAN_General_x4_v3"):
        Peers(tmp_path, 1)


@pytest.fixture
def models_with_detail(tmp_path) -> Path:
    """A bundle whose output is its input, enlarged, plus the detail."""
    folder = tmp_path / "rasrnet-small"
    folder.mkdir()
    write_graph(
        folder / "generator.onnx",
        [
            helper.make_node("Resize", ["lr", "", "scales"], ["large"], mode="nearest"),
            helper.make_node("Add", ["large", "detail"], ["sr"]),
        ],
        {
            "lr": [None, 3, None, None],
            "feature_0": [1, None, 4],
            "reference_strength": [1],
            "detail": [1],
        },
        {"sr": [None, 3, None, None]},
        {"scales": np.float32([1, 1, 4, 4])},
    )
    manifest = dict.fromkeys(COMMON_KEYS, "")
    manifest |= {"schemaVersion": 1, "kind": "generator", "scale": 4, "tiles": {"multiple": 8}}
    manifest |= {"graphs": [{"role": "generator", "file": "generator.onnx"}], "detail": {"default": 0.25}}
    manifest |= {"reference": {"maxReferences": 1, "features": [{"channels": 4}]}}
    write_manifest(folder, manifest)
    return tmp_path


def test_detail_is_swept_and_none_takes_the_default(photo_set, models_with_detail):
    ours = Ours(models_with_detail, ReferenceGallery(photo_set), 1)
    lr = np.zeros((1, 3, 8, 8), np.float32)
    entries = [ours.entry(row, []) for row in [*ours.detail_rows, "none"]]
    added = [float(entry.restore(lr).mean()) for entry in entries]
    assert added == pytest.approx([0, 0.25, 0.5, 0.75, 1, 0.25])
    # The default is one of them and is not run twice.
    assert len({entry.key for entry in entries}) == 5


def test_reference_rows_differ_by_their_reference(photo_set):
    ours = Ours(MODELS, ReferenceGallery(photo_set), 1)
    none, one, two = (ours.entry("retrieved", numbers) for numbers in ([], [0], [0, 1]))
    assert len({none.key, one.key, two.key}) == 3
    lr = to_input(rendered(0, 24))
    assert not np.array_equal(none.restore(lr), one.restore(lr))
    assert not np.array_equal(one.restore(lr), two.restore(lr))


@pytest.fixture
def case() -> Case:
    truth = rendered(1, 320)
    return Case(Photo("p", "val", "zoo", "l"), truth, np.ascontiguousarray(truth[::4, ::4]), [], [], 0)


def nearest(lr: np.ndarray) -> np.ndarray:
    return lr.repeat(4, 2).repeat(4, 3)


def test_outcomes_are_kept_by_all_they_depend_on(case, metrics_folder, tmp_path):
    store = OutcomeStore(tmp_path, Measures(metrics_folder, 1))
    calls = []

    def restore(lr):
        calls.append(lr.shape)
        return nearest(lr)

    first = store.outcome(Entry("a", "file", restore), case)
    again = store.outcome(Entry("another name", "file", restore), case)
    assert len(calls) == 1
    assert again.figures == first.figures and np.array_equal(again.crop, first.crop)
    store.outcome(Entry("a", "other file", restore), case)
    darker = Case(case.photo, case.truth // 2, case.lr, [], [], 0)
    assert store.outcome(Entry("a", "file", restore), darker).figures != first.figures
    assert len(calls) == 3
    for picture in tmp_path.glob("*.png"):
        picture.unlink()
    store.outcome(Entry("a", "file", restore), case)
    assert len(calls) == 4


def test_wild_outputs_are_clipped_and_counted(case, metrics_folder):
    measures = Measures(metrics_folder, 1)

    def broken(lr):
        output = nearest(lr)
        output[..., 0, 0] = np.nan
        return output

    tame, wild = (measured(Entry("a", "k", restore), case, measures) for restore in (nearest, broken))
    assert (tame.figures["wild"], wild.figures["wild"]) == (0, 1)
    assert wild.figures["psnr"] < tame.figures["psnr"]
    assert measured(Entry("a", "k", lambda lr: nearest(lr) * 1e6), case, measures).figures["wild"] == 1


@pytest.mark.parametrize("size", [(512, 512), (544, 768), (672, 512)])
def test_crops_of_photo_and_truth_show_the_same_place(size):
    truth = np.random.default_rng(0).integers(0, 255, (*size, 3), dtype=np.uint8)
    assert np.array_equal(centre(truth)[::4, ::4], centre(truth[::4, ::4], 4))


def test_mean_rows_skips_cases_without_the_row_and_figures_that_are_nowhere():
    rows = mean_rows(
        [
            {"none": {"psnr": 20.0, "niqe": math.nan}, "oracle": {"psnr": 30.0}},
            {"none": {"psnr": 22.0, "niqe": math.nan}},
        ]
    )
    assert rows == {"none": {"psnr": 21.0}, "oracle": {"psnr": 30.0}}


def test_the_best_peer_is_the_nearest_to_the_truth(peers_folder):
    peers = Peers(peers_folder, 1)
    table = {"bicubic": {"lpipsLike": 1}, BASELINE: {"lpipsLike": 3}, "another": {"lpipsLike": 2}}
    assert best_peer(table, peers) == "another"
    assert best_peer({"bicubic": {"lpipsLike": 1}}, peers) is None


def test_times_are_relative_to_the_baseline():
    def work(size):
        matrix = np.ones((size, size))
        return lambda _: matrix @ matrix

    found = seconds_by_turns({"small": work(50), "large": work(1200)}, "small", 3)
    assert found["small"]["timeRatio"] == 1
    assert found["large"]["timeRatio"] > 1
    assert found["large"]["secondsPerMegapixel"] > found["small"]["secondsPerMegapixel"]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system tells no peak memory")
def test_memory_of_a_tile_counts_the_network_and_its_buffers(peers_folder):
    plain = memory_of(peers_folder / "another.onnx", 1)
    ours = memory_of(MODELS / "rasrnet-small", 1)
    assert 3 * 512 * 512 * 4 < plain < ours
    assert ours > (MODELS / "rasrnet-small" / "generator.onnx").stat().st_size


def test_broken_crops_are_found(photo_set, monkeypatch):
    gallery = ReferenceGallery(photo_set)
    generator = GeneratorBundle(MODELS / "rasrnet-small", 2)
    found = broken_crops(generator, photo_set, gallery, 4)
    assert found["nonFinite"] == 0 and 0.1 < found["largest"] < 3
    restore = generator.restore
    monkeypatch.setattr(generator, "restore", lambda *parts: restore(*parts) * np.float32(np.inf))
    assert broken_crops(generator, photo_set, gallery, 3)["nonFinite"] == 3


def test_a_peer_is_run_by_the_name_of_its_input(peers_folder):
    output = PeerNetwork(peers_folder / "another.onnx", 1).restore(np.full((1, 3, 8, 8), 0.5, np.float32))
    assert output.shape == (1, 3, 32, 32) and np.allclose(output, 0.5)


def test_the_learning_curve_reads_reports_and_tells_the_slope(tmp_path):
    log = tmp_path / "sisr" / "log.jsonl"
    log.parent.mkdir()
    reports = [{"samples": 1000 * i, "psnr": 20 + 0.3 * math.log2(i), "loss": 1} for i in range(1, 65)]
    log.write_text("\n".join(map(json.dumps, [*reversed(reports), {"samples": 5, "loss": 2}])))
    curve = read_curves([tmp_path])["sisr"]
    assert [report["samples"] for report in curve] == [report["samples"] for report in reports]
    found = next_doubling(curve, "psnr")
    assert found["gain"] == pytest.approx(0.3) and found["error"] < 1e-6 and found["reports"] == 49
    assert next_doubling(curve, "lpips_like") is None
    assert next_doubling(curve[:3], "psnr") is None
    short = thinned(curve, 8)
    assert len(short) <= 8 and (short[0], short[-1]) == (curve[0], curve[-1])
    assert figure_title("lpips_like_at_0.5") == "LPIPS-like at detail 0.5"


def results_with(**rows: dict) -> dict:
    plain = {"psnr": 20.0, "lpipsLike": 5.0, "deltaE": 1.0}
    table = {row: {**plain, **rows.get(row, {})} for row in ("bicubic", BASELINE, "irrelevant", "retrieved")}
    table["none"] = {"psnr": 21.0, "lpipsLike": 4.0, "deltaE": 1.0, **rows.get("none", {})}
    tables = {"zoo": table, "subjects": table, "all": table}
    return {
        "degradations": {"phone-shot": {"tables": tables}, "clean": {"tables": tables}},
        "costs": {"none": {"timeRatio": 1.6}},
        "bundle": {"bytes": 20_000_000},
        "crops": {"crops": 500, "nonFinite": 0, "largest": 1.2},
    }


def test_targets_are_met_or_missed_by_the_figures():
    better = {"psnr": 21.5, "lpipsLike": 3.9}
    met = {target.text: target.met for target in targets(results_with(irrelevant=better, retrieved=better))}
    assert [text for text, reached in met.items() if not reached] == [
        f"CPU seconds per output megapixel ≤ 1.5 × {BASELINE}"
    ]
    worse = results_with(none={"psnr": 19.9, "deltaE": 1.6}, retrieved={"psnr": 19.9, "lpipsLike": 4.0})
    worse["crops"]["nonFinite"] = 1
    missed = [target for target in targets(worse) if not target.met]
    assert len(missed) == 6
    assert "zoo -0.10 dB, -1.000 against bicubic" in missed[0].found


def test_a_markdown_table_has_a_rule_and_one_line_a_row():
    lines = markdown_table(["a", "b"], [["x", "1"], ["y", "2"]]).splitlines()
    assert lines == ["| a | b |", "| --- | ---: |", "| x | 1 |", "| y | 2 |"]


def test_the_best_row_without_a_reference_is_bold():
    table = {
        "bicubic": {"psnr": 20.0, "niqe": 9.0},
        "none": {"psnr": 21.0, "niqe": 8.0},
        "retrieved": {"psnr": 22.0, "niqe": 7.0},
        "truth": {"niqe": 3.0},
    }
    part = {"tables": {"zoo": table}, "cases": {"zoo": 3}, "retrievedRightShare": {"zoo": 0.5}}
    head, text = domain_tables(part)
    assert head == "**zoo** (3 photos; the first choice has the right label for 50%)"
    assert text.splitlines()[2:] == [
        "| bicubic | 20.00 | – | – | – | 9.00 | – | – |",
        "| none | **21.00** | – | – | – | **8.00** | – | – |",
        "| retrieved | 22.00 | – | – | – | 7.00 | – | – |",
        "| truth | – | – | – | – | 3.00 | – | – |",
    ]
