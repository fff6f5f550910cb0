import { accessSync, constants, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Folder of pages and screenshots, for review after the tests. */
export const ARTIFACTS = join(__dirname, '../.artifacts/report');

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** Path of Chromium: the value of CHROMIUM, or the first one on the PATH. Unset if there is no Chromium. */
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

/** Root cannot use Chromium's sandbox, and containers have little shared memory. */
export function launch(executablePath: string): Promise<Browser> {
  const root = process.getuid?.() === 0;
  return chromium.launch({ executablePath, args: ['--disable-dev-shm-usage', ...(root ? ['--no-sandbox'] : [])] });
}

/** An open page and its activity. */
export interface Opened {
  readonly page: Page;
  /** Requested addresses, without the page itself. */
  readonly requests: readonly string[];
  /** Console messages, errors, and dialogs. */
  readonly said: readonly string[];
}

/** Opens HTML from a file and waits until it is loaded. */
export async function open(browser: Browser, name: string, html: string): Promise<Opened> {
  mkdirSync(ARTIFACTS, { recursive: true });
  const file = join(ARTIFACTS, `${name}.html`);
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
