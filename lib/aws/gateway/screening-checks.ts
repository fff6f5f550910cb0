import { Token } from 'aws-cdk-lib';
import type { Problems } from '../../core/errors';
import { TOPICS } from './gateway-limits';
import { piiOf } from './gateway-guardrail';
import {
  type DeniedTopic,
  type ExistingGuardrail,
  type GuardrailOptions,
  type PromptScreening,
  ScreeningStrength,
} from './prompt-screening';

/** Adds what is wrong with a screening. */
export function checkScreening(problems: Problems, { options, existingGuardrail }: PromptScreening): void {
  if (existingGuardrail) checkExisting(problems, existingGuardrail);
  if (options) checkGuardrail(problems, options);
}

// Bedrock API reference, ApplyGuardrail; read 2026-11.
const GUARDRAIL_ID = /^([a-z0-9]{1,64}|arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail\/[a-z0-9]+)$/;
const VERSION = /^([1-9][0-9]{0,7}|DRAFT)$/;

function checkExisting(problems: Problems, { guardrailId, version }: ExistingGuardrail): void {
  const wrong = (prop: string, allowed: string, got: string, fix: string) =>
    problems.add({ code: 'GuardrailReference', prop, allowed, got, fix });
  if (!Token.isUnresolved(guardrailId) && !GUARDRAIL_ID.test(guardrailId)) {
    wrong('guardrailId', 'the id or ARN of a guardrail', guardrailId, 'Copy it from `aws bedrock list-guardrails`.');
  }
  if (!Token.isUnresolved(version) && !VERSION.test(version)) {
    wrong('version', 'a number of up to eight digits, or DRAFT', version, 'Name a version that was created.');
  }
}

function checkGuardrail(problems: Problems, options: GuardrailOptions): void {
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
      allowed: 'stronger than NONE where nothing else is screened: Bedrock takes no guardrail without a policy',
      got: promptAttacks,
      fix: 'Use PromptScreening.none(), which says so.',
    });
  }
  if (topics.length > TOPICS.most) tooMany(problems, 'deniedTopics', `at most ${TOPICS.most} topics`, topics.length);
  for (const [name, topic] of topics) checkTopic(problems.within('deniedTopics'), name, topic);
}

const TOPIC_NAME = /^[0-9a-zA-Z-_ !?.]+$/;

function checkTopic(problems: Problems, name: string, { definition, examples = [] }: DeniedTopic): void {
  const { nameCharacters, definitionCharacters, exampleCharacters } = TOPICS;
  if (!TOPIC_NAME.test(name) || name.length > nameCharacters) {
    tooMany(problems, name, `named by at most ${nameCharacters} letters, digits, spaces and any of -_!?.`, name);
  }
  const of = problems.within(name);
  if (definition.length > definitionCharacters) {
    tooMany(of, 'definition', `at most ${definitionCharacters} characters`, `${definition.length} characters`);
  }
  if (examples.length > TOPICS.examples || examples.some(({ length }) => length > exampleCharacters)) {
    tooMany(of, 'examples', `at most ${TOPICS.examples}, of at most ${exampleCharacters} characters`, examples);
  }
}

function tooMany(problems: Problems, prop: string, allowed: string, got: unknown): void {
  problems.add({ code: 'GuardrailTopic', prop, allowed, got, fix: 'Shorten it: a guardrail reads no more.' });
}
