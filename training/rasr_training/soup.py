"""The average of runs that began from one checkpoint (Wortsman et al. 2022, 'Model soups').

    python -m rasr_training.soup out/first/detail/last out/second/detail/last --into out/detail/last

Two cores can so train one network without exchanging gradients.
"""

import argparse
from pathlib import Path

from .checkpoints import load_checkpoint, save_checkpoint


def soup(states: list[dict], shares: list[float] | None = None) -> dict:
    """One state of the averaged weights' mean; counters are summed, for all of them were spent.

    ``shares`` are what each counts, in proportion; without, each as much as the others. Raises ValueError
    unless there is one for each state, and their sum is more than zero.
    """
    shares = [1.0] * len(states) if shares is None else shares
    if len(shares) != len(states) or sum(shares) <= 0:
        raise ValueError(f"{len(states)} checkpoints and the shares {shares}: name one share for each")
    parts = [
        ({**state["model"], **state["ema"]}, share / sum(shares))
        for state, share in zip(states, shares, strict=True)
    ]
    mean = {name: sum(w[name].float() * share for w, share in parts) for name in parts[0][0]}
    counters = {key: sum(state["counters"][key] for state in states) for key in states[0]["counters"]}
    return {"model": mean, "ema": {}, "counters": counters}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("runs", type=Path, nargs="+", help="checkpoint folders")
    parser.add_argument(
        "--shares", type=float, nargs="+", default=None, help="what each counts; alike without"
    )
    parser.add_argument("--into", type=Path, required=True, help="checkpoint folder to write")
    arguments = parser.parse_args()
    states = [load_checkpoint(folder) for folder in arguments.runs]
    try:
        save_checkpoint(arguments.into, soup(states, arguments.shares))
    except ValueError as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
