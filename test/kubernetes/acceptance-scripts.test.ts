import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECK, LAUNCH, NCCL, NCCOM, SERVE } from '../../lib/kubernetes/acceptance-scripts';

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

/** Runs a script as the job does, and returns its exit status and its output. */
function run(shell: string, script: string, input: string, env: Record<string, string> = {}) {
  const expected = { EXPECTED_GBPS: '300', EXPECTED_BASIS: 'published', EXPECTED_SOURCE: 'a table' };
  // If its input is a socket, bash assumes a remote shell and reads the settings of the user.
  const options = shell === 'bash' ? ['--norc', '-c'] : ['-c'];
  const { status, stdout, stderr } = spawnSync(shell, [...options, script], {
    input,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, ...expected, ...env },
  });
  return { status, printed: stdout + stderr };
}

describe.each(SHELLS)('check.sh in %s', (shell) => {
  const check = (text: string, env?: Record<string, string>) => run(shell, CHECK, text, env);

  test('passes a fast fabric by its best message size', () => {
    const { status, printed } = check(
      output(row(8_388_608, 76.8), row(8_589_934_592, 487.09), row(17_179_869_184, 480)),
    );
    expect(status).toBe(0);
    expect(printed).toBe(
      'all-reduce PASSED: measured 487.09 GB/s at 8589934592 bytes, expected at least 300 GB/s (published: a table)\n',
    );
  });

  test('passes at exactly the expected bandwidth', () => {
    expect(check(output(row(1_073_741_824, 300))).status).toBe(0);
  });

  test('fails a slow fabric and prints both values', () => {
    const { status, printed } = check(output(row(8_388_608, 2.1), row(17_179_869_184, 4.02)));
    expect(status).toBe(1);
    expect(printed).toContain('FAILED: measured 4.02 GB/s at 17179869184 bytes, expected at least 300 GB/s');
  });

  test('compares numbers, not strings', () => {
    expect(check(output(row(1024, 99)), { EXPECTED_GBPS: '300' }).status).toBe(1);
    expect(check(output(row(1024, 1000)), { EXPECTED_GBPS: '300.5' }).status).toBe(0);
  });

  test.each([
    ['an empty output', ''],
    ['an output without results', HEADER + FOOTER],
    ['rows without a header', row(1024, 400)],
    ['an NCCL error', 'h100-node-0-0: Test NCCL failure common.cu:1 unhandled system error\n'],
    ['a header and a broken row', `${HEADER}   8388608   2097152   float   sum\n${FOOTER}`],
    ['a bandwidth that is not a number', HEADER + row(1024, 400).replaceAll('400.00', 'nan') + FOOTER],
  ])('takes %s for no proof', (_, text) => {
    const { status, printed } = check(text);
    expect(status).toBe(2);
    expect(printed).toContain('UNREADABLE');
  });

  test.each(['', 'fast', '-3', '0'])('rejects the expected bandwidth %j', (GBps) => {
    expect(check(output(row(1024, 400)), { EXPECTED_GBPS: GBps }).status).toBe(2);
  });

  test('fails incorrect sums at any speed', () => {
    const { status, printed } = check(output(row(8_388_608, 400), row(17_179_869_184, 487, '3e+06')));
    expect(status).toBe(3);
    expect(printed).toContain('WRONG');
    expect(check(output(row(1024, 400)).replace(': 0 OK', ': 2 FAILED')).status).toBe(3);
  });

  test('accepts sums that were not checked', () => {
    expect(check(output(row(1024, 400, 'N/A'))).status).toBe(0);
  });

  test('reads the columns of nccom-test', () => {
    const table = `    size(B)    count(elems)    type    time:avg(us)    algbw(GB/s)    busbw(GB/s)
    8388608         2097152    fp32         1019.27           8.10          15.95
  536870912       134217728    fp32         9000.12          59.60         117.00
Avg bus bandwidth:      66.4750GB/s
`;
    expect(check(table, { EXPECTED_GBPS: '75' })).toMatchObject({
      status: 0,
      printed: expect.stringContaining('measured 117.00 GB/s at 536870912 bytes') as string,
    });
    expect(check(table, { EXPECTED_GBPS: '118' }).status).toBe(1);
  });
});

