/** Perimeters, inspections and commitments with every option, which `verify:terraform` validates in addition to the examples. */
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { DataClass } from 'ai-infra-constructs';
import {
  Capacity,
  Commitment,
  DataBucket,
  DataInspection,
  GoogleMachine,
  InspectionResults,
  PerimeterMember,
  PerimeterMode,
  ServicePerimeter,
  TrainingPlatform,
} from 'ai-infra-constructs/google';
import { App, TerraformStack } from 'cdktf';

const REGION = 'us-central1';
const ZONE = 'us-central1-b';
const COMMITMENT = { years: 3, confirm: 'this purchase cannot be undone' } as const;
const LEVEL = 'accessPolicies/123/accessLevels/office';
const CI = 'serviceAccount:ci@p.iam.gserviceaccount.com';
const app = new App();

const governance = newStack('governance');
new ServicePerimeter(governance, 'Enforced', {
  accessPolicy: '123',
  mode: PerimeterMode.ENFORCED,
  services: ['storage.googleapis.com'],
  projects: ['42'],
  accessLevels: [LEVEL],
  ingress: [
    { identities: [CI], from: [LEVEL, 'projects/7'], services: ['storage.googleapis.com'] },
    { services: ['*'] },
  ],
  egress: [
    { identities: [CI], to: ['projects/9'], services: ['bigquery.googleapis.com'] },
    { to: ['*'], services: ['*'] },
  ],
});
for (const mode of Object.values(PerimeterMode)) {
  new PerimeterMember(governance, `Member-${mode}`, { perimeter: 'accessPolicies/1/servicePerimeters/research', mode });
}
new DataBucket(governance, 'Data', {
  region: REGION,
  inspection: {
    results: [
      InspectionResults.bigQuery({ dataset: 'findings' }),
      InspectionResults.bigQuery({ dataset: 'findings', table: 'all', project: 'audit' }),
      InspectionResults.pubSub('projects/p/topics/findings'),
      InspectionResults.securityCommandCenter(),
    ],
    infoTypes: ['PERSON_NAME'],
    everyDays: 7,
    filesPercent: 5,
  },
});
new DataInspection(governance, 'Inspection', {
  bucket: DataBucket.fromBucketName(governance, 'Uploads', 'uploads'),
  region: REGION,
  results: [InspectionResults.securityCommandCenter()],
});

const commitments = newStack('commitments');
const machines = [GoogleMachine.A2_ULTRAGPU_8G, GoogleMachine.A3_HIGHGPU_8G, GoogleMachine.A3_MEGAGPU_8G];
for (const machine of [...machines, GoogleMachine.G2_STANDARD_96, GoogleMachine.G4_STANDARD_384]) {
  const years = machine.name.startsWith('g') ? 1 : 3;
  const reservation = `r-${machine.name}`;
  new Commitment(commitments, machine.name, { ...COMMITMENT, machine, nodes: 2, zone: ZONE, reservation, years });
}

const platform = newStack('platform');
const { trainingCluster } = new TrainingPlatform(platform, 'Platform', {
  zone: ZONE,
  machine: GoogleMachine.A3_MEGAGPU_8G,
  nodes: 2,
  capacity: Capacity.newReservation({ confirm: 'costs until deleted', commitment: { ...COMMITMENT, autoRenew: true } }),
  costAllocation: { project: 'atlas', team: 'research', environment: 'prod', costCenter: 'r-17', owner: 'ml-platform' },
  billingAccount: '012345-567890-ABCDEF',
  monthlyBudgetUsd: 800_000,
  dataClass: DataClass.RESTRICTED,
  inspection: { results: [InspectionResults.securityCommandCenter()] },
  perimeter: { accessPolicy: '123' },
  alertEmails: ['oncall@example.com'],
  alertChannels: ['projects/p/notificationChannels/1'],
});
new HelmProvider(platform, 'Helm', { kubernetes: trainingCluster.controlPlane!.connection });

app.synth();

function newStack(name: string): TerraformStack {
  const stack = new TerraformStack(app, name);
  new GoogleProvider(stack, 'Google', { project: 'p', region: REGION });
  return stack;
}
