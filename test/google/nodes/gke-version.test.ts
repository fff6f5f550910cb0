import { Capacity, GoogleMachine } from 'ai-infra-constructs/google';
import { ProblemCollector } from '../../../lib/core/errors';
import { checkGkeVersion, minGkeVersion } from '../../../lib/google/nodes/node-pool-checks';

function refused(version: string, machine: GoogleMachine, capacity = Capacity.spot()) {
  const problems = new ProblemCollector();
  checkGkeVersion(problems, 'version', version, machine, capacity);
  return problems.all;
}

test.each([
  ['1.31.7-gke.1265000', GoogleMachine.A3_ULTRAGPU_8G],
  ['1.31.8', GoogleMachine.A3_ULTRAGPU_8G],
  ['1.31', GoogleMachine.A3_ULTRAGPU_8G],
  ['1.36', GoogleMachine.A3_ULTRAGPU_8G],
  ['1.30.14-gke.1922000', GoogleMachine.A3_MEGAGPU_8G],
  ['1.28', GoogleMachine.G2_STANDARD_96],
])('GKE %s supports %s', (version, machine) => {
  expect(refused(version, machine)).toEqual([]);
});

test.each([
  ['1.31.7-gke.1264999', GoogleMachine.A3_ULTRAGPU_8G, '1.31.7-gke.1265000'],
  ['1.30', GoogleMachine.A3_ULTRAGPU_8G, '1.31.7-gke.1265000'],
  ['1.31.13', GoogleMachine.A3_MEGAGPU_8G, '1.31.14-gke.1243000'],
  ['1.27', GoogleMachine.A3_MEGAGPU_8G, '1.28.15-gke.3163000'],
  ['1.33.9', GoogleMachine.TPU7X_STANDARD_4T, '1.34.0-gke.2201000'],
  ['1.34.2', GoogleMachine.A4X_MAXGPU_4G_METAL, '1.34.3-gke.1318000'],
])('GKE %s is too old for %s, which needs %s', (version, machine, floor) => {
  expect(refused(version, machine)).toEqual([
    expect.objectContaining({ code: 'GkeVersion', got: version, allowed: expect.stringContaining(floor) }),
  ]);
});

test('uses the higher minimum version of flex-start and the machine', () => {
  expect(minGkeVersion(GoogleMachine.G2_STANDARD_96, Capacity.flexStart())).toBe('1.32.2-gke.1652000');
  expect(minGkeVersion(GoogleMachine.CT6E_STANDARD_4T, Capacity.flexStart())).toBe('1.33.0-gke.1712000');
  expect(minGkeVersion(GoogleMachine.TPU7X_STANDARD_4T, Capacity.flexStart())).toBe('1.34.0-gke.2201000');
  expect(refused('1.31', GoogleMachine.A3_ULTRAGPU_8G, Capacity.flexStart())[0]!.allowed).toContain('with flex-start');
});

test('rejects a malformed version', () => {
  expect(refused('latest', GoogleMachine.G2_STANDARD_96)).toEqual([
    expect.objectContaining({ code: 'GkeVersion', allowed: expect.stringContaining('for example 1.34') }),
  ]);
});
