import { join } from 'node:path';
import {
  COMPILERS,
  type Compiler,
  ENTRY_POINTS,
  MATCHERS,
  appFolder,
  compilerOf,
  must,
  run,
  valuesOf,
  write,
} from './workspace';

/** Import style of an app: `import x = require()` or `import { x } from`. */
type Syntax = 'require' | 'import';

/** A compiler setting and the files of an app that uses it. */
interface Way {
  readonly compiler: Compiler;
  readonly moduleResolution: string;
  readonly options: object;
  readonly files: Readonly<Record<string, Syntax>>;
}

const ALL = Object.keys(COMPILERS) as Compiler[];

/**
 * Each compiler and each `moduleResolution`. The compilers that are written in JavaScript take half a minute to check all declarations, so they
 * only resolve modules like Node.js does. Version 7 checks every `moduleResolution` that it supports.
 */
const WAYS: readonly Way[] = [
  // TypeScript 6 deprecates node10, and 7 dropped it.
  {
    compiler: 'typescript-5.9',
    moduleResolution: 'node10',
    options: { module: 'commonjs' },
    files: { 'app.ts': 'import' },
  },
  ...ALL.map((compiler) => likeNode(compiler, 'nodenext')),
  likeNode('typescript-7', 'node16'),
  {
    compiler: 'typescript-7',
    moduleResolution: 'bundler',
    options: { module: 'esnext', verbatimModuleSyntax: true },
    files: { 'app.mts': 'import' },
  },
];

function likeNode(compiler: Compiler, module: string): Way {
  const options = { module, verbatimModuleSyntax: true };
  return { compiler, moduleResolution: module, options, files: { 'app.cts': 'require', 'app.mts': 'import' } };
}

/** An app that uses every export of every entry point, does not compile if one is `any`, and runs. */
function appSource(syntax: Syntax): string {
  const uses = ENTRY_POINTS.map((entryPoint, index) => {
    const values = valuesOf(entryPoint);
    const names = values.map((name) => (syntax === 'import' ? `${name}_${index}` : `all_${index}.${name}`));
    return [
      syntax === 'import'
        ? `import { ${values.map((name) => `${name} as ${name}_${index}`).join(', ')} } from '${entryPoint}';`
        : `import all_${index} = require('${entryPoint}');`,
      `const values_${index}: unknown[] = [${names.join(', ')}];`,
      `const any_${index}: [${names.map((name) => `IsAny<typeof ${name}>`).join(', ')}] = [${names.map(() => 'false').join(', ')}];`,
    ].join('\n');
  });
  const costTags = syntax === 'import' ? 'costTags_0' : 'all_0.costTags';
  return `${uses.join('\n')}
type IsAny<T> = 0 extends 1 & T ? true : false;
const tags = ${costTags}({ project: 'a', team: 'b', environment: 'c', costCenter: 'R-17', owner: 'd' });
console.log('ran', tags['cost-center']);
`;
}

/** Compiles files in their own folder. @returns the compiler output and the output folder */
function compile(name: string, compiler: Compiler, options: object, files: Readonly<Record<string, string>>) {
  const folder = join(appFolder(), name);
  const compilerOptions = { target: 'es2022', strict: true, types: ['node'], rootDir: '.', outDir: 'out', ...options };
  write(folder, { ...files, 'tsconfig.json': { compilerOptions, files: Object.keys(files) } });
  const { output } = run(folder, process.execPath, compilerOf(compiler), '--pretty', 'false');
  return { output, compiled: Object.keys(files).map((file) => join(folder, 'out', file.replace(/ts$/, 'js'))) };
}

test.each(WAYS.map((way) => [`${way.compiler}, ${way.moduleResolution}`, way] as const))(
  '%s: an app compiles without skipLibCheck, and runs',
  (title, { compiler, moduleResolution, options, files }) => {
    const sources = Object.entries(files).map(([file, syntax]) => [file, appSource(syntax)] as const);
    const settings = { moduleResolution, skipLibCheck: false, ...options };

    const { output, compiled } = compile(title.replace(', ', '-'), compiler, settings, Object.fromEntries(sources));

    expect(output).toBe('');
    for (const file of compiled) expect(must(appFolder(), process.execPath, file)).toBe('ran R-17\n');
  },
);

test.each(ALL)('%s rejects a missing prop and a path that is not an entry point', (compiler) => {
  const { output } = compile(
    `${compiler}-refuses`,
    compiler,
    { module: 'nodenext', moduleResolution: 'nodenext', skipLibCheck: true },
    {
      'prop.mts': `import { costTags } from 'ai-infra-constructs';\ncostTags({ project: 'atlas' });\n`,
      'path.mts': `export { nearest } from 'ai-infra-constructs/core/nearest';\n`,
    },
  );

  expect(output).toMatch(/prop\.mts.*TS(2345|2739)[^]*missing the following properties/);
  expect(output).toMatch(/path\.mts.*TS2307.*ai-infra-constructs\/core\/nearest/);
});

test.each(ALL)('%s finds the types of the matchers in the declarations of jest', (compiler) => {
  const options = { module: 'nodenext', moduleResolution: 'nodenext', skipLibCheck: false, types: ['node', 'jest'] };
  const uses = (call: string) => `import '${MATCHERS}';\nexpect({ Resources: {} }).${call};\n`;
  const good = {
    'good.mts': uses('toMatchArchitecture()') + "expect({}).toMatchArchitectureFile('a.txt', { cost: false });\n",
  };

  expect(compile(`${compiler}-matchers`, compiler, options, good).output).toBe('');
  const bad = {
    'bad.mts': uses('toMatchArchitectureFile()'),
    'worse.mts': uses('toMatchArchitecture({ costs: false })'),
  };
  const { output } = compile(`${compiler}-wrong-matchers`, compiler, options, bad);
  expect(output).toMatch(/bad\.mts.*TS2554/);
  expect(output).toMatch(/worse\.mts.*TS2561/);
});
