import { type GuardrailOptions, PiiAction, PromptScreening, ScreeningStrength } from 'ai-infra-constructs/aws';
import { buildGateway, propertiesIn } from './support';

const { NONE, LOW, MEDIUM, HIGH } = ScreeningStrength;

function guardrail(options: GuardrailOptions = {}) {
  const { stack } = buildGateway({ screening: PromptScreening.guardrail(options) });
  const own = propertiesIn(stack);
  return { guardrail: own('AWS::Bedrock::Guardrail')[0]!, version: own('AWS::Bedrock::GuardrailVersion')[0]! };
}

test('blocks prompt attacks, harmful content and personal data by default', () => {
  const { guardrail: created } = guardrail();
  expect(created.ContentPolicyConfig.FiltersConfig).toEqual([
    { Type: 'PROMPT_ATTACK', InputStrength: HIGH, OutputStrength: NONE },
    ...['HATE', 'INSULTS', 'SEXUAL', 'VIOLENCE', 'MISCONDUCT'].map((Type) => ({
      Type,
      InputStrength: MEDIUM,
      OutputStrength: MEDIUM,
    })),
  ]);
  const pii = created.SensitiveInformationPolicyConfig.PiiEntitiesConfig as { Type: string; Action: string }[];
  expect(pii.map(({ Type }) => Type)).toEqual(expect.arrayContaining(['PASSWORD', 'CREDIT_DEBIT_CARD_NUMBER']));
  for (const entity of pii)
    expect(entity).toMatchObject({ Action: 'BLOCK', InputAction: 'BLOCK', OutputAction: 'BLOCK' });
  expect(created).not.toHaveProperty('TopicPolicyConfig');
  expect(created.KmsKeyArn).toBeDefined();
});

test('sets strengths and topics, and masks answers without refusing prompts', () => {
  const { guardrail: created } = guardrail({
    promptAttacks: LOW,
    harmfulContent: NONE,
    pii: { EMAIL: PiiAction.MASK_ANSWERS },
    deniedTopics: { 'Tax advice': { definition: 'How to pay less tax.', examples: ['What can I deduct?'] } },
  });
  expect(created.ContentPolicyConfig.FiltersConfig).toEqual([
    { Type: 'PROMPT_ATTACK', InputStrength: LOW, OutputStrength: NONE },
  ]);
  expect(created.SensitiveInformationPolicyConfig.PiiEntitiesConfig).toEqual([
    {
      Type: 'EMAIL',
      Action: 'ANONYMIZE',
      InputAction: 'NONE',
      InputEnabled: false,
      OutputAction: 'ANONYMIZE',
      OutputEnabled: true,
    },
  ]);
  expect(created.TopicPolicyConfig.TopicsConfig).toEqual([
    { Name: 'Tax advice', Type: 'DENY', Definition: 'How to pay less tax.', Examples: ['What can I deduct?'] },
  ]);
});

test('omits empty policies, which Bedrock rejects', () => {
  const { guardrail: created } = guardrail({
    promptAttacks: NONE,
    harmfulContent: NONE,
    pii: { NAME: PiiAction.BLOCK },
  });
  expect(created).not.toHaveProperty('ContentPolicyConfig');
});

test('creates a new version only if the policies change', () => {
  const described = (options?: GuardrailOptions) => guardrail(options).version.Description as string;
  expect(described()).toBe(described({}));
  expect(described()).not.toBe(described({ harmfulContent: HIGH }));
  expect(described()).toMatch(/^Policies [0-9a-f]{16}$/);
});

test.each([
  ['abc123', 'guardrail/abc123'],
  ['arn:aws:bedrock:us-east-1:111122223333:guardrail/abc123', 'guardrail/abc123'],
])('applies the existing guardrail %s', (guardrailId, resource) => {
  const { stack, gateway } = buildGateway({ screening: PromptScreening.fromGuardrail({ guardrailId, version: '4' }) });
  const own = propertiesIn(stack);
  expect(own('AWS::Bedrock::Guardrail')).toEqual([]);
  expect(gateway.guardrail).toMatchObject({ guardrailId, version: '4' });
  expect(own('AWS::Lambda::Function')[0]?.Environment.Variables).toMatchObject({
    GUARDRAIL_ID: guardrailId,
    GUARDRAIL_VERSION: '4',
  });
  expect(JSON.stringify(own('AWS::IAM::ManagedPolicy'))).toContain(resource);
});
