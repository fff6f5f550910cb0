import { Problems } from '../../core/errors';
import { branded, demand, type Kind, required, type Shape, TEXT } from '../../core/shapes';
import { isUnknown } from '../../terraform/tokens';
import type { DataLossPreventionJobTriggerConfig } from '../provider/google';

type Action = Exclude<
  NonNullable<NonNullable<DataLossPreventionJobTriggerConfig['inspectJob']>['actions']>,
  { resolve: unknown }
>[number];

/** A table of BigQuery. */
export interface InspectionTable {
  /** Id of a dataset in the location of the inspection, which must stand. */
  readonly dataset: string;
  /** @default - a table for each run, named by the service */
  readonly table?: string;
  /** Id of the project that it is in. @default - the project of the stack */
  readonly project?: string;
}

const TABLE: Shape<InspectionTable> = { dataset: required(TEXT), table: TEXT, project: TEXT };

const TOPIC = /^projects\/[^/]+\/topics\/[^/]+$/;

/** Where an inspection tells what it found. */
export class InspectionResults {
  /** Each finding as a row. The service's agent may write it in its own project. */
  static bigQuery(table: InspectionTable): InspectionResults {
    demand(table, TABLE, { name: 'table' });
    const { dataset, table: tableId, project } = table;
    return new InspectionResults((own) => ({
      saveFindings: { outputConfig: { table: { projectId: project ?? own, datasetId: dataset, tableId } } },
    }));
  }

  /** A message when a run ends. @param topic `projects/…/topics/…`: the service's agent must be allowed to publish to it */
  static pubSub(topic: string): InspectionResults {
    demand({ topic }, { topic: required(TEXT) });
    checkTopic(topic);
    return new InspectionResults(() => ({ pubSub: { topic } }));
  }

  /** A summary in Security Command Center, which must be active in the organization. */
  static securityCommandCenter(): InspectionResults {
    return new InspectionResults(() => ({ publishSummaryToCscc: {} }));
  }

  private constructor(
    /** @internal How a job trigger says it. */
    readonly action: (project: string) => Action,
  ) {}
}

/** Results, of whichever copy of the package. */
export const INSPECTION_RESULTS: Kind = branded(
  InspectionResults,
  'GoogleInspectionResults',
  'an InspectionResults',
  'Use InspectionResults.bigQuery(…), pubSub(…) or securityCommandCenter().',
);

function checkTopic(topic: string): void {
  if (isUnknown(topic) || TOPIC.test(topic)) return;
  const problems = new Problems();
  problems.add({
    code: 'InspectionInvalid',
    prop: 'topic',
    allowed: 'projects/<project>/topics/<topic>',
    got: topic,
    fix: 'Pass the id of the topic, not its name.',
  });
  problems.throwIfAny();
}
