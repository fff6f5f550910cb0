import { Prices } from 'ai-infra-constructs';
import { ofTemplate, ofTerraform } from './support';

const INSTANCE = 'AWS::EC2::Instance';
const box = (Properties: Record<string, unknown>) => ({ Box: { Type: INSTANCE, Properties } });
const costOf = (properties: Record<string, unknown>, options = {}) => ofTemplate(box(properties), {}, options).cost!;

test('machines in the catalog cost their list price for 730 hours', () => {
  expect(costOf({ InstanceType: 'p5.48xlarge' })).toEqual({
    groups: [
      {
        name: 'Box',
        machine: 'p5.48xlarge',
        count: 1,
        market: 'on-demand',
        region: 'us-east-1',
        usdPerHour: 55.04,
        usdPerMonth: 55.04 * 730,
        priceDate: '2026-07-20',
      },
    ],
    usdPerMonth: 55.04 * 730,
    notPriced: [],
  });
});

test('your own prices take precedence, and apply to machines that the catalog does not have', () => {
  const prices = Prices.of([{ machine: 'm7i.large', market: 'on-demand', usdPerHour: 0.1, date: '2026-11-01' }]);
  expect(costOf({ InstanceType: 'm7i.large' }, { prices })).toMatchObject({ usdPerMonth: 73, notPriced: [] });
});

test('priceRegion selects the region of the prices', () => {
  expect(costOf({ InstanceType: 'p5.48xlarge' }, { priceRegion: 'mars-1' }).notPriced).toEqual([
    { name: 'Box', reason: 'the price table has no on-demand price in mars-1' },
  ]);
});

test.each([
  [{ InstanceType: 'm7i.large' }, 'the machine is not in the price table'],
  [{ InstanceType: { 'Fn::ImportValue': 'x' } }, 'its machine type is known at deployment'],
  [
    { InstanceType: 'p5.48xlarge', InstanceMarketOptions: { MarketType: 'capacity-block' } },
    'capacity blocks have no list price',
  ],
])('an instance of %j is not priced: %s', (properties, reason) => {
  expect(costOf(properties)).toEqual({ groups: [], usdPerMonth: 0, notPriced: [{ name: 'Box', reason }] });
});

test.each([
  [{ InstanceTypes: ['g5.xlarge', 'g6.xlarge'], ScalingConfig: { DesiredSize: 1 } }, 'any of several machines'],
  [{ InstanceTypes: ['g5.xlarge'] }, 'its count is not set'],
  [
    { InstanceTypes: ['g5.xlarge'], ScalingConfig: { DesiredSize: { Ref: 'Size' } } },
    'its count is known at deployment',
  ],
])('a node group of %j is not priced: %s', (Properties, reason) => {
  const { cost } = ofTemplate({ Nodes: { Type: 'AWS::EKS::Nodegroup', Properties } });
  expect(cost!.notPriced).toEqual([{ name: 'Nodes', reason }]);
});

test('a group with a desired count of zero has a cost of zero', () => {
  const Properties = { InstanceTypes: ['g5.xlarge'], ScalingConfig: { MinSize: 0, MaxSize: 9, DesiredSize: 0 } };
  expect(ofTemplate({ Nodes: { Type: 'AWS::EKS::Nodegroup', Properties } }).cost!.groups[0]).toMatchObject({
    usdPerMonth: 0,
  });
});

test('each cloud has its own default region', () => {
  const { cost } = ofTerraform({
    'google_container_node_pool.a': { node_count: 1, node_config: { machine_type: 'a3-highgpu-8g' } },
    'azurerm_kubernetes_cluster_node_pool.b': { node_count: 1, vm_size: 'Standard_ND96isr_H100_v5' },
  });
  expect(cost!.groups.map(({ name, region }) => [name, region])).toEqual([
    ['a', 'us-central1'],
    ['b', 'eastus'],
  ]);
});

test('the option cost: false leaves out the cost', () => {
  expect(ofTemplate(box({ InstanceType: 'p5.48xlarge' }), {}, { cost: false }).cost).toBeUndefined();
});
