import { findingsOf } from 'ai-infra-constructs';
import { acknowledge, Capacity, GoogleMachine, TrainingStorage } from 'ai-infra-constructs/google';
import { Token } from 'cdktf';
import { Construct } from 'constructs';
import { recordMachineFindings } from '../../../lib/google/machine/machine';
import { codesOf, newStack, synthPool } from '../support';
import { synthCluster } from '../training/support';

function places(machine: GoogleMachine, zone: string) {
  const scope = new Construct(newStack(), 'Scope');
  recordMachineFindings(scope, machine, zone);
  return findingsOf(scope).filter(({ id }) => id === 'machine/region');
}

describe('machine/region', () => {
  test('warns about a zone that no source lists, and lists the same region first', () => {
    const [found] = places(GoogleMachine.A3_ULTRAGPU_8G, 'us-central1-a');
    expect(found).toMatchObject({ level: 'warning' });
    expect(found!.message).toMatch(
      /^No source lists a3-ultragpu-8g in us-central1-a\. Sources list it in us-central1-b, us-east4-b, /,
    );
  });

  test.each([
    [GoogleMachine.A3_ULTRAGPU_8G, 'us-central1-b'],
    [GoogleMachine.G2_STANDARD_48, 'europe-west4-c'],
    [GoogleMachine.TPU7X_STANDARD_4T, 'us-central1-ai1a'],
    [GoogleMachine.A4X_MAXGPU_4G_METAL, 'us-central1-b'],
  ])('is not recorded for %s in %s, which is listed or unknown', (machine, zone) => {
    expect(places(machine, zone)).toEqual([]);
  });

  test('is not recorded for an unknown zone or a machine from a user', () => {
    expect(places(GoogleMachine.A3_ULTRAGPU_8G, Token.asString({ ref: 'zone' }))).toEqual([]);
    const own = GoogleMachine.of('a5-highgpu-8g', GoogleMachine.A4_HIGHGPU_8G.spec);
    expect(places(own, 'us-central1-b')).toEqual([]);
  });

  test('is recorded once for all slices of a group', () => {
    const { cluster } = synthCluster({
      zone: 'us-central1-f',
      machine: GoogleMachine.CT6E_STANDARD_4T,
      topology: '4x4',
      slices: 3,
      storage: TrainingStorage.none(),
    });
    expect(findingsOf(cluster).filter(({ id }) => id === 'machine/region')).toHaveLength(1);
  });

  test('is acknowledged with a reason', () => {
    const { pool } = synthPool({ zone: 'us-central1-f', capacity: Capacity.spot() });
    acknowledge(pool, 'machine/region', 'Our project has it there.');
    expect(findingsOf(pool).filter(({ acknowledged }) => acknowledged === undefined)).toEqual([]);
  });
});

test('accepts an AI zone as a zone of its region', () => {
  const tpu = { machine: GoogleMachine.TPU7X_STANDARD_4T, topology: '2x2x1', nodes: 1 };
  expect(synthPool({ ...tpu, zone: 'us-central1-ai1a' }).resource.node_locations).toEqual(['us-central1-ai1a']);
  expect(codesOf(() => synthPool({ ...tpu, zone: 'us-central1-aia' }))).toContain('LocationInvalid');
});
