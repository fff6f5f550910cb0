import { type ReportWorkload, WorkloadReport } from 'ai-infra-constructs/planning';
import { escapeHtml, escapeMarkdown, phrase } from '../../../lib/core/report/escape';
import { PALETTE } from '../../../lib/core/report/style';
import { poisoned } from './poisoned';
import { SAMPLE, WORKLOAD } from './sample';

const html = (change: Partial<ReportWorkload> = {}) =>
  new WorkloadReport({ ...SAMPLE, workloads: [{ ...WORKLOAD, ...change }] }).toHtml();
const SEVERAL = new WorkloadReport({ ...SAMPLE, workloads: [WORKLOAD, { ...WORKLOAD, work: 'serving' }] });

describe('the page', () => {
  test('loads nothing, and its policy forbids it', () => {
    expect(html()).not.toMatch(/<(?:script|link|img|iframe|object)\b|\bsrc=|url\(|@import/i);
    expect(html().replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:/);
    expect(html()).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  test.each(['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', `' onload='x`, '</style></svg><b>'])(
    'shows %s as text, in every place',
    (attack) => {
      const page = new WorkloadReport(poisoned(SEVERAL.document, attack)).toHtml();
      expect(page).not.toContain(attack);
      expect(page).not.toMatch(/<(?:script|img|b)\b/);
      expect(page).not.toMatch(/<[^>]*\s(?:onerror|onload)=/);
      expect(page.split('</style>')).toHaveLength(2);
    },
  );

  test('has landmarks, one level-1 heading, and a language', () => {
    for (const tag of ['<html lang="en">', '<header>', '<main>', '<footer>']) expect(html().split(tag)).toHaveLength(2);
    expect(html().match(/<h1\b/g)).toHaveLength(1);
    expect(SEVERAL.toHtml().match(/<h1\b/g)).toHaveLength(1);
  });

  test('labels each section with its heading, and has unique IDs', () => {
    const page = SEVERAL.toHtml();
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    const labels = [...page.matchAll(/aria-labelledby="([^"]+)"/g)].flatMap(([, list]) => list!.split(' '));
    const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id!);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(labels));
    expect(labels.length).toBeGreaterThan(16);
    expect(links).toEqual(['workload-1', 'workload-2', 'overview', 'overview']);
    expect(ids).toEqual(expect.arrayContaining(links));
  });

  test('gives every table header a scope, and every picture a title and a description', () => {
    expect(html().match(/<th\b/g)).toHaveLength(html().match(/<th\b[^>]* scope="(?:col|row)"/g)!.length);
    const pictures = html().match(/<svg\b[^>]*>(?:<title|<rect)/g)!;
    for (const picture of pictures) expect(picture).toMatch(/role="img"[\s\S]*<title|aria-hidden="true"/);
    expect(html().match(/<desc /g)!.length).toBe(html().match(/<title /g)!.length);
  });

  test('supports dark mode, phones, and print', () => {
    for (const query of ['screen and (prefers-color-scheme:dark)', 'screen and (max-width:56rem)', 'print']) {
      expect(html()).toContain(`@media ${query}`);
    }
  });

  test('shows why a cost is unknown', () => {
    const text = html().replace(/<[^>]*>/g, '');
    expect(text).toContain('the table has no committed price of p5.48xlarge in us-east-1');
  });

  test('leaves out empty sections', () => {
    const bare = html({ topology: undefined, seconds: undefined, memory: undefined, findings: [], alternatives: [] });
    const headings = [...bare.matchAll(/<h2[^>]*>([^<]*)/g)].map(([, heading]) => heading);
    expect(headings).toEqual(['Binding constraint', 'Cost of the run', 'Work', 'Evidence']);
  });

  test('shows the range with its median, and the probability of the deadline', () => {
    const page = html().replaceAll('\u00a0', ' ');
    expect(page).toContain('Likely 29.4 days. With a probability of 80%, from 24.1 days to 36.8 days.');
    expect(page).toContain('The deadline is in 40 days. The probability of meeting it is 96%.');
  });

  test('counts open findings by level, most severe first, and accepted ones separately', () => {
    const [finding, accepted] = WORKLOAD.findings;
    const page = html({ findings: [{ ...finding!, level: 'contradiction' }, finding!, finding!, accepted!] });
    const [, badges] = /<dt>Findings<\/dt><dd>(.*?)<\/dd>/.exec(page)!;
    expect(badges!.replace(/<[^>]+>/g, '|').replace(/\|+/g, '|')).toBe('|1 contradiction|2 warnings|1 accepted|');
    expect(html({ findings: [accepted!] })).toContain('none open');
  });

  test('shows the reason of an acknowledgement and the construct path', () => {
    expect(html()).toContain('Accepted: The run may take longer.');
    expect(html()).toContain('<code>Research/Pretrain/Nodes</code>');
  });

  test('shows the market of the plan in the headline, or the lowest cost', () => {
    expect(html()).toContain('<dt>Cost, spot</dt>');
    const costs = WORKLOAD.costs.map((cost) => ({ ...cost, chosen: cost.market === 'on-demand' }));
    expect(html({ costs })).toContain('<dt>Cost, on-demand</dt>');
    const none = WORKLOAD.costs.map((cost) => ({ ...cost, chosen: false }));
    expect(html({ costs: none })).toContain('<dt>Cost, spot</dt>');
  });

  test.each([
    [0.996, 'above 99%'],
    [0.004, 'below 1%'],
    [0.5, '50%'],
  ])('shows a probability of %d as %s', (deadlineProbability, shown) => {
    expect(html({ deadlineProbability }).replaceAll('\u00a0', ' ')).toContain(`meeting it is ${shown}.`);
  });

  test('draws the cost of the plan and its alternatives against their time', () => {
    const [picture] = /<svg[^>]*aria-labelledby="w1-alternatives-picture-wide[\s\S]*?<\/svg>/.exec(html())!;
    // The plan and the two alternatives that have both a time and a cost.
    expect(picture.match(/<circle /g)).toHaveLength(3);
    expect(picture).toContain('(this plan)');
    expect(html().replaceAll('\u00a0', ' ')).toContain(
      'Of 2 alternatives, 1 cost less than this plan, and 1 take less time.',
    );
  });

  test.each<[string, Partial<ReportWorkload>]>([
    ['without alternatives', { alternatives: [] }],
    ['without a time', { seconds: undefined }],
  ])('draws no alternatives %s', (_, change) => expect(html(change)).not.toContain('alternatives-picture'));

  test('shows by how much memory is exceeded', () => {
    const page = html({ memory: { capacityBytes: 2 ** 36, parts: [{ name: 'states', bytes: 3 * 2 ** 35 }] } });
    expect(page.replaceAll('\u00a0', ' ')).toContain('96 GiB of 64 GiB (150%): exceeded by 32 GiB.');
  });

  test('labels a greatly exceeded memory on the side that has room', () => {
    const [part] = WORKLOAD.memory!.parts;
    const anchors = (capacityBytes: number) =>
      [
        ...html({ memory: { capacityBytes, parts: [{ ...part!, bytes: 2 ** 40 }] } }).matchAll(
          /<text[^>]*font-weight="600">[\d.]+ .iB/g,
        ),
      ].map(([text]) => /text-anchor="(\w+)"/.exec(text)![1]);
    expect(anchors(2 ** 34)).toEqual(['start', 'start']);
    expect(anchors(2 ** 39)).toEqual(['end', 'end']);
  });

  test('leaves no space for a missing deadline', () => {
    const heights = (page: string) =>
      [...page.matchAll(/viewBox="0 0 \d+ (\d+)"[^>]*aria-labelledby="w1-time/g)].map(([, height]) => Number(height));
    expect(heights(html())).toEqual([78, 78]);
    expect(heights(html({ deadlineSeconds: undefined }))).toEqual([56, 56]);
  });

  test('uses the date of the report for a workload without one, on the page and in Markdown', () => {
    const dated = new WorkloadReport({ ...SAMPLE, workloads: [{ ...WORKLOAD, asOf: undefined }] });
    expect(dated.toHtml().replace(/<[^>]*>/g, '')).toContain(`Prices as of ${SAMPLE.asOf!}.`);
    expect(dated.toMarkdown()).toContain(`Prices as of ${SAMPLE.asOf!}.`);
  });

  test('reports that there are no workloads', () => {
    expect(new WorkloadReport({ ...SAMPLE, totals: [], workloads: [] }).toHtml()).toContain(
      'The app declares no workload.',
    );
  });
});

describe('contrast', () => {
  const texts = ['text', 'muted', 'accent', 'good', 'warning', 'error'] as const;
  const parts = ['one', 'two', 'three', 'four', 'five'] as const;

  test.each(['light', 'dark'] as const)('of text is at least 4.5 in %s mode', (mode) => {
    const colours = PALETTE[mode];
    for (const ground of [colours.ground, colours.panel, colours.inset]) {
      for (const name of texts) expect([name, contrast(colours[name], ground) >= 4.5]).toEqual([name, true]);
    }
  });

  test.each(['light', 'dark'] as const)(
    'of parts of a picture is 3 and more, and of names on them 4.5, when %s',
    (mode) => {
      const { panel, inset, ...colours } = PALETTE[mode];
      for (const name of parts) {
        expect([name, contrast(colours[name], inset) >= 3]).toEqual([name, true]);
        expect([name, contrast(colours[name], panel) >= 4.5]).toEqual([name, true]);
      }
    },
  );
});

test('escaping removes control characters and joins lines', () => {
  expect(escapeHtml('a\n b\u0000<')).toBe('a b&lt;');
  expect(escapeHtml('ab\u202ecd\u2066')).toBe('abcd');
  expect(escapeMarkdown('a|b\n*c* <d> [e](f)')).toBe('a\\|b \\*c\\* &lt;d&gt; \\[e\\](f)');
});

test('a word with hyphens does not break unless it is too long for any column', () => {
  expect(phrase('google us-central1, on 2026-11-25.')).toBe(
    'google <span class="short">us-central1</span>, on <span class="short">2026-11-25</span>.',
  );
  expect(phrase('one-word-of-twenty-six-letters')).not.toContain('class="short"');
});

test('a very long word breaks after punctuation, or after many letters', () => {
  expect(phrase('ServingIngress.internalLoadBalancer')).toBe('ServingIngress.<wbr>internalLoadBalancer');
  expect(phrase('a'.repeat(50))).toBe(`${'a'.repeat(20)}<wbr>${'a'.repeat(20)}<wbr>${'a'.repeat(10)}`);
  expect(phrase('zz_generated.pricing_aws.go')).not.toContain('<wbr>');
});

test('a number stays with its unit', () => {
  expect(phrase('16 × a of 3 GiB, 4 kinds, $5 k')).toBe('16\u00a0× a of 3\u00a0GiB, 4 kinds, $5\u00a0k');
});

/** Contrast of two colors, as defined by WCAG 2. */
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
