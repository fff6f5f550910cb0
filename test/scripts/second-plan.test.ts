import { changesOf, errorsOf } from '../../scripts/second-plan';

const CONFIG = {
  resource: { google_container_cluster: { it: { name: 'a', network_config: [{ tags: ['x'] }] } } },
};

/** The output of `tofu test` whose plan changes the cluster. */
function outputOf(actions: readonly string[], before?: unknown, after?: unknown): string {
  const change = { actions, before, after };
  const [type, name] = ['google_container_cluster', 'it'];
  const resource = { address: `${type}.${name}`, mode: 'managed', type, name, change };
  return ['not json', { type: 'version' }, { type: 'test_plan', test_plan: { resource_changes: [resource] } }]
    .map((line) => (typeof line === 'string' ? line : JSON.stringify(line)))
    .join('\n');
}

test('accepts a plan without changes', () => {
  expect(changesOf(outputOf(['no-op'], {}, {}), CONFIG)).toEqual([]);
});

test('leaves out values that the configuration does not set', () => {
  const before = { name: 'a', network_config: [{ tags: ['x'], peering: 'p' }], endpoint: '1' };
  const after = { name: 'a', network_config: [{ tags: ['x'], peering: 'q' }], endpoint: '2' };
  expect(changesOf(outputOf(['update'], before, after), CONFIG)).toEqual([]);
});

test.each([
  [{ name: 'a' }, { name: 'b' }, ['google_container_cluster.it: update of name']],
  [
    { network_config: [{ tags: ['x'] }] },
    { network_config: [{ tags: ['y'] }] },
    ['google_container_cluster.it: update of network_config.tags'],
  ],
  [{ network_config: [{}] }, { network_config: [] }, ['google_container_cluster.it: update of network_config']],
])('finds an update from %j to %j', (before, after, expected) => {
  expect(changesOf(outputOf(['update'], before, after), CONFIG)).toEqual(expected);
});

test.each([[['create']], [['delete', 'create']]])('finds a resource with the actions %j', (actions) => {
  expect(changesOf(outputOf(actions), CONFIG)).toEqual([`google_container_cluster.it: ${actions.join(', ')}`]);
});

test('does not take an output without a plan for an empty plan', () => {
  expect(changesOf('{"type":"test_summary"}', CONFIG)).toEqual(['the output has no plan']);
});

test('reads errors', () => {
  const diagnostic = { severity: 'error', summary: 'Missing argument', detail: 'It is required.' };
  const warning = { severity: 'warning', summary: 'Deprecated' };
  const output = [diagnostic, warning].map((one) => JSON.stringify({ type: 'diagnostic', diagnostic: one })).join('\n');
  expect(errorsOf(output)).toBe('Missing argument\nIt is required.');
});
