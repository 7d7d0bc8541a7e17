"""A diffusers pipeline becomes a bundle that answers as diffusers does, through ``rasr restore`` too."""

import json
import subprocess
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from conftest import rendered
from diffusers import AutoencoderKL, ControlNetModel, DDPMScheduler, UNet2DConditionModel
from peft import LoraConfig, PeftModel
from tiny_pipeline import write_pipeline
from transformers import AutoTokenizer, CLIPTextModel

from rasr_training import export_diffusers, onnx_files
from rasr_training.autoencoder import bicubic_upsample
from rasr_training.bundles import open_session, to_input
from rasr_training.diffusers_graphs import Denoiser
from rasr_training.diffusers_pipeline import Sources, load_pipeline
from rasr_training.lora import LoraError, merge_adapter, merge_osediff
from rasr_training.manifest import read_manifest
from rasr_training.onnx_files import SMALLEST_HALVED
from rasr_training.photos import cover

ROOT = Path(__file__).resolve().parents[2]
NODE = ROOT / "node_modules" / ".bin" / "node"
ADAPTED = {"vae": AutoencoderKL, "unet": UNet2DConditionModel, "controlnet": ControlNetModel}
PROMPTS = ["a tiger", "a vase"]
REFERENCE_SIZE = 64


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("pipeline")
    write_pipeline(folder)
    return folder


def arguments(pipeline: Path, models: Path) -> list[str]:
    adapters = [f"--lora={part}={pipeline / f'lora-{part}'}" for part in ADAPTED]
    prompts = [f"--prompt={prompt}" for prompt in PROMPTS]
    identity = ["--id=tiny", "--title=Tiny", "--licence=MIT", f"--models={models}"]
    sizes = ["--tile=32", "--overlap=8", f"--reference-size={REFERENCE_SIZE}"]
    return [f"--pipeline={pipeline}", *adapters, *prompts, *identity, *sizes]


@pytest.fixture(scope="module")
def library(pipeline, tmp_path_factory) -> Path:
    """A library of the app with the exported bundle in it."""
    folder = tmp_path_factory.mktemp("library")
    export_diffusers.main(arguments(pipeline, folder / "models"))
    return folder


@pytest.fixture(scope="module")
def bundle(library) -> Path:
    return library / "models" / "tiny"


class Diffusers:
    """The same restoration by diffusers' own means, with the weights as the bundle stores them."""

    def __init__(self, folder: Path):
        for name, kind in ADAPTED.items():
            adapted = PeftModel.from_pretrained(kind.from_pretrained(folder / name), folder / f"lora-{name}")
            part = adapted.merge_and_unload().eval()
            for parameter in part.parameters():
                if parameter.numel() >= SMALLEST_HALVED:
                    parameter.data = parameter.data.half().float()
            setattr(self, name, part)
        self.scheduler = DDPMScheduler.from_pretrained(folder / "scheduler")
        self.tokenizer = AutoTokenizer.from_pretrained(folder / "tokenizer")
        self.text_encoder = CLIPTextModel.from_pretrained(folder / "text_encoder").eval()

    def embed(self, prompt: str) -> torch.Tensor:
        ids = self.tokenizer(prompt, padding="max_length", max_length=12, return_tensors="pt").input_ids
        return self.text_encoder(ids).last_hidden_state

    def encode(self, image: torch.Tensor) -> torch.Tensor:
        return self.vae.encode(2 * image - 1).latent_dist.mean * self.vae.config.scaling_factor

    @torch.no_grad()
    def restore(
        self, lr: np.ndarray, reference: np.ndarray | None, strength: float = 1, prompt: str = PROMPTS[0]
    ) -> np.ndarray:
        """``lr`` [1, 3, h, w], ``reference`` [1, 3, R, R], both RGB 0..1 -> [1, 3, 4h, 4w]."""
        z = self.encode(bicubic_upsample(torch.from_numpy(lr)).clamp(0, 1))
        control = {}
        if reference is not None:
            known = self.encode(torch.from_numpy(reference))
            known = torch.nn.functional.interpolate(known, z.shape[2:], mode="bilinear")
            found = self.controlnet(z, 999, self.embed(""), known, conditioning_scale=strength)
            control = {
                "down_block_additional_residuals": found.down_block_res_samples,
                "mid_block_additional_residual": found.mid_block_res_sample,
            }
        epsilon = self.unet(z, 999, self.embed(prompt), **control).sample
        x0 = self.scheduler.step(epsilon, 999, z).pred_original_sample
        return (self.vae.decode(x0 / self.vae.config.scaling_factor).sample / 2 + 0.5).numpy()


@pytest.fixture(scope="module")
def diffusers(pipeline) -> Diffusers:
    return Diffusers(pipeline)


