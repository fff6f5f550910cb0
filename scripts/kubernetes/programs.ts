import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Programs, charts and custom resource definitions that `setup` builds. */
export class Programs {
  /** Runs `setup`, which builds the programs on the first run. */
  static provide(): Programs {
    const setup = join(__dirname, 'setup');
    const output = execFileSync(setup, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    return new Programs(output.trim());
  }

  private constructor(private readonly folder: string) {}

  /** Returns the path of a program. */
  program(name: string): string {
    return join(this.folder, 'bin', name);
  }

  /** Returns the folder of a chart. */
  chart(name: string): string {
    return join(this.folder, 'charts', name);
  }

  /** Folder with custom resource definitions of controllers that do not run. */
  get definitions(): string {
    return join(this.folder, 'definitions');
  }

  /** Versions of the main programs, by Go module. */
  get versions(): Readonly<Record<string, string>> {
    const text = readFileSync(join(this.folder, 'go.mod'), 'utf8');
    const [required = ''] = /require \([^)]*\)/.exec(text) ?? [];
    return Object.fromEntries(
      [...required.matchAll(/^\t(\S+) (\S+)$/gm)].map(([, module, version]) => [module!, version!]),
    );
  }
}
