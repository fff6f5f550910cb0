import { paletteCss } from './palette';

/** The page's style: no font, picture or script is loaded from anywhere. */
export function styleCss(): string {
  return `${paletteCss()}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif}
header,main,footer{max-width:66rem;margin:0 auto;padding:1rem}
header{padding-top:2rem}
h1{font-size:1.75rem;line-height:1.2;margin:0;overflow-wrap:anywhere}
h2{font-size:1.2rem;margin:0 0 .75rem}
p{margin:.25rem 0}
section{margin:0 0 2.25rem}
.muted,small{color:var(--muted)}
.headline{display:grid;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));gap:.75rem;margin:1.25rem 0 0}
.headline div{background:var(--panel);border-radius:.5rem;padding:.75rem 1rem}
.headline dt{color:var(--muted);font-size:.875rem}
.headline dd{margin:0;font-size:1.25rem;font-weight:600;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;font-size:.925rem;font-variant-numeric:tabular-nums}
th,td{text-align:left;vertical-align:top;padding:.4rem .75rem .4rem 0;border-bottom:1px solid var(--line)}
thead th{color:var(--muted);font-size:.875rem;font-weight:600}
tbody th{font-weight:600}
td.number,th.number{text-align:right}
.number,.short{white-space:nowrap}
td.bar{width:20%;min-width:6rem}
.facts th{width:40%;font-weight:400;color:var(--muted)}
svg{display:block;max-width:100%}
svg text{font-family:inherit;fill:var(--text)}
.narrow{display:none}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;padding:0;margin:.5rem 0 0}
.legend i{display:inline-block;width:.75rem;height:.75rem;border-radius:2px;margin-right:.4rem}
.finding{border-left:4px solid var(--line);padding:.1rem 0 .1rem .9rem;margin:0 0 1rem}
.finding.warning{border-color:var(--warning)}
.finding.contradiction{border-color:var(--error)}
.finding strong{font-weight:600}
.level{color:var(--muted);font-weight:600}
.warning .level{color:var(--warning)}
.contradiction .level{color:var(--error)}
code{font:.9em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
@media (max-width:40rem){.wide{display:none}.narrow{display:block}header,main,footer{padding:.75rem 1rem}
.cards thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.cards tr{display:block;padding:.5rem 0;border-bottom:1px solid var(--line)}
.cards th,.cards td{display:flex;justify-content:space-between;gap:1rem;border:0;padding:.1rem 0;text-align:right;white-space:normal}
.cards tbody th{text-align:left}
.cards td::before{content:attr(data-name);color:var(--muted);text-align:left}
.cards td:empty,.cards td.bar{display:none}}
@media print{body{font-size:10.5pt}header,main,footer{max-width:none;padding:0}header{margin-bottom:1.5rem}.headline{grid-template-columns:repeat(4,1fr)}.headline dd{font-size:1rem}h2{break-after:avoid}section.keep,tr,.finding{break-inside:avoid}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}`;
}
