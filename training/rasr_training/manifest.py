"""Model bundle manifests, schemaVersion 1: written at export, completed by the benchmark."""

import hashlib
import json
from pathlib import Path
from typing import Any

SCHEMA_VERSION = 1
COMMON_KEYS = (
    "schemaVersion",
    "kind",
    "id",
    "version",
    "title",
    "licence",
    "precision",
    "files",
    "graphs",
    "provenance",
    "metrics",
    "preprocessing",
)
KIND_KEYS = {
    "retriever": ("embedding", "calibration"),
    "generator": ("reference", "tiles", "scale"),
    "fusion": ("multiple", "scale"),
}


class ManifestError(Exception):
    """A bundle breaks the contract; the message names the file and what is wrong."""


def describe_file(folder: Path, name: str) -> dict[str, Any]:
    """{path, bytes, sha256} of one file of a bundle."""
    data = (Path(folder) / name).read_bytes()
    return {"path": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write ``manifest.json`` with the files' present sizes and hashes."""
    names = sorted({graph["file"] for graph in manifest["graphs"]})
    manifest = {**manifest, "files": [describe_file(folder, name) for name in names]}
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (Path(folder) / "manifest.json").write_text(text, encoding="utf-8")


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read and check a bundle's manifest against its files. Raises ManifestError."""
    path = Path(folder) / "manifest.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ManifestError(f"{path} cannot be read ({error}): export the bundle again") from error
    wanted = COMMON_KEYS + KIND_KEYS.get(manifest.get("kind"), ())
    missing = [key for key in wanted if key not in manifest]
    if missing or manifest["schemaVersion"] != SCHEMA_VERSION or manifest["kind"] not in KIND_KEYS:
        raise ManifestError(
            f"{path} is not a version {SCHEMA_VERSION} bundle (missing: {missing or 'nothing'})"
        )
    for entry in manifest["files"]:
        if describe_file(folder, entry["path"]) != entry:
            raise ManifestError(f"{Path(folder) / entry['path']} differs from its manifest: export it again")
    return manifest


def update_manifest(folder: Path, **sections: Any) -> None:
    """Replace whole sections (``metrics``, ``calibration``) of a valid manifest."""
    write_manifest(folder, {**read_manifest(folder), **sections})
