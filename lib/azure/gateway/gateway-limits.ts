/*
 * What API Management and Content Safety take. Read 2026-11 unless said otherwise.
 *
 * Azure API Management policy reference (MicrosoftDocs/azure-docs, articles/api-management): forward-request, rate-limit-by-key,
 * llm-token-limit, llm-content-safety, validate-content. Units of a tier: the check of azurerm for `sku_name`, as the Azure verified module
 * for API Management repeats it.
 */

/** Seconds that a request may take: beyond, the network drops connections that are silent. */
export const MOST_SECONDS = 240;

/** Largest body that `validate-content` takes, in KiB: 4 MiB. */
export const MOST_BODY_KIB = 4096;

/** Longest window of `rate-limit-by-key`, in seconds: requests of an address are counted in it. */
export const RATE_WINDOW_SECONDS = 300;

/** Windows in which requests a second are counted. */
export const SECONDS_A_MINUTE = 60;

/** Endpoints of a pool. @see https://learn.microsoft.com/en-us/azure/api-management/backends#load-balanced-pool */
export const MOST_ENDPOINTS = 30;

/** Priorities and weights of a pool. Source: Microsoft.ApiManagement/service/backends@2024-05-01. */
export const POOL = { least: 0, most: 100 } as const;

/** Counters of policies are integers of 32 bits. */
export const MOST_COUNT = 2 ** 31 - 1;
