import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { priceOf, Prices } from 'ai-infra-constructs';
import type { PriceFile } from '../../lib/core/catalog/price-file';
import { runToEnd } from '../../lib/cli/program';
import {
  awsLists,
  azureItem,
  ec2List,
  ec2Row,
  googleSku,
  planList,
  planRow,
  type PriceLists,
  priceLists,
  reserved,
  spotFile,
} from './price-lists';
import { scratch } from './support';

const EC2 = '/offers/v1.0/aws/AmazonEC2/20261127/us-east-1/index.csv';
const AZURE = '/api/retail/prices';
const GOOGLE = '/v1/services/6F81-5844-456A/skus';
const H100 = 'Standard_ND96isr_H100_v5';

let lists: PriceLists;
const VARIABLES = [
  'AI_INFRA_AWS_PRICES_URL',
  'AI_INFRA_AZURE_PRICES_URL',
  'AI_INFRA_GOOGLE_PRICES_URL',
  'AI_INFRA_AWS_SPOT_PRICES_URL',
  'AI_INFRA_PRICES_RETRY_MS',
  'AI_INFRA_PRICES_TIMEOUT_MS',
  'GOOGLE_API_KEY',
];

beforeEach(async () => {
  lists = await priceLists({
    ...awsLists(
      ec2List([
        ec2Row('p5.48xlarge', '55.0400000000'),
        ec2Row('p5.48xlarge', '99.0', { 'Operating System': 'Windows' }),
        ec2Row('p5.48xlarge', '98.0', { Tenancy: 'Dedicated' }),
        ec2Row('p5.48xlarge', '97.0', { 'Pre Installed S/W': 'SQL Web' }),
        ec2Row('p5.48xlarge', '96.0', { CapacityStatus: 'UnusedCapacityReservation' }),
        ec2Row('p5.48xlarge', '95.0', { 'Location Type': 'AWS Local Zone', 'Region Code': 'us-east-1-bos-1' }),
        ec2Row('p5.48xlarge', '0.0000000000', { MarketOption: 'CapacityBlock' }),
        ec2Row('p5.48xlarge', '40.0', reserved(1)),
        ec2Row('p5.48xlarge', '30.0', reserved(3)),
        ec2Row('p5.48xlarge', '20.0', reserved(3, 'Partial Upfront')),
        ec2Row('p5.48xlarge', '31.0', reserved(3, 'No Upfront', 'convertible')),
        ec2Row('p5e.48xlarge', '60.0'),
        ec2Row('m5.large', '0.096'),
      ]),
      planList([
        planRow('BoxUsage:p5.48xlarge', '42.0'),
        planRow('BoxUsage:p5.48xlarge', '39.0', { 'Product Family': 'EC2InstanceSavingsPlans' }),
        planRow('USE1-BoxUsage:p5.48xlarge', '28.0', { LeaseContractLength: '3' }),
        planRow('HostBoxUsage:p5.48xlarge', '1.0'),
        planRow('UnusedBox:p5.48xlarge', '2.0'),
        planRow('BoxUsage:p5.48xlarge', '3.0', { DiscountedOperation: 'RunInstances:0002' }),
        planRow('BoxUsage:p5.48xlarge', '4.0', { PurchaseOption: 'All Upfront' }),
        planRow('BoxUsage:p5.48xlarge', '5.0', { DiscountedRegionCode: 'eu-west-1' }),
      ]),
    ),
    '/spot.json': spotFile({
      'us-east': { 'p5.48xlarge': '18.5', 'm5.large': '0.03', 'p4d.24xlarge': 'N/A*' },
      'eu-west-1': { 'p5.48xlarge': '21.5' },
    }),
    [AZURE]: { Items: [], NextPageLink: null, Count: 0 },
    [GOOGLE]: { skus: [], nextPageToken: '' },
  });
  process.env.AI_INFRA_AWS_PRICES_URL = lists.base;
  process.env.AI_INFRA_AZURE_PRICES_URL = lists.base;
  process.env.AI_INFRA_GOOGLE_PRICES_URL = lists.base;
  process.env.AI_INFRA_AWS_SPOT_PRICES_URL = `${lists.base}/spot.json`;
  process.env.AI_INFRA_PRICES_RETRY_MS = '5';
  delete process.env.GOOGLE_API_KEY;
});

