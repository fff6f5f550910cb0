import { DataBucket, DataInspection, type DataInspectionProps, InspectionResults } from 'ai-infra-constructs/google';
import { newStack, problemsOf, resourcesOf, theOnly } from '../support';

const TOPIC = 'projects/my-project/topics/findings';
const PROPS: DataInspectionProps = {
  bucket: { name: 'my-data' },
  location: 'europe-west4',
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

test('looks for secrets and personal data in the whole bucket each day, in its region, and quotes nothing', () => {
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

test('looks for what was named, as often and as much as was said', () => {
  const { template, trigger } = synth({ infoTypes: ['PERSON_NAME'], everyDays: 7, filesPercent: 5 });
  expect(template.inspect_config.info_types).toEqual([{ name: 'PERSON_NAME' }]);
  expect(trigger.triggers[0].schedule.recurrence_period_duration).toBe('604800s');
  expect(trigger.inspect_job.storage_config.cloud_storage_options.files_limit_percent).toBe(5);
});

test('tells in each way that was asked for', () => {
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

describe('of a bucket', () => {
  const bucketWith = (inspection?: object) => {
    const stack = newStack();
    new DataBucket(stack, 'Data', { location: 'us-central1', inspection: inspection as never });
    return stack;
  };

  test('stands in its region and reads it', () => {
    const trigger = theOnly(bucketWith({ results: PROPS.results }), 'google_data_loss_prevention_job_trigger');
    expect(trigger.parent).toMatch(/us-central1$/);
    expect(trigger.inspect_job.storage_config.cloud_storage_options.file_set.url).toMatch(
      /^gs:\/\/\${google_storage_bucket\..*\.name}\/\*\*$/,
    );
  });

  test('is none unless it was asked for', () => {
    expect(resourcesOf(bucketWith(), 'google_data_loss_prevention_job_trigger')).toEqual({});
  });

  test('is judged with the bucket', () => {
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
  [{ location: 'us' }, 'LocationInvalid', 'location'],
  [{ results: ['mail'] }, 'PropType', 'results[0]'],
  [{ bucket: 'my-data' }, 'PropType', 'bucket'],
  [{ results: undefined }, 'ValueMissing', 'results'],
])('%j is refused', (props, code, prop) => {
  expect(problemsOf(() => synth(props as never))).toEqual([expect.objectContaining({ code, prop })]);
});

test('a topic is named by its id', () => {
  expect(problemsOf(() => InspectionResults.pubSub('findings'))).toEqual([
    expect.objectContaining({ code: 'InspectionInvalid', prop: 'topic' }),
  ]);
});
