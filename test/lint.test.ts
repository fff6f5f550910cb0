import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { CLOUDS } from '../scripts/clouds';

interface LintMessage {
  readonly ruleId: string | null;
  readonly message: string;
}

interface Case {
  readonly file: string;
  readonly code: string;
  /** Pattern that a message must match. @default - no message */
  readonly says?: RegExp;
}

const bad = (file: string, target: string, says: RegExp): Case => ({ file, code: `import '${target}';\n`, says });
const good = (file: string, target: string): Case => ({ file, code: `import '${target}';\n` });

// Split, so that a search does not find them here.
const UNFINISHED = ['TO', 'DO'].join('');
const SWITCH_OFF = ['eslint', 'disable'].join('-');
const IGNORE = ['@ts', 'ignore'].join('-');
const [ONLY, SKIP] = ['only', 'skip'];

const otherClouds = CLOUDS.flatMap((cloud) =>
  CLOUDS.filter((other) => other !== cloud).map((other) =>
    bad(
      `lib/${cloud}/x.ts`,
      `../${other}/y`,
      new RegExp(`lib/${cloud} must not import lib/${other} .*move what both need down into lib/core`),
    ),
  ),
);

const ZONES: Record<string, Case[]> = {
  'lib/core imports only constructs and itself': [
    good('lib/core/x.ts', 'constructs'),
    good('lib/core/x.ts', './errors'),
    good('lib/core/catalog/x.ts', '../errors'),
    bad(
      'lib/core/x.ts',
      'aws-cdk-lib',
      /lib\/core must not import 'aws-cdk-lib' \(packages allowed: constructs\): pass plain values in/,
    ),
    bad('lib/core/x.ts', 'yaml', /lib\/core must not import 'yaml'/),
    bad('lib/core/x.ts', 'node:fs', /lib\/core must not import 'node:fs'/),
    bad('lib/core/x.ts', '../aws/machine', /lib\/core must not import lib\/aws \(allowed: itself\)/),
    bad('lib/core/catalog/x.ts', '../../aws/machine', /lib\/core must not import lib\/aws/),
    bad('lib/core/x.ts', '../aws', /lib\/core must not import lib\/aws/),
    bad('lib/core/x.ts', '../index', /lib\/core must not import lib\/index\.ts/),
  ],
  'files directly in lib/ import only the core': [
    good('lib/index.ts', './core/errors'),
    good('lib/planning.ts', './core/planning/options'),
    bad('lib/planning.ts', './aws/index', /lib\/planning\.ts must not import lib\/aws \(allowed: itself, lib\/core\)/),
    bad('lib/index.ts', './aws/index', /lib\/index\.ts must not import lib\/aws \(allowed: itself, lib\/core\)/),
    bad('lib/index.ts', 'constructs', /lib\/index\.ts must not import 'constructs' \(packages allowed: none\)/),
  ],
  'lib/kubernetes imports only core and yaml': [
    good('lib/kubernetes/x.ts', 'yaml'),
    good('lib/kubernetes/x.ts', '../core/errors'),
    good('lib/kubernetes/x.ts', '.'),
    bad(
      'lib/kubernetes/x.ts',
      'constructs',
      /lib\/kubernetes must not import 'constructs' \(packages allowed: yaml, node:crypto\)/,
    ),
    bad('lib/kubernetes/x.ts', '../aws/machine', /lib\/kubernetes must not import lib\/aws/),
  ],
  'lib/aws imports core, kubernetes and the CDK': [
    good('lib/aws/x.ts', '../core/errors'),
    good('lib/aws/x.ts', '../kubernetes/charts'),
    good('lib/aws/x.ts', 'aws-cdk-lib'),
    good('lib/aws/x.ts', 'aws-cdk-lib/aws-ec2'),
    good('lib/aws/x.ts', 'constructs'),
    bad('lib/aws/x.ts', 'cdktf', /lib\/aws must not import 'cdktf'/),
    bad('lib/aws/x.ts', 'aws-cdk-lib-extras', /lib\/aws must not import 'aws-cdk-lib-extras'/),
    bad('lib/aws/x.ts', 'yaml', /lib\/aws must not import 'yaml'/),
    bad('lib/aws/x.ts', '../index', /lib\/aws must not import lib\/index\.ts/),
    bad('lib/aws/x.ts', '@aws-sdk/client-s3', /lib\/aws must not import '@aws-sdk\/client-s3'/),
  ],
  'functions import their own files, Node.js and the SDK of their runtime': [
    good('lib/aws/gateway/handler/x.mjs', './answer.mjs'),
    good('lib/aws/gateway/handler/deeper/x.mjs', '../answer.mjs'),
    good('lib/aws/gateway/handler/x.mjs', 'node:crypto'),
    good('lib/aws/gateway/handler/x.mjs', '@aws-sdk/client-bedrock-runtime'),
    bad('lib/aws/gateway/handler/x.mjs', '../gateway-limits', /lib\/aws\/gateway\/handler is packed without/),
    bad('lib/aws/gateway/handler/x.mjs', 'aws-cdk-lib', /is packed without 'aws-cdk-lib'/),
    bad('lib/aws/gateway/handler/x.mjs', 'yaml', /allowed: its own files, node:\*, @aws-sdk\/client-\*/),
  ],
  'lib/testing imports no cloud SDK and no test runner': [
    good('lib/testing/x.ts', '../core/errors'),
    good('lib/testing/terraform/x.ts', 'node:fs'),
    good('lib/testing/x.ts', 'constructs'),
    bad('lib/testing/x.ts', 'aws-cdk-lib', /lib\/testing must not import 'aws-cdk-lib'/),
    bad('lib/testing/x.ts', 'cdktf', /lib\/testing must not import 'cdktf'/),
    bad('lib/testing/x.ts', 'jest-snapshot', /lib\/testing must not import 'jest-snapshot'/),
    bad('lib/testing/x.ts', '../aws/machine', /lib\/testing must not import lib\/aws/),
  ],
  'a cloud does not import another cloud': otherClouds,
  'a cloud imports its own provider, by deep path': [
    good('lib/google/x.ts', '@cdktf/provider-google/lib/container-node-pool'),
    good('lib/terraform/x.ts', '@cdktf/provider-helm/lib/release'),
    good('lib/azure/x.ts', '@cdktf/provider-azurerm/lib/kubernetes-cluster'),
    bad(
      'lib/azure/x.ts',
      '@cdktf/provider-google/lib/container-node-pool',
      /lib\/azure must not import '@cdktf\/provider-google/,
    ),
    bad('lib/google/x.ts', 'aws-cdk-lib', /lib\/google must not import 'aws-cdk-lib'/),
  ],
  'lib/terraform imports no provider of a cloud, and AWS does not import it': [
    good('lib/google/x.ts', '../terraform/findings'),
    good('lib/terraform/x.ts', '../kubernetes'),
    bad('lib/aws/x.ts', '../terraform/findings', /lib\/aws must not import lib\/terraform/),
    bad('lib/terraform/x.ts', '../google/y', /lib\/terraform must not import lib\/google/),
    bad('lib/terraform/x.ts', '@cdktf/provider-google/lib/container-node-pool', /lib\/terraform must not import/),
    bad('lib/google/x.ts', '@cdktf/provider-helm/lib/release', /lib\/google must not import '@cdktf\/provider-helm/),
  ],
  'no file imports a provider barrel': [
    bad(
      'lib/google/x.ts',
      '@cdktf/provider-google',
      /loads every resource of the provider: import the one you need, e\.g\. '@cdktf\/provider-google\/lib\//,
    ),
    bad('lib/azure/x.ts', '@cdktn/provider-azurerm', /loads every resource of the provider/),
    bad('examples/google/x.ts', '@cdktf/provider-google', /loads every resource of the provider/),
    bad('test/google/x.ts', '@cdktf/provider-google-beta', /loads every resource of the provider/),
  ],
  'a generated class is imported through the module of its provider': [
    good('lib/alicloud/storage/x.ts', '../provider/alicloud'),
    good('lib/alicloud/provider/x.ts', './generated/vpc'),
    bad('lib/alicloud/storage/x.ts', '../provider/generated/vpc', /is a generated class: import it from the module/),
    bad('lib/alicloud/x.ts', './provider/generated/vpc', /is a generated class: import it from the module/),
  ],
  'lib/ imports only files in lib/, by path': [
    bad('lib/aws/x.ts', '../../examples/aws/training', /leaves lib\/: move what the library needs into lib\//),
    bad('lib/core/x.ts', '../../test/setup', /leaves lib\//),
    bad('lib/core/x.ts', '../../scripts/synth', /leaves lib\//),
    bad('lib/aws/x.ts', 'ai-infra-constructs', /is the package itself: import by relative path/),
  ],
  'a new folder in lib/ needs a row': [
    bad('lib/newcloud/x.ts', '../core/errors', /is not a known layer: add a cloud to scripts\/clouds\.ts/),
  ],
  'examples import the package by its public names': [
    good('examples/aws/x.ts', 'ai-infra-constructs'),
    good('examples/aws/x.ts', 'ai-infra-constructs/aws'),
    good('examples/aws/x.ts', 'aws-cdk-lib'),
    good('examples/aws/x.ts', './shared/network'),
    bad(
      'examples/aws/x.ts',
      '../../lib',
      /must import the package by its public name: write 'ai-infra-constructs' or 'ai-infra-constructs\/.+' instead of/,
    ),
    bad('examples/aws/x.ts', '../../lib/aws/index', /must import the package by its public name/),
    bad('examples/aws/x.ts', 'ai-infra-constructs/lib/aws', /must import the package by its public name/),
    bad('examples/aws/x.ts', 'ai-infra-constructs/dist/index.js', /must import the package by its public name/),
  ],
  'the rule checks every form of import': [
    {
      file: 'lib/core/x.ts',
      code: "import type { Stack } from 'aws-cdk-lib';\nexport type S = Stack;\n",
      says: /must not import 'aws-cdk-lib'/,
    },
    { file: 'lib/core/x.ts', code: "export * from '../aws/machine';\n", says: /must not import lib\/aws/ },
    { file: 'lib/core/x.ts', code: "export { A } from '../aws/machine';\n", says: /must not import lib\/aws/ },
    { file: 'lib/core/x.ts', code: "export const a = import('aws-cdk-lib');\n", says: /must not import 'aws-cdk-lib'/ },
    {
      file: 'lib/core/x.ts',
      code: "export type S = import('aws-cdk-lib').Stack;\n",
      says: /must not import 'aws-cdk-lib'/,
    },
    {
      file: 'lib/core/x.ts',
      code: "import cdk = require('aws-cdk-lib');\nexport const a = cdk;\n",
      says: /must not import 'aws-cdk-lib'/,
    },
    {
      file: 'lib/core/x.ts',
      code: "export const a: unknown = require('aws-cdk-lib');\n",
      says: /must not import 'aws-cdk-lib'/,
    },
  ],
  'a comment cannot switch a rule off': [
    {
      file: 'lib/core/x.ts',
      code: `// ${SWITCH_OFF}-next-line layers/imports\nimport 'aws-cdk-lib';\n`,
      says: /must not import 'aws-cdk-lib'/,
    },
    {
      file: 'lib/core/x.ts',
      code: `/* ${SWITCH_OFF} */\nimport 'constructs';\n`,
      says: /has no effect because you have 'noInlineConfig'/,
    },
  ],
  'rejects `any`, unfinished work and skipped tests': [
    { file: 'lib/core/x.ts', code: 'export const a: any = 1;\n', says: /Unexpected any/ },
    { file: 'lib/core/x.ts', code: `// ${IGNORE}\nexport const a = 1;\n`, says: /Use .+ instead of/ },
    {
      file: 'lib/core/x.ts',
      code: `// ${UNFINISHED}: later\nexport const a = 1;\n`,
      says: /Unexpected 'todo' comment/,
    },
    { file: 'test/x.test.ts', code: `test.${ONLY}('a', () => undefined);\n`, says: /Every test must run/ },
    { file: 'test/x.test.ts', code: `describe.${SKIP}('a', () => undefined);\n`, says: /Every test must run/ },
  ],
};

const cases = Object.values(ZONES).flat();
const found = new Map<Case, LintMessage[]>();

beforeAll(() => {
  const output = execFileSync(process.execPath, [resolve(__dirname, 'fixtures/lint-texts.mjs')], {
    cwd: resolve(__dirname, '..'),
    input: JSON.stringify(cases),
    encoding: 'utf8',
  });
  (JSON.parse(output) as LintMessage[][]).forEach((messages, index) => found.set(cases[index]!, messages));
}, 60_000);

describe.each(Object.entries(ZONES))('%s', (_zone, ofZone) => {
  test.each(
    ofZone.map(
      (one) => [`${one.file}: ${one.code.trim().replaceAll('\n', ' ')} ${one.says ? 'fails' : 'passes'}`, one] as const,
    ),
  )('%s', (_title, one) => {
    const messages = found.get(one)?.map(({ message }) => message);
    expect(messages).toEqual(one.says ? expect.arrayContaining([expect.stringMatching(one.says)]) : []);
  });
});
