import { Token } from 'aws-cdk-lib';
import type { ProblemCollector } from '../../core/errors';
import { TOPICS } from './gateway-limits';
import { piiOf } from './gateway-guardrail';
import {
  type DeniedTopic,
  type ExistingGuardrail,
  type GuardrailOptions,
  type PromptScreening,
  ScreeningStrength,
} from './prompt-screening';

/** Adds the problems of a screening. */
export function checkScreening(problems: ProblemCollector, { options, existingGuardrail }: PromptScreening): void {
  if (existingGuardrail) checkExisting(problems, existingGuardrail);
  if (options) checkGuardrail(problems, options);
}

// Bedrock API reference, ApplyGuardrail; read 2026-11.
const GUARDRAIL_ID = /^([a-z0-9]{1,64}|arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail\/[a-z0-9]+)$/;
const VERSION = /^([1-9][0-9]{0,7}|DRAFT)$/;

function checkExisting(problems: ProblemCollector, { guardrailId, version }: ExistingGuardrail): void {
  const wrong = (prop: string, allowed: string, got: string, fix: string) =>
    problems.add({ code: 'GuardrailReference', prop, allowed, got, fix });
  if (!Token.isUnresolved(guardrailId) && !GUARDRAIL_ID.test(guardrailId)) {
    wrong('guardrailId', 'the ID or ARN of a guardrail', guardrailId, 'Copy it from `aws bedrock list-guardrails`.');
  }
  if (!Token.isUnresolved(version) && !VERSION.test(version)) {
    wrong('version', 'a number of up to eight digits, or DRAFT', version, 'Use the number of an existing version.');
  }
}

function checkGuardrail(problems: ProblemCollector, options: GuardrailOptions): void {
  const { promptAttacks, harmfulContent, deniedTopics = {} } = options;
  const strengths = [promptAttacks, harmfulContent];
  const topics = Object.entries(deniedTopics);
  if (
    strengths.every((strength) => strength === ScreeningStrength.NONE) &&
    topics.length === 0 &&
    Object.keys(piiOf(options)).length === 0
  ) {
    problems.add({
      code: 'GuardrailEmpty',
      prop: 'promptAttacks',
      allowed: 'stronger than NONE if nothing else is screened, because Bedrock rejects a guardrail without policies',
      got: promptAttacks,
      fix: 'Use PromptScreening.none().',
    });
  }
  if (topics.length > TOPICS.max) tooMany(problems, 'deniedTopics', `at most ${TOPICS.max} topics`, topics.length);
  for (const [name, topic] of topics) checkTopic(problems.within('deniedTopics'), name, topic);
}

const TOPIC_NAME = /^[0-9a-zA-Z-_ !?.]+$/;

function checkTopic(problems: ProblemCollector, name: string, { definition, examples = [] }: DeniedTopic): void {
  const { nameCharacters, definitionCharacters, exampleCharacters } = TOPICS;
  if (!TOPIC_NAME.test(name) || name.length > nameCharacters) {
    tooMany(problems, name, `a name of up to ${nameCharacters} letters, digits, spaces and -_!?.`, name);
  }
  const topic = problems.within(name);
  if (definition.length > definitionCharacters) {
    tooMany(topic, 'definition', `at most ${definitionCharacters} characters`, `${definition.length} characters`);
  }
  if (examples.length > TOPICS.examples || examples.some(({ length }) => length > exampleCharacters)) {
    tooMany(
      topic,
      'examples',
      `at most ${TOPICS.examples} prompts of at most ${exampleCharacters} characters`,
      examples,
    );
  }
}

function tooMany(problems: ProblemCollector, prop: string, allowed: string, got: unknown): void {
  problems.add({ code: 'GuardrailTopic', prop, allowed, got, fix: 'Shorten it to the limits of Bedrock.' });
}
