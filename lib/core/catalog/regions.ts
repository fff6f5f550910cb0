import { nearest } from '../nearest';
import type { Cloud } from './machines';

/** Latitude and longitude in degrees. */
type Place = readonly [latitude: number, longitude: number];

/*
 * The city or area that each cloud names for a region, rounded to one degree. The distances only choose between regions with a price.
 * The names follow "Regions and Zones" (AWS), "Azure regions list" (Azure), "Regions and zones" (Google), and "Regions and zones"
 * (Alibaba Cloud). The coordinates were not read in a source.
 */
const AWS = {
  'us-east-1': [39, -78], 'us-east-2': [40, -83], 'us-west-1': [37, -122], 'us-west-2': [46, -120],
  'us-gov-east-1': [40, -83], 'us-gov-west-1': [46, -120], 'ca-central-1': [46, -74], 'ca-west-1': [51, -114],
  'mx-central-1': [21, -100], 'sa-east-1': [-24, -47], 'eu-west-1': [53, -6], 'eu-west-2': [52, 0],
  'eu-west-3': [49, 2], 'eu-central-1': [50, 9], 'eu-central-2': [47, 9], 'eu-north-1': [59, 18],
  'eu-south-1': [45, 9], 'eu-south-2': [42, -1], 'il-central-1': [32, 35], 'me-south-1': [26, 51],
  'me-central-1': [25, 55], 'af-south-1': [-34, 18], 'ap-south-1': [19, 73], 'ap-south-2': [17, 78],
  'ap-southeast-1': [1, 104], 'ap-southeast-2': [-34, 151], 'ap-southeast-3': [-6, 107], 'ap-southeast-4': [-38, 145],
  'ap-southeast-5': [3, 102], 'ap-southeast-6': [-37, 175], 'ap-southeast-7': [14, 101], 'ap-east-1': [22, 114],
  'ap-east-2': [25, 121], 'ap-northeast-1': [36, 140], 'ap-northeast-2': [38, 127], 'ap-northeast-3': [35, 136],
  'cn-north-1': [40, 116], 'cn-northwest-1': [38, 105],
} as const satisfies Readonly<Record<string, Place>>;

const AZURE = {
  eastus: [37, -79], eastus2: [37, -78], centralus: [42, -94], northcentralus: [42, -88],
  southcentralus: [29, -99], westcentralus: [41, -105], westus: [38, -122], westus2: [47, -120],
  westus3: [33, -112], canadacentral: [44, -79], canadaeast: [47, -71], mexicocentral: [21, -100],
  brazilsouth: [-24, -47], brazilsoutheast: [-23, -43], chilecentral: [-33, -71], northeurope: [53, -6],
  westeurope: [52, 5], uksouth: [52, 0], ukwest: [52, -3], francecentral: [49, 2],
  francesouth: [44, 5], germanywestcentral: [50, 9], germanynorth: [53, 9], switzerlandnorth: [47, 9],
  switzerlandwest: [46, 6], norwayeast: [60, 11], norwaywest: [59, 6], swedencentral: [61, 17],
  polandcentral: [52, 21], italynorth: [45, 9], spaincentral: [40, -4], austriaeast: [48, 16],
  israelcentral: [32, 35], qatarcentral: [25, 51], uaenorth: [25, 55], uaecentral: [24, 54],
  southafricanorth: [-26, 28], southafricawest: [-34, 18], centralindia: [19, 74], southindia: [13, 80],
  westindia: [19, 73], southeastasia: [1, 104], eastasia: [22, 114], indonesiacentral: [-6, 107],
  malaysiawest: [3, 102], japaneast: [36, 140], japanwest: [35, 136], koreacentral: [38, 127],
  koreasouth: [35, 129], australiaeast: [-34, 151], australiasoutheast: [-38, 145], australiacentral: [-35, 149],
  newzealandnorth: [-37, 175], usgovvirginia: [37, -78], usgovarizona: [33, -112], usgovtexas: [29, -99],
} as const satisfies Readonly<Record<string, Place>>;