afterEach(async () => {
  await lists.close();
  for (const name of VARIABLES) Reflect.deleteProperty(process.env, name);
});

async function update(...args: readonly string[]) {
  let [out, err] = ['', ''];
  const code = await runToEnd(['prices', 'update', ...args], {
    out: (text) => (out += text),
    err: (text) => (err += text),
    color: false,
    watched: false,
  });
  return { code, out, err };
}

async function fileOf(...args: readonly string[]): Promise<PriceFile> {
  const { code, out, err } = await update(...args);
  expect({ code, err }).toMatchObject({ code: 0 });
  return JSON.parse(out) as PriceFile;
}

const shown = ({ prices }: PriceFile) =>
  prices.map(({ machine, region, market, termYears = 0, usdPerHour, note = '' }) =>
    [machine, region, market, termYears, usdPerHour, note].join(' ').trim(),
  );

describe('prices of AWS', () => {
  const AWS = ['--clouds', 'aws', '--regions', 'us-east-1'];

  test('are those of Linux on shared hardware, without a payment up front', async () => {
    expect(shown(await fileOf(...AWS, '--machines', 'aws/p5.48xlarge'))).toEqual([
      'p5.48xlarge us-east-1 committed 1 42 Compute Savings Plan, no upfront',
      'p5.48xlarge us-east-1 committed 1 39 EC2 Instance Savings Plan, no upfront',
      'p5.48xlarge us-east-1 committed 1 40 Standard Reserved Instance, no upfront',
      'p5.48xlarge us-east-1 committed 3 28 Compute Savings Plan, no upfront',
      'p5.48xlarge us-east-1 committed 3 30 Standard Reserved Instance, no upfront',
      'p5.48xlarge us-east-1 on-demand 0 55.04',
      'p5.48xlarge us-east-1 spot 0 18.5',
    ]);
  });

  test('have a day and a source with the version of the list', async () => {
    const { format, currency, sources, prices } = await fileOf(...AWS, '--markets', 'on-demand');
    expect({ format, currency }).toEqual({ format: 'ai-infra-prices/1', currency: 'USD' });
    expect(prices[0]).toMatchObject({ date: new Date().toISOString().slice(0, 10), source: 'aws-ec2-us-east-1' });
    expect(sources).toEqual({
      'aws-ec2-us-east-1': {
        text: 'AWS Price List, AmazonEC2, us-east-1',
        url: `${lists.base}${EC2}`,
        version: '20261127200000',
      },
    });
  });

  test('leave out list prices that nobody can buy at, and other machines', async () => {
    const { prices } = await fileOf(...AWS, '--markets', 'on-demand');
    expect(prices.map(({ machine }) => machine)).toEqual(['p5.48xlarge']);
  });

  test('read only the lists of the markets', async () => {
    await fileOf(...AWS, '--markets', 'spot');
    expect(lists.requests).toEqual(['/spot.json']);
    await fileOf(...AWS, '--markets', 'on-demand');
    expect(lists.requests.filter((path) => path.startsWith('/savingsPlan'))).toEqual([]);
  });

  test('have spot prices of every requested region, by its current name', async () => {
    const { prices } = await fileOf('--clouds', 'aws', '--markets', 'spot', '--regions', 'us-east-1,eu-west-1');
    expect(prices.map(({ region, usdPerHour }) => `${region} ${usdPerHour}`)).toEqual([
      'eu-west-1 21.5',
      'us-east-1 18.5',
    ]);
  });

  test('have no price of Capacity Blocks, unless the list has one', async () => {
    const blocks = (file: PriceFile) => file.missing.filter((reason) => reason.includes('Capacity Blocks'));
    expect(blocks(await fileOf(...AWS, '--markets', 'committed'))).toHaveLength(1);
    lists.set(
      EC2,
      ec2List([ec2Row('m5.large', '0.096'), ec2Row('p5.48xlarge', '31.464', { MarketOption: 'CapacityBlock' })]),
    );
    const file = await fileOf(...AWS, '--markets', 'committed');
    expect(blocks(file)).toEqual([]);
    expect(shown(file)).toContain('p5.48xlarge us-east-1 committed 0 31.464 Capacity Block');
  });

  test('are missing, with the reason, for a region that the index does not have', async () => {
    const { missing } = await fileOf(
      '--clouds',
      'aws',
      '--regions',
      'us-east-1',
      'eu-west-1',
      '--markets',
      'on-demand',
    );
    expect(missing).toEqual(['aws eu-west-1: the price list has no such region']);
  });
});