describe('launch.sh, collective.sh and serve.sh', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'acceptance-'))));
  afterEach(() => rmSync(root, { recursive: true }));

  /** Writes a command that records its arguments and then runs `body`. */
  const stub = (name: string, body = '') => {
    mkdirSync(join(root, 'bin'), { recursive: true });
    const path = join(root, 'bin', name);
    writeFileSync(path, `#!/bin/sh\necho "${name} $*" >> ${root}/calls\n${body}\n`);
    chmodSync(path, 0o755);
  };
  /** Runs a script with its absolute paths moved to a temporary folder, and with stubs in front of the real commands. */
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
    file('acceptance/check.sh', CHECK);
    stub('getent', 'echo "10.0.0.1 $2"');
    return runMoved(LAUNCH, { TIME_LIMIT_SECONDS: '5', ...env });
  };

  test('the launcher prints the whole output and the result, and exits with the status of the check', () => {
    const fast = launch(`cat <<'END'\n${output(row(1024, 400))}END\n`);
    expect(fast).toMatchObject({ status: 0, printed: expect.stringMatching(/Avg bus bandwidth[^]*PASSED/) as string });
    expect(launch(`cat <<'END'\n${output(row(1024, 4))}END\n`).status).toBe(1);
  });

  test('the launcher restricts the permissions of its key, and resolves each node', () => {
    launch('ls -l ' + join(root, 'home/.ssh/id_rsa'));
    expect(calls()).toBe('getent hosts job-node-0-0.job\ngetent hosts job-node-0-1.job\n');
    expect(launch(`stat -c %a ${root}/home/.ssh/id_rsa`).printed).toContain('600');
  });

  test('the launcher fails if the collective fails, even after fast results', () => {
    const { status, printed } = launch(`cat <<'END'\n${output(row(1024, 400))}END\nexit 7\n`);
    expect(status).toBe(1);
    expect(printed).toContain('exited with status 7');
    expect(printed).not.toContain('PASSED');
  });

  test('the launcher stops a collective that hangs, and prints what to check', () => {
    const { status, printed } = launch('sleep 60', { TIME_LIMIT_SECONDS: '1' });
    expect(status).toBe(1);
    expect(printed).toContain('cannot reach each other over the fabric');
  });

  test('the launcher fails if a node has no address', () => {
    file('etc/mpi/hostfile', 'job-node-0-0.job slots=8\n');
    file('etc/mpi-ssh/id_rsa', 'key');
    stub('getent', 'exit 2');
    stub('sleep');
    expect(runMoved(LAUNCH)).toMatchObject({
      status: 1,
      printed: expect.stringContaining('job-node-0-0.job has no address') as string,
    });
  });

  test('the GPU all-reduce runs on all ranks and passes on the environment variables', () => {
    stub('mpirun');
    expect(runMoved(NCCL, { RANKS: '16', RANKS_PER_NODE: '8', PASSED_ENV: 'FI_PROVIDER NCCL_DEBUG' }).status).toBe(0);
    expect(calls()).toMatch(/-np 16 -N 8 .*-x PATH -x LD_LIBRARY_PATH -x FI_PROVIDER -x NCCL_DEBUG .*all_reduce_perf/);
    expect(calls()).toContain('StrictHostKeyChecking=no');
  });

  test('the Neuron all-reduce uses the addresses of all nodes, with the first one as the root', () => {
    file('etc/mpi/hostfile', 'a slots=32\nb slots=32\n');
    stub('getent', 'if [ "$2" = a ]; then echo "10.0.0.1 a"; else echo "10.0.0.2 b"; fi');
    stub('nccom-test', `echo "root $NEURON_RT_ROOT_COMM_ID" >> ${root}/calls`);
    expect(runMoved(NCCOM, { RANKS: '64', POD_IP: '10.0.0.9' }).status).toBe(0);
    expect(calls()).toMatch(/-r 64 -N 2 .*--hosts 10\.0\.0\.1 10\.0\.0\.2 --data-collector-host 10\.0\.0\.9/);
    expect(calls()).toContain('root 10.0.0.1:63182');
  });

  test('a node creates host keys, accepts the launcher, and passes on the environment of its image', () => {
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

  test('a node without a key does not start the SSH server', () => {
    stub('ssh-keygen');
    expect(runMoved(SERVE).status).not.toBe(0);
  });
});
