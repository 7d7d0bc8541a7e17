"""The average of runs that began from one checkpoint (Wortsman et al. 2022, 'Model soups').

    python -m rasr_training.soup out/first/detail/last out/second/detail/last --into out/detail/last

Two cores can so train one network without exchanging gradients.
"""

import argparse
from pathlib import Path

import torch

from .checkpoints import load_checkpoint, save_checkpoint


def soup(states: list[dict]) -> dict:
    """One state of the averaged weights' mean; counters are summed, for all of them were spent."""
    weights = [{**state["model"], **state["ema"]} for state in states]
    mean = {name: torch.stack([w[name].float() for w in weights]).mean(0) for name in weights[0]}
    counters = {key: sum(state["counters"][key] for state in states) for key in states[0]["counters"]}
    return {"model": mean, "ema": {}, "counters": counters}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("runs", type=Path, nargs="+", help="checkpoint folders")
    parser.add_argument("--into", type=Path, required=True, help="checkpoint folder to write")
    arguments = parser.parse_args()
    save_checkpoint(arguments.into, soup([load_checkpoint(folder) for folder in arguments.runs]))


if __name__ == "__main__":
    main()
