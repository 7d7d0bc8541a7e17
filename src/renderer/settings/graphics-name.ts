let known: string | null | undefined;

/** What this computer's graphics are called, as the browser tells it; null where it does not. */
export function graphicsName(): string | null {
  known ??= plainName(rendererOf(document.createElement('canvas')));
  return known;
}

function rendererOf(canvas: HTMLCanvasElement): string {
  const context = canvas.getContext('webgl2');
  const extension = context?.getExtension('WEBGL_debug_renderer_info');
  if (context == null || extension == null) return '';
  const name: unknown = context.getParameter(extension.UNMASKED_RENDERER_WEBGL);
  context.getExtension('WEBGL_lose_context')?.loseContext();
  return typeof name === 'string' ? name : '';
}

/**
 * The device within Chromium's name for it: "ANGLE (NVIDIA, NVIDIA GeForce RTX 4070 (0x00002786) Direct3D11 …, D3D11)"
 * is a "NVIDIA GeForce RTX 4070".
 */
export function plainName(renderer: string): string | null {
  const [, inner] = /^ANGLE \([^,]*, (.*), [^,]*\)$/.exec(renderer) ?? [];
  const plain = (inner ?? renderer)
    .replace(/^ANGLE Metal Renderer: /, '')
    .replace(/^Vulkan [\d.]+ \((.*)\)$/, '$1')
    .replace(/ \(0x[0-9A-Fa-f]+\).*$/, '')
    .replace(/\/PCIe\/SSE2.*$/, '')
    .trim();
  return plain === '' ? null : plain;
}
