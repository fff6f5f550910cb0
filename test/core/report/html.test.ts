import type { ReportDocument } from '../../../lib/core/report/document';
import { escapeHtml, escapeMarkdown } from '../../../lib/core/report/escape';
import { PALETTE } from '../../../lib/core/report/palette';
import { WorkloadReport } from '../../../lib/core/report/workload-report';
import { SAMPLE } from './sample';

const html = (change: Partial<ReportDocument> = {}) => new WorkloadReport({ ...SAMPLE, ...change }).toHtml();

/** A copy in which every text is an attack. */
function poisoned<T>(value: T, attack: string): T {
  if (typeof value === 'string') return attack as T;
  if (Array.isArray(value)) return value.map((item: unknown) => poisoned(item, attack)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const kept = ['format', 'work', 'level', 'evidence', 'grade'];
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      kept.includes(key) && typeof inner === 'string' ? inner : poisoned<unknown>(inner, attack),
    ]),
  ) as T;
}

describe('the page', () => {
  test('loads nothing from anywhere, and forbids it', () => {
    expect(html()).not.toMatch(/<(?:script|link|img|iframe|object)\b|\bsrc=|url\(|@import/i);
    expect(html().replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:/);
    expect(html()).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  test.each(['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', `' onload='x`, '</style></svg><b>'])(
    'shows %s as text, wherever it stands',
    (attack) => {
      const page = new WorkloadReport(poisoned(SAMPLE, attack)).toHtml();
      expect(page).not.toContain(attack);
      expect(page).not.toMatch(/<(?:script|img|b)\b/);
      expect(page).not.toMatch(/<[^>]*\s(?:onerror|onload)=/);
      expect(page.split('</style>')).toHaveLength(2);
    },
  );

  test('has its landmarks, one heading of the first level, and a language', () => {
    for (const tag of ['<html lang="en">', '<header>', '<main>', '<footer>']) expect(html().split(tag)).toHaveLength(2);
    expect(html().match(/<h1>/g)).toHaveLength(1);
  });

  test('names each section by its heading, and no id twice', () => {
    const ids = [...html().matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    const labels = [...html().matchAll(/aria-labelledby="([^"]+)"/g)].flatMap(([, list]) => list!.split(' '));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(labels));
    expect(labels.length).toBeGreaterThan(8);
  });

  test('gives every table header a scope, and every picture a title and a description', () => {
    expect(html().match(/<th\b/g)).toHaveLength(html().match(/<th\b[^>]* scope="(?:col|row)"/g)!.length);
    const pictures = html().match(/<svg\b[^>]*>(?:<title|<rect)/g)!;
    for (const picture of pictures) expect(picture).toMatch(/role="img"[\s\S]*<title|aria-hidden="true"/);
    expect(html().match(/<desc /g)!.length).toBe(html().match(/<title /g)!.length);
  });

  test('follows the reader to the dark, to a phone and to paper', () => {
    for (const query of ['screen and (prefers-color-scheme:dark)', '(max-width:40rem)', 'print']) {
      expect(html()).toContain(`@media ${query}`);
    }
  });

  test('tells why a cost is not known', () => {
    expect(html()).toContain('the table has no committed price of p5.48xlarge in us-east-1');
  });

  test('leaves out what there is nothing to say of', () => {
    const bare = html({ topology: undefined, seconds: undefined, memory: undefined, findings: [], alternatives: [] });
    const headings = [...bare.matchAll(/<h2[^>]*>([^<]*)/g)].map(([, heading]) => heading);
    expect(headings).toEqual(['Binding constraint', 'Cost of the run', 'Work', 'Evidence']);
  });

  test('without a measurement tells the bound', () => {
    expect(html({ seconds: undefined, atLeastSeconds: 864_000 })).toContain('At least 10 days: nothing was measured.');
  });

  test('puts contradictions before warnings in the headline', () => {
    const [finding] = SAMPLE.findings;
    const page = html({ findings: [{ ...finding!, level: 'contradiction' }, ...SAMPLE.findings] });
    expect(page).toContain('<dt>Contradictions</dt><dd>1</dd>');
    expect(html()).toContain('<dt>Warnings</dt><dd>1</dd>');
  });

  test('names the market of the plan in the headline, else the least cost', () => {
    expect(html()).toContain('<dt>Cost, spot</dt>');
    const costs = SAMPLE.costs.map((cost) => ({ ...cost, chosen: cost.market === 'on-demand' }));
    expect(html({ costs })).toContain('<dt>Cost, on-demand</dt>');
  });
});

describe('contrast', () => {
  const texts = ['text', 'muted', 'accent', 'warning', 'error'] as const;
  const parts = ['one', 'two', 'three', 'four', 'five', 'high'] as const;

  test.each(['light', 'dark'] as const)('of text is 4.5 and more when %s', (mode) => {
    const colours = PALETTE[mode];
    for (const ground of [colours.ground, colours.panel]) {
      for (const name of texts) expect([name, contrast(colours[name], ground) >= 4.5]).toEqual([name, true]);
    }
  });

  test.each(['light', 'dark'] as const)('of parts of a picture is 3 and more when %s', (mode) => {
    const { ground, ...colours } = PALETTE[mode];
    for (const name of parts.filter((part) => part !== 'high')) {
      expect([name, contrast(colours[name], ground) >= 3]).toEqual([name, true]);
    }
  });
});

test('escaping drops control characters and joins lines', () => {
  expect(escapeHtml('a\n b\u0000<')).toBe('a b&lt;');
  expect(escapeMarkdown('a|b\n*c* <d> [e](f)')).toBe('a\\|b \\*c\\* &lt;d&gt; \\[e\\](f)');
});

/** Contrast of two colours, as WCAG 2 reckons it. */
function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5]
    .map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