describe('prices of Azure', () => {
  const AZURE_H100 = ['--clouds', 'azure', '--machines', `azure/${H100}`];

  test('come from every page, on demand, spot, reserved, and in a savings plan', async () => {
    const savingsPlan = [
      { term: '1 Year', retailPrice: 70, unitPrice: 70 },
      { term: '3 Years', retailPrice: 50, unitPrice: 50 },
    ];
    const spot = { skuName: 'ND96isrH100v5 Spot', meterName: 'ND96isr H100 v5 Spot' };
    const term = { type: 'Reservation', reservationTerm: '3 Years' };
    lists.set(AZURE, (request, response) => {
      const isFirst = !request.url!.includes('$skip');
      response.end(
        JSON.stringify({
          Items: isFirst
            ? [
                azureItem(H100, 98.32, { savingsPlan }),
                azureItem(H100, 120, { productName: 'Virtual Machines NDisrH100v5 Series Windows' }),
              ]
            : [
                azureItem(H100, 30, spot),
                azureItem(H100, 26280 * 45, term),
                azureItem(H100, 20, { type: 'DevTestConsumption' }),
              ],
          NextPageLink: isFirst ? `${lists.base}${AZURE}?api-version=2023-01-01-preview&$skip=1000` : null,
        }),
      );
    });
    expect(shown(await fileOf(...AZURE_H100))).toEqual([
      `${H100} eastus committed 1 70 Savings plan for compute`,
      `${H100} eastus committed 3 45 Reserved VM Instance`,
      `${H100} eastus committed 3 50 Savings plan for compute`,
      `${H100} eastus on-demand 0 98.32`,
      `${H100} eastus spot 0 30`,
    ]);
    expect(lists.requests[0]).toContain(`$filter=serviceName eq 'Virtual Machines' and armSkuName eq '${H100}'`);
  });

  test('are those of today, of the primary meter', async () => {
    lists.set(AZURE, {
      Items: [
        azureItem(H100, 3, { effectiveStartDate: '2999-01-01T00:00:00Z' }),
        azureItem(H100, 2, { effectiveStartDate: '2026-02-01T00:00:00Z' }),
        azureItem(H100, 1),
        azureItem(H100, 4, { effectiveStartDate: '2026-03-01T00:00:00Z', isPrimaryMeterRegion: false }),
        azureItem(H100, 5, { currencyCode: 'EUR' }),
        azureItem(H100, 6, { meterName: 'ND96isr H100 v5 Low Priority' }),
      ],
      NextPageLink: null,
    });
    expect(shown(await fileOf(...AZURE_H100))).toEqual([`${H100} eastus on-demand 0 2`]);
  });

  test('can be of some regions', async () => {
    lists.set(AZURE, {
      Items: [azureItem(H100, 98), azureItem(H100, 99, { armRegionName: 'westus' })],
      NextPageLink: null,
    });
    expect(shown(await fileOf(...AZURE_H100, '--regions', 'westus', 'northeurope'))).toEqual([
      `${H100} westus on-demand 0 99`,
    ]);
    expect(lists.requests[0]).toContain("and (armRegionName eq 'westus' or armRegionName eq 'northeurope')");
  });

  test('never follow a page to another server', async () => {
    lists.set(AZURE, { Items: [], NextPageLink: 'https://prices.example.com/api/retail/prices' });
    const { code, err } = await update(...AZURE_H100);
    expect(code).toBe(1);
    expect(err).toMatch(/a NextPageLink to 127\.0\.0\.1.*\[PriceListFormat\]/);
  });
});

