/** The report's style sheet: neutral grey around the pictures, so that colours are judged right. */
export const STYLE = `
:root { color-scheme: light dark; --ground: light-dark(#ececec, #1d1d1d); --card: light-dark(#fafafa, #272727);
  --text: light-dark(#1a1a1a, #ededed); --quiet: light-dark(#585858, #a8a8a8); --accent: light-dark(#0b6e63, #5cc8b8);
  --line: light-dark(#d6d6d6, #3a3a3a); --tint: #22b8cf; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
header, main { max-width: 1240px; margin: 0 auto; padding: 24px; }
header { padding-bottom: 0; }
h1 { margin: 0; font-size: 28px; font-weight: 650; letter-spacing: -0.01em; }
header p { margin: 4px 0 0; color: var(--quiet); }
section { display: grid; grid-template-columns: minmax(0, 1fr) 280px; margin-bottom: 24px; background: var(--card);
  border-radius: 12px; overflow: hidden; box-shadow: 0 1px 3px rgb(0 0 0 / 0.15); }
aside { padding: 20px; }
aside h2 { margin: 0 0 4px; font-size: 17px; overflow-wrap: anywhere; }
aside p { margin: 0 0 12px; color: var(--quiet); font-size: 14px; }
aside .badge { display: inline-block; padding: 2px 10px; border: 1px solid var(--accent); border-radius: 6px;
  color: var(--accent); font-weight: 600; margin-bottom: 8px; }
aside img { display: block; width: 100%; border-radius: 8px; margin-bottom: 12px; }
dl { display: grid; grid-template-columns: auto 1fr; gap: 2px 8px; margin: 0; font-size: 13px; }
dt { color: var(--quiet); }
dd { margin: 0; text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.compare { --at: 50%; position: relative; width: 100%; max-height: 82vh; background: #808080; touch-action: pan-y; }
.compare img { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; }
.compare .before { clip-path: inset(0 calc(100% - var(--at)) 0 0); }
.compare::after { content: ''; position: absolute; inset: 0 auto 0 var(--at); width: 2px; margin-left: -1px;
  background: #fff; box-shadow: 0 0 4px rgb(0 0 0 / 0.5); pointer-events: none; }
.compare::before { content: '\u2194'; position: absolute; z-index: 1; top: 50%; left: var(--at); width: 40px; height: 40px;
  margin: -20px; border-radius: 50%; background: rgb(255 255 255 / 0.92); color: #222; font-size: 20px; line-height: 40px;
  text-align: center; box-shadow: 0 1px 6px rgb(0 0 0 / 0.4); pointer-events: none; }
.compare input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; cursor: ew-resize; }
.compare:has(input:focus-visible) { outline: 3px solid var(--accent); outline-offset: -3px; }
.compare .of-other, .compare .tint { display: none; }
.picture:has(.choose-other:checked) .of-photo { display: none; }
.picture:has(.choose-other:checked) .of-other { display: block; }
/* Without the result's colours the tint stands out from any. */
.picture:has(.choose-tint:checked) .after { filter: grayscale(1); }
.picture:has(.choose-tint:checked) .tint { display: block; }
.compare .tint { position: absolute; inset: 0; background: var(--tint); opacity: 0.5; mask: center / contain no-repeat;
  mask-mode: luminance; }
.choices { display: flex; flex-wrap: wrap; gap: 4px 24px; align-items: center; padding: 10px 16px; font-size: 14px; }
.choices fieldset { display: flex; gap: 16px; margin: 0; padding: 0; border: 0; }
.choices legend { float: left; margin-right: 16px; padding: 0; color: var(--quiet); }
.choices label { display: flex; gap: 6px; align-items: center; cursor: pointer; }
.choices input { margin: 0; accent-color: var(--accent); }
.swatch { width: 12px; height: 12px; border-radius: 2px; background: var(--tint); }
.label { position: absolute; top: 12px; padding: 2px 10px; border-radius: 999px; background: rgb(0 0 0 / 0.6);
  color: #fff; font-size: 13px; pointer-events: none; }
.left { left: 12px; } .right { right: 12px; }
@media (max-width: 820px) { section { grid-template-columns: 1fr; } }
`;

/** Moves the dividing line with its slider. */
export const SCRIPT = `
for (const compare of document.querySelectorAll('.compare')) {
  const slider = compare.querySelector('input');
  slider.addEventListener('input', () => compare.style.setProperty('--at', slider.value + '%'));
}
`;
