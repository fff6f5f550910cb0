import { statSync } from 'node:fs';
import {
  type IPolicyValidationContext,
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
  Stage,
  Validations,
} from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const MOST_TEMPLATE_BYTES = 1_000_000;

/** Says that a template is larger than CloudFormation takes, before CloudFormation does. The CDK itself counts the resources. */
export class StackLimits implements IPolicyValidationPlugin {
  public readonly name = 'ai-infra-stack-limits';

  /** @param mostBytes of a template body. */
  constructor(private readonly mostBytes = MOST_TEMPLATE_BYTES) {}

  validate({ templatePaths }: IPolicyValidationContext): PolicyValidationPluginReport {
    const violations = templatePaths.flatMap((templatePath) => {
      const { size } = statSync(templatePath);
      if (size <= this.mostBytes) return [];
      return [
        {
          ruleName: 'StackTooLarge',
          severity: 'error',
          description: `The template must be at most ${this.mostBytes} bytes, got ${size}.`,
          fix: 'Put each TrainingCluster into a stack of its own.',
          violatingResources: [{ templatePath, locations: [] }],
        },
      ];
    });
    return { success: violations.length === 0, violations };
  }
}

const LIMITED = Symbol.for('ai-infra-constructs.StackLimits');

/** Has the sizes of all templates of an app checked, once an app. */
export function limitStacks(scope: IConstruct): void {
  const stage = Stage.of(scope);
  if (!stage || LIMITED in stage) return;
  Object.defineProperty(stage, LIMITED, { value: true });
  Validations.of(stage).addPlugins(new StackLimits());
}