describe('prices of Google', () => {
  const L4 = ['--clouds', 'google', '--google-api-key', 'secret', '--machines', 'google/g2-standard-4'];
  const skus = [
    googleSku('G2 Instance Core running in Americas', 0.03),
    googleSku('G2 Custom Instance Core running in Americas', 9),
    googleSku('G2 Instance Ram running in Americas', 0.003),
    googleSku('Nvidia L4 GPU running in Americas', 0.56),
    googleSku('Nvidia L4 GPU attached to DWS Defined Duration VMs running in Americas', 0.3),
    googleSku('Reserved Nvidia L4 GPU in Americas', 0.2),
    googleSku('Spot Preemptible G2 Instance Core running in Americas', 0.01, {}, 'Preemptible'),
    googleSku('Spot Preemptible G2 Instance Ram running in Americas', 0.001, {}, 'Preemptible'),
    googleSku('Nvidia L4 GPU attached to Spot Preemptible VMs running in Americas', 0.2, {}, 'Preemptible'),
    googleSku('Commitment v1: G2 Cpu in Americas for 1 Year', 0.02, {}, 'Commit1Yr'),
    googleSku('Commitment v1: G2 Ram in Americas for 1 Year', 0.002, {}, 'Commit1Yr'),
    googleSku('Commitment v1: Nvidia L4 GPU running in Americas for 1 Year', 0.35, {}, 'Commit1Yr'),
  ];

  test('are sums of vCPUs, memory, and GPUs, from every page', async () => {
    lists.set(GOOGLE, (request, response) => {
      const isFirst = !request.url!.includes('pageToken');
      response.end(
        JSON.stringify(
          isFirst ? { skus: skus.slice(0, 4), nextPageToken: 'a+b' } : { skus: skus.slice(4), nextPageToken: '' },
        ),
      );
    });
    const file = await fileOf(...L4);
    expect(shown(file)).toEqual([
      'g2-standard-4 us-central1 committed 1 0.462 Sum of vCPUs, memory, and GPUs, without local SSD',
      'g2-standard-4 us-central1 on-demand 0 0.728 Sum of vCPUs, memory, and GPUs, without local SSD',
      'g2-standard-4 us-central1 spot 0 0.256 Sum of vCPUs, memory, and GPUs, without local SSD',
    ]);
    expect(lists.requests[1]).toContain('pageToken=a+b');
  });

  test('are missing where a part has no price, two prices, tiers, or another unit', async () => {
    const gpu = (changed: object) => [...skus.slice(0, 3), ...(changed as object[])];
    const tiers = [1, 2].map((units) => ({
      startUsageAmount: units,
      unitPrice: { currencyCode: 'USD', units: String(units), nanos: 0 },
    }));
    for (const last of [
      [],
      [googleSku('Nvidia L4 GPU running in Americas', 0.56), googleSku('Nvidia L4 GPU running in Iowa', 0.6)],
      [
        googleSku('Nvidia L4 GPU running in Americas', 0.56, {
          pricingInfo: [{ pricingExpression: { usageUnit: 'h', tieredRates: tiers } }],
        }),
      ],
      [googleSku('Nvidia L4 GPU running in Frankfurt', 0.56, { serviceRegions: ['europe-west3'] })],
    ]) {
      lists.set(GOOGLE, { skus: gpu(last), nextPageToken: '' });
      const { code, err } = await update(...L4);
      expect(code).toBe(1);
      expect(err).toContain(
        'missing: google g2-standard-4: no region has exactly one price of its vCPUs, its memory, and its GPUs',
      );
    }
  });

  test('are missing for TPUs and for series whose SKUs are not certain', async () => {
    lists.set(GOOGLE, { skus, nextPageToken: '' });
    const { missing } = await fileOf('--clouds', 'google', '--google-api-key', 'secret');
    expect(missing).toContain('google ct6e-standard-4t: the SKUs of TPUs do not name their machines');
    expect(missing).toContain('google a4-highgpu-8g: the SKUs of its series are not known for certain');
  });

  test('need a key, which is sent in a header', async () => {
    const keys: unknown[] = [];
    lists.set(GOOGLE, (request, response) => {
      keys.push(request.headers['x-goog-api-key']);
      response.end(JSON.stringify({ skus, nextPageToken: '' }));
    });
    expect(await update('--clouds', 'google')).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('--google-api-key or GOOGLE_API_KEY') as string,
    });
    process.env.GOOGLE_API_KEY = 'of the environment';
    await fileOf('--clouds', 'google', '--machines', 'g2-standard-4');
    await fileOf(...L4);
    expect(keys).toEqual(['of the environment', 'secret']);
    expect(lists.requests.join(' ')).not.toContain('secret');
  });

  test('report a wrong key with what the service says', async () => {
    lists.set(GOOGLE, (_, response) => {
      response.writeHead(400).end('{"error":{"message":"API key not valid. Please pass a valid API key."}}');
    });
    const { code, out, err } = await update(...L4);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/HTTP 400: .*API key not valid.*Check the key.*\[PriceListDenied\]/);
    expect(lists.requests).toHaveLength(1);
  });
});

