import { datedWorkloads, type ReportDocument } from './document';
import { escapeHtml, phrase } from './escape';
import { overallCards, overviewHtml } from './overview-html';
import { prices, RANGE_NOTE } from './overview';
import { styleCss } from './style';
import { workloadHeader, workloadSections } from './workload-html';

/** Renders a report as one self-contained page, for phones, dark mode, and print. */
export function reportHtml(report: ReportDocument): string {
  const title = escapeHtml(report.title);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${styleCss()}</style>
</head>
<body>
${bodyHtml(report)}
<footer><p><small>${RANGE_NOTE} This page makes no network requests.</small></p></footer>
</body>
</html>
`;
}

function bodyHtml(report: ReportDocument): string {
  const workloads = datedWorkloads(report);
  const [only, ...more] = workloads;
  if (only && more.length === 0) {
    return `<header>\n${workloadHeader(only, 1)}\n</header>
<main>\n${workloadSections(only, 2, 'w1').join('\n')}\n</main>`;
  }
  const articles = workloads.map(
    (workload, at) => `<article id="workload-${at + 1}" aria-labelledby="w${at + 1}-title">
<header>\n<p><a href="#overview">All workloads</a></p>\n${workloadHeader(workload, 2, `w${at + 1}-title`)}\n</header>
${workloadSections(workload, 3, `w${at + 1}`).join('\n')}
</article>`,
  );
  return `<header>\n<h1>${phrase(report.title)}</h1>\n<p class="muted">${phrase(prices(report))}</p>\n${overallCards(report)}\n</header>
<main>\n${overviewHtml(report)}\n${articles.join('\n')}\n</main>`;
}
