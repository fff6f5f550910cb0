import { Prices } from 'ai-infra-constructs';
import { alternativesIn, offersIn } from '../../endpoint-alternatives';
import { SAGEMAKER_MACHINES, SAGEMAKER_PRICES } from '../../../lib/core/catalog/sagemaker-machines';
import { chatLoad, synthEndpoint } from './endpoint-support';

describe('the alternatives of a SageMaker endpoint', () => {
  test('are machines that SageMaker hosts, on demand, in the region of the endpoint', () => {
    const { endpoint } = synthEndpoint({ load: chatLoad() }, { env: { region: 'us-east-1' } });
    const alternatives = alternativesIn(endpoint);
    expect(alternatives.length).toBeGreaterThan(0);
    expect(offersIn(alternatives)).toEqual(['aws on-demand us-east-1']);
    for (const { machine } of alternatives)
      expect(Object.keys(SAGEMAKER_MACHINES)).toContain(machine.replace(/^ml\./, ''));
    expect(alternatives.every(({ machine }) => machine.startsWith('ml.') && machine !== 'ml.g6e.xlarge')).toBe(true);
  });

  test('have your own prices, and those of another region for a region without prices', () => {
    const prices = Prices.of([{ machine: 'ml.g6e.2xlarge', market: 'on-demand', usdPerHour: 0.01 }]);
    const { endpoint } = synthEndpoint({ load: chatLoad(), prices }, { env: { region: 'eu-west-1' } });
    const alternatives = alternativesIn(endpoint);
    const own = alternatives.find(({ machine }) => machine === 'ml.g6e.2xlarge');
    expect(own).toMatchObject({ region: 'eu-west-1' });
    expect(own).not.toHaveProperty('priceRegion');
    for (const one of alternatives.filter((other) => other !== own)) {
      expect(one).toMatchObject({ region: 'eu-west-1', priceRegion: SAGEMAKER_PRICES.region });
    }
  });
});