const GOOGLE = {
  'us-central1': [41, -96], 'us-east1': [33, -80], 'us-east4': [39, -77], 'us-east5': [40, -83],
  'us-south1': [33, -97], 'us-west1': [46, -121], 'us-west2': [34, -118], 'us-west3': [41, -112],
  'us-west4': [36, -115], 'northamerica-northeast1': [46, -74], 'northamerica-northeast2': [44, -79], 'northamerica-south1': [21, -100],
  'southamerica-east1': [-24, -47], 'southamerica-west1': [-33, -71], 'europe-west1': [50, 4], 'europe-west2': [52, 0],
  'europe-west3': [50, 9], 'europe-west4': [53, 7], 'europe-west6': [47, 9], 'europe-west8': [45, 9],
  'europe-west9': [49, 2], 'europe-west10': [53, 13], 'europe-west12': [45, 8], 'europe-north1': [61, 27],
  'europe-north2': [59, 18], 'europe-central2': [52, 21], 'europe-southwest1': [40, -4], 'me-west1': [32, 35],
  'me-central1': [25, 51], 'me-central2': [26, 50], 'africa-south1': [-26, 28], 'asia-east1': [24, 121],
  'asia-east2': [22, 114], 'asia-northeast1': [36, 140], 'asia-northeast2': [35, 136], 'asia-northeast3': [38, 127],
  'asia-south1': [19, 73], 'asia-south2': [29, 77], 'asia-southeast1': [1, 104], 'asia-southeast2': [-6, 107],
  'asia-southeast3': [14, 101], 'australia-southeast1': [-34, 151], 'australia-southeast2': [-38, 145], 'us-central2': [36, -95],
} as const satisfies Readonly<Record<string, Place>>;

const ALICLOUD = {
  'cn-hangzhou': [30, 120], 'cn-shanghai': [31, 121], 'cn-beijing': [40, 116], 'cn-shenzhen': [23, 114],
  'cn-zhangjiakou': [41, 115], 'cn-huhehaote': [41, 112], 'cn-wulanchabu': [41, 113], 'cn-qingdao': [36, 120],
  'cn-heyuan': [24, 115], 'cn-guangzhou': [23, 113], 'cn-chengdu': [31, 104], 'cn-nanjing': [32, 119],
  'cn-fuzhou': [26, 119], 'cn-wuhan-lr': [31, 114], 'cn-zhongwei': [37, 105], 'cn-hongkong': [22, 114],
  'ap-southeast-1': [1, 104], 'ap-southeast-3': [3, 102], 'ap-southeast-5': [-6, 107], 'ap-southeast-6': [15, 121],
  'ap-southeast-7': [14, 101], 'ap-northeast-1': [36, 140], 'ap-northeast-2': [38, 127], 'us-east-1': [39, -78],
  'us-west-1': [37, -122], 'na-south-1': [21, -100], 'eu-central-1': [50, 9], 'eu-west-1': [52, 0],
  'me-east-1': [25, 55], 'me-central-1': [25, 47],
} as const satisfies Readonly<Record<string, Place>>;

const REGIONS: Readonly<Record<Cloud, Readonly<Record<string, Place>>>> = {
  aws: AWS,
  google: GOOGLE,
  azure: AZURE,
  alicloud: ALICLOUD,
};

/** Returns the names of the regions of a cloud. */
export function regionNames(cloud: Cloud): readonly string[] {
  return Object.keys(REGIONS[cloud]);
}

/** Returns the regions of some clouds with the most similar names. Error messages suggest them. */
export function similarRegions(typed: string, clouds: readonly Cloud[], max = 3): readonly string[] {
  return nearest(typed, [...new Set(clouds.flatMap(regionNames))], max);
}

/** Returns the candidate with the smallest distance to a region, or `undefined` if the place of the region or of every candidate is unknown. */
export function nearestRegion(cloud: Cloud, region: string, candidates: readonly string[]): string | undefined {
  const from = placeOf(cloud, region);
  if (!from) return undefined;
  let best: { readonly candidate: string; readonly radians: number } | undefined;
  for (const candidate of candidates) {
    const to = placeOf(cloud, candidate);
    const radians = to ? angle(from, to) : Infinity;
    if (radians < (best?.radians ?? Infinity)) best = { candidate, radians };
  }
  return best?.candidate;
}

function placeOf(cloud: Cloud, region: string): Place | undefined {
  return Object.hasOwn(REGIONS[cloud], region) ? REGIONS[cloud][region] : undefined;
}

const RADIANS_PER_DEGREE = Math.PI / 180;

/** Angle between two places on a sphere (haversine formula). */
function angle([latitudeA, longitudeA]: Place, [latitudeB, longitudeB]: Place): number {
  const half = (degrees: number) => Math.sin((degrees * RADIANS_PER_DEGREE) / 2) ** 2;
  const cosines = Math.cos(latitudeA * RADIANS_PER_DEGREE) * Math.cos(latitudeB * RADIANS_PER_DEGREE);
  return 2 * Math.asin(Math.sqrt(half(latitudeB - latitudeA) + cosines * half(longitudeB - longitudeA)));
}
