import { accessSync, constants, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Where pages and pictures are kept, to be looked at after the tests. */
export const ARTEFACTS = join(__dirname, '../.artefacts/report');

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** The Chromium of this machine: what CHROMIUM names, else the first on the path; nothing where there is none. */
export function findChromium(): string | undefined {
  const { CHROMIUM, PATH = '' } = process.env;
  const places = PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return CHROMIUM ?? places.find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Root may not use Chromium's sandbox, and containers have no large shared memory. */
export function launch(executablePath: string): Promise<Browser> {
  const root = process.getuid?.() === 0;
  return chromium.launch({ executablePath, args: ['--disable-dev-shm-usage', ...(root ? ['--no-sandbox'] : [])] });
}

/** A page that was opened, and what it did meanwhile. */
export interface Opened {
  readonly page: Page;
  /** Addresses that it asked for, itself left out. */
  readonly requests: readonly string[];
  /** What it said on the console, threw, or asked the reader. */
  readonly said: readonly string[];
}

/** Opens HTML from a file, as readers do, and waits until nothing more is loaded. */
export async function open(browser: Browser, name: string, html: string): Promise<Opened> {
  mkdirSync(ARTEFACTS, { recursive: true });
  const file = join(ARTEFACTS, `${name}.html`);
  writeFileSync(file, html);
  const address = pathToFileURL(file).href;
  const context = await browser.newContext();
  await context.addInitScript({ path: join(__dirname, 'in-page.js') });
  const page = await context.newPage();
  const [requests, said]: [string[], string[]] = [[], []];
  page.on('request', (request) => {
    if (request.url() !== address) requests.push(request.url());
  });
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(error.message));
  page.on('dialog', (dialog) => {
    said.push(dialog.message());
    void dialog.dismiss();
  });
  await page.goto(address, { waitUntil: 'networkidle' });
  return { page, requests, said };
}
