/**
 * Colors of the page in light and dark mode. Text is on `ground` (the page), `panel` (a section), or `inset` (a box in a section). Parts of
 * a picture are on `panel` or `inset`. Tests check the contrast.
 */
export const PALETTE = {
  light: {
    ground: '#f3f5f8',
    panel: '#ffffff',
    inset: '#eef1f5',
    text: '#16202c',
    muted: '#52606f',
    line: '#d3dae3',
    accent: '#0b5cad',
    high: '#cfe1f5',
    good: '#1a6b3c',
    warning: '#8a4b00',
    error: '#b3261e',
    one: '#0b5cad',
    two: '#00695c',
    three: '#8a4b00',
    four: '#7b3fa0',
    five: '#5b6676',
  },
  dark: {
    ground: '#0d1218',
    panel: '#161d26',
    inset: '#202a36',
    text: '#e8edf3',
    muted: '#a6b3c2',
    line: '#354250',
    accent: '#6cb2f5',
    high: '#24466a',
    good: '#6fcf97',
    warning: '#f0b35e',
    error: '#f5948c',
    one: '#6cb2f5',
    two: '#5cc8b8',
    three: '#f0b35e',
    four: '#c79be6',
    five: '#97a3b2',
  },
} as const;

/** Returns the palette as CSS custom properties. The reader's system selects light or dark mode. */
export function paletteCss(): string {
  const block = (colors: Readonly<Record<string, string>>) =>
    Object.entries(colors)
      .map(([name, value]) => `--${name}:${value}`)
      .join(';');
  return `:root{color-scheme:light dark;${block(PALETTE.light)}}
@media screen and (prefers-color-scheme:dark){:root{${block(PALETTE.dark)}}}
@media print{:root{color-scheme:light}}`;
}

/** The style of the page. It loads no fonts, pictures, or scripts. */
export function styleCss(): string {
  return [paletteCss(), PAGE, TABLES, PICTURES, FINDINGS, NARROW, PRINT].join('\n');
}

const PAGE = `*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0;background:var(--ground);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;-webkit-text-size-adjust:100%}
body>header,main,footer{max-width:66rem;margin:0 auto;padding:1rem}
body>header{padding-top:2.25rem;padding-bottom:.5rem}
h1,h2,h3{line-height:1.25;text-wrap:balance;overflow-wrap:anywhere}
h1{font-size:1.875rem;letter-spacing:-.015em;margin:0}
h2{font-size:1.125rem;margin:0 0 .75rem}
article>header h2{font-size:1.5rem;letter-spacing:-.01em;margin:0}
h3{font-size:1.125rem;margin:0 0 .75rem}
p{margin:.25rem 0;overflow-wrap:anywhere}
a{color:var(--accent);text-underline-offset:.15em}
a:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:2px}
article{border-top:1px solid var(--line);margin-top:2.5rem;padding-top:1.75rem}
article>header{margin-bottom:1.25rem}
article>header>p:first-child{font-size:.875rem;margin-bottom:.5rem}
section{background:var(--panel);border:1px solid var(--line);border-radius:.75rem;padding:1.125rem 1.25rem;margin:0 0 1rem;min-width:0}
.pair{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:0 1rem}
.pair>section:only-child{grid-column:1/-1}
.muted,small,figcaption{color:var(--muted)}
section{-webkit-box-decoration-break:clone;box-decoration-break:clone}
.headline{display:grid;grid-template-columns:repeat(auto-fit,minmax(12rem,1fr));gap:.75rem;margin:1.25rem 0 0}
.headline>div{min-width:0;background:var(--panel);border:1px solid var(--line);border-radius:.75rem;padding:.75rem 1rem}
.headline dt{color:var(--muted);font-size:.8125rem;overflow-wrap:anywhere}
.headline dd{margin:.125rem 0 0;font-size:1.125rem;line-height:1.35;font-weight:650;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
.binding{border-left:.25rem solid var(--accent)}
.binding p{font-size:1.0625rem}
.facts{display:grid;grid-template-columns:minmax(8rem,1fr) 3fr;margin:0;font-size:.9375rem}
.facts dt,.facts dd{margin:0;padding:.4rem .75rem .4rem 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
.facts dt{color:var(--muted)}
.facts dt:last-of-type,.facts dd:last-of-type{border-bottom:0}`;

