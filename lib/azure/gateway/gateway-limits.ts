/*
 * Limits of API Management and Content Safety. Read 2026-11 unless stated otherwise.
 *
 * Azure API Management policy reference (MicrosoftDocs/azure-docs, articles/api-management): forward-request, rate-limit-by-key,
 * llm-token-limit, llm-content-safety, validate-content. Units of a tier: the check of azurerm for `sku_name`, which the Azure verified module
 * for API Management repeats.
 */

/** Maximum duration of a request, in seconds. After that, the network drops idle connections. */
export const MAX_SECONDS = 240;

/** Maximum body for `validate-content`, in KiB: 4 MiB. */
export const MAX_BODY_KIB = 4096;

/** Maximum window of `rate-limit-by-key`, in seconds. Requests of an address are counted in it. */
export const RATE_WINDOW_SECONDS = 300;

/** Window in which requests per second are counted. */
export const SECONDS_A_MINUTE = 60;

/** Maximum endpoints of a pool. @see https://learn.microsoft.com/en-us/azure/api-management/backends#load-balanced-pool */
export const MAX_ENDPOINTS = 30;

/** Priorities and weights of a pool. Source: Microsoft.ApiManagement/service/backends@2024-05-01. */
export const POOL = { min: 0, max: 100 } as const;

/** Counters of policies are 32-bit integers. */
export const MAX_COUNT = 2 ** 31 - 1;
