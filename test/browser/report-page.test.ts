import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import type { WorkloadReport } from '../../lib/core/report/workload-report';
import { ARTIFACTS, findChromium, launch, open, type Opened } from './chromium';
import { ATTACKS, hostile, longNames, manySizes, one, severalPlans } from './reports';

const REPORTS: Readonly<Record<string, () => WorkloadReport>> = {
  several: severalPlans,
  one,
  sizes: manySizes,
  names: longNames,
  hostile,
};
const PLAIN = ['several', 'one', 'sizes'];
const WIDTHS = [320, 360, 390, 768, 900, 1280] as const;
/** Width of A4 without margins of 15 mm, in CSS pixels. */
const PAPER = { width: 680, height: 1009 } as const;
const SCHEMES = ['light', 'dark'] as const;
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const executable = findChromium();
if (executable === undefined) {
  test('Chromium is installed', () => {
    process.stderr.write(
      '\n!!! no chromium on this machine: NOBODY LOOKED AT THE REPORT PAGE (apt-get install chromium) !!!\n',
    );
    expect(process.env.CI ?? '').toBe('');
  });
} else {
  lookAtThePage(executable);
}

function lookAtThePage(chromium: string): void {
  let browser: Browser;
  const pages = new Map<string, Promise<Opened>>();
  beforeAll(async () => (browser = await launch(chromium)));
  afterAll(() => browser.close());

  /** A report in a window with the height of the page. It is opened once for all tests. */
  async function show(name: string, width = 1280, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
    const { page } = await opened(name);
    await page.emulateMedia({ colorScheme, media: 'screen' });
    await page.setViewportSize({ width, height: 900 });
    const height = await page.evaluate<number>('document.documentElement.scrollHeight');
    await page.setViewportSize({ width, height });
    return page;
  }

  function opened(name: string): Promise<Opened> {
    const before = pages.get(name);
    if (before) return before;
    const page = open(browser, name, REPORTS[name]!().toHtml());
    pages.set(name, page);
    return page;
  }

  const check = async <T>(page: Page, name: string) => page.evaluate<T>(`inPage.${name}()`);
  const cases = [
    ...PLAIN.flatMap((name) => WIDTHS.map((width) => [name, width] as const)),
    ...([360, 1280] as const).map((width) => ['names', width] as const),
  ];
  const schemes = PLAIN.flatMap((name) =>
    [390, 1280].flatMap((width) => SCHEMES.map((scheme) => [name, width, scheme] as const)),
  );

  describe.each(PLAIN)('the page of %s', (name) => {
    test('has landmarks, and headings that skip no level', async () => {
      const page = await show(name);
      for (const role of ['banner', 'main', 'contentinfo'] as const) {
        expect([role, await page.getByRole(role).count()]).toEqual([role, 1]);
      }
      expect(await check(page, 'headings')).toEqual([]);
    });

    test.each([390, 1280])('keeps the table role and the table names at a width of %i', async (width) => {
      const page = await show(name, width);
      const tables = await page.getByRole('table').all();
      expect(tables.length).toBeGreaterThan(1);
      for (const table of tables) {
        expect(await table.getAttribute('aria-label')).toMatch(/\w/);
        expect(await table.getByRole('columnheader').count()).toBeGreaterThan(2);
        expect(await table.getByRole('rowheader').count()).toBe((await table.getByRole('row').count()) - 1);
      }
      expect(await check(page, 'scattered')).toEqual([]);
    });
  });

  test.each(cases)('%s fits in %i pixels, and all labels of pictures are visible', async (name, width) => {
    const page = await show(name, width);
    expect(await check(page, 'overflow')).toEqual([]);
    expect(await check(page, 'clipped')).toEqual([]);
    expect(await check(page, 'overlapping')).toEqual([]);
    expect(await check<number>(page, 'smallestText')).toBeGreaterThanOrEqual(width < 390 ? 9 : 10);
  });

  test.each(PLAIN)('%s is light and wide in print, and fits its cards', async (name) => {
    const page = await show(name, PAPER.width, 'dark');
    await page.emulateMedia({ media: 'print' });
    expect(await check(page, 'overflow')).toEqual([]);
    expect(await check(page, 'clipped')).toEqual([]);
    expect(await check(page, 'overlapping')).toEqual([]);
    const texts = await check<{ text: string; ratio: number }[]>(page, 'contrasts');
    expect(texts.filter(({ ratio }) => !(ratio >= 4.5))).toEqual([]);
    expect(await page.locator('.narrow').first().isVisible()).toBe(false);
    const tall = await page.evaluate<number[]>(
      '[...document.querySelectorAll("section.keep, figure, tr, .findings > li")].map((part) => part.getBoundingClientRect().height)',
    );
    expect(tall.length).toBeGreaterThan(10);
    expect(Math.max(...tall)).toBeLessThan(PAPER.height);
  });

  test.each(schemes)('text of %s at %i in %s mode has a contrast of at least 4.5', async (name, width, scheme) => {
    const page = await show(name, width, scheme);
    const texts = await check<{ text: string; ratio: number }[]>(page, 'contrasts');
    expect(texts.length).toBeGreaterThan(50);
    expect(texts.filter(({ ratio }) => !(ratio >= 4.5))).toEqual([]);
  });

  test.each(schemes.filter(([name]) => name === 'several' || name === 'one'))(
    'axe finds nothing in %s at %i in the %s',
    async (name, width, scheme) => {
      const page = await show(name, width, scheme);
      await page.evaluate(AXE);
      const { violations, passes } = await page.evaluate<AxeResults>('axe.run()');
      expect(passes.length).toBeGreaterThan(15);
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    },
  );

  test('dark mode is dark, and print is light', async () => {
    const page = await show('one', 1280, 'dark');
    const ground = () => page.evaluate<string>('getComputedStyle(document.querySelector("section")).backgroundColor');
    expect(await ground()).toBe('rgb(22, 29, 38)');
    await page.emulateMedia({ media: 'print' });
    expect(await ground()).toBe('rgb(255, 255, 255)');
  });

  test('each picture has a title and a description', async () => {
    const page = await show('several');
    const pictures = page.getByRole('img', { name: 'Topology' });
    expect(await pictures.count()).toBe(4);
    const id = (await pictures.first().getAttribute('aria-labelledby'))!.split(' ')[1]!;
    expect(await page.locator(`#${id}`).textContent()).toContain('16 × p5.48xlarge, each with 8 × H100');
  });

  test('links work with the keyboard and show the focus', async () => {
    const page = await show('several');
    const focused = () =>
      page.evaluate<string[]>('[document.activeElement.hash, getComputedStyle(document.activeElement).outlineStyle]');
    await page.keyboard.press('Tab');
    expect(await focused()).toEqual(['#workload-1', 'solid']);
    await page.keyboard.press('Tab');
    expect(await focused()).toEqual(['#workload-2', 'solid']);
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.keyboard.press('Enter');
    const top = await page.evaluate<number>('document.querySelector("#workload-2").getBoundingClientRect().top');
    expect(Math.abs(top)).toBeLessThan(100);
    await page.keyboard.press('Tab');
    expect(await focused()).toEqual(['#overview', 'solid']);
  });

  test('user input is text: it never runs and is fully visible', async () => {
    const page = await show('hostile', 390);
    await page.mouse.move(150, 200);
    expect(await page.locator('img, script, iframe, object, link, [onerror], [onload], [onmouseover]').count()).toBe(0);
    const links = await page.evaluate<string[]>('[...document.links].map((link) => link.getAttribute("href"))');
    expect(links.filter((href) => !/^#(?:workload-\d+|overview)$/.test(href))).toEqual([]);
    const heading = (await page.locator('h1').textContent())!;
    for (const attack of ATTACKS) expect(heading).toContain(attack);
    expect(await check(page, 'overflow')).toEqual([]);
  });

  test.each(PLAIN)('saves screenshots of %s', async (name) => {
    for (const scheme of SCHEMES) {
      for (const [view, width] of Object.entries({ desk: 1280, phone: 390 })) {
        const page = await show(name, width, scheme);
        const path = join(ARTIFACTS, `${name}-${view}-${scheme}.png`);
        await page.screenshot({ path });
        expect(statSync(path).size).toBeGreaterThan(20_000);
      }
    }
    const { page } = await opened(name);
    await page.emulateMedia({ media: 'print' });
    const path = join(ARTIFACTS, `${name}.pdf`);
    await page.pdf({ path, format: 'A4', preferCSSPageSize: true });
    expect(statSync(path).size).toBeGreaterThan(20_000);
  });

  test.each(Object.keys(REPORTS))(
    'after all this the page of %s has asked for nothing, and said nothing',
    async (name) => {
      const { requests, said } = await opened(name);
      expect({ requests, said }).toEqual({ requests: [], said: [] });
    },
  );
}
