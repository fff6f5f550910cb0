import { Testing } from 'cdktf';
import {
  Capacity,
  GoogleMachine,
  InspectionResults,
  PerimeterMember,
  TrainingPlatform,
} from 'ai-infra-constructs/google';
import { newStack, ZONE } from '../support';

/** Resource types whose replacement buys again, or opens access. */
const STATEFUL = [
  'google_access_context_manager_service_perimeter',
  'google_access_context_manager_service_perimeter_dry_run_resource',
  'google_compute_region_commitment',
  'google_compute_reservation',
  'google_data_loss_prevention_inspect_template',
  'google_data_loss_prevention_job_trigger',
];

test('keeps the addresses of governance resources and purchases', () => {
  const stack = newStack('training');
  new TrainingPlatform(stack, 'Platform', {
    zone: ZONE,
    machine: GoogleMachine.A3_MEGAGPU_8G,
    nodes: 2,
    capacity: Capacity.newReservation({
      confirm: 'costs until deleted',
      commitment: { years: 3, confirm: 'this purchase cannot be undone' },
    }),
    costAllocation: { project: 'a', team: 'b', environment: 'prod', costCenter: 'c', owner: 'd' },
    billingAccount: '012345-567890-ABCDEF',
    monthlyBudgetUsd: 1,
    inspection: { results: [InspectionResults.securityCommandCenter()] },
    perimeter: { accessPolicy: '123' },
  });
  new PerimeterMember(stack, 'Member', { perimeter: 'accessPolicies/1/servicePerimeters/research' });
  const { resource } = JSON.parse(Testing.synth(stack)) as { resource: Record<string, object> };
  const addresses = STATEFUL.flatMap((type) => Object.keys(resource[type] ?? {}).map((name) => `${type}.${name}`));
  expect(addresses).toEqual([
    'google_access_context_manager_service_perimeter.Platform_Perimeter_267C7A1D',
    'google_access_context_manager_service_perimeter_dry_run_resource.Member_DryRun_494FA03C',
    'google_compute_region_commitment.Platform_Cluster_Nodes_Pool0_Reservation_Commitment_0C6CAD7B',
    'google_compute_reservation.Platform_Cluster_Nodes_Pool0_Reservation_8BA5A46D',
    'google_data_loss_prevention_inspect_template.Platform_Datasets_Inspection_Template_8514707A',
    'google_data_loss_prevention_job_trigger.Platform_Datasets_Inspection_Trigger_6CC0DB06',
  ]);
});