class Chain:
    """A bundle's graphs, run in ONNX Runtime as the manifest lists them."""

    def __init__(self, folder: Path):
        self.manifest = read_manifest(folder)
        self.sessions = {g["role"]: open_session(folder / g["file"], 2) for g in self.manifest["graphs"]}

    def restore(
        self, lr: np.ndarray, reference: np.ndarray | None, strength: float = 1, category: int = 0
    ) -> np.ndarray:
        (feature,) = self.manifest["reference"]["features"]
        shape = [1, feature["channels"], feature["height"], feature["width"]]
        known = {"lr": lr, feature["name"]: np.zeros(shape, np.float32)}
        if reference is not None:
            known[feature["name"]] = self.sessions["reference-encoder"].run(None, {"reference": reference})[0]
        known["reference_strength"] = np.float32([strength])
        known["category"] = np.eye(len(PROMPTS), dtype=np.float32)[category]
        for graph in self.manifest["graphs"][1:]:
            inputs = {name: known[name] for name in graph["inputs"]}
            found = self.sessions[graph["role"]].run(graph["outputs"], inputs)
            known.update(zip(graph["outputs"], found, strict=True))
        return found[0]


@pytest.fixture(scope="module")
def chain(bundle) -> Chain:
    return Chain(bundle)


def photo(seed: int, height: int, width: int) -> np.ndarray:
    return to_input(cv2.resize(rendered(seed, 96), (width, height), interpolation=cv2.INTER_AREA))


REFERENCE = to_input(cover(rendered(5, 128), REFERENCE_SIZE))


@pytest.mark.parametrize(("size", "strength"), [((16, 16), 1), ((24, 40), 0.5), ((32, 20), 1)])
def test_the_chain_equals_diffusers(diffusers, chain, size, strength):
    lr = photo(1, *size)
    wanted, found = diffusers.restore(lr, REFERENCE, strength), chain.restore(lr, REFERENCE, strength)
    assert found.shape == (1, 3, 4 * size[0], 4 * size[1])
    assert np.abs(found - wanted).max() < 1e-3
    assert wanted.std() > 0.01


def test_strength_zero_and_zeros_for_a_reference_are_exactly_as_none(diffusers, chain):
    lr = photo(2, 24, 24)
    silenced = chain.restore(lr, REFERENCE, 0)
    assert np.array_equal(silenced, chain.restore(lr, None, 0))
    assert np.abs(silenced - diffusers.restore(lr, None)).max() < 1e-3
    assert np.abs(silenced - chain.restore(lr, REFERENCE, 1)).max() > 1e-2


def test_the_category_chooses_the_prompt(diffusers, chain):
    assert chain.manifest["constants"] == [{"name": "category", "dims": [2], "values": [1, 0]}]
    lr = photo(3, 16, 24)
    for category, prompt in enumerate(PROMPTS):
        wanted = diffusers.restore(lr, REFERENCE, prompt=prompt)
        assert np.abs(chain.restore(lr, REFERENCE, category=category) - wanted).max() < 1e-3
    assert np.abs(wanted - diffusers.restore(lr, REFERENCE)).max() > 2e-3


def test_each_adapter_counts(pipeline, diffusers):
    lr = photo(3, 16, 16)
    with_all = diffusers.restore(lr, REFERENCE)
    for name, kind in ADAPTED.items():
        bare = Diffusers(pipeline)
        setattr(bare, name, kind.from_pretrained(pipeline / name).eval())
        assert np.abs(bare.restore(lr, REFERENCE) - with_all).max() > 5e-3, name


# --- through the app -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def app(library):
    """``rasr`` on the library, run from its sources; the bundle is in use."""
    if not NODE.exists():
        pytest.skip("the app's node_modules are missing: run npm ci in the repository's root")

    def rasr(*words: str) -> str:
        command = [NODE, ROOT / "src" / "cli" / "rasr.ts", "--library", library, *words]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    rasr("models", "use", "tiny")
    return rasr


RESTORE_TILE = """
const [root, folder, reference, lr, width, height, strength] = process.argv.slice(2);
const { readFileSync, writeFileSync } = await import('node:fs');
const { readBundle } = await import(`${root}/src/core/models/bundle.ts`);
const { chooseDevice } = await import(`${root}/src/core/models/device.ts`);
const { Generator } = await import(`${root}/src/core/restoration/generator.ts`);
const generator = await Generator.load(await readBundle(folder), chooseDevice());
const data = new Float32Array(new Uint8Array(readFileSync(lr)).buffer);
const features = await generator.encodeReference(reference);
const tile = { data, dims: [1, 3, Number(height), Number(width)] };
const sr = await generator.restoreTile(tile, features, { strength: Number(strength), detail: null });
writeFileSync(`${lr}.out`, sr.data);
await generator.release();
"""
"""One tile by the app's own code, before colours follow the photo."""


