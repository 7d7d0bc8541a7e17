"""A one-step diffusion pipeline in diffusers' format, with a ControlNet on the reference's latent.

The layout is that of diffusers' ``save_pretrained``: a folder with ``vae``, ``unet``, ``scheduler``,
``tokenizer`` and ``text_encoder``, and the ControlNet in ``controlnet`` or in a folder of its own.
"""

from dataclasses import dataclass, field
from pathlib import Path

import torch
from diffusers import AutoencoderKL, ControlNetModel, DDPMScheduler, UNet2DConditionModel
from transformers import AutoTokenizer, CLIPTextModel

from .lora import merge_adapter, merge_osediff

PREDICTION_TYPES = ("epsilon", "v_prediction", "sample")


class PipelineError(Exception):
    """The pipeline cannot become a bundle; the message names what is wrong and what would do."""


@dataclass
class Sources:
    """Where the parts of a pipeline lie."""

    folder: Path
    controlnet: Path | None = None
    """``folder / "controlnet"`` where it is left out."""
    adapters: list[tuple[str, Path]] = field(default_factory=list)
    """LoRA adapters to merge, each as ``vae``, ``unet`` or ``controlnet`` and its folder."""
    osediff: Path | None = None
    """OSEDiff's checkpoint, merged into VAE and UNet before ``adapters``."""
    prompts: list[str] = field(default_factory=lambda: [""])


@dataclass
class OneStepPipeline:
    """All parts, adapters merged, in fp32 and in evaluation mode."""

    vae: AutoencoderKL
    unet: UNet2DConditionModel
    controlnet: ControlNetModel
    prompts: torch.Tensor
    """[P, L, C]: one embedding a category."""
    no_prompt: torch.Tensor
    """[1, L, C]: the empty prompt's; the ControlNet hears no text."""
    timestep: int
    alpha: float
    """The scheduler's cumulated alpha at ``timestep``."""
    prediction_type: str

    @property
    def vae_factor(self) -> int:
        """Pixels for each element of the latent, in each direction."""
        return 2 ** (len(self.vae.config.block_out_channels) - 1)

    @property
    def latent_multiple(self) -> int:
        """Sides of a latent are multiples of this: the UNet halves them so often."""
        return 2 ** (len(self.unet.config.block_out_channels) - 1)


def load_pipeline(sources: Sources, timestep: int | None = None) -> OneStepPipeline:
    """Read a pipeline and merge its adapters.

    ``timestep`` is the one step's, by default the noisiest, as OSEDiff's. Raises PipelineError or LoraError.
    """
    parts = {
        "vae": _load(AutoencoderKL, sources.folder / "vae"),
        "unet": _load(UNet2DConditionModel, sources.folder / "unet"),
        "controlnet": _load(ControlNetModel, sources.controlnet or sources.folder / "controlnet"),
    }
    if sources.osediff is not None:
        merge_osediff(parts["vae"], parts["unet"], sources.osediff)
    for name, folder in sources.adapters:
        parts[name] = merge_adapter(parts[name], folder)
    for part in parts.values():
        part.float().eval().requires_grad_(False)
    scheduler = DDPMScheduler.from_pretrained(sources.folder / "scheduler")
    steps = len(scheduler.alphas_cumprod)
    timestep = steps - 1 if timestep is None else timestep
    if not 0 <= timestep < steps:
        raise PipelineError(f"timestep {timestep}: the scheduler in {sources.folder} knows 0 to {steps - 1}")
    _check(**parts, scheduler=scheduler)
    embeddings = _embed_prompts(sources.folder, [*sources.prompts, ""])
    return OneStepPipeline(
        **parts,
        prompts=embeddings[:-1],
        no_prompt=embeddings[-1:],
        timestep=timestep,
        alpha=float(scheduler.alphas_cumprod[timestep]),
        prediction_type=scheduler.config.prediction_type,
    )


def _load(kind, folder: Path):
    if not (folder / "config.json").is_file():
        raise PipelineError(
            f"{folder} has no config.json: name a pipeline as diffusers' save_pretrained writes it"
        )
    return kind.from_pretrained(folder, torch_dtype=torch.float32, low_cpu_mem_usage=False)


def _embed_prompts(folder: Path, prompts: list[str]) -> torch.Tensor:
    """[len(prompts), L, C]."""
    tokenizer = AutoTokenizer.from_pretrained(folder / "tokenizer")
    encoder = CLIPTextModel.from_pretrained(folder / "text_encoder", torch_dtype=torch.float32).eval()
    ids = tokenizer(
        prompts,
        padding="max_length",
        max_length=tokenizer.model_max_length,
        truncation=True,
        return_tensors="pt",
    ).input_ids
    with torch.no_grad():
        return encoder(ids)[0]


def _check(
    vae: AutoencoderKL, unet: UNet2DConditionModel, controlnet: ControlNetModel, scheduler: DDPMScheduler
) -> None:
    channels = vae.config.latent_channels
    for name, part in (("UNet", unet), ("ControlNet", controlnet)):
        if part.config.in_channels != channels:
            raise PipelineError(
                f"the {name} takes {part.config.in_channels} channels, the VAE's latent has {channels}"
            )
    condition = controlnet.config
    if condition.conditioning_channels != channels or len(condition.conditioning_embedding_out_channels) != 1:
        raise PipelineError(
            f"the ControlNet reads {condition.conditioning_channels} channels through "
            f"{len(condition.conditioning_embedding_out_channels)} stages; it has to read the reference's "
            f"latent: conditioning_channels {channels} and a single conditioning_embedding_out_channels"
        )
    if unet.config.addition_embed_type is not None or unet.config.class_embed_type is not None:
        raise PipelineError(
            "the UNet asks for more than latent, timestep and prompt, as SDXL's does: not supported"
        )
    if vae.config.shift_factor is not None:
        raise PipelineError("the VAE shifts its latent, as FLUX's does: not supported")
    if scheduler.config.clip_sample or scheduler.config.thresholding:
        raise PipelineError(
            "the scheduler clips what it predicts, which latents do not bear: set clip_sample to false"
        )
    if scheduler.config.prediction_type not in PREDICTION_TYPES:
        raise PipelineError(
            f"the scheduler predicts {scheduler.config.prediction_type}, which is none of "
            f"{', '.join(PREDICTION_TYPES)}"
        )
