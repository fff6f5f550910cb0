import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { program, ROOT } from './build';
import { median } from './statistics';

/** A program of this folder, which runs in its own process. */
export interface Run {
  readonly program: string;
  readonly args?: readonly string[];
  /** Whether the CDK's own CloudFormation validator runs. @default false */
  readonly validation?: boolean;
}

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program. Its cloud assembly goes to a temporary folder that is deleted at the end. */
export function start({ program: name, args = [], validation = false }: Run): Ended {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program(name), ...args], {
      cwd: ROOT,
      env: { ...process.env, CDK_OUTDIR: folder, CDKTF_OUTDIR: folder, CDK_VALIDATION: String(validation) },
      encoding: 'utf8',
      maxBuffer: 64 * 2 ** 20,
    });
    return { status, stdout, stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns the JSON on the last output line of a program. */
export function measure(run: Run): unknown {
  const { status, stdout, stderr } = start(run);
  if (status !== 0) throw new Error(`${run.program} ended with ${status ?? 'a signal'}\n${stdout}${stderr}`);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as unknown;
}

/** Numbers by name. */
export type Sample<K extends string = string> = Readonly<Record<K, number>>;

/**
 * Returns the median sample of each run. The runs alternate (A B A B), so that a machine that becomes slower affects all of them equally.
 * An extra first round warms the disk cache and does not count.
 */
export function interleave<R extends string, K extends string>(
  rounds: number,
  runs: Readonly<Record<R, Run>>,
): Record<R, Sample<K>> {
  const names = Object.keys(runs) as R[];
  const samples = new Map(names.map((name) => [name, [] as Sample<K>[]]));
  for (let round = -1; round < rounds; round += 1) {
    for (const name of names) {
      const sample = measure(runs[name]) as Sample<K>;
      if (round >= 0) samples.get(name)!.push(sample);
    }
  }
  return Object.fromEntries(names.map((name) => [name, medianOf(samples.get(name)!)])) as Record<R, Sample<K>>;
}

function medianOf<K extends string>(samples: readonly Sample<K>[]): Sample<K> {
  const keys = Object.keys(samples[0]!) as K[];
  return Object.fromEntries(keys.map((key) => [key, median(samples.map((sample) => sample[key]))])) as Sample<K>;
}