def test_the_app_computes_what_diffusers_computes(app, bundle, diffusers, tmp_path):
    lr = photo(4, 20, 28)
    lr.tofile(tmp_path / "lr")
    # Square and of the right size: how the app brings references there is not what is asked here.
    cv2.imwrite(str(tmp_path / "reference.png"), rendered(5, REFERENCE_SIZE)[..., ::-1])
    (tmp_path / "tile.mjs").write_text(RESTORE_TILE)
    words = [ROOT.as_posix(), bundle, tmp_path / "reference.png", tmp_path / "lr", "28", "20", "0.5"]
    subprocess.run([NODE, tmp_path / "tile.mjs", *words], check=True)
    found = np.fromfile(tmp_path / "lr.out", np.float32).reshape(1, 3, 80, 112)
    wanted = diffusers.restore(lr, to_input(rendered(5, REFERENCE_SIZE)), 0.5)
    assert np.abs(found - wanted).max() < 1e-3


def test_rasr_restores_with_it(app, tmp_path):
    cv2.imwrite(str(tmp_path / "photo.png"), cv2.resize(rendered(4, 96), (61, 45)))
    cv2.imwrite(str(tmp_path / "reference.png"), rendered(5, 200))
    named = ["--reference", str(tmp_path / "reference.png")]
    outputs = {}
    for name, options in {
        "none": ["--no-reference"],
        "silent": [*named, "--strength=0"],
        "half": [*named, "--strength=0.5"],
        "full": named,
    }.items():
        done = json.loads(
            app("restore", str(tmp_path / "photo.png"), "--json", "--out", str(tmp_path / name), *options)
        )
        assert done["record"]["generator"]["id"] == "tiny"
        assert done["record"]["tiles"] > 1
        outputs[name] = cv2.imread(done["output"]).astype(int)
        assert outputs[name].shape == (180, 244, 3)
    assert done["record"]["references"][0]["name"] == "reference.png"
    assert np.array_equal(outputs["none"], outputs["silent"])
    assert np.abs(outputs["none"] - outputs["full"]).max() > 2
    assert np.abs(outputs["half"] - outputs["full"]).max() > 2


# --- what is read, and what is refused -----------------------------------------------------------------


def test_prediction_types_give_the_schedulers_answer(pipeline):
    loaded = load_pipeline(Sources(pipeline), timestep=700)
    latent = torch.randn(1, 4, 4, 4)
    with torch.no_grad():
        zeros = [0 * residual for residual in _residuals(loaded, latent)]
        predicted = loaded.unet(latent, 700, loaded.no_prompt).sample
        for kind in ("epsilon", "v_prediction", "sample"):
            loaded.prediction_type = kind
            scheduler = DDPMScheduler.from_pretrained(pipeline / "scheduler", prediction_type=kind)
            wanted = scheduler.step(predicted, 700, latent).pred_original_sample
            assert torch.allclose(Denoiser(loaded)(latent, *zeros), wanted, atol=1e-4), kind


def _residuals(loaded, latent: torch.Tensor) -> tuple[torch.Tensor, ...]:
    return export_diffusers.ReferenceControl(loaded)(latent, latent, torch.ones(1))


def test_adapters_as_diffusers_saves_them(pipeline, tmp_path):
    unet = UNet2DConditionModel.from_pretrained(pipeline / "unet")
    unet.add_adapter(LoraConfig(r=2, target_modules=["to_q"]))
    for name, parameter in unet.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(parameter, 0, 0.5)
    unet.save_lora_adapter(tmp_path)
    latent, prompt = torch.randn(1, 4, 8, 8), torch.randn(1, 3, 16)
    plain = UNet2DConditionModel.from_pretrained(pipeline / "unet")
    with torch.no_grad():
        before = plain(latent, 10, prompt).sample
        after = merge_adapter(plain, tmp_path)(latent, 10, prompt).sample
        assert torch.allclose(after, unet(latent, 10, prompt).sample, atol=1e-5)
    assert not torch.allclose(after, before, atol=1e-3)
    assert not [name for name, _ in plain.named_parameters() if "lora" in name]