describe('a list that fails', () => {
  const AWS = ['--clouds', 'aws', '--regions', 'us-east-1', '--markets', 'on-demand'];

  test('is read again after errors of the server, and counts no line twice', async () => {
    let count = 0;
    const whole = ec2List([ec2Row('p5.48xlarge', '55.04')]);
    lists.set(EC2, (_, response) => {
      count += 1;
      if (count === 1) response.writeHead(503, { 'retry-after': '0' }).end();
      else if (count === 2) {
        response.writeHead(200, { 'content-length': whole.length });
        response.write(whole.slice(0, -30));
        setTimeout(() => response.destroy(), 20);
      } else response.end(whole);
    });
    expect(shown(await fileOf(...AWS))).toEqual(['p5.48xlarge us-east-1 on-demand 0 55.04']);
    expect(count).toBe(3);
  });

  test('is unreachable after four attempts', async () => {
    lists.set(EC2, (_, response) => response.writeHead(500).end('out of order'));
    const { code, out, err } = await update(...AWS);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/an address that answers \(got 'HTTP 500: out of order'\).*\[PriceListUnreachable\]/);
    expect(lists.requests.filter((path) => path === EC2)).toHaveLength(4);
  });

  test('is unreachable without a network, and after a time without data', async () => {
    process.env.AI_INFRA_AWS_PRICES_URL = 'http://127.0.0.1:9';
    expect((await update(...AWS)).err).toMatch(/\[PriceListUnreachable\]/);
    process.env.AI_INFRA_AWS_PRICES_URL = lists.base;
    process.env.AI_INFRA_PRICES_TIMEOUT_MS = '50';
    lists.set(EC2, (_, response) => void response.write('"FormatVersion","v1.0"\n'));
    expect((await update(...AWS)).err).toMatch(/no data for 0\.05 s.*\[PriceListUnreachable\]/);
  });

  test.each<[string, string, object | string, RegExp]>([
    ['has no table', EC2, 'hello\n', /a table with the columns/],
    [
      'has rows of another length',
      EC2,
      ec2List([ec2Row('p5.48xlarge', '1').slice(1)]),
      /rows with 29 fields \(got '28 fields'\)/,
    ],
    [
      'has no price of Linux',
      EC2,
      ec2List([ec2Row('p5.48xlarge', '1', { 'Operating System': 'Linux 2' })]),
      /on-demand prices of Linux/,
    ],
    ['is not JSON', '/offers/v1.0/aws/index.json', '<html>', /must be JSON \(got '<html>'\)/],
    [
      'names another server',
      '/offers/v1.0/aws/index.json',
      { offers: { AmazonEC2: { currentRegionIndexUrl: '//example.com/x' } } },
      /paths of price lists/,
    ],
    [
      'is gone',
      '/offers/v1.0/aws/index.json',
      { offers: { AmazonEC2: { currentRegionIndexUrl: '/gone' } } },
      /HTTP 404/,
    ],
  ])('that %s is a changed format', async (_, path, answer, message) => {
    lists.set(path, answer);
    const { code, out, err } = await update(...AWS);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(message);
    expect(err).toMatch(/\[PriceListFormat\]/);
  });

  test.each<[string, string, object]>([
    ['spot', '/spot.json', { config: {} }],
    ['committed', '/savingsPlan/v1.0/aws/AWSComputeSavingsPlan/current/region_index.json', { regions: {} }],
  ])('of the market %s is a changed format', async (market, path, answer) => {
    lists.set(path, answer);
    expect((await update('--clouds', 'aws', '--markets', market)).err).toMatch(/\[PriceListFormat\]/);
  });

  test('of Azure or Google is a changed format if it has nothing', async () => {
    expect((await update('--clouds', 'azure')).err).toMatch(/prices of virtual machines.*\[PriceListFormat\]/);
    expect((await update('--clouds', 'google', '--google-api-key', 'k')).err).toMatch(
      /SKUs of Compute.*\[PriceListFormat\]/,
    );
  });
});

