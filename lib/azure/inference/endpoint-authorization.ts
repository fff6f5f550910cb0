/** How callers of an online endpoint authenticate. */
export enum EndpointAuthorization {
  /** With a token of Microsoft Entra, and a role assignment for the endpoint. */
  ENTRA = 'ENTRA',
  /** With a key of the endpoint, which does not expire. */
  KEY = 'KEY',
}
