/* The look of what Bevara lays on someone else's page. */

bevara.panelStyle = `
:host { all: initial; }
.box, .save {
  color-scheme: light dark;
  --sheet: light-dark(#ffffff, #1a2120); --line: light-dark(#dbe2e0, #303b39); --line-control: light-dark(#74827f, #7f8f8b);
  --text: light-dark(#14201f, #e6ecea); --text-soft: light-dark(#4a5856, #a6b4b0); --ink: light-dark(#143f57, #9ccbe3);
  --ink-strong: light-dark(#0c2c3e, #c3e1f0); --on-ink: light-dark(#ffffff, #0a1d28); --ink-wash: light-dark(#e7eff4, #1b2c36);
  --focus: light-dark(#0b62d6, #7db8ff); --safe: light-dark(#175c3b, #82cfa6); --unsure: light-dark(#744700, #ecbb66);
  --danger: light-dark(#95231a, #f2a69c); --on-danger: light-dark(#ffffff, #2a0b07);
  font: 14px/1.45 "Segoe UI Variable Text", "Segoe UI", Inter, Roboto, "Noto Sans", system-ui, sans-serif;
  color: var(--text);
}
.box {
  position: fixed; inset: auto 16px 16px auto; inline-size: 320px; max-inline-size: calc(100vw - 24px); max-block-size: calc(100vh - 24px);
  overflow: auto; box-sizing: border-box; margin: 0; padding: 14px 16px 16px; background: var(--sheet); border: 1px solid var(--line);
  border-block-start: 4px solid var(--ink); border-radius: 6px; z-index: 2147483647;
  box-shadow: 0 10px 30px light-dark(rgb(20 40 50 / .18), rgb(0 0 0 / .6));
}
.box::backdrop { background: transparent; }
.box.safe { border-block-start-color: var(--safe); } .box.safe h2 { color: var(--safe); }
.box.unsure { border-block-start-color: var(--unsure); } .box.unsure h2 { color: var(--unsure); }
.box.danger { border-block-start-color: var(--danger); } .box.danger h2 { color: var(--danger); }
h2 { margin: 0; font-size: 16px; line-height: 1.35; font-weight: 650; }
p { margin: 4px 0 0; }
p.soft { color: var(--text-soft); }
p.secret { margin-block-start: 8px; padding: 8px 10px; border-radius: 4px; color: light-dark(#6a2160, #e0a9d8); background: light-dark(#f7ecf5, #2e1b2b); }
.reasons { display: grid; grid-template-columns: 1fr 1fr; gap: 6px; margin-block-start: 10px; }
.reasons button { justify-content: flex-start; text-align: start; }
.reasons .wide { grid-column: 1 / -1; }
.row { display: flex; flex-wrap: wrap; gap: 6px; margin-block-start: 10px; align-items: center; }
button {
  display: inline-flex; align-items: center; gap: 6px; min-block-size: 32px; padding: 4px 10px; margin: 0; box-sizing: border-box; cursor: pointer;
  font: inherit; color: var(--ink); background: var(--sheet); border: 1px solid var(--line-control); border-radius: 4px;
}
button:hover { color: var(--ink-strong); background: var(--ink-wash); }
button.primary { color: var(--on-ink); background: var(--ink); border-color: var(--ink); }
button.primary:hover { background: var(--ink-strong); color: var(--on-ink); }
button.grave { color: var(--on-danger); background: var(--danger); border-color: var(--danger); }
button.link { min-block-size: 28px; padding: 2px 4px; border-color: transparent; background: transparent; text-decoration: underline; text-underline-offset: 2px; }
button[aria-pressed=true] { background: var(--ink-wash); border-color: var(--ink); font-weight: 600; }
button[aria-pressed=true]::before { content: "✓"; }
button:focus-visible, textarea:focus-visible, input:focus-visible { outline: 3px solid var(--focus); outline-offset: 1px; }
kbd { font: 600 12px/1 ui-monospace, Consolas, monospace; color: var(--text-soft); }
fieldset { border: 0; margin: 8px 0 0; padding: 0; display: grid; gap: 6px; }
label { display: flex; gap: 8px; align-items: center; min-block-size: 28px; }
textarea { box-sizing: border-box; inline-size: 100%; min-block-size: 72px; margin-block-start: 8px; font: inherit; color: inherit; background: var(--sheet); border: 1px solid var(--line-control); border-radius: 4px; padding: 6px 8px; }
.track { block-size: 4px; margin-block-start: 10px; border-radius: 2px; background: var(--line); overflow: hidden; }
.track::after { content: ""; display: block; block-size: 100%; inline-size: 40%; background: var(--ink); animation: go 1.2s .5s ease-in-out infinite alternate; }
@keyframes go { to { transform: translateX(150%); } }
@media (prefers-reduced-motion: reduce) { .track::after { animation: none; inline-size: 100%; } }
@media (forced-colors: active) { .box { border-color: CanvasText; } }
.save { position: fixed; z-index: 2147483646; display: flex; gap: 2px; }
.save button { min-block-size: 26px; padding: 1px 8px; font-size: 13px; box-shadow: 0 1px 4px rgb(0 0 0 / .2); }
.heard { position: fixed; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
`;

/** Gives a shadow root the look; by a constructed sheet, which the page's own policy on styles does not stop.
 * @param {ShadowRoot} root */
bevara.dress = (root) => {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(bevara.panelStyle);
    root.adoptedStyleSheets = [sheet];
  } catch {
    const style = document.createElement("style");
    style.textContent = bevara.panelStyle;
    root.append(style);
  }
};