describe('the file', () => {
  const AWS = ['--clouds', 'aws', '--regions', 'us-east-1', '--markets', 'on-demand'];

  test('is what Prices.fromFile reads, with one price a line', async () => {
    const path = join(scratch(), 'prices.json');
    const { code, out, err } = await update(...AWS, '--out', path);
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(err).toContain(`wrote ${path}: 1 prices\n`);
    const prices = Prices.fromFile(path);
    expect(
      priceOf({ cloud: 'aws', machine: 'p5.48xlarge', region: 'us-east-1', market: 'on-demand', prices }).price,
    ).toMatchObject({
      usdPerHour: 55.04,
      source: 'AWS Price List, AmazonEC2, us-east-1',
      stale: false,
    });
    expect(
      readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line.includes('"usdPerHour"')),
    ).toHaveLength(1);
  });

  test('stays as it was if a list fails, and nothing else is left', async () => {
    const path = join(scratch(), 'prices.json');
    writeFileSync(path, 'before');
    lists.set(EC2, 'changed');
    expect((await update(...AWS, '--out', path)).code).toBe(1);
    expect(readFileSync(path, 'utf8')).toBe('before');
    expect(readdirSync(scratch())).toEqual(['prices.json']);
  });

  test('is checked before anything is read', async () => {
    expect(await update(...AWS, '--out', join(scratch(), 'absent', 'prices.json'))).toMatchObject({ code: 2 });
    expect(await update(...AWS, '--out', scratch())).toMatchObject({
      code: 2,
      err: expect.stringContaining('is a folder') as string,
    });
    expect(lists.requests).toEqual([]);
    expect(existsSync(join(scratch(), 'absent'))).toBe(false);
  });

  test('has reasons for clouds that are not read', async () => {
    lists.set(AZURE, { Items: [azureItem(H100, 98)], NextPageLink: null });
    const { missing } = await fileOf(
      '--markets',
      'spot',
      '--machines',
      'p5.48xlarge',
      H100,
      'g2-standard-4',
      'ecs.ebmgn8v.48xlarge',
    );
    expect(missing).toContain('google: set --google-api-key or GOOGLE_API_KEY to read its price list');
    expect(missing).toContain('alicloud: its price list needs an account, so set your own prices');
  });
});

describe('invalid usage', () => {
  test.each([
    [['--regions', 'us-eats-1'], /have no region 'us-eats-1'; did you mean us-east-1/],
    [['--machines', 'p5.48xlarg'], /did you mean p5\.48xlarge/],
    [['--clouds', 'alicloud'], /--clouds alicloud: its price list needs an account/],
    [['--clouds', 'gcp'], /'gcp' is not one of/],
    [['--markets', 'reserved'], /'reserved' is not one of/],
  ])('%j exits with 2', async (args, message) => {
    const { code, out, err } = await update(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(message);
    expect(lists.requests).toEqual([]);
  });
});
