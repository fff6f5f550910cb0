// @ts-check
import { ApplyGuardrailCommand, BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import {
  InvokeEndpointCommand,
  InvokeEndpointWithResponseStreamCommand,
  SageMakerRuntimeClient,
} from '@aws-sdk/client-sagemaker-runtime';

/**
 * @typedef {object} ModelAnswer
 * @property {string} [contentType]
 * @property {Uint8Array} body
 *
 * @typedef {object} ModelStream
 * @property {string} [contentType]
 * @property {AsyncIterable<Uint8Array>} parts
 *
 * @typedef {object} Services the services that the gateway calls
 * @property {(payload: string, signal: AbortSignal) => Promise<ModelAnswer>} invoke
 * @property {(payload: string, signal: AbortSignal) => Promise<ModelStream>} invokeStream
 * @property {import('./screen.mjs').ApplyGuardrail} applyGuardrail
 *
 * @typedef {object} Settings
 * @property {number} maxBodyBytes
 * @property {boolean} streams whether the API supports streams
 * @property {number} windowCharacters
 * @property {import('./screen.mjs').Guardrail} [guardrail]
 */

/**
 * @param {Readonly<Record<string, string | undefined>>} environment
 * @returns {Settings}
 */
export function settingsOf({ MAX_BODY_BYTES, STREAMS, WINDOW_CHARACTERS, GUARDRAIL_ID, GUARDRAIL_VERSION }) {
  return {
    maxBodyBytes: Number(MAX_BODY_BYTES),
    streams: STREAMS === 'true',
    windowCharacters: Number(WINDOW_CHARACTERS),
    guardrail: GUARDRAIL_ID && GUARDRAIL_VERSION ? { id: GUARDRAIL_ID, version: GUARDRAIL_VERSION } : undefined,
  };
}

/**
 * Calls the model only once. A retry would pay for the same tokens again, and the caller can decide whether to retry.
 *
 * @param {Readonly<Record<string, string | undefined>>} environment
 * @returns {Services}
 */
export function servicesOf({ ENDPOINT_NAME, INFERENCE_COMPONENT_NAME }) {
  const model = new SageMakerRuntimeClient({ maxAttempts: 1 });
  const bedrock = new BedrockRuntimeClient({ maxAttempts: 3 });
  /** @param {string} payload */
  const input = (payload) => ({
    EndpointName: ENDPOINT_NAME,
    InferenceComponentName: INFERENCE_COMPONENT_NAME,
    ContentType: 'application/json',
    Body: new TextEncoder().encode(payload),
  });
  return {
    async invoke(payload, abortSignal) {
      const { Body = new Uint8Array(), ContentType } = await model.send(new InvokeEndpointCommand(input(payload)), {
        abortSignal,
      });
      return { body: Body, contentType: ContentType };
    },
    async invokeStream(payload, abortSignal) {
      const { Body, ContentType } = await model.send(new InvokeEndpointWithResponseStreamCommand(input(payload)), {
        abortSignal,
      });
      return { parts: payloadParts(Body), contentType: ContentType };
    },
    applyGuardrail: (request, abortSignal) => bedrock.send(new ApplyGuardrailCommand(request), { abortSignal }),
  };
}

/** @param {AsyncIterable<import('@aws-sdk/client-sagemaker-runtime').ResponseStream> | undefined} events */
async function* payloadParts(events) {
  for await (const event of events ?? []) {
    if (event.PayloadPart?.Bytes) yield event.PayloadPart.Bytes;
    const failure = event.ModelStreamError ?? event.InternalStreamFailure;
    if (failure) throw failure;
  }
}
