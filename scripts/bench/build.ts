import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';

export const ROOT = resolve(__dirname, '../..');

/** Folder of the measured programs as JavaScript. It is inside the package, so that they import it by its public name. */
const PROGRAMS = join(ROOT, 'test/.artifacts/bench');

/** Compiles the library as it is published. */
export function buildLibrary(): void {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'compile'], { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`The library does not compile:\n${stdout}${stderr}`);
}

/** Compiles the measured programs, so that they run without a loader. */
export function buildPrograms(): void {
  rmSync(PROGRAMS, { recursive: true, force: true });
  const options = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022, esModuleInterop: true };
  for (const file of readdirSync(__dirname, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    const target = join(PROGRAMS, file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    const source = readFileSync(join(__dirname, file), 'utf8');
    writeFileSync(target, transpileModule(source, { compilerOptions: options }).outputText);
  }
}

/** The compiled form of a program of this folder. */
export function program(name: string): string {
  return join(PROGRAMS, `${name}.js`);
}
