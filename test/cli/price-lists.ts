import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers a request: with a document, or by itself. */
export type Answer = string | object | ((request: IncomingMessage, response: ServerResponse) => void);

/** A local server with the price lists of the clouds. */
export interface PriceLists {
  readonly base: string;
  /** Paths that were requested, with their query, in order. */
  readonly requests: readonly string[];
  /** Changes the answer of a path. */
  set(path: string, answer: Answer): void;
  close(): Promise<void>;
}

/** Starts a server that answers each path. Other paths are 404. */
export async function priceLists(answers: Readonly<Record<string, Answer>>): Promise<PriceLists> {
  const all = new Map(Object.entries(answers));
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const url = request.url!;
    requests.push(decodeURIComponent(url));
    const answer = all.get(url.split('?')[0]!);
    if (answer === undefined) response.writeHead(404).end('not here');
    else if (typeof answer === 'function')
      (answer as (request: IncomingMessage, response: ServerResponse) => void)(request, response);
    else response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    base,
    requests,
    set: (path, answer) => void all.set(path, answer),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

const csv = (rows: readonly (readonly (string | number)[])[]) =>
  rows.map((row) => row.map((value) => (value === '' ? '' : `"${value}"`)).join(',')).join('\n') + '\n';

/** Lines above the header of each list of AWS. */
const HEAD = [
  ['FormatVersion', 'v1.0'],
  ['Disclaimer', 'This pricing list is for informational purposes only, "as is".'.replaceAll('"', '""')],
  ['Publication Date', '2026-11-27T20:00:00Z'],
  ['Version', '20261127200000'],
  ['OfferCode', 'AmazonEC2'],
] as const;

// A part of the columns of the list of AmazonEC2 of 2025-09-12, in their order.
const EC2_COLUMNS = [
  'SKU',
  'OfferTermCode',
  'RateCode',
  'TermType',
  'PriceDescription',
  'EffectiveDate',
  'StartingRange',
  'EndingRange',
  'Unit',
  'PricePerUnit',
  'Currency',
  'RelatedTo',
  'LeaseContractLength',
  'PurchaseOption',
  'OfferingClass',
  'Product Family',
  'serviceCode',
  'Location',
  'Location Type',
  'Instance Type',
  'Tenancy',
  'Operating System',
  'License Model',
  'usageType',
  'operation',
  'CapacityStatus',
  'MarketOption',
  'Pre Installed S/W',
  'Region Code',
];

/** A row of the list of AmazonEC2: an on-demand price of Linux, with some fields changed. */
export const ec2Row = (machine: string, price: string, changed: Readonly<Record<string, string>> = {}) => {
  const usual: Readonly<Record<string, string>> = {
    SKU: '2223B6PCG6QAUYY6',
    TermType: 'OnDemand',
    PriceDescription: `${price} per On Demand Linux ${machine} Instance Hour, without ""extras""`,
    Unit: 'Hrs',
    PricePerUnit: price,
    Currency: 'USD',
    'Product Family': 'Compute Instance',
    'Location Type': 'AWS Region',
    'Instance Type': machine,
    Tenancy: 'Shared',
    'Operating System': 'Linux',
    CapacityStatus: 'Used',
    MarketOption: 'OnDemand',
    'Pre Installed S/W': 'NA',
    'Region Code': 'us-east-1',
    ...changed,
  };
  return EC2_COLUMNS.map((name) => usual[name] ?? '');
};

export const reserved = (years: number, purchase = 'No Upfront', offering = 'standard') => ({
  TermType: 'Reserved',
  LeaseContractLength: `${years}yr`,
  PurchaseOption: purchase,
  OfferingClass: offering,
});

export const ec2List = (rows: readonly (readonly string[])[]) => csv([...HEAD, EC2_COLUMNS, ...rows]);

const PLAN_COLUMNS = [
  'SKU',
  'RateCode',
  'Unit',
  'EffectiveDate',
  'DiscountedRate',
  'Currency',
  'DiscountedSKU',
  'DiscountedServiceCode',
  'DiscountedUsageType',
  'DiscountedOperation',
  'PurchaseOption',
  'LeaseContractLength',
  'LeaseContractLengthUnit',
  'ServiceCode',
  'UsageType',
  'Operation',
  'Description',
  'Instance Family',
  'Location',
  'Location Type',
  'Granularity',
  'Product Family',
  'DiscountedRegionCode',
  'DiscountedInstanceType',
];

/** A row of the list of Savings Plans. */
export const planRow = (usage: string, rate: string, changed: Readonly<Record<string, string>> = {}) => {
  const usual: Readonly<Record<string, string>> = {
    Unit: 'Hrs',
    DiscountedRate: rate,
    Currency: 'USD',
    DiscountedServiceCode: 'AmazonEC2',
    DiscountedUsageType: usage,
    DiscountedOperation: 'RunInstances',
    PurchaseOption: 'No Upfront',
    LeaseContractLength: '1',
    LeaseContractLengthUnit: 'year',
    'Product Family': 'ComputeSavingsPlans',
    DiscountedRegionCode: 'us-east-1',
    ...changed,
  };
  return PLAN_COLUMNS.map((name) => usual[name] ?? '');
};

export const planList = (rows: readonly (readonly string[])[]) => csv([...HEAD, PLAN_COLUMNS, ...rows]);

/** The indexes and lists of AWS for us-east-1. */
export function awsLists(ec2: string, plans: string): Readonly<Record<string, Answer>> {
  return {
    '/offers/v1.0/aws/index.json': {
      offers: {
        AmazonEC2: {
          offerCode: 'AmazonEC2',
          currentRegionIndexUrl: '/offers/v1.0/aws/AmazonEC2/current/region_index.json',
          currentSavingsPlanIndexUrl: '/savingsPlan/v1.0/aws/AWSComputeSavingsPlan/current/region_index.json',
        },
      },
    },
    '/offers/v1.0/aws/AmazonEC2/current/region_index.json': {
      regions: {
        'us-east-1': {
          regionCode: 'us-east-1',
          currentVersionUrl: '/offers/v1.0/aws/AmazonEC2/20261127/us-east-1/index.json',
        },
      },
    },
    '/offers/v1.0/aws/AmazonEC2/20261127/us-east-1/index.csv': ec2,
    '/savingsPlan/v1.0/aws/AWSComputeSavingsPlan/current/region_index.json': {
      regions: [
        {
          regionCode: 'us-east-1',
          versionUrl: '/savingsPlan/v1.0/aws/AWSComputeSavingsPlan/20261127/us-east-1/index.json',
        },
      ],
    },
    '/savingsPlan/v1.0/aws/AWSComputeSavingsPlan/20261127/us-east-1/index.csv': plans,
  };
}

const spotSize = (size: string, linux: string) => ({
  size,
  valueColumns: [
    { name: 'linux', prices: { USD: linux } },
    { name: 'mswin', prices: { USD: 'N/A*' } },
  ],
});

/** The file of spot prices. */
export function spotFile(regions: Readonly<Record<string, Readonly<Record<string, string>>>>): object {
  return {
    vers: 0.01,
    config: {
      rate: 'perhr',
      valueColumns: ['linux', 'mswin'],
      currencies: ['USD'],
      regions: Object.entries(regions).map(([region, sizes]) => ({
        region,
        footnotes: { '*': 'notAvailableForCCorCGPU' },
        instanceTypes: [
          { type: 'gpuInstanceCurrentGen', sizes: Object.entries(sizes).map(([size, linux]) => spotSize(size, linux)) },
        ],
      })),
    },
  };
}

/** An item of the Azure Retail Prices API, on demand. */
export const azureItem = (machine: string, retailPrice: number, changed: Readonly<Record<string, unknown>> = {}) => ({
  currencyCode: 'USD',
  tierMinimumUnits: 0,
  retailPrice,
  unitPrice: retailPrice,
  armRegionName: 'eastus',
  location: 'US East',
  effectiveStartDate: '2026-01-01T00:00:00Z',
  meterName: machine.replace('Standard_', '').replaceAll('_', ' '),
  productName: 'Virtual Machines NDisrH100v5 Series',
  skuName: machine.replace('Standard_', ''),
  serviceName: 'Virtual Machines',
  unitOfMeasure: '1 Hour',
  type: 'Consumption',
  isPrimaryMeterRegion: true,
  armSkuName: machine,
  ...changed,
});

/** A SKU of the Cloud Billing catalog. */
export const googleSku = (
  description: string,
  usd: number,
  changed: Readonly<Record<string, unknown>> = {},
  usageType = 'OnDemand',
) => ({
  skuId: 'D1F0-0000-0000',
  description,
  category: { serviceDisplayName: 'Compute Engine', resourceFamily: 'Compute', resourceGroup: 'GPU', usageType },
  serviceRegions: ['us-central1'],
  pricingInfo: [
    {
      pricingExpression: {
        usageUnit: description.includes(' Ram ') ? 'GiBy.h' : 'h',
        displayQuantity: 1,
        tieredRates: [
          {
            startUsageAmount: 0,
            unitPrice: { currencyCode: 'USD', units: String(Math.trunc(usd)), nanos: Math.round((usd % 1) * 1e9) },
          },
        ],
      },
    },
  ],
  ...changed,
});
