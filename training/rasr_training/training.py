"""What every training stage shares: command-line options, the loop, EMA, checkpoints, throughput.

Batches depend only on (seed, step), so a run that is stopped and resumed sees what an unbroken run sees.
"""

import argparse
import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import nn

from .checkpoints import has_checkpoint, load_checkpoint, save_checkpoint

DEFAULT_DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
DEFAULT_METRICS = Path(__file__).resolve().parents[3] / "shared" / "metrics"
EMA_DECAY = 0.999


@dataclass(frozen=True)
class LoopOptions:
    """How long and how one stage trains. Either ``steps`` or ``minutes`` ends it, whichever comes first."""

    out: Path
    steps: int | None
    minutes: float | None
    learning_rate: float
    checkpoint_minutes: float = 2.0
    report_minutes: float = 5.0


def add_common_arguments(
    parser: argparse.ArgumentParser, minutes: float, learning_rate: float, batch: int
) -> None:
    parser.add_argument(
        "--data", type=Path, default=DEFAULT_DATA, help="folder that holds photos/manifest.tsv"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("out"), help="checkpoints, logs, sample sheets, photo cache"
    )
    parser.add_argument("--minutes", type=float, default=minutes, help="training time, resumed runs included")
    parser.add_argument("--report", type=float, default=5.0, help="minutes between reports")
    parser.add_argument("--steps", type=int, default=None, help="stop after this many steps instead")
    parser.add_argument("--batch", type=int, default=batch)
    parser.add_argument("--learning-rate", type=float, default=learning_rate)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--workers", type=int, default=0, help="processes that make batches; 0: a thread")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--init", type=Path, default=None, help="start from this checkpoint folder's weights")


def loop_options(arguments: argparse.Namespace, stage: str) -> LoopOptions:
    minutes = None if arguments.steps else arguments.minutes
    return LoopOptions(
        arguments.out / stage,
        arguments.steps,
        minutes,
        arguments.learning_rate,
        report_minutes=arguments.report,
    )


def choose_device(threads: int) -> torch.device:
    """CUDA where there is one, else the CPU with ``threads`` threads."""
    torch.set_num_threads(threads)
    torch.backends.cudnn.benchmark = True
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def to_device(module: nn.Module, device: torch.device) -> nn.Module:
    """Move and lay out as channels_last: twice as fast as contiguous on a CPU."""
    return module.to(device, memory_format=torch.channels_last)


def autocast(device: torch.device) -> torch.autocast:
    """To bfloat16; on a processor without it, which would take twice as long so, nothing is cast."""
    known = torch.cpu.get_capabilities()
    has_it = device.type != "cpu" or known.get("avx512_bf16") or known.get("amx_bf16")
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=bool(has_it))


def learning_rate_at(peak: float, progress: float, step: int, warmup: int = 100) -> float:
    """Linear warm-up, then a cosine down to 2 % of the peak; ``progress`` in 0..1."""
    cosine = 0.5 * (1 + math.cos(math.pi * min(1.0, progress)))
    return peak * min(1.0, (step + 1) / warmup) * (0.02 + 0.98 * cosine)


class Ema:
    """Exponential moving average of the trainable parameters, keyed by name."""

    def __init__(self, module: nn.Module):
        self.values = {name: p.detach().clone() for name, p in module.named_parameters() if p.requires_grad}

    def update(self, module: nn.Module, step: int) -> None:
        decay = min(EMA_DECAY, (1 + step) / (10 + step))
        current = [p.detach() for p in module.parameters() if p.requires_grad]
        torch._foreach_lerp_(list(self.values.values()), current, 1 - decay)

    def swap(self, module: nn.Module) -> None:
        """Exchange the averaged and the live values; call twice to come back."""
        for name, parameter in module.named_parameters():
            if parameter.requires_grad:
                kept = parameter.data.clone()
                parameter.data.copy_(self.values[name])
                self.values[name].copy_(kept)


