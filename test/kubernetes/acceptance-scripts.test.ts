import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JUDGE, LAUNCH, NCCL, NCCOM, SERVE } from '../../lib/kubernetes/acceptance-scripts';

const SHELLS = ['sh', 'bash'];
const HEADER = `# nThread 1 nGpus 1 minBytes 8388608 maxBytes 17179869184 step: 2(factor) warmup iters: 1 iters: 20 agg iters: 1 validation: 1 graph: 0
#
# Using devices
#  Rank  0 Group  0 Pid    123 on h100-acceptance-node-0-0 device  0 [0000:53:00] NVIDIA H100 80GB HBM3
#
#                                                              out-of-place                       in-place
#       size         count      type   redop    root     time   algbw   busbw  #wrong     time   algbw   busbw  #wrong
#        (B)    (elements)                               (us)  (GB/s)  (GB/s)             (us)  (GB/s)  (GB/s)
`;
const row = (size: number, busbw: number, wrong: string | number = 0) =>
  `${String(size).padStart(12)} ${String(size / 4).padStart(13)}     float     sum      -1    870.3  ${(busbw / 1.875).toFixed(2)}  ${busbw.toFixed(2)}  ${wrong}    876.8  ${(busbw / 1.875).toFixed(2)}  ${busbw.toFixed(2)}  ${wrong}\n`;
const FOOTER = `# Out of bounds values : 0 OK
# Avg bus bandwidth    : 310.28
#
`;
const output = (...rows: string[]) => HEADER + rows.join('') + FOOTER;

/** Runs a script as the job would, and returns its end and what it said. */
function run(shell: string, script: string, input: string, env: Record<string, string> = {}) {
  const expected = { EXPECTED_GBPS: '300', EXPECTED_BASIS: 'published', EXPECTED_SOURCE: 'a table' };
  // A bash whose input is a socket takes itself for a remote shell, and would read its owner's settings.
  const options = shell === 'bash' ? ['--norc', '-c'] : ['-c'];
  const { status, stdout, stderr } = spawnSync(shell, [...options, script], {
    input,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, ...expected, ...env },
  });
  return { status, said: stdout + stderr };
}

describe.each(SHELLS)('the judge, in %s', (shell) => {
  const judge = (text: string, env?: Record<string, string>) => run(shell, JUDGE, text, env);

  test('passes a fast fabric, by its best size', () => {
    const { status, said } = judge(output(row(8_388_608, 76.8), row(8_589_934_592, 487.09), row(17_179_869_184, 480)));
    expect(status).toBe(0);
    expect(said).toBe(
      'all-reduce PASSED: measured 487.09 GB/s at 8589934592 bytes, expected at least 300 GB/s (published: a table)\n',
    );
  });

  test('passes at the very figure', () => {
    expect(judge(output(row(1_073_741_824, 300))).status).toBe(0);
  });

  test('fails a slow fabric, and says both figures', () => {
    const { status, said } = judge(output(row(8_388_608, 2.1), row(17_179_869_184, 4.02)));
    expect(status).toBe(1);
    expect(said).toContain('FAILED: measured 4.02 GB/s at 17179869184 bytes, expected at least 300 GB/s');
  });

  test('compares numbers, not texts', () => {
    expect(judge(output(row(1024, 99)), { EXPECTED_GBPS: '300' }).status).toBe(1);
    expect(judge(output(row(1024, 1000)), { EXPECTED_GBPS: '300.5' }).status).toBe(0);
  });

  test.each([
    ['nothing', ''],
    ['no line of results', HEADER + FOOTER],
    ['rows without a header', row(1024, 400)],
    ['an error of NCCL', 'h100-node-0-0: Test NCCL failure common.cu:1 unhandled system error\n'],
    ['a header and a broken row', `${HEADER}   8388608   2097152   float   sum\n${FOOTER}`],
    ['a bandwidth that is no number', HEADER + row(1024, 400).replaceAll('400.00', 'nan') + FOOTER],
  ])('takes %s for no proof', (_, text) => {
    const { status, said } = judge(text);
    expect(status).toBe(2);
    expect(said).toContain('UNREADABLE');
  });

  test.each(['', 'fast', '-3', '0'])('takes the expected bandwidth %j for no measure', (GBps) => {
    expect(judge(output(row(1024, 400)), { EXPECTED_GBPS: GBps }).status).toBe(2);
  });

  test('fails wrong sums, however fast', () => {
    const { status, said } = judge(output(row(8_388_608, 400), row(17_179_869_184, 487, '3e+06')));
    expect(status).toBe(3);
    expect(said).toContain('WRONG');
    expect(judge(output(row(1024, 400)).replace(': 0 OK', ': 2 FAILED')).status).toBe(3);
  });

  test('takes sums that were not checked for right', () => {
    expect(judge(output(row(1024, 400, 'N/A'))).status).toBe(0);
  });

  test('reads the columns of nccom-test', () => {
    const table = `    size(B)    count(elems)    type    time:avg(us)    algbw(GB/s)    busbw(GB/s)
    8388608         2097152    fp32         1019.27           8.10          15.95
  536870912       134217728    fp32         9000.12          59.60         117.00
Avg bus bandwidth:      66.4750GB/s
`;
    expect(judge(table, { EXPECTED_GBPS: '75' })).toMatchObject({
      status: 0,
      said: expect.stringContaining('measured 117.00 GB/s at 536870912 bytes') as string,
    });
    expect(judge(table, { EXPECTED_GBPS: '118' }).status).toBe(1);
  });
});

