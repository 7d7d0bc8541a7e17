"""The last step of a retriever, of one run or the average of several: norms measured anew, then whitened.

    python -m rasr_training.whiten_retriever out/retriever/last --out out --more out/more

    python -m rasr_training.soup out/retriever/{begun,last} --shares 0.7 0.3 --into out/retriever/soup
    python -m rasr_training.whiten_retriever out/retriever/soup --out out --more out/more

Writes ``out/retriever/whitened``. An average's features have other means and variances than its norms carry:
unless they are measured anew, it is of no use.
"""

import argparse
from pathlib import Path

import torch
from torch import nn

from .checkpoints import save_checkpoint
from .collage_shots import shoot_groups
from .collages import CollageSampler, read_more
from .retriever import DIMENSION, INPUT_SIZE, Retriever, normalise
from .train_autoencoder import training_cache
from .train_retriever import STAGE
from .training import DEFAULT_DATA, choose_device, load_ema_weights, to_device

MEASURED_BATCHES = 24
WHITENED_BATCHES, WHITENED_BATCH = 60, 48


@torch.no_grad()
def measure_norms(module: Retriever, pictures: CollageSampler, device: torch.device) -> None:
    """Give every norm the mean and variance of its features, over pictures clean and poor."""
    norms = [m for m in module.modules() if isinstance(m, nn.BatchNorm2d)]
    momenta = [norm.momentum for norm in norms]
    for norm in norms:
        norm.reset_running_stats()
        # Every batch counts alike.
        norm.momentum = None
    module.train()
    for step in range(MEASURED_BATCHES):
        seen = torch.cat(shoot_groups(pictures.draw(step), step)).to(device)
        module.maps(normalise(seen).to(memory_format=torch.channels_last))
    module.eval()
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.momentum = momentum


def whiten(module: Retriever, windows: CollageSampler, device: torch.device) -> None:
    """Let every direction of the embedding vary alike, over windows clean and poor: folded into the head.

    Cosines then tell more of what is particular to a thing, and less of what all things of a kind share.
    """
    found = []
    for step in range(WHITENED_BATCHES):
        for images in shoot_groups(windows.draw(step), step):
            seen = normalise(images.to(device)).to(memory_format=torch.channels_last)
            with torch.no_grad():
                found.append(module.head(module.maps(seen)[-1].float().mean((2, 3))).double())
    outputs = torch.cat(found)
    mean = outputs.mean(0)
    covariance = (outputs - mean).T @ (outputs - mean) / len(outputs)
    covariance += 1e-3 * covariance.diagonal().mean() * torch.eye(DIMENSION, device=device)
    values, vectors = torch.linalg.eigh(covariance)
    root = (vectors * values.rsqrt()) @ vectors.T
    with torch.no_grad():
        weight, bias = module.head.weight.double(), module.head.bias.double()
        module.head.weight.copy_(root @ weight)
        module.head.bias.copy_(root @ (bias - mean))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("checkpoint", type=Path, help="checkpoint folder of a run or of an average")
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--out", type=Path, default=Path("out"))
    parser.add_argument("--more", type=Path, nargs="*", default=[], help="folders of further pictures")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    device = choose_device(arguments.threads)
    module = Retriever()
    counters = load_ema_weights(module, arguments.checkpoint)
    to_device(module, device)
    cache, more = training_cache(arguments.data, arguments.out), read_more(arguments.more)
    sampler = (cache, INPUT_SIZE, WHITENED_BATCH, arguments.seed)
    measure_norms(module, CollageSampler(*sampler, more=more), device)
    whiten(module, CollageSampler(*sampler, alone=True, more=more), device)
    folder = arguments.out / STAGE / "whitened"
    save_checkpoint(folder, {"model": module.state_dict(), "ema": {}, "counters": counters})
    print(folder)


if __name__ == "__main__":
    main()
