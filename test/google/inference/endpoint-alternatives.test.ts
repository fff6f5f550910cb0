import { GoogleMachine } from 'ai-infra-constructs/google';
import { alternativesIn, offersIn } from '../../endpoint-alternatives';
import { loadOf, synthEndpoint } from './support';

test('the alternatives of a Vertex AI endpoint are machines that it serves, in its region', () => {
  const alternatives = alternativesIn(synthEndpoint({ load: loadOf() }).endpoint);
  expect(alternatives.length).toBeGreaterThan(0);
  for (const offer of offersIn(alternatives)) expect(offer).toMatch(/^google (on-demand|spot) us-central1$/);
  for (const { machine, market } of alternatives) {
    const { spec, markets, isTpu } = GoogleMachine.fromName(machine);
    expect(isTpu ? ['TPU v5e', 'TPU v6e'].includes(spec.chip) : spec.accelerators >= 1).toBe(true);
    expect(markets ?? [market]).toContain(market);
  }
});
