/** Stage of the API. It is the first part of the path. */
export const STAGE = 'v1';

/** Path of the only route, below the stage. */
export const ROUTE = 'invocations';