describe('the other scripts', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'acceptance-'))));
  afterEach(() => rmSync(root, { recursive: true }));

  /** A command that says how it was called, and then does what `body` says. */
  const stub = (name: string, body = '') => {
    mkdirSync(join(root, 'bin'), { recursive: true });
    const path = join(root, 'bin', name);
    writeFileSync(path, `#!/bin/sh\necho "${name} $*" >> ${root}/calls\n${body}\n`);
    chmodSync(path, 0o755);
  };
  /** Runs a script with its absolute paths moved below a folder of its own, and with stubs before the real commands. */
  const runMoved = (script: string, env: Record<string, string> = {}) => {
    const moved = script
      .replace(/(^|[\s"])\/(acceptance|etc|tmp|run|opt|usr)\//gm, `$1${root}/$2/`)
      .replaceAll('~root/', `${root}/home/`);
    for (const folder of ['acceptance', 'etc/mpi', 'etc/mpi-ssh', 'home', 'tmp', 'run']) {
      mkdirSync(join(root, folder), { recursive: true });
    }
    return run('sh', moved, '', { ...env, PATH: `${root}/bin:${process.env.PATH ?? ''}` });
  };
  const file = (path: string, text: string) => {
    const whole = join(root, path);
    mkdirSync(join(whole, '..'), { recursive: true });
    writeFileSync(whole, text);
  };
  const calls = () => spawnSync('cat', [join(root, 'calls')], { encoding: 'utf8' }).stdout;
  const launch = (collective: string, env: Record<string, string> = {}) => {
    file('etc/mpi/hostfile', 'job-node-0-0.job slots=8\njob-node-0-1.job slots=8\n');
    file('etc/mpi-ssh/id_rsa', 'key');
    file('acceptance/collective.sh', collective);
    file('acceptance/judge.sh', JUDGE);
    stub('getent', 'echo "10.0.0.1 $2"');
    return runMoved(LAUNCH, { TIME_LIMIT_SECONDS: '5', ...env });
  };

  test('the launcher shows the whole output, then the verdict, and ends as the judge does', () => {
    const fast = launch(`cat <<'END'\n${output(row(1024, 400))}END\n`);
    expect(fast).toMatchObject({ status: 0, said: expect.stringMatching(/Avg bus bandwidth[^]*PASSED/) as string });
    expect(launch(`cat <<'END'\n${output(row(1024, 4))}END\n`).status).toBe(1);
  });

  test('the launcher locks its key before it uses it, and looks up each node', () => {
    launch('ls -l ' + join(root, 'home/.ssh/id_rsa'));
    expect(calls()).toBe('getent hosts job-node-0-0.job\ngetent hosts job-node-0-1.job\n');
    expect(launch(`stat -c %a ${root}/home/.ssh/id_rsa`).said).toContain('600');
  });

  test('the launcher fails with a collective that fails, even after fast results', () => {
    const { status, said } = launch(`cat <<'END'\n${output(row(1024, 400))}END\nexit 7\n`);
    expect(status).toBe(1);
    expect(said).toContain('ended with status 7');
    expect(said).not.toContain('PASSED');
  });

  test('the launcher ends a collective that hangs, and says where to look', () => {
    const { status, said } = launch('sleep 60', { TIME_LIMIT_SECONDS: '1' });
    expect(status).toBe(1);
    expect(said).toContain('do not reach each other over the fabric');
  });

  test('the launcher gives up on a node without an address', () => {
    file('etc/mpi/hostfile', 'job-node-0-0.job slots=8\n');
    file('etc/mpi-ssh/id_rsa', 'key');
    stub('getent', 'exit 2');
    stub('sleep');
    expect(runMoved(LAUNCH)).toMatchObject({
      status: 1,
      said: expect.stringContaining('job-node-0-0.job has no address') as string,
    });
  });

  test('all-reduce of GPUs runs on all ranks and passes the environment on', () => {
    stub('mpirun');
    expect(runMoved(NCCL, { RANKS: '16', RANKS_PER_NODE: '8', PASSED_ENV: 'FI_PROVIDER NCCL_DEBUG' }).status).toBe(0);
    expect(calls()).toMatch(/-np 16 -N 8 .*-x PATH -x LD_LIBRARY_PATH -x FI_PROVIDER -x NCCL_DEBUG .*all_reduce_perf/);
    expect(calls()).toContain('StrictHostKeyChecking=no');
  });

  test('all-reduce of Neuron cores names the addresses of all nodes, the first as the root', () => {
    file('etc/mpi/hostfile', 'a slots=32\nb slots=32\n');
    stub('getent', 'if [ "$2" = a ]; then echo "10.0.0.1 a"; else echo "10.0.0.2 b"; fi');
    stub('nccom-test', `echo "root $NEURON_RT_ROOT_COMM_ID" >> ${root}/calls`);
    expect(runMoved(NCCOM, { RANKS: '64', POD_IP: '10.0.0.9' }).status).toBe(0);
    expect(calls()).toMatch(/-r 64 -N 2 .*--hosts 10\.0\.0\.1 10\.0\.0\.2 --data-collector-host 10\.0\.0\.9/);
    expect(calls()).toContain('root 10.0.0.1:63182');
  });

  test('a node makes host keys, lets the launcher in, and hands on the environment of its image', () => {
    file('etc/mpi-ssh/authorized_keys', 'public key');
    file('usr/sbin/sshd', `#!/bin/sh\necho "sshd $*" >> ${root}/calls\n`);
    chmodSync(join(root, 'usr/sbin/sshd'), 0o755);
    stub('ssh-keygen');
    expect(runMoved(SERVE, { FI_PROVIDER: 'efa', SECRET: 'no' })).toMatchObject({ status: 0 });
    expect(calls()).toBe('ssh-keygen -A\nsshd -D -e -p 22\n');
    const environment = spawnSync('cat', [join(root, 'etc/environment')], { encoding: 'utf8' }).stdout;
    expect(environment).toContain('FI_PROVIDER=efa');
    expect(environment).not.toContain('SECRET');
  });

  test('a node without its key serves nothing', () => {
    stub('ssh-keygen');
    expect(runMoved(SERVE).status).not.toBe(0);
  });
});
