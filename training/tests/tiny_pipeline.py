"""A pipeline as an owner of real weights has it, but tiny and random.

Written by diffusers', transformers' and peft's own ``save_pretrained``.
"""

import json
from pathlib import Path

import torch
from diffusers import AutoencoderKL, ControlNetModel, DDPMScheduler, UNet2DConditionModel
from peft import LoraConfig, get_peft_model
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

WIDTH = 16
"""Length of the prompt's embeddings."""


def write_pipeline(folder: Path) -> None:
    """A folder with vae, unet, controlnet, scheduler, tokenizer, text_encoder; adapters in ``lora-*``"""
    torch.manual_seed(0)
    vae = AutoencoderKL(
        down_block_types=["DownEncoderBlock2D"] * 4,
        up_block_types=["UpDecoderBlock2D"] * 4,
        block_out_channels=[8, 8, 16, 16],
        norm_num_groups=4,
        layers_per_block=1,
        scaling_factor=0.18215,
    )
    unet = UNet2DConditionModel(
        down_block_types=["CrossAttnDownBlock2D", "DownBlock2D"],
        up_block_types=["UpBlock2D", "CrossAttnUpBlock2D"],
        block_out_channels=[16, 32],
        norm_num_groups=8,
        layers_per_block=1,
        attention_head_dim=8,
        use_linear_projection=True,
        cross_attention_dim=WIDTH,
    )
    controlnet = ControlNetModel.from_unet(
        unet, conditioning_channels=4, conditioning_embedding_out_channels=(8,)
    )
    # A trained one's zero-convolutions are zero no more.
    for zero in (*controlnet.controlnet_down_blocks, controlnet.controlnet_mid_block):
        torch.nn.init.normal_(zero.weight, 0, 0.3)
    torch.nn.init.normal_(controlnet.controlnet_cond_embedding.conv_out.weight, 0, 0.3)
    for name, part in {"vae": vae, "unet": unet, "controlnet": controlnet}.items():
        part.save_pretrained(folder / name)
    scheduler = DDPMScheduler(
        beta_schedule="scaled_linear", beta_start=0.00085, beta_end=0.012, clip_sample=False
    )
    scheduler.save_pretrained(folder / "scheduler")
    _write_text_encoder(folder)
    write_adapter(unet, ["to_q", "to_k", "to_v", "proj_in"], folder / "lora-unet")
    write_adapter(vae, ["conv1", "to_q"], folder / "lora-vae")
    write_adapter(controlnet, ["conv2", "to_v"], folder / "lora-controlnet")


def write_adapter(model: torch.nn.Module, targets: list[str], folder: Path) -> None:
    adapted = get_peft_model(model, LoraConfig(r=2, target_modules=targets))
    for name, parameter in adapted.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(parameter, 0, 0.2)
    adapted.save_pretrained(folder)
    adapted.unload()


def _write_text_encoder(folder: Path) -> None:
    letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
    tokens = [*letters, *(f"{letter}</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]
    (folder / "tokenizer").mkdir()
    (folder / "vocab.json").write_text(json.dumps({token: number for number, token in enumerate(tokens)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    tokenizer = CLIPTokenizer.from_pretrained(folder, model_max_length=12)
    tokenizer.save_pretrained(folder / "tokenizer")
    config = CLIPTextConfig(
        vocab_size=len(tokens),
        hidden_size=WIDTH,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=12,
        bos_token_id=len(tokens) - 2,
        eos_token_id=len(tokens) - 1,
    )
    CLIPTextModel(config).save_pretrained(folder / "text_encoder")
