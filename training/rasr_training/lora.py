"""LoRA adapters merged into the weights of diffusers' models: a bundle's graphs hold no adapters.

Three ways they come: a folder that peft's ``save_pretrained`` wrote, one that diffusers'
``save_lora_adapter`` wrote, and the checkpoint of OSEDiff.
"""

from pathlib import Path

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from peft import LoraConfig, PeftModel
from torch import nn

DIFFUSERS_FILE = "pytorch_lora_weights.safetensors"


class LoraError(Exception):
    """An adapter cannot be merged; the message names it and says why."""


def merge_adapter(model: nn.Module, folder: Path) -> nn.Module:
    """``model`` with the adapter in ``folder`` merged into its weights. Raises LoraError."""
    try:
        if (folder / "adapter_config.json").is_file():
            return PeftModel.from_pretrained(model, folder).merge_and_unload()
        model.load_lora_adapter(str(folder), weight_name=DIFFUSERS_FILE, prefix=None)
        model.fuse_lora()
        model.unload_lora()
    except Exception as error:
        raise LoraError(
            f"{folder} is no LoRA adapter of {type(model).__name__} ({error}): name a folder with "
            f"adapter_config.json, as peft saves it, or with {DIFFUSERS_FILE}, as diffusers does"
        ) from error
    return model


def merge_osediff(vae: AutoencoderKL, unet: UNet2DConditionModel, file: Path) -> None:
    """Merge OSEDiff's ``osediff.pkl`` into VAE and UNet, in place. Raises LoraError.

    It holds the adapters' ranks and target modules beside their weights, and the UNet's whole ``conv_in``.
    The file is read as weights only: nothing in it is run.
    """
    try:
        saved = torch.load(file, map_location="cpu", weights_only=True)
        parts = ("encoder", "decoder", "others")
        targets = {f"default_{part}": saved[f"unet_lora_{part}_modules"] for part in parts}
        _merge(unet, targets, saved["rank_unet"], saved["state_dict_unet"])
        targets = {"default_encoder": saved["vae_lora_encoder_modules"]}
        _merge(vae, targets, saved["rank_vae"], saved["state_dict_vae"])
    except Exception as error:
        raise LoraError(f"{file} is no OSEDiff checkpoint for these models ({error!r})") from error


def _merge(
    model: nn.Module, targets: dict[str, list[str]], rank: int, weights: dict[str, torch.Tensor]
) -> None:
    for name, modules in targets.items():
        model.add_adapter(LoraConfig(r=rank, target_modules=modules), adapter_name=name)
    parameters = dict(model.named_parameters())
    adapters = {name for name in parameters if "lora" in name}
    if missing := sorted(adapters - weights.keys()) + sorted(weights.keys() - parameters.keys()):
        raise KeyError(f"{missing[0]} is on one side only")
    with torch.no_grad():
        for name, weight in weights.items():
            parameters[name].copy_(weight)
    model.fuse_lora(adapter_names=list(targets))
    model.unload_lora()
