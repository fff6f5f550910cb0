import { ofTerraform } from '../support';

const release = (props: Record<string, unknown>) => ofTerraform({ 'helm_release.installed': props });

test('a chart shows its version', () => {
  expect(release({ chart: 'kueue', version: '0.19.2', values: ['{}'] }).kubernetes).toEqual([
    { name: 'installed', kind: 'chart', details: { of: 'kueue', version: '0.19.2' } },
  ]);
});

describe('a chart that is stored next to the stack', () => {
  const beside = (values: string) => release({ chart: '${path.module}/charts/objects', values: [values] });
  const pods = '{"spec":{"containers":[{"image":"vllm:1","resources":{"limits":{"google.com/tpu":"8"}}}]}}';

  test('shows workloads one by one, and the number of other objects', () => {
    const objects = `[{"kind":"Namespace"},{"kind":"Service"},{"kind":"Service"},{"kind":"Deployment","metadata":{"name":"chat"},"spec":{"replicas":2,"template":${pods}}}]`;
    expect(beside(`{"objects":${objects}}`).kubernetes).toEqual([
      { name: 'installed', kind: '1 Namespace' },
      { name: 'installed', kind: '2 Service' },
      {
        name: 'installed/chat',
        kind: 'Deployment',
        details: { replicas: '2', image: 'vllm:1', devices: '8 google.com/tpu' },
      },
    ]);
  });

  test('can contain values that are only known at deployment, inside strings and in place of values', () => {
    const job = `{"kind":"CronJob","metadata":{"name":"batch"},"spec":{"schedule":"0 2 * * *","suspend":false,"jobTemplate":{"spec":{"parallelism":4,"template":${pods}}},"of":\${jsonencode(google_storage_bucket.b.name)},"in":["\${a.b}",\${c.d}]}}`;
    expect(beside(`{"objects":[${job}]}`).kubernetes).toEqual([
      {
        name: 'installed/batch',
        kind: 'CronJob',
        details: { replicas: '4', schedule: '0 2 * * *', image: 'vllm:1', devices: '8 google.com/tpu' },
      },
    ]);
  });

  test('is shown as a chart if this library did not write it', () => {
    expect(beside('a: b').kubernetes).toEqual([
      { name: 'installed', kind: 'chart', details: { of: expect.any(String) } },
    ]);
  });
});
