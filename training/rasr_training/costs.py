"""What one 512×512 output tile costs: CPU seconds, all by turns, and memory, each in its own process.

python -m rasr_training.costs NETWORK [--threads 2] [--reference]     (bytes of one network, as JSON)
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from .bundles import GeneratorBundle, PeerNetwork, join_tokens

TILE = 128
MEGAPIXELS = (4 * TILE) ** 2 / 1e6


def tile() -> np.ndarray:
    """A low-resolution tile [1, 3, 128, 128]; what it shows makes no difference to the cost."""
    return np.random.default_rng(0).random((1, 3, TILE, TILE), np.float32)


def open_network(path: Path, threads: int, reference: bool = False) -> Callable[[np.ndarray], object]:
    """Restoring by a peer's file or a bundle's folder, the latter with an encoded reference if wanted."""
    if path.is_file():
        return PeerNetwork(path, threads).restore
    bundle = GeneratorBundle(path, threads)
    if not reference:
        return bundle.restore
    tokens = join_tokens([bundle.encode((tile()[0] * 255).astype(np.uint8).transpose(1, 2, 0))])
    return lambda lr: bundle.restore(lr, tokens)


def seconds_by_turns(runs: dict[str, Callable], baseline: str, repeats: int) -> dict[str, dict[str, float]]:
    """Median CPU seconds per output megapixel, all threads together, and the median ratio to ``baseline``.

    Other work on the machine lengthens the clock by any factor, but hardly the CPU time; sessions here do
    not spin while they wait. Ratios are taken within a turn.
    """
    lr = tile()
    times: dict[str, list[float]] = {name: [] for name in runs}
    for turn in range(repeats + 1):
        for name, run in runs.items():
            started = time.process_time()
            run(lr)
            if turn:
                times[name].append(time.process_time() - started)
    of_baseline = np.array(times[baseline])
    return {
        name: {
            "secondsPerMegapixel": float(np.median(found)) / MEGAPIXELS,
            "timeRatio": float(np.median(np.array(found) / of_baseline)),
        }
        for name, found in times.items()
    }


def memory_of(path: Path, threads: int, reference: bool = False) -> int | None:
    """Peak bytes of one tile in a process of its own; None where the system does not tell."""
    command = [sys.executable, "-m", __spec__.name, str(path), "--threads", str(threads)]
    done = subprocess.run(
        command + ["--reference"] * reference,
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)["bytes"]


def _peak() -> int | None:
    """The process's high-water mark of resident memory. Not `getrusage`: that one inherits the parent's."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return None
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("network", type=Path, help="a peer's .onnx file or a generator bundle's folder")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--reference", action="store_true", help="with one reference (bundles only)")
    arguments = parser.parse_args()
    baseline = _peak()
    open_network(arguments.network.resolve(), arguments.threads, arguments.reference)(tile())
    peak = _peak()
    print(json.dumps({"bytes": None if peak is None else peak - baseline}))


if __name__ == "__main__":
    main()
