import { install } from './ministack';

/** Installs the emulator. Where it cannot be had, a developer is told what was not tested; in CI, that is a failure. */
export default function setup(): void {
  const failure = install();
  if (failure === undefined) return;
  if (process.env.CI) throw new Error(failure);
  process.stderr.write(
    `\n!!! The emulator cannot be installed, so the gateway was NOT called end to end !!!\n${failure}\n`,
  );
  process.exit(0);
}
