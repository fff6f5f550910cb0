import {
  ModelMonitor,
  type ModelMonitorProps,
  MonitorFrequency,
  MonitorTask,
  ServingContainer,
} from 'ai-infra-constructs/azure';
import { armTest, faultsOf } from '../arm';
import { servedModel, synthMlEndpoint } from '../inference/endpoint-support';
import { codesOf, type Json, newStack, refusalsOf, resourcesOf } from '../support';
import { IDENTITY, sent, sentOf, SUBNET } from './support';

function synthMonitor(props: Partial<ModelMonitorProps> = {}, capture: object | undefined = {}) {
  const { stack, endpoint } = synthMlEndpoint({
    dataCapture: capture,
    models: {
      server: servedModel(),
      credit: servedModel({ container: ServingContainer.mlflow() }),
    },
  });
  const monitor = new ModelMonitor(stack, 'Monitor', {
    endpoint,
    task: MonitorTask.CLASSIFICATION,
    alertEmails: ['ml@example.com'],
    identity: IDENTITY,
    ...props,
  });
  return { stack, monitor, resource: sent(stack, 'workspaces/schedules') };
}

const definitionOf = (resource: Json): Json => resource.body.properties.action.monitorDefinition;
const refused = (props: Partial<ModelMonitorProps>, capture?: object) => refusalsOf(() => synthMonitor(props, capture));

describe('a monitor', () => {
  test('checks the first model with data capture every night', () => {
    const { monitor, resource } = synthMonitor();
    expect(monitor.model).toBe('credit');
    expect(resource.body.properties.trigger).toEqual({
      triggerType: 'Recurrence',
      frequency: 'Day',
      interval: 1,
      timeZone: 'UTC',
      schedule: { hours: [3], minutes: [0] },
    });
    expect(definitionOf(resource).monitoringTarget.deploymentId).toMatch(
      /\$\{azapi_resource\..*\.id\}\/deployments\/credit$/,
    );
  });

  test('compares the last day with the previous week', () => {
    const { data_drift: drift, prediction_drift: predictions } = definitionOf(synthMonitor().resource).signals;
    expect(drift.productionData).toMatchObject({ windowOffset: 'P0D', windowSize: 'P1D', dataContext: 'model_inputs' });
    expect(drift.referenceData).toMatchObject({ windowOffset: 'P1D', windowSize: 'P7D' });
    expect(drift.productionData.uri).toMatch(/^azureml:.*\/data\/.*-credit-model_inputs\/versions\/1$/);
    expect(predictions.productionData.uri).toMatch(/-credit-model_outputs\/versions\/1$/);
  });

  test('reads the data assets that the endpoint registers', () => {
    const { stack, resource } = synthMonitor();
    const { data_drift: drift, prediction_drift: predictions } = definitionOf(resource).signals;
    const assets = Object.values(sentOf(stack, 'workspaces/data/versions'));
    const ids = assets.map((one: Json) => `azureml:${one.parent_id}/versions/${one.name}`);
    expect(ids).toEqual(expect.arrayContaining([drift.productionData.uri, predictions.productionData.uri]));
  });

  test('compares inputs with training data', () => {
    const reference = { name: 'training', version: '3', targetColumn: 'defaulted' };
    const { signals } = definitionOf(
      synthMonitor({ reference, frequency: MonitorFrequency.WEEKLY, hour: 6, driftThreshold: 0.2 }).resource,
    );
    expect(signals.data_drift.referenceData).toMatchObject({
      inputDataType: 'Fixed',
      jobInputType: 'mltable',
      columns: { target_column: 'defaulted' },
    });
    expect(signals.data_drift.metricThresholds[0].threshold).toEqual({ value: 0.2 });
    expect(signals.prediction_drift.referenceData).toMatchObject({ inputDataType: 'Rolling', windowOffset: 'P7D' });
  });

  test('uses the given identity, and depends on the endpoint', () => {
    const { resource } = synthMonitor();
    const { computeIdentity } = definitionOf(resource).computeConfiguration;
    expect(computeIdentity.identity.userAssignedIdentities).toEqual({ [IDENTITY.id]: {} });
    expect(resource.depends_on).toEqual([expect.stringContaining('azapi_update_resource')]);
  });

  armTest('has a valid request body', () => {
    const reference = { name: 'training', version: '3', targetColumn: 'defaulted' };
    expect(faultsOf(synthMonitor().resource)).toEqual([]);
    expect(faultsOf(synthMonitor({ reference, frequency: MonitorFrequency.WEEKLY }).resource)).toEqual([]);
  });

  test('creates one schedule', () => {
    const { stack } = synthMonitor();
    const monitors = Object.entries(resourcesOf(stack, 'azapi_resource')).filter(([, { type }]) =>
      (type as string).includes('schedules'),
    );
    expect(monitors).toHaveLength(1);
  });
});

describe('validation', () => {
  test('rejects an endpoint without data capture, and a custom server', () => {
    const { endpoint } = synthMlEndpoint();
    expect(refused({ endpoint })).toEqual(['MonitorInvalid endpoint']);
    expect(refused({ model: 'server' })).toEqual(['MonitorInvalid model']);
  });

  test('rejects invalid email addresses, hours, and thresholds', () => {
    expect(refused({ alertEmails: [], hour: 24, driftThreshold: 0 })).toEqual([
      'MonitorInvalid alertEmails',
      'MonitorInvalid hour',
      'MonitorInvalid driftThreshold',
    ]);
    expect(refused({ alertEmails: ['nobody'] })).toEqual(['AlertEmail alertEmails[0]']);
  });

  test('rejects a missing or invalid identity', () => {
    expect(refused({ identity: undefined })).toEqual(['ValueMissing identity']);
    expect(refused({ identity: { ...IDENTITY, id: SUBNET } })).toEqual(['ResourceIdInvalid identity.id']);
  });

  test.each([
    undefined,
    null,
    7,
    { endpoint: {}, task: 'poetry', alertEmails: 'a' },
    { endpoint: null, sparkMachine: 'x' },
  ])('rejects hostile props %p', (props) => {
    const codes = codesOf(() => new ModelMonitor(newStack(), 'Monitor', props as never));
    expect(codes.every((code) => ['PropType', 'ValueMissing', 'ChoiceUnknown'].includes(code))).toBe(true);
  });
});