def load_ema_weights(module: nn.Module, folder: Path) -> dict:
    """Load a stage's averaged weights into ``module``; returns the checkpoint's counters."""
    state = load_checkpoint(folder)
    module.load_state_dict({**state["model"], **state["ema"]})
    return state["counters"]


class Stateful(Protocol):
    """What is trained beside the module: an adversary with its own optimiser."""

    def state_dict(self) -> dict[str, Any]: ...

    def load_state_dict(self, state: dict[str, Any]) -> None: ...


def train_loop(
    module: nn.Module,
    options: LoopOptions,
    loss_at: Callable[[int, float], torch.Tensor],
    batch: int,
    report: Callable[[Path], dict[str, float]] | None = None,
    companions: dict[str, Stateful] | None = None,
) -> dict:
    """Train the parameters of ``module`` that require gradients; returns the counters.

    ``loss_at(step, progress)`` gives the loss of one step; ``report(folder)`` is called now and then with the
    averaged weights in place, writes a sample sheet and returns validation figures for the log. A
    checkpoint in ``options.out/last`` is resumed when there is one; ``companions`` are saved and resumed with
    it.
    """
    parameters = [p for p in module.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=options.learning_rate, betas=(0.9, 0.99), weight_decay=1e-4)
    ema = Ema(module)
    counters = {"step": 0, "seconds": 0.0, "samples": 0}
    folder = options.out / "last"
    options.out.mkdir(parents=True, exist_ok=True)
    if has_checkpoint(folder):
        state = load_checkpoint(folder)
        module.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        for name, value in state["ema"].items():
            ema.values[name].copy_(value)
        for name, companion in (companions or {}).items():
            companion.load_state_dict(state["companions"][name])
        counters = state["counters"]
        print(f"resumed {folder} at step {counters['step']}", flush=True)

    def save() -> None:
        state = {
            "model": module.state_dict(),
            "ema": ema.values,
            "optimizer": optimizer.state_dict(),
            "counters": counters,
            "companions": {name: companion.state_dict() for name, companion in (companions or {}).items()},
        }
        save_checkpoint(folder, state)

    def run_report() -> None:
        if report is None:
            return
        ema.swap(module)
        module.eval()
        with torch.no_grad():
            figures = report(options.out)
        module.train()
        ema.swap(module)
        _log(options.out, {**counters, **figures})

    module.train()
    started, before = time.monotonic(), counters["seconds"]
    last_save = last_report = last_print = started
    losses: list[float] = []
    while True:
        now = time.monotonic()
        counters["seconds"] = before + now - started
        progress = _progress(options, counters)
        if progress >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = learning_rate_at(options.learning_rate, progress, counters["step"])
        optimizer.zero_grad(set_to_none=True)
        loss = loss_at(counters["step"], progress)
        loss.backward()
        norm = nn.utils.clip_grad_norm_(parameters, 1.0)
        if torch.isfinite(norm):
            optimizer.step()
            ema.update(module, counters["step"])
        losses.append(loss.item())
        counters["step"] += 1
        counters["samples"] += batch
        if now - last_print > 20:
            mean, speed = sum(losses) / len(losses), len(losses) * batch / (now - last_print)
            print(
                f"step {counters['step']} progress {progress:.3f} loss {mean:.4f} {speed:.1f} samples/s",
                flush=True,
            )
            last_print, losses = now, []
        if now - last_save > 60 * options.checkpoint_minutes:
            save()
            last_save = now
        if now - last_report > 60 * options.report_minutes:
            run_report()
            last_report = time.monotonic()
    save()
    run_report()
    return counters


def _progress(options: LoopOptions, counters: dict) -> float:
    if options.steps:
        return counters["step"] / options.steps
    return counters["seconds"] / (60 * options.minutes)


def _log(folder: Path, figures: dict) -> None:
    line = json.dumps({key: round(value, 5) for key, value in figures.items()})
    print(line, flush=True)
    with (folder / "log.jsonl").open("a", encoding="utf-8") as file:
        file.write(line + "\n")
