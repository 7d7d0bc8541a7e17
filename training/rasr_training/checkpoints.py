"""Checkpoints in parts of at most 16 MiB, written whole or not at all."""

import io
import os
from pathlib import Path
from typing import Any

import torch

PART_BYTES = 16 * 2**20


class CheckpointError(Exception):
    """A checkpoint is missing or incomplete; the message names the folder and the remedy."""


def save_checkpoint(folder: Path, state: dict[str, Any]) -> None:
    """Write ``state`` to ``folder/part-000``, ...; the previous one stays valid until the last rename."""
    folder = Path(folder)
    buffer = io.BytesIO()
    torch.save(state, buffer)
    data = buffer.getbuffer()
    fresh = folder.with_name(folder.name + ".new")
    fresh.mkdir(parents=True, exist_ok=True)
    for old in fresh.iterdir():
        old.unlink()
    for number, start in enumerate(range(0, len(data), PART_BYTES)):
        (fresh / f"part-{number:03d}").write_bytes(data[start : start + PART_BYTES])
    stale = folder.with_name(folder.name + ".old")
    if folder.exists():
        os.replace(folder, stale)
    os.replace(fresh, folder)
    if stale.exists():
        for old in stale.iterdir():
            old.unlink()
        stale.rmdir()


def has_checkpoint(folder: Path) -> bool:
    return any(_whole(folder).glob("part-*"))


def load_checkpoint(folder: Path) -> dict[str, Any]:
    """Read a checkpoint onto the CPU. Raises CheckpointError when there is none."""
    parts = sorted(_whole(folder).glob("part-*"))
    if not parts:
        raise CheckpointError(f"{folder} holds no checkpoint: run the stage that writes it first")
    data = b"".join(part.read_bytes() for part in parts)
    try:
        return torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
    except Exception as error:
        raise CheckpointError(f"{folder} is incomplete: delete it and run its stage again") from error


def _whole(folder: Path) -> Path:
    """The folder itself, or what a crash between the two renames left."""
    folder = Path(folder)
    stale = folder.with_name(folder.name + ".old")
    return folder if folder.exists() or not stale.exists() else stale
