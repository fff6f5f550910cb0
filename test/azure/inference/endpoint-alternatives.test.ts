import { AZURE_ML_ONLINE_MACHINES } from '../../../lib/core/catalog/azure-ml-hosting';
import { alternativesIn, offersIn } from '../../endpoint-alternatives';
import { chatLoad, synthMlEndpoint } from './endpoint-support';

test('the alternatives of a managed online endpoint are machines of its list, on demand', () => {
  const alternatives = alternativesIn(synthMlEndpoint({ load: chatLoad() }).endpoint);
  expect(alternatives.length).toBeGreaterThan(0);
  for (const offer of offersIn(alternatives)) expect(offer).toMatch(/^azure on-demand /);
  for (const { machine } of alternatives) expect(Object.keys(AZURE_ML_ONLINE_MACHINES)).toContain(machine);
});