const TABLES = `table{border-collapse:collapse;width:100%;font-size:.9375rem;font-variant-numeric:tabular-nums}
th,td{text-align:left;vertical-align:top;padding:.45rem .875rem .45rem 0;border-bottom:1px solid var(--line);overflow-wrap:break-word}
tbody tr:last-child>*{border-bottom:0}
thead th{color:var(--muted);font-size:.8125rem;font-weight:600;vertical-align:bottom;overflow-wrap:normal}
tbody th{font-weight:600}
td.number,th.number{text-align:right}
.number,.short{white-space:nowrap}
.long{overflow-wrap:anywhere;word-break:break-word;min-width:5rem}
td.bar{width:18%;min-width:7rem}
td.bar svg{margin-top:.3rem}
tr.chosen>:first-child{box-shadow:inset .25rem 0 var(--accent);padding-left:.75rem}`;

const PICTURES = `figure{margin:0}
figcaption{font-size:.9375rem;margin-top:.5rem;overflow-wrap:anywhere}
svg{display:block;max-width:100%}
svg text{font-family:inherit;fill:var(--text)}
.narrow{display:none}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;padding:0;margin:.625rem 0 0;font-size:.875rem}
.legend li{min-width:0;overflow-wrap:anywhere;display:flex;align-items:center;gap:.4rem}
.legend i{flex:none;width:.75rem;height:.75rem;border-radius:2px}`;

const FINDINGS = `.badges{display:flex;flex-wrap:wrap;gap:.375rem;font-size:.875rem;font-weight:600;line-height:1.3}
.badge{display:inline-flex;align-items:center;gap:.35rem;color:var(--muted);min-width:0}
.badge svg{flex:none}
.badge.warning{color:var(--warning)}
.badge.contradiction{color:var(--error)}
.badge.good{color:var(--good)}
.findings{list-style:none;margin:0;padding:0}
.findings>li{border-top:1px solid var(--line);padding:.75rem 0}
.findings>li:first-child{border-top:0;padding-top:0}
.findings>li:last-child{padding-bottom:0}
.findings .what{font-weight:600}
.findings .badges{margin-bottom:.125rem}
.findings .source{font-size:.875rem}
code{font:.9em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}`;

/** Phones and small tablets: table rows become cards, and the narrow pictures are shown. */
const NARROW = `@media screen and (max-width:56rem){.wide{display:none}.narrow{display:block;max-width:30rem}.pair{grid-template-columns:minmax(0,1fr)}}
@media screen and (max-width:64rem){body>header,main,footer{padding-left:.75rem;padding-right:.75rem}
section{padding:1rem .875rem}
h1{font-size:1.5rem}
.headline{grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.5rem}
.headline>div{padding:.625rem .75rem}
.headline dd{font-size:1.0625rem}
.facts{grid-template-columns:1fr}
.facts dt{border:0;padding-bottom:0;font-size:.8125rem}
.facts dd{padding-top:0}
.cards thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.cards tbody,.cards tr{display:block}
.cards tr{padding:.625rem 0;border-bottom:1px solid var(--line)}
.cards tr:first-child{padding-top:0}
.cards tr:last-child{border-bottom:0;padding-bottom:0}
.cards tr.chosen{box-shadow:inset .25rem 0 var(--accent);padding-left:.75rem}
.cards tr.chosen>:first-child{box-shadow:none;padding-left:0}
.cards th,.cards td{min-width:0;overflow-wrap:anywhere;display:flex;justify-content:space-between;gap:1rem;border:0;padding:.125rem 0;text-align:right;white-space:normal}
.cards tbody th{text-align:left;font-size:1rem}
.cards td::before{content:attr(data-name);color:var(--muted);text-align:left;flex:none}
.cards .badges{justify-content:flex-end}
.cards td:empty{display:none}
.cards td.bar{display:block;width:auto;padding:.375rem 0}
.cards td.bar:empty{display:none}
.cards td.bar::before{content:none}}`;

const PRINT = `@page{margin:15mm}
@media print{body{font-size:10pt;background:none}
body>header,main,footer{max-width:none;padding:0}
body>header{margin-bottom:1rem}
h1{font-size:18pt}
table{font-size:8.5pt}
th,td{padding-right:.5rem}
td.short{white-space:normal}
.long{min-width:0}
section,.headline>div{padding:.625rem .75rem}
.headline{grid-template-columns:repeat(4,1fr);gap:.5rem}
.headline dd{font-size:10pt}
.badges{font-size:8.5pt}
.pair{display:block}
.pair .wide{max-width:30rem}
article{border:0;margin:0;padding:0;break-before:page}
h1,h2,h3{break-after:avoid}
section.keep,tr,.findings>li,figure,.headline>div{break-inside:avoid}
a{color:inherit}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}`;
