import { ProblemCollector } from '../../core/errors';
import { assertProps, required, STRING, brand } from '../../core/prop-schema';
import { isUnknown } from '../../terraform/tokens';
import type { DataLossPreventionJobTriggerConfig } from '../provider/google';
import { INSPECTION_TABLE } from '../prop-schemas';

type Action = Exclude<
  NonNullable<NonNullable<DataLossPreventionJobTriggerConfig['inspectJob']>['actions']>,
  { resolve: unknown }
>[number];

/** A BigQuery table. */
export interface InspectionTable {
  /** ID of an existing dataset in the region of the inspection. */
  readonly dataset: string;
  /** ID of the table. @default - a new table for each run */
  readonly table?: string;
  /** ID of the project of the dataset. @default - the project of the stack */
  readonly project?: string;
}

const TOPIC = /^projects\/[^/]+\/topics\/[^/]+$/;

/**
 * A destination of inspection results.
 *
 * @example
 * ```ts
 * import { InspectionResults } from 'ai-infra-constructs/google';
 *
 * const results = [InspectionResults.bigQuery({ dataset: 'findings' })];
 * ```
 */
export class InspectionResults {
  /** Writes each finding as a row of a BigQuery table. The service agent needs access to a table in another project. */
  static bigQuery(table: InspectionTable): InspectionResults {
    assertProps(table, INSPECTION_TABLE, { name: 'table' });
    const { dataset, table: tableId, project } = table;
    return new InspectionResults((own) => ({
      saveFindings: { outputConfig: { table: { projectId: project ?? own, datasetId: dataset, tableId } } },
    }));
  }

  /** Publishes a message when a run ends. @param topic `projects/…/topics/…`, to which the service agent can publish */
  static pubSub(topic: string): InspectionResults {
    assertProps({ topic }, { topic: required(STRING) });
    checkTopic(topic);
    return new InspectionResults(() => ({ pubSub: { topic } }));
  }

  /** Sends a summary to Security Command Center, which must be active in the organization. */
  static securityCommandCenter(): InspectionResults {
    return new InspectionResults(() => ({ publishSummaryToCscc: {} }));
  }

  private constructor(
    /** @internal The action of a job trigger. */
    readonly action: (project: string) => Action,
  ) {}
}

brand(InspectionResults, 'google.InspectionResults');

function checkTopic(topic: string): void {
  if (isUnknown(topic) || TOPIC.test(topic)) return;
  const problems = new ProblemCollector();
  problems.add({
    code: 'InspectionInvalid',
    prop: 'topic',
    allowed: 'projects/<project>/topics/<topic>',
    got: topic,
    fix: 'Use the ID of the topic instead of its name.',
  });
  problems.throwIfAny();
}
