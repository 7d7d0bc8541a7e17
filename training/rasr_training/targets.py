"""What the embedded generator shall reach, held against the benchmark's results, misses included."""

from dataclasses import dataclass

from .cases import CLEAN
from .contestants import BASELINE

MOST_TIME_RATIO = 1.5
MOST_MEGABYTES = 30
MOST_DELTA_E = 1.5
MOST_LOSS_TO_IRRELEVANT = 0.02
GAINS = {"subjects": (0.38, -0.0131), "zoo": (0.0, 0.0)}
"""PSNR and LPIPS-like of 'retrieved' less 'none', at least and at most."""


@dataclass(frozen=True)
class Target:
    text: str
    met: bool
    found: str


def targets(results: dict) -> list[Target]:
    """Every target that the results can tell of, in the order of the document."""
    found = []
    for name, part in results["degradations"].items():
        domains = {domain: table for domain, table in part["tables"].items() if domain != "all"}
        if name == CLEAN:
            found += _colour(part["tables"]["all"])
        else:
            found += [*_beats(name, domains), *_irrelevant(name, domains), *_references(name, domains)]
    return [*found, *_time(results["costs"]), _size(results["bundle"]), _finite(results["crops"])]


def _beats(name: str, domains: dict) -> list[Target]:
    misses, margins = [], []
    for rival in ("bicubic", BASELINE):
        for domain, table in domains.items():
            if rival not in table or "none" not in table:
                continue
            psnr = table["none"]["psnr"] - table[rival]["psnr"]
            lpips = table["none"]["lpipsLike"] - table[rival]["lpipsLike"]
            text = f"{domain} {psnr:+.2f} dB, {lpips:+.3f} against {rival}"
            margins.append(text)
            if psnr <= 0 or lpips >= 0:
                misses.append(text)
    if not margins:
        return []
    text = f"{name}: better than bicubic and {BASELINE} on PSNR and LPIPS-like on every domain"
    return [Target(text, not misses, "missed: " + "; ".join(misses) if misses else "; ".join(margins))]


def _colour(table: dict) -> list[Target]:
    if "none" not in table:
        return []
    found = table["none"]["deltaE"]
    text = f"mean ΔE2000 between the downscaled output and the clean low-resolution input ≤ {MOST_DELTA_E}"
    beside = f" (bicubic {table['bicubic']['deltaE']:.2f})" if "bicubic" in table else ""
    return [Target(text, found <= MOST_DELTA_E, f"{found:.2f}{beside}")]


def _irrelevant(name: str, domains: dict) -> list[Target]:
    losses = {
        domain: table["irrelevant"]["psnr"] - table["none"]["psnr"]
        for domain, table in domains.items()
        if "irrelevant" in table and "none" in table
    }
    if not losses:
        return []
    text = f"{name}: an irrelevant reference, taken regardless, costs at most {MOST_LOSS_TO_IRRELEVANT} dB"
    shown = "; ".join(f"{domain} {loss:+.3f} dB" for domain, loss in losses.items())
    return [Target(text, min(losses.values()) >= -MOST_LOSS_TO_IRRELEVANT, shown)]


def _references(name: str, domains: dict) -> list[Target]:
    found = []
    for domain, (psnr, lpips) in GAINS.items():
        table = domains.get(domain, {})
        if "retrieved" not in table or "none" not in table:
            continue
        gain = table["retrieved"]["psnr"] - table["none"]["psnr"]
        distance = table["retrieved"]["lpipsLike"] - table["none"]["lpipsLike"]
        wanted = f"at least {psnr:+.2f} dB and at most {lpips:+.4f} LPIPS-like" if psnr else "better on both"
        text = f"{name}: retrieved over none on {domain}, {wanted}"
        met = gain >= psnr and distance <= lpips and (gain, distance) != (0, 0)
        found.append(Target(text, met, f"{gain:+.3f} dB, {distance:+.4f}"))
    return found


def _time(costs: dict) -> list[Target]:
    ratio = costs["none"]["timeRatio"]
    text = f"CPU seconds per output megapixel ≤ {MOST_TIME_RATIO} × {BASELINE}"
    return [Target(text, ratio <= MOST_TIME_RATIO, f"{ratio:.2f} ×")]


def _size(bundle: dict) -> Target:
    megabytes = bundle["bytes"] / 1e6
    return Target(f"bundle ≤ {MOST_MEGABYTES} MB", megabytes <= MOST_MEGABYTES, f"{megabytes:.1f} MB")


def _finite(crops: dict) -> Target:
    text = f"no NaN or infinity over {crops['crops']} random crops"
    found = f"{crops['nonFinite']}; largest value {crops['largest']}"
    return Target(text, crops["nonFinite"] == 0 and crops["crops"] > 0, found)
