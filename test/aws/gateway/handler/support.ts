/** The modules of the function. They are ES modules, so tests import them dynamically. */
export const handlerModules = async () => ({
  ...(await import('../../../../lib/aws/gateway/handler/answer.mjs')),
  ...(await import('../../../../lib/aws/gateway/handler/faults.mjs')),
  ...(await import('../../../../lib/aws/gateway/handler/release.mjs')),
  ...(await import('../../../../lib/aws/gateway/handler/request.mjs')),
  ...(await import('../../../../lib/aws/gateway/handler/screen.mjs')),
  ...(await import('../../../../lib/aws/gateway/handler/services.mjs')),
  ...(await import('../../../../lib/aws/gateway/handler/texts.mjs')),
  ...(await import('../../../../lib/aws/gateway/handler/writing.mjs')),
});

export type HandlerModules = Awaited<ReturnType<typeof handlerModules>>;
export type Exchange = InstanceType<HandlerModules['Exchange']>;
export type Services = Exchange['services'];
export type Settings = Exchange['settings'];
export type GatewayEvent = Exchange['event'];
export type GuardrailInput = Parameters<Services['applyGuardrail']>[0];
export type GuardrailOutput = Awaited<ReturnType<Services['applyGuardrail']>>;

/** An error of the SDK, with a name and other fields. */
export function named(name: string, more: object = {}): Error {
  return Object.assign(new Error('the prompt was: secret'), { name, ...more });
}

export const textIn = ({ content }: GuardrailInput) =>
  (content ?? []).map((block) => block.text?.text ?? '').join('\n');

/** A guardrail that blocks the word `bad` and masks the word `mail`. */
export function guardrail(input: GuardrailInput): Promise<GuardrailOutput> {
  const text = textIn(input);
  const policy = (action: string) => [
    { sensitiveInformationPolicy: { piiEntities: [{ match: text, type: 'EMAIL', action }], regexes: [] } },
  ];
  const intervened = (action: string, shown: string) =>
    ({ action: 'GUARDRAIL_INTERVENED', assessments: policy(action), outputs: [{ text: shown }] }) as GuardrailOutput;
  const verdict = (output: GuardrailOutput) => Promise.resolve(output);
  if (/\bbad\b/.test(text)) return verdict(intervened('BLOCKED', 'no'));
  if (/\bmail\b/.test(text)) return verdict(intervened('ANONYMIZED', text.replace(/\bmail\b/g, '{EMAIL}')));
  return verdict({ action: 'NONE', assessments: [], outputs: [] });
}

/** The data of the server-sent events in a stream. A blank line ends an event, and its data lines are joined. */
export const eventsIn = (text: string): string[] =>
  text
    .split('\n\n')
    .map((event) => event.replace(/^\n+/, ''))
    .filter((event) => event !== '')
    .map((event) => event.replaceAll(/^data: ?/gm, ''));
