import { join, sep } from 'node:path';
import { ROOT } from './build';
import { interleave, measure } from './processes';
import { row, type Row } from './rows';

const DIST = join(ROOT, 'dist');
const CORE = join(DIST, 'index.js');
const AWS = join(DIST, 'aws/index.js');

const MAX_CORE_MS = 50;
const MAX_AWS_MS_BEYOND = 50;

interface Trace {
  /** Files outside the library that its modules require directly. */
  readonly required: readonly string[];
  /** All files outside the library that are loaded. */
  readonly all: readonly string[];
}

/** Cost of importing an entry point, compared with the AWS CDK modules that `./aws` names. */
export function importRows(rounds: number): Row[] {
  const trace = (entry: string) => measure({ program: 'trace-import', args: [entry, DIST] }) as Trace;
  const [core, aws] = [trace(CORE), trace(AWS)];
  const named = aws.required.filter((file) => isOf('aws-cdk-lib', file) || isOf('constructs', file));
  const load = (...args: string[]) => ({ program: 'probe-import', args });
  const cost = interleave<'core' | 'aws' | 'named' | 'touched', 'ms' | 'cpu' | 'megabytes' | 'modules'>(rounds, {
    core: load(CORE),
    aws: load(AWS),
    named: load(...named),
    // The CDK loads its classes on first use. This loads the same files without this library.
    touched: load(...named, ...aws.all.filter((file) => isOf('aws-cdk-lib', file))),
  });
  const beyond = { text: `<= ${MAX_AWS_MS_BEYOND} ms beyond`, holds: isWithin(MAX_AWS_MS_BEYOND) };
  return [
    row('import .', 'ms', cost.core.ms, undefined, {
      text: `< ${MAX_CORE_MS} ms`,
      holds: (ms) => ms < MAX_CORE_MS,
    }),
    row('import .: resident memory', 'MB', cost.core.megabytes),
    row('import .: modules of packages', 'files', core.all.length, undefined, { text: '0', holds: (n) => n === 0 }),
    row('import ./aws, compared with the CDK modules that it names', 'ms', cost.aws.ms, cost.named.ms, beyond),
    row(
      'import ./aws, compared with the CDK modules that it names, processor',
      'ms',
      cost.aws.cpu,
      cost.named.cpu,
      beyond,
    ),
    row('import ./aws, compared with the CDK files that it loads', 'ms', cost.aws.ms, cost.touched.ms),
    row('import ./aws, compared with the CDK files that it loads, processor', 'ms', cost.aws.cpu, cost.touched.cpu),
    row('import ./aws: resident memory', 'MB', cost.aws.megabytes, cost.named.megabytes),
    row('import ./aws: modules', 'files', cost.aws.modules, cost.named.modules),
  ];
}

function isWithin(maxReplicas: number) {
  return (value: number, baseline: number) => value - baseline <= maxReplicas;
}

function isOf(name: string, file: string): boolean {
  return file.includes(`${sep}node_modules${sep}${name}${sep}`);
}
