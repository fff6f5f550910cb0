import { DataBucket, DataInspection, type DataInspectionProps, InspectionResults } from 'ai-infra-constructs/google';
import { newStack, problemsOf, resourcesOf, theOnly } from '../support';

const TOPIC = 'projects/my-project/topics/findings';
const PROPS: DataInspectionProps = {
  bucket: { name: 'my-data' },
  region: 'europe-west4',
  results: [InspectionResults.securityCommandCenter()],
};

function synth(props: Partial<DataInspectionProps> = {}) {
  const stack = newStack();
  new DataInspection(stack, 'Inspection', { ...PROPS, ...props });
  return {
    stack,
    template: theOnly(stack, 'google_data_loss_prevention_inspect_template'),
    trigger: theOnly(stack, 'google_data_loss_prevention_job_trigger'),
  };
}

test('inspects the whole bucket every day in its region, without quotes', () => {
  const { template, trigger } = synth();
  expect(template).toMatchObject({
    parent: expect.stringMatching(/^projects\/\${.*}\/locations\/europe-west4$/),
    inspect_config: { include_quote: false, min_likelihood: 'LIKELY' },
  });
  expect(template.inspect_config.info_types).toEqual(
    expect.arrayContaining([{ name: 'GCP_CREDENTIALS' }, { name: 'EMAIL_ADDRESS' }]),
  );
  expect(trigger).toMatchObject({
    parent: template.parent,
    status: 'HEALTHY',
    triggers: [{ schedule: { recurrence_period_duration: '86400s' } }],
    inspect_job: {
      inspect_template_name: expect.stringMatching(/^\${google_data_loss_prevention_inspect_template\..*\.id}$/),
      storage_config: {
        cloud_storage_options: { file_set: { url: 'gs://my-data/**' }, files_limit_percent: 100 },
        timespan_config: { enable_auto_population_of_timespan_config: true },
      },
    },
  });
});

test('uses the given infoTypes, interval and percentage', () => {
  const { template, trigger } = synth({ infoTypes: ['PERSON_NAME'], everyDays: 7, filesPercent: 5 });
  expect(template.inspect_config.info_types).toEqual([{ name: 'PERSON_NAME' }]);
  expect(trigger.triggers[0].schedule.recurrence_period_duration).toBe('604800s');
  expect(trigger.inspect_job.storage_config.cloud_storage_options.files_limit_percent).toBe(5);
});

test('sends results to each destination', () => {
  const { trigger } = synth({
    results: [
      InspectionResults.bigQuery({ dataset: 'findings' }),
      InspectionResults.bigQuery({ dataset: 'findings', table: 'all', project: 'audit' }),
      InspectionResults.pubSub(TOPIC),
      InspectionResults.securityCommandCenter(),
    ],
  });
  expect(trigger.inspect_job.actions).toEqual([
    {
      save_findings: {
        output_config: { table: { dataset_id: 'findings', project_id: expect.stringMatching(/^\${data\./) } },
      },
    },
    {
      save_findings: { output_config: { table: { dataset_id: 'findings', project_id: 'audit', table_id: 'all' } } },
    },
    { pub_sub: { topic: TOPIC } },
    { publish_summary_to_cscc: {} },
  ]);
});

describe('the inspection of a DataBucket', () => {
  const bucketWith = (inspection?: object) => {
    const stack = newStack();
    new DataBucket(stack, 'Data', { region: 'us-central1', inspection: inspection as never });
    return stack;
  };

  test('is in the region of the bucket', () => {
    const trigger = theOnly(bucketWith({ results: PROPS.results }), 'google_data_loss_prevention_job_trigger');
    expect(trigger.parent).toMatch(/us-central1$/);
    expect(trigger.inspect_job.storage_config.cloud_storage_options.file_set.url).toMatch(
      /^gs:\/\/\${google_storage_bucket\..*\.name}\/\*\*$/,
    );
  });

  test('is off by default', () => {
    expect(resourcesOf(bucketWith(), 'google_data_loss_prevention_job_trigger')).toEqual({});
  });

  test('is validated together with the bucket', () => {
    expect(problemsOf(() => bucketWith({ results: [], everyDays: 0 })).map(({ prop }) => prop)).toEqual([
      'inspection.results',
      'inspection.everyDays',
    ]);
  });
});

test.each([
  [{ results: [] }, 'InspectionInvalid', 'results'],
  [{ infoTypes: [] }, 'InspectionInvalid', 'infoTypes'],
  [{ infoTypes: ['e mail'] }, 'InspectionInvalid', 'infoTypes[0]'],
  [{ everyDays: 61 }, 'InspectionInvalid', 'everyDays'],
  [{ everyDays: 0.5 }, 'InspectionInvalid', 'everyDays'],
  [{ filesPercent: 101 }, 'InspectionInvalid', 'filesPercent'],
  [{ region: 'us' }, 'LocationInvalid', 'region'],
  [{ results: ['mail'] }, 'PropType', 'results[0]'],
  [{ bucket: 'my-data' }, 'PropType', 'bucket'],
  [{ results: undefined }, 'ValueMissing', 'results'],
])('rejects %j', (props, code, prop) => {
  expect(problemsOf(() => synth(props as never))).toEqual([expect.objectContaining({ code, prop })]);
});

test('rejects the name of a topic instead of its ID', () => {
  expect(problemsOf(() => InspectionResults.pubSub('findings'))).toEqual([
    expect.objectContaining({ code: 'InspectionInvalid', prop: 'topic' }),
  ]);
});