def test_the_checkpoint_of_osediff(pipeline, tmp_path):
    """Written as OSEDiff's ``save_model`` writes it."""
    targets = {
        "default_encoder": ["down_blocks.0.attentions.0.proj_in", "conv_in"],
        "default_decoder": ["up_blocks.1.attentions.0.proj_in"],
        "default_others": ["conv_out"],
    }
    unet = UNet2DConditionModel.from_pretrained(pipeline / "unet")
    vae = AutoencoderKL.from_pretrained(pipeline / "vae")
    for name, modules in targets.items():
        unet.add_adapter(
            LoraConfig(r=2, init_lora_weights="gaussian", target_modules=modules), adapter_name=name
        )
    vae.add_adapter(
        LoraConfig(r=3, init_lora_weights="gaussian", target_modules=["encoder.conv_in"]),
        adapter_name="default_encoder",
    )
    unet.set_adapter(list(targets))
    for model in (unet, vae):
        for name, parameter in model.named_parameters():
            if "lora_B" in name or name.startswith("conv_in"):
                torch.nn.init.normal_(parameter, 0, 0.3)
    checkpoint = {
        "rank_unet": 2,
        "rank_vae": 3,
        **{f"unet_lora_{name[8:]}_modules": modules for name, modules in targets.items()},
        "vae_lora_encoder_modules": ["encoder.conv_in"],
        "state_dict_unet": {k: v for k, v in unet.state_dict().items() if "lora" in k or "conv_in" in k},
        "state_dict_vae": {k: v for k, v in vae.state_dict().items() if "lora" in k},
    }
    torch.save(checkpoint, tmp_path / "osediff.pkl")
    merged_vae = AutoencoderKL.from_pretrained(pipeline / "vae")
    merged_unet = UNet2DConditionModel.from_pretrained(pipeline / "unet")
    merge_osediff(merged_vae, merged_unet, tmp_path / "osediff.pkl")
    latent, prompt, image = torch.randn(1, 4, 8, 8), torch.randn(1, 3, 16), torch.rand(1, 3, 32, 32)
    with torch.no_grad():
        wanted = unet(latent, 10, prompt).sample
        assert torch.allclose(merged_unet(latent, 10, prompt).sample, wanted, atol=1e-4)
        wanted = vae.encode(image).latent_dist.mean
        assert torch.allclose(merged_vae.encode(image).latent_dist.mean, wanted, atol=1e-4)
    del checkpoint["state_dict_unet"]["conv_out.lora_A.default_others.weight"]
    torch.save(checkpoint, tmp_path / "broken.pkl")
    with pytest.raises(LoraError, match=r"broken\.pkl is no OSEDiff checkpoint"):
        merge_osediff(
            *(kind.from_pretrained(pipeline / n) for n, kind in list(ADAPTED.items())[:2]),
            tmp_path / "broken.pkl",
        )


def rewrite(file: Path, **values) -> None:
    file.write_text(json.dumps({**json.loads(file.read_text()), **values}))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda f: (f / "controlnet" / "config.json").unlink(), r"controlnet has no config\.json"),
        (lambda f: rewrite(f / "scheduler" / "scheduler_config.json", clip_sample=True), "clip_sample"),
        (
            lambda f: rewrite(f / "scheduler" / "scheduler_config.json", prediction_type="flow"),
            "predicts flow",
        ),
        (lambda f: rewrite(f / "vae" / "config.json", shift_factor=0.1), "FLUX"),
        (lambda f: (f / "lora-unet" / "adapter_config.json").unlink(), "is no LoRA adapter of UNet2D"),
        (lambda f: _image_controlnet(f), "read the reference's latent"),
    ],
)
def test_what_cannot_become_a_bundle_is_told(pipeline, tmp_path, change, told):
    folder = tmp_path / "pipeline"
    subprocess.run(["cp", "-r", pipeline, folder], check=True)
    change(folder)
    with pytest.raises(SystemExit, match=told):
        export_diffusers.main(arguments(folder, tmp_path / "models"))
    assert not (tmp_path / "models").exists()


def _image_controlnet(folder: Path) -> None:
    ControlNetModel.from_unet(UNet2DConditionModel.from_pretrained(folder / "unet")).save_pretrained(
        folder / "controlnet"
    )


@pytest.mark.parametrize(
    ("option", "told"), [("--tile=30", "multiple of 4"), ("--reference-size=60", "of 8")]
)
def test_sizes_the_app_could_not_cut_are_told(pipeline, tmp_path, option, told):
    with pytest.raises(SystemExit, match=told):
        export_diffusers.main([*arguments(pipeline, tmp_path), option])


def test_a_graph_that_fits_no_file_is_told_and_leaves_nothing(pipeline, tmp_path, monkeypatch):
    monkeypatch.setattr(onnx_files, "LARGEST_FILE", 10_000)
    with pytest.raises(SystemExit, match=r"encoder\.onnx would have 0\.00 GB"):
        export_diffusers.main(arguments(pipeline, tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_bundle_there_is_stays(pipeline, library):
    with pytest.raises(SystemExit, match="exists already"):
        export_diffusers.main(arguments(pipeline, library / "models"))
